"""The autograder for Gradescope: what is packed, and that it grades from nothing but the archive."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from submitted import similarity

import start
from grader.__main__ import main
from grader.desks.gradebooks.autograder_zip import requirements
from grader.sources import solution

ROOT = Path(__file__).parent.parent
runs = pytest.mark.skipif(not shutil.which("timeout"), reason="the scripts are for Gradescope's Linux")
WRONG = "def union(likes):\n    c = likes.float().sum(1)\n    return c[:, None] + c\n"


@pytest.fixture(scope="module")
def archive(tmp_path_factory):
    """Pack the autograder once."""
    file = tmp_path_factory.mktemp("zip") / "deep" / "autograder.zip"
    assert main(["autograder-zip", "--out", str(file)]) == 0
    return zipfile.ZipFile(file)


def unpacked(archive, base, submission=None):
    """Lay a folder out as Gradescope does."""
    archive.extractall(base / "source")
    for name in ("submission", "results") if submission else ("results",):
        (base / name).mkdir()
    if submission:
        (base / "submission" / "my work.ipynb").write_text(submission)
    (base / "submission_metadata.json").write_text('{"id": 9, "users": [{"name": "Ada", "email": "a@x", "id": 1}]}')
    return base


def run(base, **environment):
    """Run the autograder of a folder; give its results and what it printed."""
    told = {"AUTOGRADER_HOME": str(base), "AUTOGRADER_PYTHON": sys.executable} | environment
    kept = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    command = ["bash", str(base / "source" / "run_autograder")]
    done = subprocess.run(command, env=kept | told, capture_output=True, text=True, cwd=base, check=True)
    return json.loads((base / "results" / "results.json").read_text(encoding="utf-8")), done.stdout


def test_scripts_can_be_run(archive):
    """Both scripts lie at the root, may be run, and have Unix' line ends."""
    modes = [oct(archive.getinfo(name).external_attr >> 16) for name in ("setup.sh", "run_autograder")]
    assert (modes, b"\r" in archive.read("setup.sh")) == (["0o100755"] * 2, False)


def test_what_is_packed(archive):
    """The grader with answers and templates is in it, the lesson's helpers, and no cache or notebook."""
    names = archive.namelist()
    wanted = {"grader/exercises/iou/exercise.py", "grader/templates/report.html", "notebooks/lesson/__init__.py"}
    assert (wanted <= set(names), [name for name in names if "cache" in name or name.endswith(".ipynb")]) == (True, [])


def test_requirements():
    """The archive asks for what the package depends on, torch pinned, and for nothing that authors use."""
    lines = requirements().splitlines()
    unwanted = [line for line in lines if line.startswith(("pytest", "jupyter", "-e"))]
    assert ("torch==2.13.0" in lines, unwanted) == (True, [])


def test_one_index(archive):
    """The set-up names the same place for torch as start.py, and no other."""
    text = archive.read("setup.sh").decode()
    assert [word for word in text.split() if "://" in word] == start.torch_index("linux", "")


def test_the_same_course_gives_the_same_bytes(archive, tmp_path):
    """Whoever packs the same course twice gets the same archive."""
    main(["autograder-zip", "--out", str(tmp_path / "again.zip")])
    assert (tmp_path / "again.zip").read_bytes() == Path(archive.filename).read_bytes()


def test_cannot_be_written(tmp_path, capsys):
    """A place that cannot be written to ends with status 2 and one sentence."""
    (tmp_path / "file").write_text("")
    arguments = ["autograder-zip", "--out", str(tmp_path / "file" / "x.zip")]
    assert (main(arguments), capsys.readouterr().err.count("\n")) == (2, 1)


@pytest.fixture(scope="module")
def graded(archive, tmp_path_factory):
    """Grade a small submission from the unpacked archive; give the results and what was printed."""
    return run(unpacked(archive, tmp_path_factory.mktemp("autograder"), similarity(union=WRONG)))


@runs
def test_it_grades(graded):
    """The marks and the mistake are those of the course."""
    tests = {test["name"]: test for test in graded[0]["tests"]}
    assert (graded[0]["score"], "overlap counted twice" in tests["union"]["output"]) == (3, True)


@runs
def test_no_answer_is_shown(graded):
    """No line of a right answer is in what the learner reads."""
    text = json.dumps(graded[0])
    lines = [line.strip() for key in ("union", "iou", "intersection") for line in solution(key).splitlines()]
    assert [line for line in lines if len(line) > 20 and line in text] == []


@runs
def test_the_staff_reads_whose_it_is(graded):
    """What is printed, which the staff alone sees, names the learner."""
    assert graded[1].startswith("Submission 9 of Ada\n")


@runs
@pytest.mark.parametrize("environment", [{}, {"AUTOGRADER_PYTHON": "/nowhere/python"}, {"AUTOGRADER_SECONDS": "0"}])
def test_it_always_leaves_results(archive, tmp_path, environment):
    """Without a submission, a Python or time, the learner reads that it is not his fault, and the staff why."""
    submission = similarity() if "AUTOGRADER_SECONDS" in environment else None
    tree = run(unpacked(archive, tmp_path, submission), **environment)[0]
    seen = [(test["visibility"], test["name"].startswith("For the staff")) for test in tree["tests"]]
    assert (tree["score"], "no fault of yours" in tree["output"], seen) == (0, True, [("hidden", True)])


STAND_IN = """#!/bin/bash
echo "${0##*/} $*" >>"$AUTOGRADER_HOME/log"
if [ "$1 $2" = "-m venv" ]; then mkdir -p "$4/bin" && cp "$0" "$4/bin/python"; fi
"""


@runs
def test_set_up(archive, tmp_path):
    """The set-up makes an environment, installs the requirements there, and locks the answers up."""
    archive.extractall(tmp_path / "source")
    for name in ("python3.13", "bwrap"):
        (tmp_path / name).write_text(STAND_IN)
        (tmp_path / name).chmod(0o755)
    told = {"AUTOGRADER_HOME": str(tmp_path), "PATH": f"{tmp_path}:/usr/bin:/bin"}
    subprocess.run(["bash", str(tmp_path / "source" / "setup.sh")], env=told, check=True)
    log = (tmp_path / "log").read_text()
    mode = oct((tmp_path / "source" / "grader" / "exercises").stat().st_mode & 0o777)
    assert ("python3.13 -m venv" in log, f"-r {tmp_path}/source/requirements.txt" in log, mode) == (True, True, "0o700")
