"""The page that a learner gets back: every exercise by stage, what came of it and what to try next."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from markupsafe import Markup

from ...course import STAGES
from ...verdict import SYMBOLS, Status
from ..records.record import PARTLY, Line, Record
from ..view.pages import page

OPEN = (Status.MISSING, Status.NOT_YET, Status.TO_MARK, PARTLY)
TONES = {str(Status.CORRECT): "right"} | {str(outcome): "open" for outcome in OPEN}
MARKS = {str(status): symbol for status, symbol in SYMBOLS.items()} | {PARTLY: "◐"}
"""The sign of each outcome."""


def report(record: Record, *, titles: dict[str, str], reveal: bool = False) -> str:
    """Write the HTML page of one submission.

    Args:
        record: the submission, graded.
        titles: what each exercise asks, by id.
        reveal: show the hidden inputs and the answers that were expected beside what the learner's code returned.
    """
    return page(
        "report.html",
        name=record.submission,
        warnings=record.warnings,
        seed=record.seed,
        reveal=reveal,
        **record.totals(),
        stages=list(_stages(record, titles, reveal)),
        counts=_counts(record),
    )


def _stages(record: Record, titles: dict[str, str], reveal: bool) -> Iterator[dict[str, Any]]:
    """Group the exercises by stage; a stage without any is left out."""
    for stage in STAGES:
        lines = [line for line in record.lines if line.id in stage.exercises]
        if lines:
            yield {
                "stage": stage,
                "score": sum(line.score for line in lines),
                "max_score": sum(line.max_score for line in lines),
                "untouched": all(map(_is_untouched, lines)),
                "exercises": [_exercise(line, titles, reveal) for line in lines],
            }


def _is_untouched(line: Line) -> bool:
    return line.status == Status.MISSING and not line.staff_note and not line.hand


def _exercise(line: Line, titles: dict[str, str], reveal: bool) -> dict[str, Any]:
    return {
        "line": line,
        "symbol": MARKS[line.outcome],
        "tone": TONES.get(line.outcome, "wrong"),
        "title": titles.get(line.id, ""),
        "diagnosis": (line.diagnosis or "").replace("_", " "),
        # `show` wrote it, and escaped all that is the learner's
        "evidence": Markup(line.evidence if reveal else line.returned),
    }


def _counts(record: Record) -> list[tuple[str, str, int]]:
    """Count the exercises of each outcome, those that occur: (symbol, outcome, how many)."""
    found = [line.outcome for line in record.lines]
    return [(symbol, outcome, found.count(outcome)) for outcome, symbol in MARKS.items() if outcome in found]
