"""The files of a graded class: a row and a JSON file a submission, and the notes for the staff."""

from __future__ import annotations

import csv
import io
import json
import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from ..course import stage_of
from ..verdict import Verdict
from .marking import Marked

FORMULA = ("=", "+", "-", "@")


def totals(verdicts: Iterable[Verdict]) -> dict[str, float]:
    """Sum the marks: `score` and `max_score` of the course, `bonus` of its challenges."""
    counted = [verdict for verdict in verdicts if not stage_of(verdict.exercise).bonus]
    bonus = [verdict for verdict in verdicts if stage_of(verdict.exercise).bonus]
    return {
        "score": _number(sum(verdict.score for verdict in counted)),
        "max_score": _number(sum(verdict.max_score for verdict in counted)),
        "bonus": _number(sum(verdict.score for verdict in bonus)),
    }


def tree(marked: Marked) -> dict[str, Any]:
    """Give what stands in a submission's JSON file."""
    exercises = [
        {
            "id": verdict.exercise,
            "status": str(verdict.status),
            "score": _number(verdict.score),
            "max_score": _number(verdict.max_score),
            "diagnosis": verdict.diagnosis,
            "message": " ".join([verdict.message, *verdict.advice]),
        }
        for verdict in marked.verdicts
    ]
    return {"submission": marked.name, **totals(marked.verdicts), "exercises": exercises}


def write_json(folder: Path, marked: Marked) -> None:
    """Write a submission's JSON file."""
    write(folder / f"{marked.name}.json", json.dumps(tree(marked), ensure_ascii=False, indent=2) + "\n")


def write_grades(folder: Path, exercises: Sequence[str], rows: Iterable[dict[str, Any]]) -> None:
    """Write `grades.csv`: one row a submission; no cell is taken for a formula."""
    out = io.StringIO()
    table = csv.writer(out, lineterminator="\n")
    columns = (*exercises, "score", "max_score", "bonus")
    table.writerow(["submission", *columns])
    table.writerows([_harmless(row["submission"]), *(row[column] for column in columns)] for row in rows)
    write(folder / "grades.csv", out.getvalue())


def row(marked: Marked) -> dict[str, Any]:
    """Give a submission's marks by column."""
    scores = {verdict.exercise: _number(verdict.score) for verdict in marked.verdicts}
    return {"submission": marked.name, **scores, **totals(marked.verdicts)}


def staff_note(marked: Marked) -> str:
    """Write what the staff alone should read of a submission, "" where there is nothing."""
    noted = [verdict for verdict in marked.verdicts if verdict.staff_note]
    notes = [f"{verdict.exercise} ({verdict.status}):\n{_indented(verdict.staff_note)}" for verdict in noted]
    lines = [*marked.warnings, *notes]
    return "\n".join([f"## {marked.name}", *lines]) + "\n" if lines else ""


def write(path: Path, text: str) -> None:
    """Write a file whole or not at all."""
    beside = path.with_name(f".{os.getpid()}.tmp")
    try:
        beside.write_bytes(text.encode("utf-8", "replace"))
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


def _number(value: float) -> float:
    return int(value) if value == int(value) else round(value, 4)


def _harmless(text: str) -> str:
    """Defuse what a spreadsheet would compute."""
    return f"'{text}" if text.startswith(FORMULA) else text


def _indented(text: str) -> str:
    return "\n".join(f"    {line}" for line in text.rstrip().splitlines())
