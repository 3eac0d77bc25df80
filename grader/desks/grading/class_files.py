"""The files of a whole class, written from the records alone: marks, notes, texts to mark, gradebooks, pages."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

from ... import course
from ...exercise import ids, load
from ..alike.look_alikes import LookAlikes
from ..by_hand import to_mark
from ..by_hand.marks import HandMarks, has_changed
from ..gradebooks.fill import write_gradebooks, write_gradescope
from ..gradebooks.roster import graded
from ..records import results
from ..records.last_run import Books, LastRun, last_run
from ..records.record import Record, write
from ..reports.class_page import ClassPage
from ..reports.report import report

NO_BOOKS = Books()


def titles() -> dict[str, str]:
    """Give what each exercise of the course asks, by id, in the order taught."""
    known = set(ids())
    return {exercise: load(exercise).title for exercise in course.exercise_ids() if exercise in known}


def write_one(out: Path, shown: Record, asked: dict[str, str], *, reveal: bool) -> None:
    """Write the files of one submission, with a person's marks over the machine's."""
    results.write_json(out, shown)
    write(out / f"{shown.submission}.html", report(shown, titles=asked, reveal=reveal))


def write_class(
    out: Path,
    titles: dict[str, str],
    records: Iterable[Record],
    hand: HandMarks,
    note: str = "",
    books: Books = NO_BOOKS,
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
        books: the gradebooks that were asked for.
        similar: also list answers that look alike.
    """
    rows, notes, texts, marks = [], [note], [], []
    readers: list[ClassPage | LookAlikes] = [ClassPage(titles, note), *([LookAlikes()] if similar else [])]
    for record in records:
        shown = hand.over(record)
        rows.append(results.row(shown))
        marks.append(graded(shown))
        texts += to_mark.rows(record, hand)
        notes += [results.staff_note(shown), _changed(record, hand)]
        for reader in readers:
            reader.add(shown)
        if "gradescope" in books.formats:
            write_gradescope(out, shown)
    results.write_grades(out, list(titles), rows)
    notes.append(_of_others(out, hand, [mark.submission for mark in marks]))
    write(out / "staff_notes.txt", "\n".join(filter(None, notes)))
    to_mark.write_to_mark(out, texts)
    write_gradebooks(out, books, marks)
    for reader in readers:
        reader.write(out)


def rewrite(out: Path, last: LastRun, records: Iterable[Record], hand: HandMarks) -> None:
    """Write all files again as the last run did, with the marks by hand as they are now."""
    asked, kept = titles(), list(records)
    for record in kept:
        write_one(out, hand.over(record), asked, reveal=last.reveal)
    write_class(out, asked, kept, hand, last.note, last.books)


def _of_others(out: Path, hand: HandMarks, names: list[str]) -> str:
    """Say, on stderr too, which marks by hand are of submissions that the class does not hold, "" where there are none.

    A run that was stopped has written some names alone; all of the class stand in what is remembered of it.
    """
    last = last_run(out)
    said = hand.elsewhere([*names, *(last.submissions if last else ())])
    for line in said:
        print(line, file=sys.stderr)
    return "\n".join(["## Marks by hand", *said]) + "\n" if said else ""


def _changed(record: Record, hand: HandMarks) -> str:
    """Name the marks by hand whose answer is another one now, "" where there are none."""
    marked = [(line, hand.given(record.submission, line.id)) for line in record.lines]
    changed = [line.id for line, mark in marked if mark is not None and has_changed(line, mark)]
    what = "answers changed since a person marked them"
    return f"## {record.submission}\n{what}: {', '.join(changed)}. Read them again.\n" if changed else ""
