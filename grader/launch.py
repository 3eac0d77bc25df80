"""Start the processes that run learners' code, and end them with all that they started."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Protocol

import psutil

from .bubblewrap import KIT, Sandbox
from .scratch import Scratch

TRIAL_SECONDS = 60.0
REPO = Path(__file__).parent.parent
KEPT = ("PATH", "SYSTEMROOT", "LANG", "LC_ALL", "LD_LIBRARY_PATH")
ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
BOOT = """
import sys
kit, module, argument, *ours = sys.argv[1:]
sys.path[:] = [kit] + [path for path in sys.path if path not in ours]
from importlib import import_module
import_module("learner." + module).main(argument)
"""


class CannotStart(RuntimeError):
    """A process for learners' code could not be started; the text says why."""


@dataclass(frozen=True)
class Started:
    """A process that waits for a job.

    Attributes:
        pid: gives its number, as this system counts.
        jobs, replies: what it reads and what it writes.
        end: ends it with everything that it started; may be called again.
        lost: whether what it hung on has ended, and it may have gone with it through no fault of its own.
    """

    pid: Callable[[], int]
    jobs: IO[bytes]
    replies: IO[bytes]
    end: Callable[[], None]
    lost: Callable[[], bool] = lambda: False


class Launcher(Protocol):
    """Whatever can start a process that waits for a job."""

    def start(self) -> Started:
        """Start one; raises `CannotStart`."""


@dataclass(frozen=True)
class Where:
    """Where learners' code runs: with which kit, in which sandbox, as which user (None: as whoever grades)."""

    kit: Path
    sandbox: Sandbox | None = None
    user: int | None = None


class Fresh:
    """Starts a new Python for every job: 2 seconds of CPU each, on any system.

    Args:
        kit: what a learner's process may import from.
        sandbox: where it runs; with none it has the rights of whoever grades, or of `user`, whom root may name.
    """

    def __init__(self, kit: Path, sandbox: Sandbox | None = None, user: int | None = None) -> None:
        self.where = Where(kit, sandbox, user)

    def start(self) -> Started:
        """Start one."""
        scratch = Scratch("learner")
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
        try:
            popen = start_python(self.where, "worker", str(scratch.path), streams=pipes)
        except CannotStart:
            scratch.cleanup()
            raise
        assert popen.stdin is not None
        assert popen.stdout is not None
        closing = popen.stdin

        def end() -> None:
            kill_group(popen)
            with contextlib.suppress(OSError, ValueError):
                closing.close()
            scratch.cleanup()

        return Started(lambda: _inmost(popen.pid) if self.where.sandbox else popen.pid, popen.stdin, popen.stdout, end)

    def works(self) -> bool:
        """Try whether one starts, and says so."""
        with Scratch("learner") as scratch:
            return self._tried(str(scratch))

    def _tried(self, scratch: str) -> bool:
        try:
            trial = start_python(self.where, "trial", scratch, streams={"stdout": subprocess.PIPE})
        except CannotStart:
            return False
        try:
            return trial.communicate(timeout=TRIAL_SECONDS)[0] == b"here"
        except subprocess.TimeoutExpired:
            return False
        finally:
            kill_group(trial)


def start_python(
    where: Where, module: str, scratch: str, argument: socket.socket | None = None, *, streams: dict[str, int]
) -> subprocess.Popen[bytes]:
    """Start Python on a module of the kit; a socket that it is handed is named by its number.

    Raises:
        CannotStart: where the system refuses, as it does a root without rights who is to become nobody.
    """
    fds = [argument.fileno()] if argument else []
    confined = "confined" if where.sandbox else "free"
    words = f"{fds[0]}:{confined}" if fds else confined
    inside = KIT if where.sandbox else where.kit
    command = [sys.executable, "-I", "-B", "-c", BOOT, str(inside), module, words, str(REPO), str(REPO / "notebooks")]
    options: dict[str, Any] = {"cwd": scratch, "env": environment(scratch)}
    if where.sandbox:
        command = [*where.sandbox.command(), *command]
        around = environment(str(where.sandbox.scratch))
        options = {"cwd": "/", "env": around, "preexec_fn": where.sandbox.before_it_starts}
    elif where.user is not None:
        options |= {"user": where.user, "group": where.user, "extra_groups": []}
    options |= dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.DEVNULL) | streams
    try:
        if "user" in options:
            os.chown(scratch, options["user"], options["group"])
        return subprocess.Popen(command, pass_fds=fds, start_new_session=True, **options)
    except OSError as error:
        raise CannotStart(str(error)) from error
    except subprocess.SubprocessError as error:  # all that is left of an error between fork and exec
        raise CannotStart("root lacks the rights for it, as in a container without capabilities") from error


def environment(scratch: str) -> dict[str, str]:
    """Give a learner's process a small environment: nothing of the instructor's is in it."""
    kept = {key: os.environ[key] for key in KEPT if key in os.environ}
    places = dict.fromkeys(("HOME", "TMPDIR", "TEMP", "TMP", "MPLCONFIGDIR"), scratch)
    return kept | places | ONE_THREAD | {"MPLBACKEND": "Agg"}


def _inmost(pid: int) -> int:
    """Give the process inside: bubblewrap stands around it, and holds next to nothing itself."""
    with contextlib.suppress(psutil.Error):
        inside = psutil.Process(pid).children(recursive=True)
        return max(inside, key=lambda process: process.memory_info().rss).pid if inside else pid
    return pid


def kill_group(popen: subprocess.Popen[bytes]) -> None:
    """End a process that leads its own group, and the group."""
    if hasattr(os, "killpg") and popen.poll() is None:
        with contextlib.suppress(OSError):
            os.killpg(popen.pid, signal.SIGKILL)
    with contextlib.suppress(OSError):
        popen.kill()
    popen.wait()
