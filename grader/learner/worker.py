"""The learner's process: runs the cells of one submission, asks the probes, sends observations back.

Started as `python -m learner.worker` in a folder that holds this package, the probes, `lesson` and a
stand-in for `grader`, and nothing else. Speaks length-prefixed plain data.
"""

from __future__ import annotations

import ast
import contextlib
import importlib
import linecache
import os
import struct
import sys
import time
import types
from pathlib import Path
from typing import Any, BinaryIO

from .cells import Statement, needed, statements
from .limits import TimeLimit, time_limit
from .observation import to_tree
from .observe import observe
from .plain import pack, unpack


class Notebook:
    """One notebook's cells, run as far as the exercises need."""

    def __init__(self, stage: str, cells: list[dict[str, Any]], skip: set[int]) -> None:
        self.stage, self.cells, self.skip = stage, cells, skip
        self.module = types.ModuleType("__main__")
        self.answers: dict[str, dict[str, Any]] = {}

    def run(self, names: dict[str, tuple[str, ...]], seconds: float, send: Any) -> None:
        """Run what the exercises need; `names` gives the names of each. Errors leave the rest running."""
        sys.modules["__main__"] = self.module
        wanted = {name for group in names.values() for name in group}
        kept = needed(statements([cell["source"] for cell in self.cells]), wanted)
        for index, cell in enumerate(self.cells):
            inside = [item for item in kept if item.cell == index]
            if not inside or index in self.skip:
                continue
            send({"cell": index})
            self._run_cell(index, cell["source"], inside, seconds)
            self._keep(names, cell, inside)

    def _run_cell(self, index: int, source: str, inside: list[Statement], seconds: float) -> None:
        filename = f"<{self.stage}, cell {index + 1}>"
        linecache.cache[filename] = (len(source), None, source.splitlines(keepends=True), filename)
        end = time.monotonic() + seconds
        for item in inside:  # one by one: what fails or is cut short does not take later definitions with it
            with contextlib.suppress(TimeLimit, Exception, SystemExit, KeyboardInterrupt), \
                    time_limit(max(end - time.monotonic(), 1)):
                exec(compile(ast.Module([item.node], []), filename, "exec"), self.module.__dict__)

    def _keep(self, names: dict[str, tuple[str, ...]], cell: dict[str, Any], inside: list[Statement]) -> None:
        """Remember what this cell bound for each exercise, unless it is another exercise's answer cell."""
        bound = {name for item in inside for name in item.binds}
        for exercise, group in names.items():
            if cell.get("exercise") in (None, exercise):
                here = {name: self.module.__dict__[name] for name in group if name in bound and name in self.module.__dict__}
                self.answers.setdefault(exercise, {}).update(here)


def work(job: dict[str, Any], send: Any) -> None:
    """Do one job: run notebooks in order, observe each task, send what was seen."""
    stand_in = sys.modules["grader"]
    handed = {key: _definitions(source) for key, source in job["handed"].items()}
    _lend(stand_in, job, handed)
    done: dict[int, Notebook] = {}
    for index, text in enumerate(job["notebooks"]):
        book = done[index] = Notebook(text["stage"], text["cells"], set(text.get("skip", ())))
        here = {task["exercise"]: tuple(task["names"]) for task in job["tasks"] if task["notebook"] == index}
        send({"notebook": index})
        book.run(here, job["cell_seconds"], send)
        _lend(stand_in, job, book.answers)
        for task in job["tasks"]:
            if task["notebook"] == index:
                _observe(task, book, handed, job, send)


def _observe(task: dict[str, Any], book: Notebook, handed: dict[str, dict[str, Any]], job: dict[str, Any], send: Any) -> None:
    exercise = task["exercise"]
    if not task["observe"]:
        return
    send({"started": exercise})
    sys.modules["__main__"] = book.module
    for needed_exercise in handed:
        book.module.__dict__.update(handed[needed_exercise])
    if job["at_scale"]:
        sys.stdin.buffer.readline()  # the judge reads our memory now, then says go
    probe = importlib.import_module(f"probes.{exercise}")
    seen = observe(probe, book.answers.get(exercise, {}), seed=job["seed"], seconds=job["exercise_seconds"], at_scale=job["at_scale"])
    send({"exercise": exercise, "observation": to_tree(seen)})


def _lend(stand_in: Any, job: dict[str, Any], answers: dict[str, dict[str, Any]]) -> None:
    """Make answers available to `grader.earlier`, as one object or as a tuple of them."""
    for exercise, found in answers.items():
        order = job["names"].get(exercise, ())
        if exercise in job["handed"] and exercise in stand_in._earlier:
            continue
        if order and all(name in found for name in order):
            values = tuple(found[name] for name in order)
            stand_in._earlier[exercise] = values if len(values) > 1 else values[0]


def _definitions(source: str) -> dict[str, Any]:
    """Run a source that was handed in and give what it defines."""
    namespace: dict[str, Any] = {"__name__": "handed"}
    exec(compile(source, "<handed in>", "exec"), namespace)
    return {key: value for key, value in namespace.items() if not key.startswith("__")}


def _limit_memory(limit: int) -> None:
    """Let allocations beyond `limit` bytes above what the process holds now fail (Linux)."""
    status = Path("/proc/self/status")
    if limit and status.exists():
        import resource

        held = next(int(line.split()[1]) for line in status.read_text().splitlines() if line.startswith("VmSize"))
        resource.setrlimit(resource.RLIMIT_AS, (held * 1024 + limit, held * 1024 + limit))


def main() -> None:
    """Read one job from standard input, do it, and wait to be let go."""
    out = os.fdopen(os.dup(1), "wb")
    devnull = os.open(os.devnull, os.O_WRONLY)
    os.dup2(devnull, 1)
    os.dup2(devnull, 2)
    sys.modules["grader"] = importlib.import_module("learner.grader_stand_in")
    job = unpack(_read_frame(sys.stdin.buffer))

    def send(message: dict[str, Any]) -> None:
        data = pack(message)
        out.write(struct.pack("<Q", len(data)) + data)
        out.flush()

    import torch

    torch.set_num_threads(1)
    _limit_memory(job["memory"])
    work(job, send)
    send({"end": True})
    sys.stdin.buffer.readline()
    os._exit(0)  # nothing that a learner left behind runs at exit


def _read_frame(stream: BinaryIO) -> bytes:
    (length,) = struct.unpack("<Q", stream.read(8))
    return stream.read(length)


if __name__ == "__main__":
    main()
