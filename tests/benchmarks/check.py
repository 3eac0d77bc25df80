"""How long a learner waits for `grader.check`, with a right answer and with a wrong one."""

from __future__ import annotations

import atexit
import functools
import linecache
import os
import statistics
import tempfile
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import grader
from grader.desks.notebook.progress import ENVIRONMENT
from grader.exercise import load
from grader.sources import answer_source

from .measure import Measured, Plan, measured
from .table import Report, Row, seconds, spread

WARM = 0
MISTAKES = {
    "warm_up": "counts",
    "iou": "dice",
    "pair_dataset": "similarity_from_inverse",
    "masked_autoencoder": "mask_on_code",
    "similar_users": "least_alike_first",
}
COLUMNS = ("first call, CPU", "wall time", "CPU time", "min – max, wall", "calls")


def inputs(size: int) -> None:
    """Let progress be kept in a folder that is thrown away."""
    folder = tempfile.TemporaryDirectory()
    atexit.register(folder.cleanup)
    os.environ[ENVIRONMENT] = folder.name


def right(exercise: str) -> dict[str, Any]:
    """Give the names of a notebook whose cell holds the course's answer."""
    source, namespace = answer_source(exercise), {"__name__": "__main__"}
    cell = f"<cell of {exercise}>"
    linecache.cache[cell] = (len(source), None, source.splitlines(keepends=True), cell)
    exec(compile(source, cell, "exec"), namespace)
    return namespace


def wrong(exercise: str) -> dict[str, Any]:
    """Give the names of a notebook whose cell holds a known mistake."""
    return load(exercise).namespace(load(exercise).group("Mistakes")[MISTAKES[exercise]])


def call(exercise: str, kind: str, _: None) -> Callable[[], Any]:
    """Prepare a call of `grader.check` as it stands in a notebook; raises RuntimeError for an unexpected status."""
    namespace = (right if kind == "correct" else wrong)(exercise) | {"grader": grader}
    cell = compile(f'result = grader.check("{exercise}")', "<cell>", "exec")

    def run() -> None:
        exec(cell, namespace)
        if namespace["result"].status != kind:
            raise RuntimeError(f"{exercise} was expected to be {kind}, but is {namespace['result'].status}")

    return run


WAYS: dict[str, Callable[[None], Callable[[], Any]]] = {
    f"{exercise}, {kind}": functools.partial(call, exercise, kind)
    for exercise in MISTAKES
    for kind in ("correct", "wrong")
}


def row(way: str, one: Measured) -> Row:
    """Put one exercise's calls into words, the first one apart."""
    wall, cpu = (statistics.median(times[1:]) for times in (one.wall, one.cpu))
    words = (seconds(one.cpu[0]), seconds(wall), seconds(cpu), spread(one.wall[1:]), str(len(one.wall) - 1))
    mistake = MISTAKES[way.split(",")[0]]
    note = f"told as {mistake}" if way.endswith("wrong") else ""
    return Row(way, dict(zip(COLUMNS, words, strict=True)), wall * 1e3, note=note)


def report(plan: Plan) -> Report:
    """Call every check again and again, all in one process."""
    ways = [way for way in WAYS if not plan.quick or way.startswith("warm_up")]
    found = measured(__name__, 1, ways, replace(plan, apart=False))
    rows = [row(way, found[way]) for way in ways]
    reading = (
        "Medians of the calls after the first, in which the course's own answers are asked too; one thread. Progress "
        "is written at every call."
    )
    return Report("check", "A check", COLUMNS, rows, "wall milliseconds", reading=reading)
