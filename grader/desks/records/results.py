"""The files of a graded class: a row and a JSON file a submission, and the notes for the staff."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from ...verdict import Status
from .record import Record, number, write

SLOW = 120.0  # seconds that the staff may want to know of
MEMORY = re.compile("more memory than")
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
    lines = [*record.warnings, *_effort(record), *notes]
    return "\n".join([f"## {record.submission}", *lines]) + "\n" if lines else ""


def _effort(record: Record) -> list[str]:
    """Say what a submission took, where a limit was hit, a process had to be started again or it was slow."""
    hit = [line.id for line in record.lines if line.status == Status.TIMED_OUT or MEMORY.search(line.message)]
    said = [f"Limits of time or memory were hit by {', '.join(hit)}."] if hit else []
    if hit or record.restarts or record.seconds >= SLOW:
        again = f", with {record.restarts} process{'es' if record.restarts > 1 else ''} started again"
        said.append(f"It took {record.seconds:.0f} s{again if record.restarts else ''}.")
    return said


def harmless(text: str) -> str:
    """Defuse what a spreadsheet would compute; what looks defused already gets a quote too, so that no two are one."""
    return f"'{text}" if text.lstrip("'").startswith(FORMULA) else text


def _indented(text: str) -> str:
    return "\n".join(f"    {line}" for line in text.rstrip().splitlines())
