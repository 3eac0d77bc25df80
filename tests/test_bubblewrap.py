"""What a learner's process finds inside bubblewrap: a place to write, and nothing else that it could change."""

from __future__ import annotations

import shutil

import pytest

from grader import bubblewrap
from grader.bubblewrap import sandbox
from grader.exercise import load
from grader.job import Job, Task
from grader.launch import CannotStart
from grader.process import kit, observe_all
from grader.warm import Warm

pytestmark = pytest.mark.skipif(shutil.which("bwrap") is None, reason="bubblewrap is not installed")
WRITES = """
def intersection(likes):
    written = []
    for place in ("/tmp", "/scratch", "/", "/dev", "/kit", "/usr", "."):
        try:
            open(place + "/a", "w")
            written.append(place)
        except OSError:
            pass
    raise ValueError(" ".join(written))
"""


@pytest.mark.parametrize("forced", [False, True])
def test_one_place_to_write(forced, monkeypatch):
    """That is /tmp, unless Python itself stands there."""
    if forced:
        monkeypatch.setattr(bubblewrap, "_any_in", lambda places, folder: True)
    book = {"stage": "any", "cells": [{"source": WRITES, "exercise": "intersection"}]}
    job = Job((book,), (Task(load("intersection"), 0),), seed=0)
    try:
        with kit() as folder, sandbox(folder) as box, Warm(folder, box) as warm:
            assert observe_all(job, warm)["intersection"].entries[0].error.text == f"{box.scratch} ."
    except CannotStart as error:
        pytest.skip(f"bubblewrap does not work here: {error}")


LOOKS = """
import os
def intersection(likes):
    raise ValueError(f"{os.path.exists('/proc/sys')} {os.path.exists('/proc/self/status')}")
"""


def test_the_counts_of_the_machine_are_hidden():
    """Open files and load of the whole machine are a line between submissions; a process still sees itself."""
    book = {"stage": "any", "cells": [{"source": LOOKS, "exercise": "intersection"}]}
    job = Job((book,), (Task(load("intersection"), 0),), seed=0)
    try:
        with kit() as folder, sandbox(folder) as box, Warm(folder, box) as warm:
            assert observe_all(job, warm)["intersection"].entries[0].error.text == "False True"
    except CannotStart as error:
        pytest.skip(f"bubblewrap does not work here: {error}")


def test_python_in_tmp_is_seen(tmp_path):
    """A folder below is in it, and one beside it is not."""
    assert [bubblewrap._any_in([tmp_path / "venv"], place) for place in (tmp_path, tmp_path / "x")] == [True, False]
