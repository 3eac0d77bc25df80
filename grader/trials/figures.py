"""What is measured of one exercise: its right answers, its wrong ones, those changed by machine, and the cost."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import combinations, permutations
from typing import Any

from ..differences import agree
from ..exercise import Exercise
from ..forms import CODE, ESSAY, kind_of
from ..judge import is_right, judge
from ..learner.observation import ENDINGS, Entry, Observation
from ..learner.observe import observe
from ..sources import answer_source, solution
from ..verdict import Status, Verdict
from .attacks import attacks
from .mutants import Mutant, mutants

RIGHT = ("", "Variants", "Readings")
AGAIN = range(8)  # seeds under each of which what was seen under another one is handed in again
SECONDS = 60  # for an answer of ours
PATIENCE = 5  # for one that a machine changed, which may not end
SAMPLE = 8  # changed answers that are tried unless all are asked for


@dataclass
class Figures:
    """The figures of one exercise; each list holds words for its author.

    Attributes:
        right, wrong: how many answers of either kind there are.
        refused: right answers that were refused, on whatever seed.
        accepted: wrong answers, or tricks, that were accepted.
        misnamed: wrong answers that were told another name than their own, on whatever seed.
        changing: answers whose verdict is not the same on all seeds.
        twins: pairs of mistakes that look the same from outside.
        changed: how many answers were changed by machine; `alike` of them are known to be right as well.
        survivors: changed answers that were accepted and are not known to be right.
        stale: what `EQUAL` names and is no change of this answer, or is refused.
        costs: milliseconds of the judge's own work, by answer.
    """

    id: str
    right: int = 0
    wrong: int = 0
    refused: list[str] = field(default_factory=list)
    accepted: list[str] = field(default_factory=list)
    misnamed: list[str] = field(default_factory=list)
    changing: list[str] = field(default_factory=list)
    twins: list[str] = field(default_factory=list)
    changed: int = 0
    alike: int = 0
    survivors: list[str] = field(default_factory=list)
    stale: list[str] = field(default_factory=list)
    costs: dict[str, float] = field(default_factory=dict)

    def complaints(self) -> Iterator[str]:
        """Give all that should not be."""
        for found in (self.refused, self.accepted, self.misnamed, self.changing, self.twins):
            yield from found
        yield from (f"a changed answer is accepted: {change}" for change in self.survivors)
        yield from (f"EQUAL names `{change}`, which is no change of this answer or is refused" for change in self.stale)


def joined(parts: list[Figures]) -> Figures:
    """Put together what was found of the right answers of one exercise on several ranges of seeds."""
    refused, changing = ([line for part in parts for line in getattr(part, name)] for name in ("refused", "changing"))
    return replace(parts[0], refused=refused, changing=sorted(set(changing)))


def measure(loaded: Exercise, seeds: range, *, everything: bool = False) -> Figures:
    """Try all right and wrong answers on the seeds, and answers changed by machine; all of these with `everything`."""
    found = Figures(loaded.id)
    if kind_of(loaded) != ESSAY:
        _try_ours(loaded, seeds, found)
    if kind_of(loaded) == CODE:
        _look_for_twins(loaded, found)
        _try_attacks(loaded, found)
        _try_rote(loaded, found)
        _try_changed(loaded, found, everything)
    loaded.seen.clear()
    return found


def fairness(loaded: Exercise, seeds: range) -> Figures:
    """Try the right answers alone, on many seeds: whatever is refused is a false alarm."""
    found = Figures(loaded.id)
    if kind_of(loaded) != ESSAY:
        _try_ours(loaded, seeds, found, RIGHT)
    return found


def _try_ours(loaded: Exercise, seeds: range, found: Figures, groups: tuple[str, ...] = (*RIGHT, "Mistakes")) -> None:
    ours = [(group, name) for group in groups for name in (loaded.group(group) if group else [""])]
    found.right = sum(group != "Mistakes" for group, _ in ours)
    found.wrong = len(ours) - found.right
    for group, name in ours:
        found.costs[f"{group} {name}".strip() or "the reference"] = _cost(loaded, group, name)
    said: dict[tuple[str, str], set[tuple[str, str | None]]] = {}
    for seed in seeds:
        loaded.seen.clear()
        for name in loaded.group("Mistakes") if "Mistakes" in groups else ():
            loaded.observed("Mistakes", name, seed)  # whole, so that no verdict has to ask it again
        for key in ours:
            verdict = verdict_of(loaded, _namespace(loaded, *key), seed)
            told = verdict.status, verdict.diagnosis
            if told not in said.setdefault(key, set()):
                said[key].add(told)
                _note(found, key, verdict, seed)
    found.changing = [_changing(*key, told) for key, told in said.items() if len(told) > 1]


def _changing(group: str, name: str, told: set[tuple[str, str | None]]) -> str:
    """Say that an answer's verdict hangs on the seed, and what to do."""
    one, *others = sorted(f"`{status}`" + (f" as `{diagnosis}`" if diagnosis else "") for status, diagnosis in told)
    always = "always shows it" if group == "Mistakes" else "every right answer passes"
    who = f"{group} {name}".strip() or "the reference"
    return f"{who} is {one} on some seeds and {' or '.join(others)} on others: give the probe an input that {always}"


def _note(found: Figures, key: tuple[str, str], verdict: Verdict, seed: int) -> None:
    group, name = key
    who, what = f"{group} {name}".strip() or "the reference", f"`{verdict.status}`: {verdict.message}"
    if group == "Mistakes" and verdict.status is Status.CORRECT:
        found.accepted.append(f"{who} is accepted on seed {seed}")
    elif group == "Mistakes" and verdict.diagnosis != name:
        found.misnamed.append(f"{who} is told `{verdict.diagnosis}` on seed {seed}, {what}")
    elif group != "Mistakes" and verdict.status is not Status.CORRECT:
        found.refused.append(f"{who} is refused on seed {seed}, {what} {verdict.staff_note[-300:]}")


def _cost(loaded: Exercise, group: str, name: str) -> float:
    """Measure, in milliseconds of CPU, what a check costs on top of the answer's own run, nothing being known yet."""
    seen = observed(loaded, _namespace(loaded, group, name), 0)
    loaded.seen.clear()
    start = time.process_time()
    judge(loaded, seen, seed=0)
    return 1e3 * (time.process_time() - start)


def _look_for_twins(loaded: Exercise, found: Figures) -> None:
    for one, two in combinations(loaded.group("Mistakes"), 2):
        if agree(*(loaded.observed("Mistakes", name, 0) for name in (one, two))):
            found.twins.append(f"the probe cannot tell {one} from {two}")


def _try_attacks(loaded: Exercise, found: Figures) -> None:
    for trick, namespace in attacks(loaded.probe.STUB, loaded.names).items():
        status = verdict_of(loaded, namespace, 0, PATIENCE).status
        if status in (Status.CORRECT, Status.BROKEN):
            found.accepted.append(f"the trick `{trick}` is {status}")


def _try_rote(loaded: Exercise, found: Figures) -> None:
    """Hand in what a process could send that answers by rote: what was seen under another seed, and pieces of it."""
    whole = [observed(loaded, loaded.reference(), seed) for seed in AGAIN]
    again = [(one, two) for one, two in permutations(AGAIN, 2) if agree(whole[one], whole[two])]
    found.accepted += [f"what was seen under seed {two} passes under seed {one}" for one, two in again]
    found.accepted += [f"{name} passes" for name, piece in _pieces(whole[0]) if is_right(loaded, piece, 0)]


def _pieces(whole: Observation) -> Iterator[tuple[str, Observation]]:
    """Cut an observation short in some places, said to have ended in any way, with an aside of no meaning before it."""
    aside = Entry("of no meaning", "", 0, aside=True)
    asked = whole.compared
    for length in {0, 1, 2, len(asked) // 2, len(asked) - 1}:
        for ended in ENDINGS:
            entries = (aside, *asked[:length])
            yield f"a piece of {length} answers that ended `{ended}`", Observation(entries, ended)


def _try_changed(loaded: Exercise, found: Figures, everything: bool) -> None:
    equal = getattr(loaded.answer, "EQUAL", {})
    all_of_them = changed_answers(loaded)
    chosen = all_of_them if everything else random.Random(loaded.id).sample(all_of_them, min(SAMPLE, len(all_of_them)))
    lived = {mutant.change for mutant in chosen if _lives(loaded, mutant)}
    found.changed, found.alike = len(chosen), len(lived & equal.keys())
    found.survivors = [mutant.change for mutant in chosen if mutant.change in lived - equal.keys()]
    found.stale = sorted(equal.keys() - (lived if everything else {mutant.change for mutant in all_of_them}))


def changed_answers(loaded: Exercise) -> list[Mutant]:
    """Give the reference with one place changed, in every way that is tried."""
    own = solution(loaded.id)
    return mutants(own, answer_source(loaded.id).removesuffix(own + "\n"))


def _lives(loaded: Exercise, mutant: Mutant) -> bool:
    """Whether a changed answer gets full marks."""
    namespace: dict[str, Any] = {"__name__": "changed"}
    try:
        exec(compile(mutant.source, "<changed>", "exec"), namespace)
    except Exception:  # it does not even define what is asked
        return False
    seen = observed(loaded, namespace, 0, PATIENCE)
    return is_right(loaded, seen, 0) and judge(loaded, seen, seed=0).score == loaded.points


def _namespace(loaded: Exercise, group: str, name: str) -> dict[str, Any]:
    return loaded.namespace(loaded.group(group)[name]) if group else loaded.reference()


def verdict_of(loaded: Exercise, namespace: dict[str, Any], seed: int, seconds: float = SECONDS) -> Verdict:
    """Judge what stands in a namespace."""
    return judge(loaded, observed(loaded, namespace, seed, seconds), seed=seed)


def observed(loaded: Exercise, namespace: dict[str, Any], seed: int, seconds: float = SECONDS) -> Observation:
    """Observe what stands in a namespace."""
    return observe(loaded.probe, namespace, seed=seed, seconds=seconds)
