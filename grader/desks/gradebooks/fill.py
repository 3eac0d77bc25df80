"""The gradebooks that a run was asked for: written from the records as often as these change."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from ..records.last_run import Books
from ..records.record import FOLDER, Record, number, write
from ..records.results import harmless
from ..submissions.files import readable
from . import canvas, gradescope, moodle
from .roster import Filled, Graded
from .table import BadTable, Table, csv_row, decoded, read_table

FORMATS = ("gradescope", "canvas", "moodle")
WITH_ROSTER = ("canvas", "moodle")
UNMATCHED = "unmatched.csv"


def rosters_of(formats: Sequence[str], files: Iterable[Path], column: str = "") -> dict[str, Path]:
    """Give each roster to the gradebook that it is of, and see that it can be filled.

    Raises:
        BadTable: with one sentence on what cannot be used.
    """
    canvas.check_title(column)
    found: dict[str, Path] = {}
    for file in files:
        table = read_table(file)
        name = _book_of(table, formats)
        if name is None:
            raise BadTable("`--roster` goes with `--format canvas` or `--format moodle`, and neither was asked for.")
        if name in found:
            raise BadTable(f"`{readable(str(file))}` is a second roster for {name}: one can be filled at a time.")
        try:
            _filled(name, table, [], column)
        except BadTable as error:
            raise BadTable(f"`{readable(str(file))}` {error}") from error
        found[name] = file
    if column and "canvas" not in formats:
        raise BadTable("`--column` goes with `--format canvas`, which was not asked for.")
    return found


def keep_rosters(out: Path, rosters: dict[str, Path]) -> None:
    """Copy the rosters among the records, so that marks by hand find them again; an earlier run's are forgotten."""
    data = {name: file.read_bytes() for name, file in rosters.items()}
    (out / FOLDER).mkdir(exist_ok=True)
    for name, roster in data.items():
        write(_roster(out, name), roster)
    for name in WITH_ROSTER:  # after the others: whoever is stopped in between has one too many and none too few
        if name not in data:
            _roster(out, name).unlink(missing_ok=True)


def write_gradescope(out: Path, record: Record) -> None:
    """Write what Gradescope takes of one submission."""
    (out / "gradescope").mkdir(exist_ok=True)
    text = json.dumps(gradescope.results(record), ensure_ascii=False, indent=1)
    write(out / "gradescope" / f"{record.submission}.json", text + "\n")


def write_gradebooks(out: Path, books: Books, marks: Sequence[Graded]) -> None:
    """Write canvas.csv and moodle.csv as far as they were asked for, and say on stderr what needs a person."""
    lost: list[tuple[str, Graded, str]] = []
    for name in WITH_ROSTER:
        if name in books.formats:
            lost += [(name, *one) for one in _write(out, name, marks, books.column)]
        elif (out / f"{name}.csv").exists():
            _say(f"{name}.csv is of an earlier run: grade with `--format {name}` to bring it up to date.")
    _write_unmatched(out, lost)


def _write(out: Path, name: str, marks: Sequence[Graded], column: str) -> Sequence[tuple[Graded, str]]:
    if _roster(out, name).exists():
        table, found = _filled(name, decoded(_roster(out, name).read_bytes()), marks, column)
    else:
        table = canvas.alone(marks, column) if name == "canvas" else moodle.alone(marks)
        found = Filled(notes=((canvas if name == "canvas" else moodle).WITHOUT,))
    write(out / f"{name}.csv", table.encoded())
    for note in found.notes:
        _say(note)
    for mark, why in found.unmatched:
        _say(f"`{mark.submission}` is not in {name}.csv: {why}. It is listed in {UNMATCHED}.")
    return found.unmatched


def _filled(name: str, table: Table, marks: Sequence[Graded], column: str) -> tuple[Table, Filled]:
    if name == "canvas":
        canvas.check(table)
        return canvas.fill(table, marks, column)
    moodle.check(table)
    return moodle.fill(table, marks)


def _book_of(table: Table, formats: Sequence[str]) -> str | None:
    """Tell whose roster a table is: that of the one gradebook which takes one, else by its head."""
    asked = [name for name in WITH_ROSTER if name in formats]
    if len(asked) == 2:
        return "canvas" if {"Student", "ID"} <= {title.strip() for title in table.head} else "moodle"
    return asked[0] if asked else None


def _write_unmatched(out: Path, lost: Sequence[tuple[str, Graded, str]]) -> None:
    """List the submissions that no gradebook has a row for; where there are none, there is no such file."""
    if not lost:
        (out / UNMATCHED).unlink(missing_ok=True)
        return
    rows: list[list[object]] = [["gradebook", "submission", "score", "max_score", "why"]]
    rows += [[name, harmless(m.submission), number(m.score), number(m.max_score), why] for name, m, why in lost]
    write(out / UNMATCHED, "\ufeff" + "".join(csv_row(row, newline="\r\n") for row in rows))


def _roster(out: Path, name: str) -> Path:
    return out / FOLDER / f"roster_{name}.csv"


def _say(text: str) -> None:
    print(readable(text), file=sys.stderr)
