"""The instructor's command: mark a folder of submissions and write what came of it."""

from __future__ import annotations

import argparse
import os
import secrets
import sys
import time
from dataclasses import replace
from pathlib import Path

from ...job import Limits
from ...launch import CannotStart, Launcher
from ...launchers import CHOICES, Idle, launcher
from ...verdict import Status
from ..by_hand.to_mark import NAME as TO_MARK
from ..gradebooks.fill import FORMATS, keep_rosters, rosters_of
from ..gradebooks.table import BadTable
from ..records.known import Known
from ..records.last_run import Books, LastRun, last_run
from ..records.record import FOLDER, write
from ..submissions.files import readable
from ..submissions.find import Entry, find
from .class_run import ClassRun, Options

MOST_JOBS = 256
MEMORY = (0.1, 4096)  # GiB; with less no answer runs, and no limit of a system's is larger
SECONDS = (1, 86_400)


class Unusable(ValueError):
    """The arguments cannot be worked with; the text is the sentence that says so."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what `python -m grader grade` takes."""
    add = parser.add_argument
    add("submissions", type=Path, metavar="SUBMISSIONS", help="a folder of submissions: folders, .ipynb or .zip files")
    add("--out", type=Path, required=True, metavar="RESULTS", help="the folder for grades.csv and the reports")
    add("--jobs", type=int, default=max(1, (os.cpu_count() or 2) // 2), metavar="N", help="submissions at a time")
    add("--seed", type=int, metavar="S", help="repeat the inputs of an earlier run")
    add("--reveal", action="store_true", help="show hidden inputs and expected answers in the reports")
    add("--sandbox", choices=CHOICES, default="auto", help="where learners' code runs (auto: bubblewrap if it works)")
    add("--not-as-root", action="store_true", help="grade nothing where learners' code could only run as root")
    add("--memory", type=float, default=4, metavar="GIB", help="memory that a submission may take (4)")
    add("--timeout", type=float, default=180, metavar="SECONDS", help="time that a submission may take in all (180)")
    add("--similar", action="store_true", help="list answers that look alike in similar.html and similar.csv")
    add("--force", action="store_true", help="grade again what is unchanged since it was graded")
    formats = "also write what this gradebook takes; may be given several times"
    add("--format", choices=FORMATS, action="append", default=[], dest="formats", help=formats)
    roster = "the gradebook that Canvas exports, Moodle's grading worksheet, or a CSV list of students; once a format"
    add("--roster", type=Path, action="append", default=[], dest="rosters", metavar="FILE", help=roster)
    add("--column", default="", metavar="TITLE", help='the assignment in Canvas, such as "Autoencoders (1234)"')


def run(args: argparse.Namespace) -> int:
    """Grade, and give the exit status: 0 whatever the marks, 2 for unusable arguments."""
    try:
        return _run(args)
    except (Unusable, BadTable, CannotStart) as error:
        print(error, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print(f"Stopped. What was done by then is in {readable(str(args.out))}.", file=sys.stderr)
        return 130
    except OSError as error:
        print(f"{readable(str(args.out))} cannot be written to: {error.strerror or error}.", file=sys.stderr)
        return 1


def _run(args: argparse.Namespace) -> int:
    rosters = rosters_of(args.formats, args.rosters, args.column)
    entries = _entries(args)
    seed, options = _seed(args), _options(args)
    if Known(args.out, options.terms(seed)).all(entries):
        before = last_run(args.out)
        return _grade(entries, args, seed, Idle(), replace(options, note=before.note if before else ""), rosters)
    with launcher(args.sandbox, as_root=not args.not_as_root) as (found, warning):
        if warning:
            print(warning, file=sys.stderr)
        return _grade(entries, args, seed, found, replace(options, note=warning), rosters)


def _options(args: argparse.Namespace) -> Options:
    books = Books(tuple(dict.fromkeys(args.formats)), args.column)
    limits = Limits(submission=args.timeout, memory=int(args.memory * 2**30))
    return Options(limits, args.reveal, args.force, args.seed is None, books=books, similar=args.similar)


def _grade(
    entries: list[Entry],
    args: argparse.Namespace,
    seed: int,
    found: Launcher,
    options: Options,
    rosters: dict[str, Path],
) -> int:
    """Grade and write; what an earlier run left is touched from here on, and not before."""
    start = time.monotonic()
    keep_rosters(args.out, rosters)
    names = tuple(entry.name for entry in entries)
    this = LastRun(seed, reveal=args.reveal, note=options.note, submissions=names, books=options.books)
    graded = ClassRun(args.out, seed, found, options)
    this.save(args.out)
    graded.grade(entries, args.jobs)
    replace(this, finished=True).save(args.out)
    print(_said(len(entries), time.monotonic() - start, this.seed, graded.kept, args))
    print(_waiting(graded, this), end="")
    return 0


def _said(count: int, seconds: float, seed: int, kept: int, args: argparse.Namespace) -> str:
    """Say what was graded, and where to look."""
    what = f"{count} submission{'s' if count != 1 else ''} in {seconds:.0f} s"
    before = f", {kept} of them unchanged since an earlier run" if kept else ""
    more = ", and similar.html look-alikes" if args.similar else ""
    return (
        f"Graded {what} with seed {seed}{before}. The marks are in {readable(str(args.out / 'grades.csv'))}.\n"
        f"Beside it, class.html shows the class at a glance{more}."
    )


def _waiting(graded: ClassRun, run: LastRun) -> str:
    """Say how many texts wait for a person, "" where there are none: their points are in no gradebook yet."""
    shown = map(graded.hand.over, graded.records.all(run.submissions))
    count = sum(line.status == Status.TO_MARK for record in shown for line in record.lines)
    if not count:
        return ""
    what, counts = ("1 text waits", "counts") if count == 1 else (f"{count} texts wait", "count")
    file = readable(str(graded.out / TO_MARK))
    return f"{what} for a mark in {file} and {counts} 0 until then: fill it in, and merge it by `grader mark`.\n"


def _seed(args: argparse.Namespace) -> int:
    """Choose the run's seed: the one that was asked for, that of a run which was cut off, or a new one."""
    if args.seed is not None:
        return int(args.seed)
    before = last_run(args.out)
    return before.seed if before and not before.finished else secrets.randbelow(2**31)


def _entries(args: argparse.Namespace) -> list[Entry]:
    """Check the arguments, list the submissions and make the folder for the results.

    Raises:
        Unusable: with one sentence on what cannot be used.
    """
    _check_numbers(args)
    entries, passed_over = _found(args.submissions, args.out, canvas="canvas" in args.formats)
    _make(args.out)
    for name in passed_over:
        print(f"`{name}` was passed over: it is no folder, no .ipynb and no .zip file.", file=sys.stderr)
    return entries


def _check_numbers(args: argparse.Namespace) -> None:
    if not 1 <= args.jobs <= MOST_JOBS:
        raise Unusable(f"`--jobs` takes a number from 1 to {MOST_JOBS}, not {args.jobs}.")
    if args.seed is not None and not 0 <= args.seed < 2**63:
        raise Unusable(f"`--seed` takes a whole number from 0 to 2**63 - 1, not {args.seed}.")
    for name, unit, value, (least, most) in (
        ("--memory", "GiB", args.memory, MEMORY),
        ("--timeout", "seconds", args.timeout, SECONDS),
    ):
        if not least <= value <= most:  # nor is NaN
            raise Unusable(f"`{name}` takes a number of {unit} from {least} to {most}, not {value:g}.")


def _found(folder: Path, out: Path, *, canvas: bool) -> tuple[list[Entry], list[str]]:
    shown = readable(str(folder))
    if not folder.is_dir():
        raise Unusable(f"There is no folder `{shown}` to grade.")
    if out.resolve().is_relative_to(folder.resolve()):
        raise Unusable(f"`{readable(str(out))}` lies in `{shown}`: choose a folder for the results outside of it.")
    try:
        entries, passed_over = find(folder, canvas=canvas)
    except OSError as error:
        raise Unusable(f"`{shown}` cannot be read: {error.strerror}.") from error
    if not entries:
        raise Unusable(f"`{shown}` holds no submission: no folder, no .ipynb and no .zip file.")
    return entries, passed_over


def _make(out: Path) -> None:
    try:
        out.mkdir(parents=True, exist_ok=True)
        write(out / ".trial.tmp", "")
        for unfinished in (path for place in (out, out / FOLDER) for path in place.glob(".*.tmp")):
            unfinished.unlink()  # the trial, and what is of a run that was killed
    except OSError as error:
        shown = readable(str(out))
        raise Unusable(f"`{shown}` cannot be used as a folder for the results: {error.strerror}.") from error
