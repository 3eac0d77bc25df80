"""The warm parent: what died is started again, and nobody pays for it."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import threading
import time

import psutil
import pytest

from grader import launchers
from grader.child import SOCKET_BYTES, _in_sockets
from grader.exercise import load
from grader.job import Job, Limits, Task
from grader.launch import ONE_THREAD, CannotStart
from grader.launchers import launcher
from grader.learner.observation import DIED, DONE
from grader.process import kit, observe_all
from grader.warm import Warm

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux forks learners' processes")
RIGHT = "def intersection(likes):\n    likes = likes.float()\n    return likes @ likes.T\n"
LACKS = "root lacks the rights for it, as in a container without capabilities"
SLOW = "import time\n" + RIGHT.replace("    likes = ", "    time.sleep(0.3)\n    likes = ")


@pytest.fixture(scope="module")
def warm():
    """Start a warm parent."""
    with kit() as folder, Warm(folder) as started:
        yield started


def ended(warm, source):
    """Observe an answer to `intersection`, and tell how that ended."""
    book = {"stage": "any", "cells": [{"source": "import torch\n" + source, "exercise": None}]}
    job = Job((book,), (Task(load("intersection"), 0),), seed=0, limits=Limits(submission=60))
    return observe_all(job, warm)["intersection"].ended


def test_a_dead_parent_is_started_again(warm):
    """A child is there for the next job, though the warm parent died."""
    warm._popen.kill()
    warm._popen.wait()
    assert ended(warm, RIGHT) == DONE


def test_what_died_with_its_parent_is_asked_again(warm):
    """An answer that was being asked when the warm parent died is not charged with that."""
    first = warm._popen
    threading.Thread(target=lambda: (time.sleep(0.8), first.kill()), daemon=True).start()
    assert (ended(warm, SLOW), first.poll() is None) == (DONE, False)


def test_the_rehearsal_succeeds():
    """What a warm parent does before it forks goes through, without an error and on one thread."""
    code = "import os; from grader.learner.rehearsal import rehearse; seen = rehearse(); "
    code += "print(seen.ended, seen.error, len(os.listdir('/proc/self/task')))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=os.environ | ONE_THREAD)
    assert done.stdout.split() == ["done", "None", "1"]


def test_an_answer_that_ends_its_process_is_charged(warm):
    """While the warm parent lives, whoever ends is to blame."""
    assert ended(warm, "def intersection(likes):\n    import os\n    os._exit(0)\n") == DIED


class NoRights:
    """A sandbox that root cannot make, since its rights were taken from it."""

    scratch = "/tmp"

    def command(self):
        return []

    def before_it_starts(self):
        raise PermissionError


def test_root_without_rights():
    """Where no sandbox can be made it is said why, and the next way is tried: nothing fails."""
    with kit() as folder, contextlib.ExitStack() as stack:
        assert launchers._inside(NoRights(), folder, stack) == (None, "bubblewrap does not work here: " + LACKS)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells of another process's open files")
def test_what_waits_in_sockets_is_bounded():
    """It belongs to no process's memory, so it is counted by the sockets that are open."""
    ours = [psutil.Process()]
    before = _in_sockets(ours)
    with contextlib.ExitStack() as stack:
        for one in (end for _ in range(5) for end in socket.socketpair()):
            stack.enter_context(one)
        assert _in_sockets(ours) - before == 10 * SOCKET_BYTES


def test_where_only_root_is_left_an_autograder_runs_nothing(monkeypatch):
    """Learners' code that runs as root could write its own marks."""
    monkeypatch.setattr("grader.launchers.is_root", lambda: True)
    monkeypatch.setattr("grader.launchers.Fresh.works", lambda self: False)
    with pytest.raises(CannotStart, match="would run as root"), launcher("none", as_root=False):
        pass
