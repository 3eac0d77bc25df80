"""One run over a class: threads wait for the learners' processes, the main thread judges and writes."""

from __future__ import annotations

import contextlib
import queue
import sys
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from tqdm import tqdm

from ...exercise import Exercise, load
from ...job import Limits
from ...launch import Launcher
from ...verdict import DONE, Verdict
from ..by_hand.marks import HandMarks
from ..gradebooks.table import BadTable
from ..records import results
from ..records.known import Known, Terms
from ..records.last_run import Books
from ..records.leftovers import leftovers
from ..records.record import Line, Record
from ..submissions.find import Entry, read
from ..view.show import evidence_html, returned_html
from .class_files import titles, write_class, write_one
from .marking import Marked, Run, mark

CSV_SECONDS = 2.0


@dataclass(frozen=True)
class Options:
    """What an instructor may choose for a run.

    Attributes:
        reveal: whether the pages show hidden inputs and expected answers.
        force: whether what is graded already, and unchanged, is graded again.
        any_seed: whether what was graded with another seed counts as graded.
        note: one sentence on the sandbox, for the class page; "" where there is one.
        books: the gradebooks that were asked for.
        similar: whether answers that look alike are listed.
    """

    limits: Limits = field(default_factory=Limits)
    reveal: bool = False
    force: bool = False
    any_seed: bool = True
    note: str = ""
    books: Books = field(default_factory=Books)
    similar: bool = False

    def terms(self, seed: int) -> Terms:
        """Give what decides whether an earlier run's marks hold."""
        return Terms(seed, self.limits, self.force, self.any_seed)


class ClassRun:
    """Grades submissions and writes the files of each as it ends.

    Args:
        out: the folder for the results; it is there.
        seed: of every probe.
        launcher: starts the processes that run learners' code.
    """

    def __init__(self, out: Path, seed: int, launcher: Launcher, options: Options | None = None) -> None:
        self._titles = titles()
        exercises = tuple(load(exercise) for exercise in self._titles)
        self.out, self.options = out, options or Options()
        self.run = Run(exercises, seed, launcher, self._ask, self.options.limits)
        self.known, self.hand = Known(out, self.options.terms(seed)), HandMarks(out)
        self.records = self.known.records
        self.kept = 0  # submissions whose marks stand from an earlier run
        self._rows: dict[str, str] = {}
        self._todo: queue.Queue[Callable[[], None]] = queue.Queue()
        self._open = True
        self._written = 0.0

    def grade(self, entries: list[Entry], jobs: int) -> None:
        """Grade all entries, `jobs` at a time; what is done is written also when the run is interrupted."""
        pool = ThreadPoolExecutor(jobs, thread_name_prefix="submission")
        waiting = iter(entries)
        try:
            with _bar(len(entries)) as bar:

                def next_one() -> None:
                    for entry in waiting:
                        done = pool.submit(self._record, entry)
                        done.add_done_callback(lambda done: self._put(self._collect, done, bar, next_one))
                        break

                for _ in range(2 * jobs):  # never more than these are held at once, however large the class
                    next_one()
                while len(self._rows) < len(entries):
                    self._todo.get()()
        finally:
            self._open = False
            pool.shutdown(cancel_futures=True)
            self._finish([entry.name for entry in entries])

    def _finish(self, names: list[str]) -> None:
        """Write the files of the class as far as it is done, and say what among the results is not of it."""
        asked, done = self.options, self.records.all(self._rows)
        with contextlib.suppress(BadTable):  # whoever reads it next is told; what was marked before holds until then
            self.hand = HandMarks(self.out)  # somebody may have marked in the meantime
        write_class(self.out, self._titles, done, self.hand, asked.note, asked.books, similar=asked.similar)
        for line in leftovers(self.out, names, similar=asked.similar):
            print(line, file=sys.stderr)

    def _record(self, entry: Entry) -> tuple[Record, bool]:
        """Grade one submission, or take what is known of it; say which."""
        submission = read(entry)
        before = self.known.of(submission)
        if before:
            return before, True
        start = time.monotonic()
        marked = mark(submission, self.run)
        seconds = round(time.monotonic() - start, 3)
        return replace(recorded(marked, self.run.exercises), seconds=seconds, **self.known.stamp(submission)), False

    def _put(self, work: Callable[..., None], *arguments: Any) -> None:
        self._todo.put(lambda: work(*arguments))

    def _ask(self, work: Callable[[], Any]) -> Any:
        """Have the main thread run something: time limits work there alone, and our answers share its state."""
        done: Future[Any] = Future()
        self._put(_settle, done, work)
        while self._open:
            try:
                return done.result(timeout=1)
            except TimeoutError:
                if done.done():
                    raise
        raise InterruptedError("the run was stopped")

    def _collect(self, done: Future[tuple[Record, bool]], bar: tqdm[Any], next_one: Callable[[], None]) -> None:
        """Write the files of one submission that is done."""
        next_one()
        record, known = done.result()
        if not known:
            self.records.put(record)
        self.kept += known
        shown = self.hand.over(record)
        write_one(self.out, shown, self._titles, reveal=self.options.reveal)
        self._rows[record.submission] = results.row(shown)
        if time.monotonic() - self._written > CSV_SECONDS:
            results.write_grades(self.out, list(self._titles), [self._rows[name] for name in sorted(self._rows)])
            self._written = time.monotonic()
        _tell(bar, shown)


def recorded(marked: Marked, exercises: tuple[Exercise, ...]) -> Record:
    """Put down what came of a submission."""
    by_id = {exercise.id: exercise for exercise in exercises}
    lines = tuple(_line(verdict, marked, by_id[verdict.exercise]) for verdict in marked.verdicts)
    return Record(marked.name, lines, marked.warnings, restarts=marked.restarts, limited=marked.limited)


def _line(verdict: Verdict, marked: Marked, exercise: Exercise) -> Line:
    return Line(
        verdict.exercise,
        str(verdict.status),
        verdict.score,
        verdict.max_score,
        verdict.message,
        verdict.diagnosis,
        tuple(verdict.advice),
        evidence_html(verdict.evidence) if verdict.evidence else "",
        "" if verdict.status in DONE else next(iter(exercise.hints(verdict.diagnosis)), ""),
        marked.answers.get(verdict.exercise, ""),
        marked.texts.get(verdict.exercise, {}),
        verdict.staff_note,
        returned=returned_html(verdict.evidence) if verdict.evidence else "",
    )


def _settle(done: Future[Any], work: Callable[[], Any]) -> None:
    try:
        done.set_result(work())
    except Exception as error:
        done.set_exception(error)


def _bar(total: int) -> tqdm[Any]:
    """Show progress on a terminal; elsewhere there is one line a submission."""
    return tqdm(total=total, unit="submission", file=sys.stderr, disable=not sys.stderr.isatty(), dynamic_ncols=True)


def _tell(bar: tqdm[Any], record: Record) -> None:
    bar.update()
    lines = [f"{record.submission}: {warning}" for warning in record.warnings]
    if bar.disable:
        totals = record.totals()
        lines.append(f"{record.submission}: {totals['score']:g} of {totals['max_score']:g}")
    for line in lines:
        bar.write(line, file=sys.stderr)
