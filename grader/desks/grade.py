"""The instructor's command: mark a folder of submissions and write what came of it."""

from __future__ import annotations

import argparse
import os
import queue
import secrets
import sys
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

from tqdm import tqdm

from .. import course
from ..exercise import ids, load
from ..process import kit
from . import results
from .files import readable
from .marking import Marked, Run, mark
from .report import report
from .submissions import Entry, find, read

MOST_JOBS = 256
CSV_SECONDS = 2.0


class Unusable(ValueError):
    """The arguments cannot be worked with; the text is the sentence that says so."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what `python -m grader grade` takes."""
    parser.add_argument("submissions", type=Path, metavar="SUBMISSIONS", help="a folder of submissions: folders, .ipynb or .zip files")
    parser.add_argument("--out", type=Path, required=True, metavar="RESULTS", help="the folder for grades.csv and the reports")
    parser.add_argument("--jobs", type=int, default=max(1, (os.cpu_count() or 2) // 2), metavar="N", help="submissions at a time")
    parser.add_argument("--seed", type=int, metavar="S", help="repeat the inputs of an earlier run")
    parser.add_argument("--reveal", action="store_true", help="show hidden inputs and expected answers in the reports")


def run(args: argparse.Namespace) -> int:
    """Grade, and give the exit status: 0 whatever the marks, 2 for unusable arguments."""
    try:
        entries = _entries(args)
    except Unusable as error:
        print(error, file=sys.stderr)
        return 2
    seed = secrets.randbelow(2**31) if args.seed is None else args.seed
    start = time.monotonic()
    try:
        with kit() as folder:
            Grading(args.out, seed, folder, reveal=args.reveal).of(entries, args.jobs)
    except KeyboardInterrupt:
        print(f"Stopped. What was done by then is in {readable(str(args.out))}.", file=sys.stderr)
        return 130
    except OSError as error:
        print(f"The results could not be written to {readable(str(args.out))}: {error.strerror or error}.", file=sys.stderr)
        return 1
    what = f"{len(entries)} submission{'s' if len(entries) != 1 else ''}"
    print(f"Graded {what} in {time.monotonic() - start:.0f} s with seed {seed}. The marks are in {readable(str(args.out / 'grades.csv'))}.")
    return 0


def _entries(args: argparse.Namespace) -> list[Entry]:
    """Check the arguments and list the submissions.

    Raises:
        Unusable: with one sentence on what cannot be used.
    """
    if not 1 <= args.jobs <= MOST_JOBS:
        raise Unusable(f"`--jobs` takes a number from 1 to {MOST_JOBS}, not {args.jobs}.")
    if args.seed is not None and not 0 <= args.seed < 2**63:
        raise Unusable(f"`--seed` takes a whole number from 0 to 2**63 - 1, not {args.seed}.")
    folder, out = args.submissions, args.out
    if not folder.is_dir():
        raise Unusable(f"There is no folder `{folder}` to grade.")
    if out.resolve().is_relative_to(folder.resolve()):
        raise Unusable(f"`{out}` lies in `{folder}`: choose a folder for the results outside the submissions.")
    try:
        entries, passed_over = find(folder)
    except OSError as error:
        raise Unusable(f"`{folder}` cannot be read: {error.strerror}.") from error
    if not entries:
        raise Unusable(f"`{folder}` holds no submission: no folder, no .ipynb and no .zip file.")
    _make(out)
    for name in passed_over:
        print(f"`{name}` was passed over: it is no folder, no .ipynb and no .zip file.", file=sys.stderr)
    return entries


def _make(out: Path) -> None:
    try:
        out.mkdir(parents=True, exist_ok=True)
        results.write(out / "staff_notes.txt", "")
    except OSError as error:
        raise Unusable(f"`{out}` cannot be used as a folder for the results: {error.strerror}.") from error


class Grading:
    """One run over a class: threads wait for learners' processes, the main thread judges and writes."""

    def __init__(self, out: Path, seed: int, kit_folder: Path, *, reveal: bool = False) -> None:
        self.out, self.seed, self.reveal = out, seed, reveal
        known = set(ids())
        exercises = tuple(load(exercise) for exercise in course.exercise_ids() if exercise in known)
        self.run = Run(exercises, seed, kit_folder, self._ask)
        self.rows: dict[str, dict[str, Any]] = {}
        self.notes: dict[str, str] = {}
        self._todo: queue.Queue[Callable[[], None]] = queue.Queue()
        self._open = True
        self._written = 0.0

    def of(self, entries: list[Entry], jobs: int) -> None:
        """Grade all entries; what is done is written also when the run is interrupted."""
        names = [entry.name for entry in entries]
        pool = ThreadPoolExecutor(jobs, thread_name_prefix="submission")
        try:
            with _bar(len(entries)) as bar:
                for entry in entries:
                    pool.submit(self._mark, entry).add_done_callback(lambda done: self._todo.put(lambda: self._collect(done, names, bar)))
                while len(self.rows) < len(entries):
                    self._todo.get()()
        finally:
            self._close()
            pool.shutdown(cancel_futures=True)
            self._write_class(names)

    def _mark(self, entry: Entry) -> Marked:
        return mark(read(entry), self.run)

    def _ask(self, work: Callable[[], Any]) -> Any:
        """Have the main thread run something, one at a time: time limits work there, and our answers share its state."""
        done: Future[Any] = Future()
        self._todo.put(lambda: _settle(done, work))
        while self._open:
            try:
                return done.result(timeout=1)
            except TimeoutError:
                if done.done():
                    raise
        raise InterruptedError("the run was stopped")

    def _collect(self, done: Future[Marked], names: list[str], bar: tqdm[Any]) -> None:
        """Write the files of one submission that is done."""
        marked = done.result()
        titles = {exercise.id: exercise.title for exercise in self.run.exercises}
        results.write_json(self.out, marked)
        results.write(self.out / f"{marked.name}.html", report(marked, seed=self.seed, titles=titles, reveal=self.reveal))
        self.rows[marked.name], self.notes[marked.name] = results.row(marked), results.staff_note(marked)
        if time.monotonic() - self._written > CSV_SECONDS:
            self._write_class(names)
        _tell(bar, marked, self.rows[marked.name])

    def _write_class(self, names: list[str]) -> None:
        done = [name for name in names if name in self.rows]
        results.write_grades(self.out, [exercise.id for exercise in self.run.exercises], [self.rows[name] for name in done])
        results.write(self.out / "staff_notes.txt", "\n".join(self.notes[name] for name in done if self.notes[name]))
        self._written = time.monotonic()

    def _close(self) -> None:
        self._open = False


def _settle(done: Future[Any], work: Callable[[], Any]) -> None:
    try:
        done.set_result(work())
    except Exception as error:
        done.set_exception(error)


def _bar(total: int) -> tqdm[Any]:
    """Show progress on a terminal; elsewhere there is one line a submission."""
    return tqdm(total=total, unit="submission", file=sys.stderr, disable=not sys.stderr.isatty(), dynamic_ncols=True)


def _tell(bar: tqdm[Any], marked: Marked, row: dict[str, Any]) -> None:
    bar.update()
    lines = [f"{marked.name}: {warning}" for warning in marked.warnings]
    if bar.disable:
        lines.append(f"{marked.name}: {row['score']:g} of {row['max_score']:g}")
    for line in lines:
        bar.write(line, file=sys.stderr)
