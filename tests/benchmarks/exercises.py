"""What each exercise costs a grader: asking a right answer in the learner's process, and judging what was seen."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from grader import course
from grader.exercise import Exercise, ids, load
from grader.judge import judge
from grader.learner.observe import observe
from grader.sources import answer_source

from .measure import Plan
from .table import Report, Row, seconds

ALL = "all but the one at full size"
COLUMNS = ("asking it, CPU", "judging it right", "judging a mistake")


def least(work: Callable[[], Any], rounds: int) -> float:
    """Give the CPU seconds of the quickest of some runs; the first is not counted."""
    work()
    runs = []
    for _ in range(rounds):
        start = time.process_time()
        work()
        runs.append(time.process_time() - start)
    return min(runs)


def costs(exercise: Exercise, rounds: int) -> tuple[float, float, float]:
    """Measure one exercise: asking the reference, judging it, and judging its last listed mistake."""
    at_scale, text = exercise.isolated, answer_source(exercise.id)
    expected = observe(exercise.probe, exercise.reference(), seed=0, draws=1, at_scale=True) if at_scale else None
    mistakes = list(exercise.group("Mistakes").values())[-1:] or [None]
    wrong = exercise.namespace(mistakes[0]) if mistakes[0] else exercise.reference()

    def asked(namespace: dict[str, Any]) -> Any:
        return observe(exercise.probe, namespace, seed=0, at_scale=at_scale)

    def judged(seen: Any) -> Callable[[], Any]:
        return lambda: judge(exercise, seen, seed=0, source=text, expected=expected)

    right = asked(exercise.reference())
    seen = observe(exercise.probe, wrong, seed=0)
    return (
        least(lambda: asked(exercise.reference()), rounds),
        least(judged(right), rounds),
        least(judged(seen), rounds),
    )


def report(plan: Plan) -> Report:
    """Measure every exercise of the course in the order taught; the one at full size is not in the sum."""
    known = [load(key) for key in course.exercise_ids() if key in ids()]
    found = {one: costs(one, 1 if plan.quick else 3) for one in (known[:2] if plan.quick else known)}
    rows = [row(one.id, cost, "alone in its process" if one.isolated else "") for one, cost in found.items()]
    counted = [cost for one, cost in found.items() if not one.isolated]
    rows.append(row(ALL, tuple(map(sum, zip(*counted, strict=True)))))
    reading = "The quickest of three runs in one warm process; starting it, reading and writing come on top."
    return Report("exercises", "What each exercise costs", COLUMNS, rows, "CPU seconds to ask it", reading=reading)


def row(way: str, cost: tuple[float, ...], note: str = "") -> Row:
    """Put one exercise into words."""
    return Row(way, dict(zip(COLUMNS, map(seconds, cost), strict=True)), cost[0], note=note)
