"""A grader that is killed at any moment, and called again, ends with the marks of a run that nobody disturbed."""

from __future__ import annotations

import contextlib
import csv
import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from grader.sources import solution

from .attack import RIGHT, WRONG, notebook
from .classroom import COURSE, MARK, processes

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the runs are forked from one that imported torch")
KILLS, SECONDS = 3 if os.environ.get("CI") else 10, 120  # a sample where every minute is waited for
FORKED = """
import os, sys, time
from grader.__main__ import main
from grader.desks.grading import grade
for line in sys.stdin:
    arguments = line.split()
    child = os.fork()
    if child == 0:
        os.dup2(os.open(os.devnull, os.O_RDWR), 1)
        os._exit(main(arguments))
    print(child, flush=True)
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""
SLOW = "import time\ntime.sleep(0.4)\n"
CLASS = {
    "ada": [RIGHT, solution("union"), solution("iou")],
    "bob": [WRONG, solution("union"), solution("iou")],
    "cy": [RIGHT, SLOW, "x = 1"],
    "dan": ["def intersection(likes):\n    import time\n    time.sleep(0.2)\n    return 1\n"],
    "eve": ["def intersection(likes):\n    import os\n    os._exit(0)\n"],
    "fay": [RIGHT],
    "gus": ["def intersection(likes)\n    return 1\n"],
    "hal": [solution("union"), WRONG],
}


class Grader:
    """Forks runs of the command from a process that has imported all they need."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        environment = os.environ | {"PATH": f"{os.environ['PATH']}{os.pathsep}/{MARK}-{os.getpid()}"}
        self.parent = subprocess.Popen(
            [sys.executable, "-c", FORKED], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            text=True, cwd=COURSE, env=environment,
        )  # fmt: skip

    def start(self, out: Path) -> int:
        """Begin a run and give its number."""
        words = ["grade", str(self.folder / "in"), "--out", str(out), "--seed", "3", "--jobs", "2"]
        self.parent.stdin.write(" ".join(words) + "\n")
        self.parent.stdin.flush()
        return int(self.parent.stdout.readline())

    def ended(self) -> int:
        """Wait for the end of the run and give its status."""
        return int(self.parent.stdout.readline())


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    """Grade a class in one go, and once more with the grader killed at random; tell what was seen after each kill."""
    folder = tmp_path_factory.mktemp("killed")
    (folder / "in").mkdir()
    for name, cells in CLASS.items():
        (folder / "in" / f"{name}.ipynb").write_text(notebook("import torch\nimport grader", *cells))
    grader = Grader(folder)
    grader.start(folder / "whole")
    start = time.monotonic()
    assert grader.ended() == 0
    seen = [_killed(grader, folder / "out", moment) for moment in _moments(time.monotonic() - start)]
    grader.start(folder / "out")
    status = grader.ended()
    grader.parent.stdin.close()
    grader.parent.wait()
    return folder, status, seen


def _moments(seconds: float) -> list[float]:
    """Choose when to kill: early in a run, as each later one has less to do."""
    chance = random.Random(5)
    return [chance.uniform(0.1, 0.8) * seconds for _ in range(KILLS)]


def _killed(grader: Grader, out: Path, seconds: float) -> tuple[list[str], int]:
    """Kill a run; give the files that are not whole, and how many learners' processes are left."""
    run = grader.start(out)
    time.sleep(seconds)
    with contextlib.suppress(ProcessLookupError):
        os.kill(run, signal.SIGKILL)
    grader.ended()
    time.sleep(0.5)
    return [path.name for path in out.rglob("[!.]*") if path.is_file() and not _whole(path)], len(processes())


def _whole(path: Path) -> bool:
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".json":
        return bool(json.loads(text))
    if path.suffix == ".html":
        return text.rstrip().endswith("</html>")
    return path.suffix != ".csv" or len({len(row) for row in csv.reader(text.splitlines())}) == 1


def test_marks_are_those_of_an_undisturbed_run(runs):
    """`grades.csv` of a run that was killed again and again is the same to the last byte."""
    folder, _, _ = runs
    assert (folder / "out" / "grades.csv").read_bytes() == (folder / "whole" / "grades.csv").read_bytes()


def test_the_last_run_ends_well(runs):
    """The run that is left alone ends with status 0."""
    assert runs[1] == 0


def test_no_file_is_half_written(runs):
    """Whatever the moment, every file that is there is whole."""
    assert [broken for broken, _ in runs[2]] == [[]] * KILLS


def test_no_process_survives(runs):
    """No learner's process outlives a grader that was killed."""
    assert [left for _, left in runs[2]] == [0] * KILLS


def test_nothing_is_left_beside_the_results(runs):
    """The files that a killed run was writing are gone at the end."""
    assert [path.name for path in (runs[0] / "out").rglob(".*.tmp")] == []
