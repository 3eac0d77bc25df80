"""Gradescope: the `results.json` of one submission, a test an exercise."""

from __future__ import annotations

from typing import Any

from ...course import STAGES
from ...verdict import DONE, Status
from ..records.record import Line, Record, number
from ..view.pages import printable


def results(record: Record) -> dict[str, Any]:
    """Give what Gradescope shows of a submission; nothing is hidden, and no answer of the course is in it.

    Challenges are tests of their own. As beside the total in `grades.csv`, their points are shown and not counted: a
    `max_score` of 0 leaves what can be reached as it is, and whoever wants to count them finds the sum in `extra_data`.
    """
    totals = record.totals()
    bonus = f", and {totals['bonus']:g} bonus points beside it" if totals["bonus"] else ""
    said = [f"{totals['score']:g} of {totals['max_score']:g} points{bonus}.", *record.warnings]
    return {
        "score": totals["score"],
        "execution_time": round(record.seconds),
        "output": printable("\n".join(said)),
        "output_format": "text",
        "test_output_format": "text",
        "test_name_format": "text",
        "visibility": "visible",
        "stdout_visibility": "hidden",
        "extra_data": {"submission": record.submission, "seed": record.seed, **totals},
        "tests": [_test(line) for line in record.lines],
    }


def _test(line: Line) -> dict[str, Any]:
    passed = line.status in DONE or (bool(line.hand) and line.score >= line.max_score)
    stage = next(stage for stage in STAGES if line.id in stage.exercises)
    return {
        "name": f"{line.id} (bonus)" if line.bonus else line.id,
        "number": f"{stage.number}.{stage.exercises.index(line.id) + 1}",
        "score": number(line.score),
        "max_score": 0 if line.bonus else number(line.max_score),
        "status": "passed" if passed else "failed",
        "output": _output(line),
        "visibility": "visible",
    }


def _output(line: Line) -> str:
    """Say what came of an exercise, in plain lines."""
    head = f"{line.outcome[:1].upper()}{line.outcome[1:]}"
    if line.diagnosis and line.status != Status.CORRECT:
        head += f": {line.diagnosis.replace('_', ' ')}"
    beside = f"{line.score:g} of {line.max_score:g} bonus points, beside the total." if line.bonus else ""
    return printable("\n".join(part for part in (f"{head}.", beside, line.message, *line.advice, line.hand) if part))
