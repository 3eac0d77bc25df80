"""The instructor's command: put a person's marks over the machine's and write the results again."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from ..by_hand import to_mark
from ..by_hand.marks import HandMarks
from ..by_hand.marks_file import merge, read_marks
from ..gradebooks.table import BadTable, read_table
from ..records.last_run import LastRun, last_run
from ..records.record import FOLDER, Record, Records
from ..submissions.files import readable
from .class_files import rewrite


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what `python -m grader mark` takes."""
    add = parser.add_argument
    add("results", type=Path, metavar="RESULTS", help="the folder that `grade --out` wrote")
    add(
        "marks",
        type=Path,
        metavar="MARKS.csv",
        help="RESULTS/to_mark.csv, filled in, or any CSV with the columns submission, exercise, points and perhaps "
        "comment; no points is no mark, and `-` takes a mark back",
    )


def run(args: argparse.Namespace) -> int:
    """Merge, and give the exit status: 0, or 2 where nothing was merged."""
    try:
        return _merge(args.results, args.marks)
    except BadTable as error:
        print(f"Nothing was merged. {error}", file=sys.stderr)
        return 2
    except OSError as error:
        print(f"{readable(str(args.results))} cannot be written to: {error.strerror or error}.", file=sys.stderr)
        return 1


def _merge(out: Path, file: Path) -> int:
    last, records = _graded(out)
    table = read_table(file)
    hand = HandMarks(out)
    try:
        given = read_marks(table, records, hand)
    except BadTable as error:
        raise BadTable(f"`{readable(str(file))}`: {error}") from error
    done = merge(given, records, hand)
    hand.save()
    if not done.left_out:
        to_mark.merged(out, file)
    rewrite(out, last, records.values(), hand)
    for note in done.notes:
        print(note, file=sys.stderr)
    marks = f"{done.marks} mark{'s' if done.marks != 1 else ''}"
    print(f"Merged {marks}: {done.new} new or changed, {done.taken} taken back.")
    print(f"The marks are in {readable(str(out / 'grades.csv'))}.")
    return 0


def _graded(out: Path) -> tuple[LastRun, dict[str, Record]]:
    """Give the last run and its records. Raises BadTable where nothing was graded."""
    last = last_run(out) if (out / FOLDER).is_dir() else None
    if last is None:
        shown = readable(str(out))
        raise BadTable(f"`{shown}` holds no graded class: name the folder that `python -m grader grade --out` wrote.")
    found = Records(out)
    return last, {record.submission: record for record in found.all(last.submissions or found.names())}
