"""One run over a class: threads wait for the learners' processes, the main thread judges and writes."""

from __future__ import annotations

import queue
import sys
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

from tqdm import tqdm

from .. import course
from ..exercise import ids, load
from . import results
from .marking import Marked, Run, mark
from .report import report
from .submissions import Entry, read

CSV_SECONDS = 2.0


class ClassRun:
    """Grades submissions and writes the files of each as it ends.

    Args:
        out: the folder for the results; it is there.
        seed: of every probe.
        kit: a `grader.process.kit()`.
        reveal: whether the reports show hidden inputs and expected answers.
    """

    def __init__(self, out: Path, seed: int, kit: Path, *, reveal: bool = False) -> None:
        known = set(ids())
        exercises = tuple(load(exercise) for exercise in course.exercise_ids() if exercise in known)
        self.out, self.reveal = out, reveal
        self.run = Run(exercises, seed, kit, self._ask)
        self._titles = {exercise.id: exercise.title for exercise in exercises}
        self._rows: dict[str, dict[str, Any]] = {}
        self._notes: dict[str, str] = {}
        self._todo: queue.Queue[Callable[[], None]] = queue.Queue()
        self._open = True
        self._written = 0.0

    def grade(self, entries: list[Entry], jobs: int) -> None:
        """Grade all entries, `jobs` at a time; what is done is written also when the run is interrupted."""
        pool = ThreadPoolExecutor(jobs, thread_name_prefix="submission")
        try:
            with _bar(len(entries)) as bar:
                for entry in entries:
                    pool.submit(self._mark, entry).add_done_callback(lambda done: self._put(self._collect, done, bar))
                while len(self._rows) < len(entries):
                    self._todo.get()()
        finally:
            self._open = False
            pool.shutdown(cancel_futures=True)
            self._write_class()

    def _mark(self, entry: Entry) -> Marked:
        return mark(read(entry), self.run)

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

    def _collect(self, done: Future[Marked], bar: tqdm[Any]) -> None:
        """Write the files of one submission that is done."""
        marked = done.result()
        page = report(marked, seed=self.run.seed, titles=self._titles, reveal=self.reveal)
        results.write_json(self.out, marked)
        results.write(self.out / f"{marked.name}.html", page)
        self._rows[marked.name], self._notes[marked.name] = results.row(marked), results.staff_note(marked)
        if time.monotonic() - self._written > CSV_SECONDS:
            self._write_class()
        _tell(bar, marked, self._rows[marked.name])

    def _write_class(self) -> None:
        names = sorted(self._rows)
        results.write_grades(self.out, list(self._titles), [self._rows[name] for name in names])
        results.write(self.out / "staff_notes.txt", "\n".join(self._notes[name] for name in names if self._notes[name]))
        self._written = time.monotonic()


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
