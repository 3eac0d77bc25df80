"""The instructor's command: mark a folder of submissions and write what came of it."""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import secrets
import sys
import time
from pathlib import Path

from ..job import Limits
from ..launch import CannotStart, Launcher
from ..launchers import CHOICES, launcher
from .class_run import ClassRun, Options
from .files import readable
from .record import FOLDER, write
from .submissions import Entry, find

MOST_JOBS = 256


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
    add("--memory", type=float, default=4, metavar="GIB", help="memory that a submission may take (4)")
    add("--timeout", type=float, default=180, metavar="SECONDS", help="time that a submission may take in all (180)")
    add("--force", action="store_true", help="grade again what is unchanged since it was graded")


def run(args: argparse.Namespace) -> int:
    """Grade, and give the exit status: 0 whatever the marks, 2 for unusable arguments."""
    try:
        entries = _entries(args)
        with launcher(args.sandbox) as (found, warning):
            return _grade(entries, args, found, warning)
    except (Unusable, CannotStart) as error:
        print(error, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print(f"Stopped. What was done by then is in {readable(str(args.out))}.", file=sys.stderr)
        return 130
    except OSError as error:
        print(f"{readable(str(args.out))} cannot be written to: {error.strerror or error}.", file=sys.stderr)
        return 1


def _grade(entries: list[Entry], args: argparse.Namespace, found: Launcher, warning: str) -> int:
    if warning:
        print(warning, file=sys.stderr)
    start = time.monotonic()
    seed = _begin(args)
    limits = Limits(submission=args.timeout, memory=int(args.memory * 2**30))
    options = Options(limits, args.reveal, args.force, any_seed=args.seed is None, note=warning)
    graded = ClassRun(args.out, seed, found, options)
    graded.grade(entries, args.jobs)
    _mark_of_run(args.out, seed, finished=True)
    what = f"{len(entries)} submission{'s' if len(entries) != 1 else ''} in {time.monotonic() - start:.0f} s"
    kept = f", {graded.kept} of them unchanged since an earlier run" if graded.kept else ""
    print(f"Graded {what} with seed {seed}{kept}. The marks are in {readable(str(args.out / 'grades.csv'))}.")
    return 0


def _begin(args: argparse.Namespace) -> int:
    """Choose the run's seed: the one that was asked for, that of a run which was cut off, or a new one."""
    seed = args.seed
    if seed is None:
        with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
            before = json.loads((args.out / FOLDER / "run.json").read_text(encoding="utf-8"))
            seed = None if before["finished"] else int(before["seed"])
    seed = secrets.randbelow(2**31) if seed is None else seed
    _mark_of_run(args.out, seed, finished=False)
    return seed


def _mark_of_run(out: Path, seed: int, *, finished: bool) -> None:
    (out / FOLDER).mkdir(exist_ok=True)
    write(out / FOLDER / "run.json", json.dumps({"seed": seed, "finished": finished}))


def _entries(args: argparse.Namespace) -> list[Entry]:
    """Check the arguments, list the submissions and make the folder for the results.

    Raises:
        Unusable: with one sentence on what cannot be used.
    """
    if not 1 <= args.jobs <= MOST_JOBS:
        raise Unusable(f"`--jobs` takes a number from 1 to {MOST_JOBS}, not {args.jobs}.")
    if args.seed is not None and not 0 <= args.seed < 2**63:
        raise Unusable(f"`--seed` takes a whole number from 0 to 2**63 - 1, not {args.seed}.")
    if not args.memory > 0 or not args.timeout > 0:
        raise Unusable(f"`--memory` and `--timeout` take numbers above 0, not {args.memory:g} and {args.timeout:g}.")
    entries, passed_over = _found(args.submissions, args.out)
    _make(args.out)
    for name in passed_over:
        print(f"`{name}` was passed over: it is no folder, no .ipynb and no .zip file.", file=sys.stderr)
    return entries


def _found(folder: Path, out: Path) -> tuple[list[Entry], list[str]]:
    shown = readable(str(folder))
    if not folder.is_dir():
        raise Unusable(f"There is no folder `{shown}` to grade.")
    if out.resolve().is_relative_to(folder.resolve()):
        raise Unusable(f"`{readable(str(out))}` lies in `{shown}`: choose a folder for the results outside of it.")
    try:
        entries, passed_over = find(folder)
    except OSError as error:
        raise Unusable(f"`{shown}` cannot be read: {error.strerror}.") from error
    if not entries:
        raise Unusable(f"`{shown}` holds no submission: no folder, no .ipynb and no .zip file.")
    return entries, passed_over


def _make(out: Path) -> None:
    try:
        out.mkdir(parents=True, exist_ok=True)
        for unfinished in (path for place in (out, out / FOLDER) for path in place.glob(".*.tmp")):
            unfinished.unlink()  # of a run that was killed
        write(out / "staff_notes.txt", "")
    except OSError as error:
        shown = readable(str(out))
        raise Unusable(f"`{shown}` cannot be used as a folder for the results: {error.strerror}.") from error
