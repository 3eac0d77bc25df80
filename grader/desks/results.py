"""The files of a graded class: a row and a JSON file a submission, and the notes for the staff."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from .record import Record, number, write

FORMULA = ("=", "+", "-", "@", "\t", "\r")


def tree(record: Record) -> dict[str, Any]:
    """Give what stands in a submission's JSON file."""
    exercises = [
        {
            "id": line.id,
            "status": line.status,
            "score": number(line.score),
            "max_score": number(line.max_score),
            "diagnosis": line.diagnosis,
            "message": " ".join(part for part in (line.message, *line.advice, line.hand) if part),
        }
        for line in record.lines
    ]
    return {"submission": record.submission, **record.totals(), "exercises": exercises}


def write_json(folder: Path, record: Record) -> None:
    """Write a submission's JSON file."""
    write(folder / f"{record.submission}.json", json.dumps(tree(record), ensure_ascii=False, indent=2) + "\n")


def write_grades(folder: Path, exercises: Sequence[str], rows: Iterable[str]) -> None:
    """Write `grades.csv`: a head, and one row a submission."""
    head = csv_line(["submission", *exercises, "score", "max_score", "bonus"])
    write(folder / "grades.csv", head + "".join(rows))


def row(record: Record) -> str:
    """Give a submission's marks as a line of CSV; no cell is taken for a formula."""
    scores = [number(line.score) for line in record.lines]
    return csv_line([harmless(record.submission), *scores, *record.totals().values()])


def csv_line(cells: Sequence[object]) -> str:
    """Write one line of CSV."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerow(cells)
    return out.getvalue()


def staff_note(record: Record) -> str:
    """Write what the staff alone should read of a submission, "" where there is nothing."""
    noted = [line for line in record.lines if line.staff_note]
    notes = [f"{line.id} ({line.status}):\n{_indented(line.staff_note)}" for line in noted]
    lines = [*record.warnings, *notes]
    return "\n".join([f"## {record.submission}", *lines]) + "\n" if lines else ""


def harmless(text: str) -> str:
    """Defuse what a spreadsheet would compute."""
    return f"'{text}" if text.startswith(FORMULA) else text


def _indented(text: str) -> str:
    return "\n".join(f"    {line}" for line in text.rstrip().splitlines())
