"""What a class costs to grade: the same submissions by this course's grader, by otter-grader and by nbgrader."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from . import peers
from .measure import ROOT, Plan
from .table import Report, Row, Target, megabytes, seconds, times
from .tree import Used, used

FOLDER = "GRADING_PEERS"
"""The environment variable that names the virtual environment of the peers."""
FEW = 20
CLASSES = (FEW, 200, 2_000)
COLUMNS = ("CPU a submission", "wall time", "submissions a minute", "peak MB", "times ours")
OTTER, NBGRADER = "otter-grader, one after another", "nbgrader autograde"
OURS = "python -m grader grade"
WAYS = (*(f"{OURS}, {count}" for count in CLASSES), "each further one of ours", OTTER, NBGRADER)
AIM, AIM_TIMES = 0.15, 50


@dataclass(frozen=True)
class Run:
    """What grading some submissions took."""

    count: int
    took: Used

    @property
    def each(self) -> float:
        """CPU seconds a submission, starting included."""
        return self.took.cpu / self.count


def ours(count: int) -> Run:
    """Grade submissions as an instructor does."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        peers.write_submissions(folder / "in", count)
        command = [sys.executable, "-m", "grader", "grade", str(folder / "in"), "--out", str(folder / "out")]
        return Run(count, used([*command, "--jobs", "1", "--seed", "1"], ROOT, os.environ))


def theirs(grade: Callable[[Path, int], Used], count: int) -> Run:
    """Grade the same submissions by a peer in its own environment."""
    return Run(count, grade(Path(os.environ[FOLDER]), count))


def row(way: str, run: Run, base: float) -> Row:
    """Put one run into words."""
    rate = f"{60 * run.count / run.took.wall:,.0f}"
    words = (seconds(run.each), seconds(run.took.wall), rate, megabytes(run.took.peak), times(run.each / base))
    return Row(way, dict(zip(COLUMNS, words, strict=True)), run.each)


def excuse(package: str) -> str:
    """Say why a peer is not run; nothing where it can be."""
    folder = os.environ.get(FOLDER)
    if not folder:
        return f"not run: put it into a virtual environment of its own, and name that by {FOLDER}"
    return "" if peers.has(Path(folder), package) else f"not installed in {FOLDER}: pip install {package}"


def report(plan: Plan) -> Report:
    """Grade classes of several sizes, and the smallest by the peers too."""
    classes = (2, 4, 6) if plan.quick else CLASSES
    runs = [ours(count) for count in classes]
    first, last = runs[0], runs[-1]
    further = (last.took.cpu - first.took.cpu) / (last.count - first.count)
    rows = [row(way, run, first.each) for way, run in zip(WAYS, runs, strict=False)]
    rows.append(Row(WAYS[3], dict.fromkeys(COLUMNS, "") | {COLUMNS[0]: seconds(further)}, further))
    targets = [Target(f"once warm, under {AIM} s of CPU each", seconds(further), further < AIM)]
    for way, package, grade in ((OTTER, "otter-grader", peers.otter), (NBGRADER, "nbgrader", peers.nbgrader)):
        why = excuse(package)
        if why:
            rows.append(Row(way, note=why))
            continue
        run = theirs(grade, first.count)
        rows.append(row(way, run, first.each))
        aim = f"{package} takes {AIM_TIMES} times as much CPU as a further one of ours"
        targets.append(Target(aim, times(run.each / further), run.each >= AIM_TIMES * further))
    reading = (
        "Four questions and twelve assertions. CPU time is that of all processes. Ours includes the start; each "
        "further one is what one submission more costs."
    )
    return Report("grading", "Grading a class", COLUMNS, rows, "CPU seconds a submission", targets, reading)
