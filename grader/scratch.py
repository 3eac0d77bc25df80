"""Temporary folders that the next start removes where the process that made them was killed."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import stat
import sys
import tempfile
import threading
from pathlib import Path

LOCK = re.compile(r"grader-(?:kit|view|learner)-\w+\.lock")


class Scratch:
    """A temporary folder, and beside it a file that this process holds a lock on as long as it lives.

    The lock tells a folder in use from one that was left behind: the system gives it up with the process, however that
    ends. It is no file in the folder, since that may belong to whoever runs learners' code.
    """

    def __init__(self, kind: str) -> None:
        self._number, self._file = _locked(kind)
        self._once = threading.Lock()
        self.path = self._file.with_suffix("")
        self.path.mkdir(mode=0o700)

    def __enter__(self) -> Path:
        return self.path

    def __exit__(self, *_: object) -> None:
        self.cleanup()

    def cleanup(self) -> None:
        """Remove the folder; may be called again, also by two threads at once."""
        shutil.rmtree(self.path, ignore_errors=True)
        with self._once:
            if self._number >= 0:
                os.close(self._number)
                self._file.unlink(missing_ok=True)
                self._number = -1


def remove_stale() -> None:
    """Remove the folders whose makers, processes of this user, are gone."""
    for file in Path(tempfile.gettempdir()).glob("grader-*.lock"):
        with contextlib.suppress(OSError):
            number = os.open(file, os.O_RDWR | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
            try:
                if LOCK.fullmatch(file.name) and _is_mine(number) and _lock(number):
                    shutil.rmtree(file.with_suffix(""), ignore_errors=True)
                    file.unlink()
            finally:
                os.close(number)


def _locked(kind: str) -> tuple[int, Path]:
    """Make a file of a new name and lock it, unless another start took it for an old one in between."""
    while True:
        number, name = tempfile.mkstemp(prefix=f"grader-{kind}-", suffix=".lock")
        if _lock(number) and os.fstat(number).st_nlink:
            return number, Path(name)
        os.close(number)


def _is_mine(number: int) -> bool:
    """Whether an open file is an ordinary one of this user's."""
    found = os.fstat(number)
    return stat.S_ISREG(found.st_mode) and (sys.platform == "win32" or found.st_uid == os.geteuid())


def _lock(number: int) -> bool:
    """Lock an open file unless another process has; Windows, which removes no open file, needs none."""
    if sys.platform == "win32":
        return True
    import fcntl

    try:
        fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return True
    except OSError:
        return False
