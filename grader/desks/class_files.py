"""The files of a whole class, written from the records alone: the marks, the notes for the staff, the pages."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from . import results
from .by_hand import HandMarks
from .class_page import ClassPage
from .look_alikes import LookAlikes
from .record import Record, write


def write_class(
    out: Path,
    titles: dict[str, str],
    records: Iterable[Record],
    hand: HandMarks,
    note: str = "",
    *,
    similar: bool = False,
) -> None:
    """Write every file that speaks of the whole class.

    Args:
        out: the folder for the results.
        titles: what each exercise asks, by id.
        records: the submissions, by name.
        hand: marks that a person gave.
        note: one sentence on how they were graded, "" where there is nothing to say.
        similar: also list answers that look alike.
    """
    rows, notes = [], []
    readers: list[ClassPage | LookAlikes] = [ClassPage(titles, note), *([LookAlikes()] if similar else [])]
    for record in records:
        shown = hand.over(record)
        rows.append(results.row(shown))
        notes.append(results.staff_note(shown))
        for reader in readers:
            reader.add(shown)
    results.write_grades(out, list(titles), rows)
    write(out / "staff_notes.txt", "\n".join(part for part in (note, *notes) if part))
    for reader in readers:
        reader.write(out)
