"""Assert both directions for every exercise: right answers pass, and each mistake is refused by its own name."""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path

from .. import course, exercise, forms
from ..differences import agree
from ..exercise import FOLDER, Exercise, sentence
from ..judge import judge
from ..learner.observation import Observation
from ..learner.observe import observe, wanted
from ..sources import answer_source
from ..symptoms import GENERAL
from ..verdict import Status, Verdict

SEEDS = 20
FEWEST = {"Mistakes": 4, "Variants": 3}
FILES = {"probe.py", "exercise.py"}
ENGINE = Path(__file__).parents[1]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("ids", nargs="*", metavar="ID", help="exercises; all without any")
    parser.add_argument(
        "--seeds", type=int, default=SEEDS, help=f"seeds that the right answers are tried on (default {SEEDS})"
    )


def run(arguments: argparse.Namespace) -> int:
    """Lint the chosen exercises, one line each, and print what was counted."""
    chosen = arguments.ids or list(exercise.ids())
    failed = 0
    for exercise_id in chosen:
        try:
            found = list(complaints(exercise.load(exercise_id), range(arguments.seeds)))
        except exercise.UnknownExercise as error:
            print(error)
            return 2
        failed += bool(found)
        print(_line(exercise_id, found), flush=True)
    print(summary(chosen, failed))
    return 1 if failed else 0


def _line(exercise_id: str, found: list[str]) -> str:
    loaded = exercise.load(exercise_id)
    counts = f"{len(loaded.group('Variants'))} variants, {len(loaded.group('Mistakes'))} mistakes"
    return f"{'✗' if found else '✓'} {exercise_id:24} {counts}" + "".join(f"\n    {complaint}" for complaint in found)


def summary(chosen: list[str], failed: int) -> str:
    """Count exercises, references, variants and mistakes, and the engine's lines."""
    loaded = [exercise.load(exercise_id) for exercise_id in chosen]
    variants, mistakes = (sum(len(item.group(group)) for item in loaded) for group in ("Variants", "Mistakes"))
    return (
        f"{len(loaded)} exercises and references, {variants} right variants, {mistakes} mistakes; "
        f"{failed or 'none'} failing. The engine has {engine_lines():,} lines."
    )


def engine_lines() -> int:
    """Count the lines of `grader/` outside the exercises."""
    files = [file for file in ENGINE.rglob("*.py") if "exercises" not in file.parts]
    return sum(len(file.read_text(encoding="utf-8").splitlines()) for file in files)


def complaints(loaded: Exercise, seeds: range) -> Iterator[str]:
    """Give every rule that an exercise breaks, in words for its author."""
    yield from _form(loaded)
    yield from _stub(loaded)
    if forms.kind_of(loaded) != forms.ESSAY:
        yield from _right(loaded, seeds)
    yield from _wrong(loaded)


def _form(loaded: Exercise) -> Iterator[str]:
    stray = {path.name for path in (FOLDER / loaded.id).iterdir()} - FILES - {"__pycache__"}
    yield from (f"{name} is a stray file in the exercise's folder" for name in sorted(stray))
    if loaded.id not in course.exercise_ids():
        yield "no stage of grader/course.py names it"
    if forms.kind_of(loaded) == forms.CODE:
        yield from _enough(loaded)
    yield from forms.complaints(loaded)
    for need in loaded.needs:
        order = course.exercise_ids()
        if need not in order or (loaded.id in order and order.index(need) >= order.index(loaded.id)):
            yield f"it needs `{need}`, which does not come before it"
    yield from _words(loaded)


def _enough(loaded: Exercise) -> Iterator[str]:
    if len(loaded.answer.HINTS) != 3:
        yield f"three hints are asked, and there are {len(loaded.answer.HINTS)}"
    for group, fewest in FEWEST.items():
        if len(loaded.group(group)) < fewest:
            yield f"at least {fewest} {group.lower()} are asked, and there are {len(loaded.group(group))}"


def _words(loaded: Exercise) -> Iterator[str]:
    known = set(loaded.group("Mistakes")) | set(loaded.group("Symptoms")) | {symptom.__name__ for symptom in GENERAL}
    yield from (f"HINTS_FOR names `{key}`, which is no diagnosis" for key in set(loaded.answer.HINTS_FOR) - known)
    spoken = {
        "NOTICE": loaded.answer.NOTICE,
        "title": loaded.title,
        **{f"hint {i + 1}": h for i, h in enumerate(loaded.answer.HINTS)},
    }
    for group in ("Mistakes", "Symptoms", "Readings", "Advice"):
        spoken |= {f"{group}.{name}": sentence(item) for name, item in loaded.group(group).items()}
    for where, text in spoken.items():
        if not text or "TODO" in text or "!" in re.sub(r"`[^`]*`", "", text):
            yield f"{where} is empty, unfinished or has an exclamation mark: {text[:60]!r}"
        elif "." in where and len(re.findall(r"[.?](?:\s|$)", text)) > 2:
            yield f"{where} has more than two sentences"


def _stub(loaded: Exercise) -> Iterator[str]:
    if not set(loaded.names) <= set(wanted(loaded.probe.STUB)):
        yield f"the stub defines {list(wanted(loaded.probe.STUB))}, and NAMES has {list(loaded.names)}"
        return
    found = _verdict_of_text(loaded, "import torch\n" + loaded.probe.STUB)
    if found.status is not Status.MISSING:
        yield f"the untouched stub is `{found.status}`, not `missing`: {found.message}"


def _right(loaded: Exercise, seeds: range) -> Iterator[str]:
    for group in ("", "Variants", "Readings"):
        for name in loaded.group(group) if group else [""]:
            for seed in seeds:
                found = _verdict(loaded, loaded.group(group)[name] if group else None, seed)
                if found.status is not Status.CORRECT:
                    who = f"{group} {name}" if group else "the reference"
                    yield f"{who} is `{found.status}` on seed {seed}: {found.message} {found.staff_note[-300:]}"
                    break
    found = _verdict_of_text(loaded, answer_source(loaded.id))
    if found.status is not Status.CORRECT:
        yield f"the reference as text is `{found.status}`: {found.message}"


def _wrong(loaded: Exercise) -> Iterator[str]:
    mistakes = loaded.group("Mistakes")
    for name, mistake in mistakes.items():
        found = _verdict(loaded, mistake, 0)
        if found.diagnosis != name or found.status is Status.CORRECT:
            yield f"mistake {name} is `{found.status}`, diagnosed as {found.diagnosis}: {found.message}"
    for one, two in combinations(mistakes, 2):
        if agree(loaded.observed("Mistakes", one, 0), loaded.observed("Mistakes", two, 0)):
            yield f"the probe cannot tell {one} from {two}"


def _verdict(loaded: Exercise, implementation: object, seed: int) -> Verdict:
    namespace = loaded.reference() if implementation is None else loaded.namespace(implementation)
    return judge(loaded, _observe(loaded, namespace, seed), seed=seed)


def _verdict_of_text(loaded: Exercise, source: str) -> Verdict:
    namespace: dict[str, object] = {"__name__": "lint"}
    exec(compile(source, f"<{loaded.id}>", "exec"), namespace)
    return judge(loaded, _observe(loaded, namespace, 0), seed=0, source=source)


def _observe(loaded: Exercise, namespace: dict[str, object], seed: int) -> Observation:
    return observe(loaded.probe, namespace, seed=seed, seconds=60)
