"""Temporary folders: gone with their makers, also where these were killed, and never another's."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from grader.scratch import Scratch, remove_stale

MAKE = "from grader.scratch import Scratch; print(Scratch('kit').path, flush=True); input()"
POSIX = pytest.mark.skipif(sys.platform == "win32", reason="no file that is open can be removed there")


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path, monkeypatch):
    """Have temporary folders made where no other run looks."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setenv("TMPDIR", str(tmp_path))


def made_by_another():
    """Start a process that makes a folder and waits; give both."""
    other = subprocess.Popen([sys.executable, "-c", MAKE], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    return other, Path(other.stdout.readline().strip())


def test_nothing_is_left(tmp_path):
    """A folder goes at the end of its block, and its lock with it."""
    with Scratch("kit") as folder:
        (folder / "file").write_text("text")
    assert list(tmp_path.iterdir()) == []


def test_two_threads_may_end_it_at_once(monkeypatch):
    """The watch over the memory and the run itself both end a process: its lock is given up once."""
    closed: list[int] = []
    close = os.close

    def slowly(number: int) -> None:
        close(number)
        closed.append(number)
        time.sleep(0.05)

    scratch = Scratch("kit")
    lock = scratch._number
    monkeypatch.setattr("grader.scratch.shutil.rmtree", lambda path, ignore_errors: None)
    monkeypatch.setattr("grader.scratch.os.close", slowly)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: scratch.cleanup(), range(4)))
    assert closed == [lock]
    scratch.path.rmdir()


@POSIX
def test_what_a_killed_process_left_is_removed(tmp_path):
    """A folder whose maker was killed goes with all that is in it."""
    other, folder = made_by_another()
    (folder / "file").write_text("text")
    other.kill()
    other.communicate()
    remove_stale()
    assert list(tmp_path.iterdir()) == []


@POSIX
def test_what_is_in_use_stays():
    """A folder whose maker lives stays, also one of this very process."""
    other, theirs = made_by_another()
    with Scratch("view") as ours:
        remove_stale()
        found = theirs.is_dir(), ours.is_dir()
    other.communicate("\n")
    assert found == (True, True)


def test_other_names_stay(tmp_path):
    """A folder or a file that no grader of ours names so is never touched."""
    for name in ("kit-abc", "grader-kit-abc", "grader-notes-abc"):
        (tmp_path / name).mkdir()
    (tmp_path / "grader-notes-abc.lock").write_text("")
    remove_stale()
    assert len(list(tmp_path.iterdir())) == 4


@POSIX
def test_a_link_is_not_followed(tmp_path):
    """A link in the place of a lock or of a folder removes nothing that it leads to."""
    (tmp_path / "work").mkdir()
    (tmp_path / "grader-kit-one.lock").symlink_to(tmp_path / "work")
    (tmp_path / "grader-kit-two.lock").write_text("")
    (tmp_path / "grader-kit-two").symlink_to(tmp_path / "work")
    remove_stale()
    assert (tmp_path / "work").is_dir()
