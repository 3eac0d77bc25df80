"""Assert both directions for every exercise: right answers pass, and each mistake is refused by its own name."""

from __future__ import annotations

import argparse
import functools
import itertools
import os
import re
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import TypeVar

from tqdm import tqdm

from ... import course, exercise, forms
from ...diagnosis import ANYWHERE
from ...exercise import FOLDER, Exercise
from ...judge import judge
from ...learner.observe import wanted
from ...sources import answer_source
from ...trials.figures import Figures, fairness, joined, measure, observed
from ...trials.table import table
from ...verdict import Status, Verdict

SEEDS, ALL_SEEDS, AT_A_TIME = 3, 50, 50
Item = TypeVar("Item")
Found = TypeVar("Found")
FEWEST = {"Mistakes": 4, "Variants": 3}
FILES = {"probe.py", "exercise.py"}
ENGINE = Path(__file__).parents[2]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("ids", nargs="*", metavar="ID", help="exercises; all without any")
    parser.add_argument("--report", action="store_true", help=f"try all, on {ALL_SEEDS} seeds; print the figures")
    parser.add_argument("--fair", action="store_true", help="try the right answers alone, on all these seeds")
    parser.add_argument("--seeds", type=int, help=f"seeds to try on (default {SEEDS}, or {ALL_SEEDS} for the report)")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="exercises at a time (default: cores)")


def run(arguments: argparse.Namespace) -> int:
    """Lint the chosen exercises, one line each, and print what was counted."""
    chosen = arguments.ids or list(exercise.ids())
    if arguments.seeds is not None and arguments.seeds < 1:
        print(f"`--seeds {arguments.seeds}` would try nothing: give 1 or more.")
        return 2
    try:
        chosen = [exercise.load(exercise_id).id for exercise_id in chosen]
    except exercise.UnknownExercise as error:
        print(error)
        return 2
    seeds = arguments.seeds or (ALL_SEEDS if arguments.report else SEEDS)
    work = functools.partial(lint_one, seeds=seeds, everything=arguments.report)
    each = fair_each(chosen, seeds, arguments.jobs) if arguments.fair else lint_each(chosen, work, arguments.jobs)
    results = []
    for result in each:
        results.append(result)
        print(_line(*result), flush=True)
    if arguments.report:
        print(table([figures for figures, _ in results if figures]))
    failed = sum(bool(found) for _, found in results)
    print(summary(chosen, failed))
    return 1 if failed else 0


Result = tuple[Figures, list[str]]
Part = tuple[str, range]


def lint_each(chosen: list[Item], work: Callable[[Item], Found], jobs: int) -> Iterator[Found]:
    """Lint several exercises at a time, each in a process that holds nothing of the others."""
    if min(jobs, len(chosen)) < 2:
        yield from map(work, chosen)
        return
    with ProcessPoolExecutor(min(jobs, len(chosen)), mp_context=get_context("spawn")) as pool:
        yield from pool.map(work, chosen)


def fair_each(chosen: list[str], seeds: int, jobs: int) -> Iterator[Result]:
    """Try the right answers alone, some seeds at a time: a single exercise keeps every core busy, too."""
    parts = [(id_, range(seeds)[first : first + AT_A_TIME]) for id_ in chosen for first in range(0, seeds, AT_A_TIME)]
    each = tqdm(lint_each(parts, _fair, jobs), total=len(parts), unit=f"x {AT_A_TIME} seeds", disable=None, leave=False)
    for _, found in itertools.groupby(each, lambda figures: figures.id):
        whole = joined(list(found))
        yield whole, list(whole.complaints())


def lint_one(exercise_id: str, seeds: int, everything: bool) -> Result:
    """Measure one exercise, and give what breaks a rule."""
    loaded = exercise.load(exercise_id)
    figures = measure(loaded, range(seeds), everything=everything)
    return figures, [*rules(loaded), *figures.complaints()]


def _fair(part: Part) -> Figures:
    exercise_id, seeds = part
    return fairness(exercise.load(exercise_id), seeds)


def _line(figures: Figures, found: list[str]) -> str:
    counts = f"{figures.right} right, {figures.wrong} wrong, {figures.changed} changed by machine"
    return f"{'✗' if found else '✓'} {figures.id:24} {counts}" + "".join(f"\n    {complaint}" for complaint in found)


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


def rules(loaded: Exercise) -> Iterator[str]:
    """Give every rule of form that an exercise breaks, in words for its author."""
    yield from _form(loaded)
    yield from _stub(loaded)
    if forms.kind_of(loaded) != forms.ESSAY:
        found = _verdict_of_text(loaded, answer_source(loaded.id))
        if found.status is not Status.CORRECT:
            yield f"the reference as text is `{found.status}`: {found.message}"


def complaints(loaded: Exercise, seeds: range) -> Iterator[str]:
    """Give every rule that an exercise breaks, also by what its answers are told."""
    yield from rules(loaded)
    yield from measure(loaded, seeds).complaints()


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
    known = set(loaded.group("Mistakes")) | set(loaded.group("Symptoms")) | {symptom.__name__ for symptom in ANYWHERE}
    yield from (f"HINTS_FOR names `{key}`, which is no diagnosis" for key in set(loaded.answer.HINTS_FOR) - known)
    spoken = {
        "NOTICE": loaded.answer.NOTICE,
        "title": loaded.title,
        **{f"hint {i + 1}": h for i, h in enumerate(loaded.answer.HINTS)},
        **{f"HINTS_FOR {key}": h for key, h in loaded.answer.HINTS_FOR.items()},
    }
    if "TODO" in loaded.probe.STUB:
        yield f"the stub holds a TODO, which the learner would read: {_line_with('TODO', loaded.probe.STUB)!r}"
    for group in ("Mistakes", "Symptoms", "Readings", "Advice"):
        spoken |= {f"{group}.{name}": loaded.said_of(item) for name, item in loaded.group(group).items()}
    for where, text in spoken.items():
        if not text or "TODO" in text or "!" in re.sub(r"`[^`]*`", "", text):
            yield f"{where} is empty, unfinished or has an exclamation mark: {text[:60]!r}"
        elif "." in where and len(re.findall(r"[.?](?:\s|$)", text)) > 2:
            yield f"{where} has more than two sentences"


def _line_with(word: str, text: str) -> str:
    return next(line.strip() for line in text.splitlines() if word in line)


def _stub(loaded: Exercise) -> Iterator[str]:
    if not set(loaded.names) <= set(wanted(loaded.probe.STUB)):
        yield f"the stub defines {list(wanted(loaded.probe.STUB))}, and NAMES has {list(loaded.names)}"
        return
    found = _verdict_of_text(loaded, "import torch\n" + loaded.probe.STUB)
    if found.status is not Status.MISSING:
        yield f"the untouched stub is `{found.status}`, not `missing`: {found.message}"


def _verdict_of_text(loaded: Exercise, source: str) -> Verdict:
    namespace: dict[str, object] = {"__name__": "lint"}
    exec(compile(source, f"<{loaded.id}>", "exec"), namespace)
    return judge(loaded, observed(loaded, namespace, 0), seed=0, source=source)
