"""The learner's process: runs the cells of one submission, asks the probes, sends observations back.

It stands in a folder that holds this package, the probes, `lesson` and a stand-in for `grader`, and nothing else.
Speaks length-prefixed plain data.
"""

from __future__ import annotations

import importlib
import os
import struct
import sys
from collections.abc import Callable
from dataclasses import replace
from typing import Any, BinaryIO

from .book import Book
from .bounds import bind
from .forbid import forbid_processes
from .observation import to_tree
from .observe import observe
from .plain import pack, unpack

Send = Callable[[dict[str, Any]], None]


def work(job: dict[str, Any], send: Send, wait: Callable[[], object]) -> None:
    """Do one job: run notebooks in order, observe each task, send what was seen."""
    earlier = sys.modules["grader"]._earlier
    handed = {key: _definitions(source, job["names"][key]) for key, source in job["handed"].items()}

    def lend(answers: dict[str, dict[str, Any]]) -> None:
        earlier.update(_lent(answers, job["names"]) | _lent(handed, job["names"]))

    for task in job["tasks"]:
        importlib.import_module(f"probes.{task['exercise']}")  # before any cell runs
    for index in range(len(job["notebooks"])):
        book = Book(job, index, lend)
        send({"notebook": index})
        fixed = {name: value for found in handed.values() for name, value in found.items()}
        own = {name for task in book.tasks.values() if task["observe"] for name in task["names"]}
        lend({})
        book.run(job["cell_seconds"], {name: value for name, value in fixed.items() if name not in own}, send)
        for task in book.tasks.values():
            if task["observe"]:
                _observe(task["exercise"], book, job, send, wait)


def _observe(exercise: str, book: Book, job: dict[str, Any], send: Send, wait: Callable[[], object]) -> None:
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
    whole = {key: found for key, found in answers.items() if all(name in found for name in names[key])}
    values = {key: tuple(found[name] for name in names[key]) for key, found in whole.items()}
    return {key: items if len(items) > 1 else items[0] for key, items in values.items()}


def _definitions(source: str, names: list[str]) -> dict[str, Any]:
    """Run a source that was handed in and give the names asked for."""
    namespace: dict[str, Any] = {"__name__": "handed"}
    exec(compile(source, "<handed in>", "exec", dont_inherit=True), namespace)
    return {name: namespace[name] for name in names}


def stand_in() -> None:
    """Put the stand-in for `grader` in its place, and the ladder, which answers some exercises, out of reach."""
    sys.modules["grader"] = importlib.import_module("learner.grader_stand_in")
    sys.modules["ladder"] = None  # type: ignore[assignment]


def main(_: str) -> None:
    """Do the one job that comes over standard input."""
    jobs, out = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    stand_in()
    serve(jobs, out)


def serve(jobs: BinaryIO, out: BinaryIO) -> None:
    """Read one job, do it, and wait to be let go; never returns."""
    _cut_off()
    job = unpack(_read_frame(jobs))

    def send(message: dict[str, Any]) -> None:
        data = pack(message)
        out.write(struct.pack("<Q", len(data)) + data)
        out.flush()

    import torch

    torch.set_num_threads(1)
    bind(job["memory"], job["cpu_seconds"])
    if job["at_scale"]:  # where the peak of this process is judged, no other one holds what it needs
        forbid_processes()
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
