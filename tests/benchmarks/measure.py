"""Measure ways beside each other: a fresh process for each, and their runs in turn."""

from __future__ import annotations

import contextlib
import json
import os
import statistics
import subprocess
import sys
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
FOLDERS = (ROOT, ROOT / "notebooks", ROOT / "solutions")
ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
FRESH = {"MALLOC_MMAP_THRESHOLD_": str(2**20), "MALLOC_TRIM_THRESHOLD_": str(2**24)}
"""Makes the C library of Linux take memory for each large result from the system, also where it has just freed some."""


@dataclass(frozen=True)
class Plan:
    """How much is measured.

    Attributes:
        quick: tiny sizes, for a test of the form.
        rounds: runs of each way; one that has taken `enough` CPU seconds is not run again.
        apart: whether each way has a process of its own, without which its peak of memory would be nobody's.
    """

    quick: bool = False
    rounds: int = 7
    enough: float = 25.0
    apart: bool = True


FULL, QUICK = Plan(), Plan(quick=True, rounds=2, apart=False)


@dataclass(frozen=True)
class Measured:
    """The runs of one way: CPU and wall seconds of each, those of its preparation, and the peak of its first run."""

    prepared: float
    cpu: list[float]
    wall: list[float]
    peak: float

    @property
    def median(self) -> float:
        """The median of the CPU seconds."""
        return statistics.median(self.cpu)


class Child:
    """A process that makes some ways of a module ready and runs each when told to."""

    def __init__(self, module: str, size: int, ways: list[str]) -> None:
        command = [sys.executable, "-m", f"{__package__}.child", module, str(size), *ways]
        self.process = subprocess.Popen(
            command, cwd=ROOT, env=environment(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self.prepared = self.answer()

    def answer(self) -> dict[str, float]:
        """Read what the process says next; raises RuntimeError where it has ended instead."""
        line = self.process.stdout.readline() if self.process.stdout else ""
        if not line:
            raise RuntimeError(f"the process that measures ended with {self.process.wait()}: see its error above")
        found: dict[str, float] = json.loads(line)
        return found

    def run(self, way: str) -> dict[str, float]:
        """Run one way once."""
        if self.process.stdin:
            self.process.stdin.write(f"{way}\n")
            self.process.stdin.flush()
        return self.answer()

    def close(self) -> None:
        """End the process by ending its input."""
        self.process.communicate()


def environment() -> dict[str, Any]:
    """Give the surroundings of every process that measures: one thread, fresh memory, this checkout first."""
    paths = [*map(str, FOLDERS), os.environ.get("PYTHONPATH", "")]
    return os.environ | ONE_THREAD | FRESH | {"PYTHONPATH": os.pathsep.join(filter(None, paths))}


def measured(module: str, size: int, ways: list[str], plan: Plan) -> dict[str, Measured]:
    """Measure the ways of a benchmark's module at one size, by their names; each round runs all of them once."""
    with contextlib.ExitStack() as stack:
        children: dict[str, Child] = {}
        for group in [[way] for way in ways] if plan.apart else [ways]:
            child = Child(module, size, group)
            stack.callback(child.close)
            children |= dict.fromkeys(group, child)
        runs = in_turn(children, plan)
    return {way: summed(runs[way], children[way].prepared[way]) for way in ways}


def in_turn(children: dict[str, Child], plan: Plan) -> dict[str, list[dict[str, float]]]:
    """Run the ways round by round, so that a busy machine hits all alike."""
    runs: dict[str, list[dict[str, float]]] = {way: [] for way in children}
    for _ in range(plan.rounds):
        for way, child in children.items():
            if sum(run["spent"] for run in runs[way]) < plan.enough:
                runs[way].append(child.run(way))
    return runs


def summed(runs: list[dict[str, float]], prepared: float) -> Measured:
    """Put the runs of one way together."""
    return Measured(prepared, [run["cpu"] for run in runs], [run["wall"] for run in runs], runs[0]["peak"])


def not_installed(package: str, called: str) -> str:
    """Say how to get a package that is not there; nothing where it is."""
    return "" if find_spec(package) else f"not installed: pip install {called}"
