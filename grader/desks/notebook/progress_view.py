"""Progress as text and as HTML: stages, points, what is next."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from html import escape
from typing import Any

from ... import course, exercise
from ...course import Stage
from ...verdict import DONE, SYMBOLS, Status

Known = dict[str, dict[str, Any]]
NO_BREAK = "\u00a0"  # a sign stays on the line of its exercise


def progress_text(known: Known) -> str:
    """Write one line a stage, the total, and the next exercise."""
    lines = [f"{stage.name:32} {_bar(*_points(stage, known))}  {_signs(stage, known)}" for stage in course.STAGES]
    return "\n".join([*lines, _total(known), _next(known)])


def progress_html(known: Known) -> str:
    """Draw a table with one row a stage."""
    head = "".join(
        f'<th scope="col" style="text-align:left;padding:2px 10px">{title}</th>'
        for title in ("stage", "points", "exercises")
    )
    rows = "".join(_row(stage, known) for stage in course.STAGES)
    caption = f'<caption style="text-align:left;font-weight:bold">{escape(_total(known))}</caption>'
    table = f"<table>{caption}<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
    return f"{table}<div>{_next(known, _link)}</div>"


def _row(stage: Stage, known: Known) -> str:
    score, most = _points(stage, known)
    cell = 'style="text-align:left;padding:2px 10px"'
    bar = f'<progress value="{score:g}" max="{most:g}">{score:g}</progress> {score:g} of {most:g}'
    one_line = cell.replace("padding", "white-space:nowrap;padding")
    return (
        f'<tr><th scope="row" {one_line}>{_link(stage)}</th><td {one_line}>{bar}</td>'
        f"<td {cell}>{escape(_signs(stage, known, NO_BREAK))}</td></tr>"
    )


def _points(stage: Stage, known: Known) -> tuple[float, float]:
    score = sum(float(known[item].get("score") or 0) for item in stage.exercises)
    return score, sum(exercise.load(item).points for item in stage.exercises)


def _bar(score: float, most: float) -> str:
    full = round(10 * score / most) if most else 0
    return f"{'█' * full}{'·' * (10 - full)} {score:g} of {most:g}"


def _signs(stage: Stage, known: Known, gap: str = " ") -> str:
    return ", ".join(f"{_sign(known[item])}{gap}{item}" for item in stage.exercises)


def _sign(record: dict[str, Any]) -> str:
    status = record.get("status")
    return SYMBOLS[Status(status)] if status in list(Status) else "○"


def _total(known: Known) -> str:
    parts: Iterator[tuple[float, float]] = (_points(stage, known) for stage in course.STAGES if not stage.bonus)
    scores, mosts = zip(*parts, strict=True)
    bonus = sum(_points(stage, known)[0] for stage in course.STAGES if stage.bonus)
    return f"{sum(scores):g} of {sum(mosts):g} points" + (f", and {bonus:g} as a bonus" if bonus else "")


def _next(known: Known, shown: Callable[[Stage], str] = lambda stage: stage.name) -> str:
    for stage in course.STAGES:
        for item in stage.exercises:
            if known[item].get("status") not in DONE:
                return f"Next: {item} in {shown(stage)}."
    return "Everything is solved."


def _link(stage: Stage) -> str:
    """Lead to the notebook of a stage from any other, for they lie side by side."""
    return f'<a href="{escape(stage.name)}.ipynb">{escape(stage.name)}</a>'
