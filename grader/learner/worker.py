"""The learner's process: runs the cells of one submission, asks the probes, sends observations back.

Started as `python -m learner.worker` in a folder that holds this package, the probes, `lesson` and a
stand-in for `grader`, and nothing else. Speaks length-prefixed plain data.
"""

from __future__ import annotations

import ast
import importlib
import itertools
import linecache
import os
import struct
import sys
import time
import types
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, BinaryIO

from .ask import read_error
from .cells import Statement, needed, statements
from .limits import TimeLimit, time_limit
from .observation import to_tree
from .observe import observe
from .plain import pack, unpack

Send = Callable[[dict[str, Any]], None]


class Notebook:
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

    def run(self, seconds: float, fixed: dict[str, Any], send: Send) -> None:
        """Run what the exercises need. Errors leave the rest running; `fixed` names keep their values throughout."""
        sys.modules["__main__"] = self.module
        self.module.__dict__.update(fixed)
        wanted = {name for task in self.tasks.values() for name in task["names"]}
        kept = needed(statements([cell["source"] for cell in self.cells]), wanted)
        for index, inside in itertools.groupby(kept, lambda item: item.cell):
            if index not in self.skip:
                send({"cell": index})
                self._run_cell(index, list(inside), seconds, fixed)

    def _run_cell(self, index: int, inside: list[Statement], seconds: float, fixed: dict[str, Any]) -> None:
        filename, source = f"<{self.stage}, cell {index + 1}>", self.cells[index]["source"]
        linecache.cache[filename] = (len(source), None, source.splitlines(keepends=True), filename)
        end = time.monotonic() + seconds
        for item in inside:  # one by one: what fails or is cut short does not take later definitions with it
            failure = self._run_statement(item, filename, max(end - time.monotonic(), 0.1))
            self.failed |= dict.fromkeys(item.binds, failure)
            if not failure:
                self._keep(item.binds, self.cells[index].get("exercise"))
            self.module.__dict__.update(fixed)

    def _run_statement(self, item: Statement, filename: str, seconds: float) -> str:
        """Run one statement; give what went wrong, "" where nothing did."""
        try:
            with time_limit(seconds):
                exec(compile(ast.Module([item.node], []), filename, "exec", dont_inherit=True), self.module.__dict__)
        except TimeLimit:
            return "the cell's time limit"
        except BaseException as error:  # `SystemExit` and `KeyboardInterrupt` are the learner's too
            found = read_error(error)
            return f"{found.kind}: {found.text}"
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


def work(job: dict[str, Any], send: Send, wait: Callable[[], object]) -> None:
    """Do one job: run notebooks in order, observe each task, send what was seen."""
    earlier = sys.modules["grader"]._earlier
    handed = {key: _definitions(source, job["names"][key]) for key, source in job["handed"].items()}

    def lend(answers: dict[str, dict[str, Any]]) -> None:
        earlier.update(_lent(answers, job["names"]) | _lent(handed, job["names"]))

    for task in job["tasks"]:
        importlib.import_module(f"probes.{task['exercise']}")  # before any cell runs
    for index in range(len(job["notebooks"])):
        book = Notebook(job, index, lend)
        send({"notebook": index})
        fixed = {name: value for found in handed.values() for name, value in found.items()}
        own = {name for task in book.tasks.values() if task["observe"] for name in task["names"]}
        lend({})
        book.run(job["cell_seconds"], {name: value for name, value in fixed.items() if name not in own}, send)
        for task in book.tasks.values():
            if task["observe"]:
                _observe(task["exercise"], book, job, send, wait)


def _observe(exercise: str, book: Notebook, job: dict[str, Any], send: Send, wait: Callable[[], object]) -> None:
    send({"started": exercise})
    sys.modules["__main__"] = book.module
    if job["at_scale"]:
        wait()  # the judge reads our memory now, then says go
    probe, namespace = sys.modules[f"probes.{exercise}"], book.answers.get(exercise, {})
    seen = observe(probe, namespace, seed=job["seed"], seconds=job["exercise_seconds"], at_scale=job["at_scale"])
    if seen.missing:
        seen = replace(seen, note=book.failed.get(seen.missing[0], ""))
    send({"exercise": exercise, "observation": to_tree(seen)})


def _lent(answers: dict[str, dict[str, Any]], names: dict[str, list[str]]) -> dict[str, Any]:
    """Give what `grader.earlier` answers: one object or a tuple of them for each exercise that is whole."""
    whole = {key: tuple(found[name] for name in names[key]) for key, found in answers.items() if found.keys() >= set(names[key])}
    return {key: values if len(values) > 1 else values[0] for key, values in whole.items()}


def _definitions(source: str, names: list[str]) -> dict[str, Any]:
    """Run a source that was handed in and give the names asked for."""
    namespace: dict[str, Any] = {"__name__": "handed"}
    exec(compile(source, "<handed in>", "exec", dont_inherit=True), namespace)
    return {name: namespace[name] for name in names}


def _limit_memory(limit: int) -> None:
    """Let allocations beyond `limit` bytes above what the process holds now fail (Linux)."""
    status = Path("/proc/self/status")
    if limit and status.exists():
        import resource

        held = next(int(line.split()[1]) for line in status.read_text().splitlines() if line.startswith("VmSize"))
        resource.setrlimit(resource.RLIMIT_AS, (held * 1024 + limit, held * 1024 + limit))


def main() -> None:
    """Read one job from standard input, do it, and wait to be let go."""
    jobs, out = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    _cut_off()
    sys.modules["grader"] = importlib.import_module("learner.grader_stand_in")
    job = unpack(_read_frame(jobs))

    def send(message: dict[str, Any]) -> None:
        data = pack(message)
        out.write(struct.pack("<Q", len(data)) + data)
        out.flush()

    import torch

    torch.set_num_threads(1)
    _limit_memory(job["memory"])
    work(job, send, jobs.readline)
    send({"end": True})
    jobs.readline()
    os._exit(0)  # nothing that a learner left behind runs at exit


def _cut_off() -> None:
    """Point the standard streams at nothing: what a learner reads or prints meets no message of ours."""
    nothing = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nothing, stream)
    sys.argv[1:] = []


def _read_frame(stream: BinaryIO) -> bytes:
    (length,) = struct.unpack("<Q", stream.read(8))
    return stream.read(length)


if __name__ == "__main__":
    main()
