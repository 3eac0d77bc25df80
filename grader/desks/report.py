"""The page that a learner gets back: every exercise by stage, what came of it and what to try next."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from ..course import STAGES
from ..verdict import SYMBOLS, Status, Verdict
from .marking import Marked
from .results import totals
from .show import evidence_html, prose

TEMPLATES = Path(__file__).parent.parent / "templates"
TONES = {Status.CORRECT: "right", Status.MISSING: "open", Status.NOT_YET: "open", Status.TO_MARK: "open"}


def report(marked: Marked, *, seed: int, titles: dict[str, str], reveal: bool = False) -> str:
    """Write the HTML page of one submission.

    Args:
        marked: the submission with its verdicts.
        seed: of this run, which repeats it.
        titles: what each exercise asks, by id.
        reveal: also show the hidden inputs and the answers that were expected.
    """
    text = (
        _environment()
        .get_template("report.html")
        .render(
            name=marked.name,
            warnings=marked.warnings,
            seed=seed,
            reveal=reveal,
            **totals(marked.verdicts),
            stages=list(_stages(marked, titles)),
            counts=_counts(marked),
        )
    )
    return "".join(sign for sign in text if sign >= " " or sign in "\n\t")


@functools.cache
def _environment() -> Environment:
    found = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    found.filters["prose"] = lambda text: Markup(prose(text))  # these two escape what they are given
    found.filters["evidence"] = lambda evidence: Markup(evidence_html(evidence))
    return found


def _stages(marked: Marked, titles: dict[str, str]) -> Iterator[dict[str, Any]]:
    """Group the exercises by stage; a stage without any is left out."""
    for stage in STAGES:
        verdicts = [verdict for verdict in marked.verdicts if verdict.exercise in stage.exercises]
        if verdicts:
            yield {
                "stage": stage,
                "score": sum(verdict.score for verdict in verdicts),
                "max_score": sum(verdict.max_score for verdict in verdicts),
                "exercises": [_exercise(verdict, titles) for verdict in verdicts],
            }


def _exercise(verdict: Verdict, titles: dict[str, str]) -> dict[str, Any]:
    return {
        "verdict": verdict,
        "symbol": SYMBOLS[verdict.status],
        "tone": TONES.get(verdict.status, "wrong"),
        "title": titles.get(verdict.exercise, ""),
        "diagnosis": (verdict.diagnosis or "").replace("_", " "),
    }


def _counts(marked: Marked) -> list[tuple[str, str, int]]:
    """Count the exercises of each status, those that occur: (symbol, status, how many)."""
    found = [verdict.status for verdict in marked.verdicts]
    return [(SYMBOLS[status], str(status), found.count(status)) for status in Status if status in found]
