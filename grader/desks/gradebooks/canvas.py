"""Canvas: fill one column of a gradebook that was exported from there."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ..records.record import number
from ..submissions.downloads import DOWNLOADED
from ..submissions.files import readable
from .roster import Filled, Graded, Student, matched
from .table import BadTable, Table, tame

COURSE = "Autoencoders and recommenders"
IDS = ("SIS Login ID", "SIS User ID", "ID", "Integration ID")
ABOUT_STUDENTS = ("Student", *IDS, "Root Account", "Section")
ASSIGNMENT = re.compile(r"\s*\(\d+\)\s*$")
POINTS = "    Points Possible"
READ_ONLY = "(read only)"
WITHOUT = (
    "Canvas: no roster was given, so canvas.csv names submissions and no students. "
    "Export the gradebook from Canvas, then grade again with `--roster FILE`."
)


def check(table: Table) -> None:
    """Raise BadTable where a table is no gradebook of Canvas'."""
    if not {"Student", "ID"} <= {title.strip() for title in table.head}:
        raise BadTable(
            f"has no columns `Student` and `ID`, but {table.shown_head()}: "
            "give the gradebook that Canvas exports (Grades, Export)."
        )


def check_title(title: str) -> None:
    """Raise BadTable where a title is one of the columns that say who a student is."""
    if title.strip().casefold() in {about.casefold() for about in ABOUT_STUDENTS}:
        raise BadTable(
            f"`--column` takes the title of an assignment, and `{readable(title)}` says who a student is: "
            'give a title such as "Autoencoders (1234)".'
        )


def fill(table: Table, marks: Sequence[Graded], title: str = "") -> tuple[Table, Filled]:
    """Write each student's points into one column; all else stays, also in the cells of whoever handed in nothing.

    Raises:
        BadTable: where it is not clear which column is meant, or it holds no assignment's points.
    """
    check_title(title)
    column = _column(table, title)
    rows = [[*row, *[""] * (max(column + 1, len(table.head)) - len(row))] if row else [] for row in table.rows]
    first = _first(rows, column)
    found = matched(marks, _students(table, rows, first), DOWNLOADED)
    notes = [*found.notes, *_points_possible(rows, first, column, marks)]
    if column == len(table.head):
        rows[0][column] = title or COURSE
        notes.append(f"`{rows[0][column]}` is no column of the roster: importing canvas.csv makes a new assignment.")
    for row in range(first + 1, len(rows)):
        mark = found.marks.get(row)
        if mark and rows[row][column].strip().upper() == "EX":
            notes.append(
                f"`{rows[row][0]}` is excused in Canvas, and stays so; `{mark.submission}` has {mark.score:g}."
            )
        elif mark:
            rows[row][column] = f"{number(mark.score)}"
    return table.with_rows(_tamed(rows, table, first)), Filled(found.marks, found.unmatched, tuple(notes))


def alone(marks: Sequence[Graded], title: str = "") -> Table:
    """Write a gradebook where there is no roster: submissions stand for students."""
    head = ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", title or COURSE]
    rows = [head, [POINTS, "", "", "", "", f"{number(marks[0].max_score)}" if marks else ""]]
    for mark in marks:
        form = DOWNLOADED.match(mark.submission)
        cells = [tame(mark.submission), form["number"] if form else "", "", "", "", f"{number(mark.score)}"]
        rows.append(cells)
    return Table((), newline="\r\n").with_rows(rows)


def _column(table: Table, title: str) -> int:
    """Find the column to fill; the place behind the last one stands for a new column."""
    titles = [cell.strip() for cell in table.head]
    if title.strip() in titles[1:]:
        return titles.index(title.strip(), 1)
    wanted = (ASSIGNMENT.sub("", title).strip() or COURSE).casefold()
    bare = {n: ASSIGNMENT.sub("", cell).casefold() for n, cell in enumerate(titles) if n}
    same = [n for n, cell in bare.items() if cell == wanted]
    if not title and not same:
        same = [n for n, cell in bare.items() if cell.startswith("autoencoders") and ASSIGNMENT.search(titles[n])]
    if len(same) > 1:
        names = ", ".join(f"`{readable(titles[n])}`" for n in same)
        raise BadTable(f"has several columns for the course, {names}: choose one with `--column`.")
    return same[0] if same and not ASSIGNMENT.search(title) else len(table.head)


def _first(rows: list[list[str]], column: int) -> int:
    """Find the row of the points that can be had, 0 where there is none; refuse a column that Canvas computes."""
    first = next((n for n, row in enumerate(rows[:5]) if row and "points possible" in row[0].casefold()), 0)
    if rows[first][column].strip().casefold() == READ_ONLY:
        sums = f"has in `{readable(rows[0][column])}` what Canvas computes itself and reads from no file"
        raise BadTable(f"{sums}: choose an assignment's column with `--column`.")
    return first


def _students(table: Table, rows: list[list[str]], first: int) -> list[Student]:
    where = {cell.strip(): n for n, cell in reversed(list(enumerate(table.head)))}
    name, ids = where["Student"], [where[title] for title in IDS if title in where]
    return [
        Student(n, row[where["ID"]].strip(), tuple(row[place] for place in ids), (row[name],))
        for n, row in enumerate(rows)
        if n > first and row
    ]


def _points_possible(rows: list[list[str]], first: int, column: int, marks: Sequence[Graded]) -> list[str]:
    """Write the points of a new column; say where those of an old one are not the course's."""
    most = f"{number(marks[0].max_score)}" if marks else ""
    if not first or not most:
        return []
    there = rows[first][column].strip()
    if not there:
        rows[first][column] = most
    same = not there or re.fullmatch(rf"0*{re.escape(most)}(\.0*)?", there)
    if same:
        return []
    return [
        f"Canvas has {there} points for `{rows[0][column]}`, and the course {most}: "
        f"set the assignment's points to {most}."
    ]


def _tamed(rows: list[list[str]], table: Table, first: int) -> list[list[str]]:
    """Defuse the names of students; ids stay as Canvas wrote them."""
    ids = {n for n, title in enumerate(table.head) if title.strip() in IDS}
    return [
        [cell if n <= first or place in ids else tame(cell) for place, cell in enumerate(row)]
        for n, row in enumerate(rows)
    ]
