"""One notebook of a submission in the learner's process: its cells, run as far as the exercises need."""

from __future__ import annotations

import ast
import itertools
import linecache
import sys
import time
import types
from collections.abc import Callable
from typing import Any

from .cells import Statement, file_name, needed, statements, unparsed
from .errors import read_error
from .grader_stand_in import LACKS, NotThere
from .limits import TimeLimit, time_limit

NOT_THERE = f"LookupError: {LACKS}"


class Book:
    """One notebook's cells, run as far as the exercises need.

    Attributes:
        answers: what the cells bound for each exercise.
        failed: why a statement that should have bound a name did not, by name.
    """

    def __init__(self, job: dict[str, Any], index: int, lend: Callable[[dict[str, dict[str, Any]]], None]) -> None:
        text = job["notebooks"][index]
        self.stage, self.cells, self.skip = text["stage"], text["cells"], set(text.get("skip", ()))
        self.tasks = {task["exercise"]: task for task in job["tasks"] if task["notebook"] == index}
        self.module = types.ModuleType("__main__")
        self.module.__dict__["display"] = _show_nothing
        self.answers: dict[str, dict[str, Any]] = {}
        self.failed: dict[str, str] = {}
        self._lend = lend

    def run(self, seconds: float, fixed: dict[str, Any], send: Callable[[dict[str, Any]], None]) -> None:
        """Run what the exercises need. Errors leave the rest running; `fixed` names keep their values throughout."""
        sys.modules["__main__"] = self.module
        self.module.__dict__.update(fixed)
        wanted = {name for task in self.tasks.values() for name in task["names"]}
        sources = [cell["source"] for cell in self.cells]
        found = statements(sources, self.stage)
        parsed = {item.cell for item in found}
        odd = [source for index, source in enumerate(sources) if index not in parsed]
        self.failed |= {name: failure for source in odd for name, failure in unparsed(source, wanted).items()}
        for index, inside in itertools.groupby(needed(found, wanted), lambda item: item.cell):
            if index not in self.skip:
                send({"cell": index})
                self._run_cell(index, list(inside), seconds, fixed)

    def _run_cell(self, index: int, inside: list[Statement], seconds: float, fixed: dict[str, Any]) -> None:
        filename, source = file_name(self.stage, index), self.cells[index]["source"]
        linecache.cache[filename] = (len(source), None, source.splitlines(keepends=True), filename)
        end = time.monotonic() + seconds
        for item in inside:  # one by one: what fails or is cut short does not take later definitions with it
            failure = self._run_statement(item, filename, max(end - time.monotonic(), 0.1))
            self._note(item.binds, failure)
            if not failure:
                self._keep(item.binds, self.cells[index].get("exercise"))
            self.module.__dict__.update(fixed)

    def _note(self, bound: frozenset[str], failure: str) -> None:
        """Note why names are not there; that `grader.earlier` has none of them either hides no reason."""
        for name in bound:
            stands_in = isinstance(self.module.__dict__.get(name), NotThere) or failure.startswith(NOT_THERE)
            if not stands_in or not self.failed.get(name):
                self.failed[name] = failure

    def _run_statement(self, item: Statement, filename: str, seconds: float) -> str:
        """Run one statement; give what went wrong, "" where nothing did."""
        try:
            with time_limit(seconds):
                node = ast.Module([item.node], [])
                exec(item.code or compile(node, filename, "exec", dont_inherit=True), self.module.__dict__)
        except TimeLimit as limit:
            return f"it met the cell's time limit{read_error(limit).place}"
        except BaseException as error:  # `SystemExit` and `KeyboardInterrupt` are the learner's too
            found = read_error(error)
            return f"{found.kind}: {found.text.rstrip('.')}{found.place}"
        return ""

    def _keep(self, bound: frozenset[str], cell: str | None) -> None:
        """Remember what was bound for each exercise, unless it stands in another exercise's answer cell."""
        for exercise, task in self.tasks.items():
            for name in task["names"]:
                if name in bound and name in self.module.__dict__ and cell in (None, exercise):
                    self._take(exercise, name, self.module.__dict__[name])
        self._lend(self.answers)

    def _take(self, exercise: str, name: str, value: Any) -> None:
        """Take the last value that belongs to the exercise; in its own stage's notebook else the last of all."""
        if isinstance(value, NotThere):
            return
        answer = self.answers.setdefault(exercise, {})
        taken = name in answer and _belongs(exercise, answer[name])
        if _belongs(exercise, value) or (self.tasks[exercise]["own"] and not taken):
            answer[name] = value


def _belongs(exercise: str, value: Any) -> bool:
    """Ask the probe, where two exercises share a name, whether a value is meant for its own."""
    belongs = getattr(sys.modules[f"probes.{exercise}"], "belongs", None)
    try:
        return belongs is None or bool(belongs(value))
    except Exception:  # a stranger's value may break any question
        return False


def _show_nothing(*_: Any, **__: Any) -> None:
    """Stand in for IPython's `display`."""
