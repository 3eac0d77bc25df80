"""Moodle: fill an offline grading worksheet, or any list of students for a grade import."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence

from ..records.record import number
from ..submissions.downloads import MOODLE as DOWNLOADED
from .roster import Filled, Graded, Student, matched
from .table import BadTable, Table, tame

IDS = ("mail", "user", "login", "idnumber", "id", "studentid", "matriculation", "matrikelnummer")
FIRST, LAST, FULL = ("firstname", "givenname"), ("surname", "lastname", "familyname"), ("fullname", "name", "student")
GRADE, FEEDBACK = "Grade", "Feedback comments"
WITHOUT = (
    "Moodle: no roster was given, so moodle.csv names submissions and no students. "
    "Download the grading worksheet of the assignment, then grade again with `--roster FILE`."
)


def check(table: Table) -> None:
    """Raise BadTable where a table says nothing that a student could be known by."""
    if not _ids(table) and not _names(table) and _find(table, "identifier") is None:
        raise BadTable(
            "names no students: a column `Identifier`, `Email address`, `Username`, `ID number` or `Full name` "
            f"was expected, and there is {table.shown_head()}. Give the assignment's grading worksheet."
        )


def fill(table: Table, marks: Sequence[Graded]) -> tuple[Table, Filled]:
    """Write grades and feedback; all else stays, also in the cells of whoever handed in nothing."""
    head = [*table.head]
    grade, comments = (_at(table, head, title) for title in (GRADE, FEEDBACK))
    rows = [head, *([*row, *[""] * (len(head) - len(row))] if row else [] for row in table.rows[1:])]
    found = matched(marks, _students(table, rows), DOWNLOADED)
    for row, mark in found.marks.items():
        rows[row][grade] = f"{number(mark.score)}"
        rows[row][comments] = tame(_as_html(mark.feedback))
    kept = {*_ids(table), _find(table, "identifier")}
    tamed = [
        [cell if n == 0 or at in kept else tame(cell) for at, cell in enumerate(row)] for n, row in enumerate(rows)
    ]
    notes = (*found.notes, *_maximum(table, rows, marks))
    return table.with_rows(tamed), Filled(found.marks, found.unmatched, notes)


def alone(marks: Sequence[Graded]) -> Table:
    """Write a list of grades where there is no roster: submissions stand for students."""
    rows = [["Identifier", "Full name", GRADE, FEEDBACK]]
    for mark in marks:
        form = DOWNLOADED.match(mark.submission)
        participant, person = (f"Participant {form['number']}", form["person"]) if form else ("", mark.submission)
        rows.append([participant, tame(person), f"{number(mark.score)}", tame(_as_html(mark.feedback))])
    return Table((), newline="\r\n").with_rows(rows)


def _as_html(text: str) -> str:
    """Write feedback as Moodle shows it: as a page, in which lines end by a tag and no sign of a learner's is one."""
    return html.escape(text, quote=False).replace("\n", "<br>\n")


def _students(table: Table, rows: list[list[str]]) -> list[Student]:
    identifier, ids, names = _find(table, "identifier"), _ids(table), _names(table)
    return [
        Student(
            n,
            _number(row[identifier]) if identifier is not None else "",
            tuple(row[place] for place in ids),
            tuple(f"{row[pair[-1]]}, {row[pair[0]]}" if len(pair) == 2 else row[pair[0]] for pair in names),
        )
        for n, row in enumerate(rows)
        if n and row
    ]


def _number(identifier: str) -> str:
    """Read `Participant 123`, in any language."""
    found = re.search(r"(\d+)\s*$", identifier)
    return found[1] if found else ""


def _plain(title: str) -> str:
    return re.sub(r"[\W_]", "", title).casefold()


def _find(table: Table, *titles: str) -> int | None:
    return next((n for n, title in enumerate(table.head) if _plain(title) in titles), None)


def _ids(table: Table) -> list[int]:
    """Find the columns that hold what is one student's alone."""
    plain = [_plain(title) for title in table.head]
    return [n for n, title in enumerate(plain) if title.startswith(IDS[:3]) or "mail" in title or title in IDS]


def _names(table: Table) -> list[tuple[int, ...]]:
    """Find the columns that hold names: (full,) or (first, last)."""
    full, first, last = (_find(table, *titles) for titles in (FULL, FIRST, LAST))
    pairs: list[tuple[int, ...]] = [(full,)] if full is not None else []
    return [*pairs, (first, last)] if first is not None and last is not None else pairs


def _at(table: Table, head: list[str], title: str) -> int:
    """Find a column to fill, or begin it."""
    found = _find(table, _plain(title))
    if found is None:
        head.append(title)
    return len(head) - 1 if found is None else found


def _maximum(table: Table, rows: list[list[str]], marks: Sequence[Graded]) -> list[str]:
    """Say where Moodle's maximum is not the course's: it refuses higher grades, or takes them for too little."""
    place = _find(table, "maximumgrade")
    there = {row[place].strip() for row in rows[1:] if row} - {""} if place is not None else set()
    most = f"{number(marks[0].max_score)}" if marks else ""
    if not most or all(re.fullmatch(rf"{re.escape(most)}([.,]0*)?", cell) for cell in there):
        return []
    return [
        f"Moodle's maximum grade is {', '.join(sorted(there))}, and the course's {most}: "
        f"set the assignment's to {most}."
    ]
