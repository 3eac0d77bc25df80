"""Read a person's marks from a table, all of them or, with one error that names the line, none."""

from __future__ import annotations

import difflib
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from ..gradebooks.table import BadTable, Table, untamed
from ..records.record import Line, Record
from ..records.results import harmless
from .marks import HandMark, HandMarks, answer_digest

TAKE_BACK = ("-", "–", "—", "clear", "none", "delete")
NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)", re.ASCII)
WAITS = "a comment without points is no mark yet: it waits in to_mark.csv; add points to it, or `-` to drop it."
STANDS = "a comment without points, so the mark of {points:g} stays as it was; add points, or `-` to take it back."
NEEDED = ("submission", "exercise", "points")


@dataclass(frozen=True)
class Given:
    """One row that says something: `points` None takes a mark back, or `waits`: there is a comment alone."""

    place: str
    submission: str
    exercise: str
    points: float | None
    comment: str
    seen: str = ""  # the digest of the answer that stood beside it
    flag: str | None = None  # what stands in the column that says "changed"; None where there is no such column
    waits: bool = False


@dataclass
class Merged:
    """What came of a file: how many marks it gave, were new and taken back, and what to say of its comments."""

    marks: int = 0
    new: int = 0
    taken: int = 0
    notes: list[str] = field(default_factory=list)
    left_out: bool = False  # whether a comment of the file is kept nowhere else


def read_marks(table: Table, records: dict[str, Record], hand: HandMarks) -> list[Given]:
    """Give the marks of a table, and the comments that have no points.

    Raises:
        BadTable: for the first thing that cannot be a mark.
    """
    said = [(place, row) for place, row in _cells(table) if row["points"] or row.get("comment")]
    given = [_taken_back(place, row, records, hand) or _given(place, row, records) for place, row in said]
    met: dict[tuple[str, str], Given] = {}
    for one in given:
        first = met.setdefault((one.submission, one.exercise), one)
        if (first.points, first.comment, first.waits) != (one.points, one.comment, one.waits):
            raise BadTable(_twice(first, one))
    return list(met.values())


def merge(given: list[Given], records: dict[str, Record], hand: HandMarks) -> Merged:
    """Put marks over those that were given before, and keep the comments that have no points yet."""
    done = Merged()
    for one in given:
        before = hand.given(one.submission, one.exercise)
        if one.waits:
            _wait(one, before, hand, done)
            continue
        done.marks += 1
        if one.points is None:
            done.taken += before is not None
            hand.take_back(one.submission, one.exercise)
            continue
        same = before is not None and (before.points, before.comment) == (one.points, one.comment)
        seen = one.seen or answer_digest(_line(records[one.submission], one.exercise))
        if before is not None and same and (one.flag is None or one.flag):
            seen = before.answer  # nobody says that he has read the answer again
        hand.give(one.submission, one.exercise, HandMark(one.points, one.comment, seen))
        done.new += not same
    return done


def _wait(one: Given, before: HandMark | None, hand: HandMarks, done: Merged) -> None:
    """Keep a comment that has no points; beside a mark that stands there is no room for it."""
    if before is None:
        hand.wait(one.submission, one.exercise, one.comment)
        done.notes.append(f"{one.place}: {WAITS}")
    else:
        done.notes.append(f"{one.place}: {STANDS.format(points=before.points)}")
        done.left_out |= before.comment != one.comment


def _cells(table: Table) -> Iterator[tuple[str, dict[str, str]]]:
    """Give (place, column -> cell) of every row; empty rows are passed over."""
    head = [cell.strip().casefold() for cell in table.head]
    missing = [name for name in NEEDED if name not in head]
    if missing:
        found = ", ".join(f"`{cell}`" for cell in table.head[:12])
        raise BadTable(
            f"It has no column `{missing[0]}`: line {table.lines[0]} names {found}. "
            "Columns `submission`, `exercise` and `points` are needed."
        )
    for number, row in enumerate(table.rows[1:], 1):
        if any(row[len(head) :]):
            more = f"{table.place(number)}: `{row[len(head)]}` stands behind the last column, `{table.head[-1]}`"
            raise BadTable(f"{more}. Put a cell that holds a `{table.delimiter}` into quotes.")
        plain = {name: untamed(cell) for name, cell in zip(head, row, strict=False)}
        cells = {name: cell if name == "submission" else cell.strip() for name, cell in plain.items()}
        if any(cell.strip() for cell in cells.values()):
            yield table.place(number), dict.fromkeys(NEEDED, "") | cells


def _taken_back(place: str, row: dict[str, str], records: dict[str, Record], hand: HandMarks) -> Given | None:
    """Read a row that takes back what was given to a submission that is not there any more; None of any other."""
    for name in (row["submission"], row["submission"].strip()):
        if name not in records and row["points"].casefold() in TAKE_BACK and hand.holds(name, row["exercise"]):
            return Given(place, name, row["exercise"], None, "")
    return None


def _given(place: str, row: dict[str, str], records: dict[str, Record]) -> Given:
    name = _name(row["submission"], records, place)
    line = _line(records[name], row["exercise"], place)
    waits = not row["points"]
    points = None if waits or row["points"].casefold() in TAKE_BACK else _points(row["points"], line, place)
    seen, flag = _seen(row.get("answer_id", "")), row.get("changed")
    return Given(place, name, line.id, points, row.get("comment", ""), seen, flag, waits)


def _name(cell: str, records: dict[str, Record], place: str) -> str:
    """Find a submission by its whole name; spaces around it count only where a name has them."""
    for name in (cell, cell.strip()):
        if name in records:
            return name
    close = difflib.get_close_matches(cell.strip(), records, 3)
    known = "; there is " + ", or ".join(f"`{harmless(one)}`" for one in close) if close else ""
    raise BadTable(f"{place}: there is no submission `{cell.strip()}` among the results{known}.")


def _seen(cell: str) -> str:
    """Read the digest of the answer that stood beside a mark, "" where a spreadsheet has spoilt it."""
    return cell[1:] if re.fullmatch("x[0-9a-f]{16}", cell) else ""


def _line(record: Record, exercise: str, place: str = "") -> Line:
    for line in record.lines:
        if line.id == exercise:
            return line
    close = difflib.get_close_matches(exercise, [line.id for line in record.lines], 3)
    known = "; there is " + ", or ".join(f"`{one}`" for one in close) if close else ""
    raise BadTable(f"{place}: there is no exercise `{exercise}` in the course{known}.")


def _points(text: str, line: Line, place: str) -> float:
    """Read a number of points; a comma may stand for its point."""
    plain = text.replace(",", ".") if text.count(",") == 1 else text
    points = float(plain) if NUMBER.fullmatch(plain) else math.nan
    if math.isnan(points):
        raise BadTable(
            f"{place}: `{text}` is no number of points. Write 0 to {line.max_score:g}, "
            "nothing for no mark, or `-` to take a mark back."
        )
    if not 0 <= points <= line.max_score:
        raise BadTable(f"{place}: {text} points for `{line.id}`, which takes 0 to {line.max_score:g}.")
    return points + 0.0  # no minus stands before a zero


def _twice(first: Given, again: Given) -> str:
    what = " and ".join(f"`{_words(one)}` ({one.place})" for one in (first, again))
    same = ", with other comments" if first.points == again.points else ""
    return f"{again.place}: `{again.exercise}` of `{again.submission}` has two marks{same}: {what}. Leave one of them."


def _words(one: Given) -> str:
    return "no points" if one.waits else "taken back" if one.points is None else f"{one.points:g} points"
