"""The page that a learner gets back: every exercise by stage, what came of it and what to try next."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from ..course import STAGES
from ..verdict import SYMBOLS, Status
from .record import Line, Record
from .show import prose

TEMPLATES = Path(__file__).parent.parent / "templates"
TONES = {Status.CORRECT: "right", Status.MISSING: "open", Status.NOT_YET: "open", Status.TO_MARK: "open"}


def report(record: Record, *, titles: dict[str, str], reveal: bool = False) -> str:
    """Write the HTML page of one submission.

    Args:
        record: the submission, graded.
        titles: what each exercise asks, by id.
        reveal: also show the hidden inputs and the answers that were expected.
    """
    text = (
        environment()
        .get_template("report.html")
        .render(
            name=record.submission,
            warnings=record.warnings,
            seed=record.seed,
            reveal=reveal,
            **record.totals(),
            stages=list(_stages(record, titles)),
            counts=_counts(record),
        )
    )
    return printable(text)


def printable(text: str) -> str:
    """Leave out the signs that no page may hold."""
    return "".join(sign for sign in text if sign >= " " or sign in "\n\t")


@functools.cache
def environment() -> Environment:
    """Give what writes pages from templates; all that they are handed is escaped."""
    found = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    found.filters["prose"] = lambda text: Markup(prose(text))  # it escapes what it is given
    return found


def _stages(record: Record, titles: dict[str, str]) -> Iterator[dict[str, Any]]:
    """Group the exercises by stage; a stage without any is left out."""
    for stage in STAGES:
        lines = [line for line in record.lines if line.id in stage.exercises]
        if lines:
            yield {
                "stage": stage,
                "score": sum(line.score for line in lines),
                "max_score": sum(line.max_score for line in lines),
                "exercises": [_exercise(line, titles) for line in lines],
            }


def _exercise(line: Line, titles: dict[str, str]) -> dict[str, Any]:
    status = Status(line.status)
    return {
        "line": line,
        "symbol": SYMBOLS[status],
        "tone": TONES.get(status, "wrong"),
        "title": titles.get(line.id, ""),
        "diagnosis": (line.diagnosis or "").replace("_", " "),
        "evidence": Markup(line.evidence),  # `show.evidence_html` wrote it, and escaped all that is the learner's
    }


def _counts(record: Record) -> list[tuple[str, str, int]]:
    """Count the exercises of each status, those that occur: (symbol, status, how many)."""
    found = [line.status for line in record.lines]
    return [(SYMBOLS[status], str(status), found.count(status)) for status in Status if status in found]
