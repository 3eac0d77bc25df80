"""Grade hostile submissions beside two honest ones, and tell what came of each and what was harmed."""

from __future__ import annotations

import contextlib
import csv
import json
import os
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

from grader import process
from grader.desks.grading.class_run import ClassRun, Options
from grader.desks.submissions.find import find
from grader.job import Limits
from grader.launch import Launcher
from grader.launchers import launcher

from . import around, collusion, files, forged, harmed, leaks, lost, replies, resources
from .attack import RIGHT, WRONG, Attack, notebook, prelude

COURSE = Path(process.HERE).parent
MODULES = (forged, replies, leaks, around, lost, resources, harmed, collusion, files)
GROUPS = {module.__name__.rpartition(".")[2]: module.ATTACKS for module in MODULES}
HONEST = {"honest": (RIGHT, "1"), "mistaken": (WRONG, "0")}
MARK = "hostile-suite"
LIMITS = Limits(cell=3, exercise=3, at_scale=4, submission=25, memory=2**30)
GONE_SECONDS = 3.0


@dataclass(frozen=True)
class Graded:
    """What came of a group.

    Attributes:
        marks: what each attack got.
        holes: what each attack got hold of, "" where it says nothing.
        statuses: of the exercises that each attack handed in.
        harm: whatever else went wrong, one sentence each.
        seconds: the whole took.
    """

    marks: dict[str, float]
    holes: dict[str, str]
    statuses: dict[str, str]
    harm: tuple[str, ...]
    seconds: float


@contextlib.contextmanager
def marked_launcher(choice: str) -> Iterator[Launcher]:
    """Start a launcher whose processes can be told from all others by their environment."""
    before = os.environ["PATH"]
    os.environ["PATH"] = f"{before}{os.pathsep}/{MARK}-{os.getpid()}"
    os.environ["HOSTILE_SECRET"] = "for no learner's process"
    try:
        with launcher(choice) as (found, _):
            yield found
    finally:
        os.environ["PATH"] = before
        os.environ.pop("HOSTILE_SECRET", None)


def tried(group: str, choice: str) -> list[Attack]:
    """List the attacks of a group that are tried with this choice of a sandbox."""
    return [attack for attack in GROUPS[group] if attack.free or choice != "none"]


def grade(attacks: Sequence[Attack], folder: Path, found: Launcher) -> Graded:
    """Hand in a group of attacks beside the honest, and grade it."""
    taken, out = folder / "submissions", folder / "results"
    hand_in(attacks, folder)
    before, running, start = _state(taken), processes(), time.monotonic()
    ClassRun(out, 7, found, Options(LIMITS)).grade(find(taken)[0], jobs=2)
    seconds = time.monotonic() - start
    rows = _rows(out)
    harm = [f"{name} has {rows[name]['score']}" for name, (_, mark) in HONEST.items() if rows[name]["score"] != mark]
    harm += [f"{attack.name} has no row" for attack in attacks if attack.name not in rows]
    harm += [f"{path} was changed" for path in sorted(before.symmetric_difference(_state(taken)))]
    harm += [f"process {pid} was left" for pid in _left(running)]
    told = {attack.name: _told(out, attack.name) for attack in attacks}
    return Graded(
        {name: float(row["score"]) + float(row["bonus"]) for name, row in rows.items()},
        {name: hole for name, (hole, _) in told.items()},
        {name: status for name, (_, status) in told.items()},
        tuple(harm),
        seconds,
    )


def hand_in(attacks: Sequence[Attack], folder: Path) -> None:
    """Write the submissions of a group, and the folder for its results."""
    places = {"submissions": folder / "submissions", "results": folder / "results", "secret": folder / "secret.txt"}
    first = prelude({key: str(path) for key, path in places.items()} | {"course": str(COURSE)})
    for name in ("submissions", "results"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    places["secret"].write_text("the instructor's")
    for name, (answer, _) in HONEST.items():
        (places["submissions"] / f"{name}.ipynb").write_text(notebook("import torch", answer))
    for attack in attacks:
        if attack.make:
            attack.make(places["submissions"])
        else:
            (places["submissions"] / f"{attack.name}.ipynb").write_text(notebook(first, *attack.cells))


def _rows(out: Path) -> dict[str, dict[str, str]]:
    with (out / "grades.csv").open(encoding="utf-8", newline="") as file:
        return {row["submission"]: row for row in csv.DictReader(file)}


def _told(out: Path, name: str) -> tuple[str, str]:
    """Read what an attack says that it got hold of, and what became of its answers."""
    path = out / ".grading" / f"{name.removeprefix(chr(39))}.record.json"
    lines = json.loads(path.read_text(encoding="utf-8"))["lines"]
    words = " ".join(line["message"] + line["staff_note"] for line in lines)
    handed_in = [line["status"] for line in lines if not line["message"].startswith("There is no")]
    return words.partition("HOLE: ")[2][:80].partition("\n")[0], ", ".join(dict.fromkeys(handed_in)) or "missing"


def _state(taken: Path) -> set[tuple[str, int, int]]:
    """Note name, size and time of every file that nobody should change."""
    roots = (taken, COURSE / "grader", COURSE / "notebooks" / "lesson")
    paths = [path for root in roots for path in root.rglob("*") if "__pycache__" not in path.parts and path.is_file()]
    return {(str(path), path.stat().st_size, path.stat().st_mtime_ns) for path in paths}


def processes() -> set[int]:
    """List the processes that learners' code runs in: in their environment stands the mark, and we started none."""
    found = set()
    for one in psutil.process_iter():
        with contextlib.suppress(psutil.Error):
            ours = f"/{MARK}-{os.getpid()}" in one.environ().get("PATH", "")
            if ours and one.ppid() != os.getpid() and one.status() != psutil.STATUS_ZOMBIE:
                found.add(one.pid)
    return found - {os.getpid()}


def _left(before: set[int]) -> list[int]:
    """List what is left of a group's processes, a short while after."""
    end = time.monotonic() + GONE_SECONDS
    while (left := processes() - before) and time.monotonic() < end:
        time.sleep(0.1)
    return sorted(left)
