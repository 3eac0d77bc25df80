"""Start the processes that run learners' code: fresh ones, or forks of a warm parent that has imported torch."""

from __future__ import annotations

import array
import contextlib
import os
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Protocol

import psutil

from .bubblewrap import KIT, Sandbox

REPO = Path(__file__).parent.parent
KEPT = ("PATH", "SYSTEMROOT", "LANG", "LC_ALL", "LD_LIBRARY_PATH")
ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
READY_SECONDS = 120.0
FORK_SECONDS = 20.0
BOOT = """
import sys
kit, module, argument, *ours = sys.argv[1:]
sys.path[:] = [kit] + [path for path in sys.path if path not in ours]
from importlib import import_module
import_module("learner." + module).main(argument)
"""
CREDENTIALS = struct.Struct("iII")  # pid, uid, gid, as the kernel writes them


class CannotStart(RuntimeError):
    """A process for learners' code could not be started; the text says why."""


@dataclass(frozen=True)
class Started:
    """A process that waits for a job.

    Attributes:
        pid: as this system counts.
        jobs, replies: what it reads and what it writes.
        end: ends it with everything that it started; may be called again.
    """

    pid: int
    jobs: IO[bytes]
    replies: IO[bytes]
    end: Callable[[], None]


class Launcher(Protocol):
    """Whatever can start a process that waits for a job."""

    def start(self) -> Started:
        """Start one; raises `CannotStart`."""


class Fresh:
    """Starts a new Python for every job: 2 seconds of CPU each, on any system.

    Args:
        kit: what a learner's process may import from.
        sandbox: where it runs; with none it has the rights of whoever grades.
    """

    def __init__(self, kit: Path, sandbox: Sandbox | None = None) -> None:
        self.kit, self.sandbox = kit, sandbox

    def start(self) -> Started:
        """Start one."""
        scratch = tempfile.TemporaryDirectory(prefix="learner-", ignore_cleanup_errors=True)
        popen = _popen(self.kit, self.sandbox, "worker", scratch.name, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        assert popen.stdin is not None
        assert popen.stdout is not None
        closing = popen.stdin

        def end() -> None:
            _kill_group(popen)
            with contextlib.suppress(OSError, ValueError):
                closing.close()
            scratch.cleanup()

        return Started(popen.pid, popen.stdin, popen.stdout, end)


class Warm:
    """Forks a parent that has imported torch and run nothing: milliseconds each, where a system can fork.

    Use it as a context: it starts the parent, and ends it with all that is left.
    """

    def __init__(self, kit: Path, sandbox: Sandbox | None = None) -> None:
        self.kit, self.sandbox = kit, sandbox
        self._lock = threading.Lock()
        self._living: set[int] = set()

    def __enter__(self) -> Warm:
        self._scratch = tempfile.TemporaryDirectory(prefix="learners-", ignore_cleanup_errors=True)
        self._control, theirs = socket.socketpair()
        with theirs:
            self._popen = _popen(
                self.kit, self.sandbox, "warm", self._scratch.name, argument=theirs, stderr=subprocess.PIPE
            )
        self._control.settimeout(READY_SECONDS)
        try:
            ready = self._control.recv(1)
        except OSError:
            ready = b""
        if not ready:
            reason = self._last_words()
            self.__exit__()
            raise CannotStart(reason)
        return self

    def __exit__(self, *_: object) -> None:
        self._control.close()
        _kill_group(self._popen)
        self._sweep()
        self._scratch.cleanup()

    def start(self) -> Started:
        """Start one."""
        ours, theirs = socket.socketpair()
        with theirs:
            if hasattr(socket, "SO_PASSCRED"):
                ours.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
            with self._lock:
                socket.send_fds(self._control, [b"f"], [theirs.fileno()])
        ours.settimeout(FORK_SECONDS)
        try:
            pid = _hello(ours)
            kill = _killer(pid)
        except OSError as error:
            ours.close()
            raise CannotStart(f"the warm parent gave no child: {error}") from error
        ours.settimeout(None)
        self._living.add(pid)

        def end() -> None:
            kill()
            self._living.discard(pid)
            if self.sandbox is None:
                self._sweep()
            with contextlib.suppress(OSError):
                ours.shutdown(socket.SHUT_RDWR)

        return Started(pid, ours.makefile("wb"), ours.makefile("rb"), end)

    def _sweep(self) -> None:
        """End what learners' processes left behind: the warm parent inherits it, where no sandbox ends it."""
        with contextlib.suppress(psutil.Error):
            for orphan in psutil.Process(self._popen.pid).children():
                if orphan.pid not in self._living:
                    for process in (*orphan.children(recursive=True), orphan):
                        process.kill()

    def _last_words(self) -> str:
        self._popen.kill()
        assert self._popen.stderr is not None
        lines = self._popen.stderr.read().decode(errors="replace").strip().splitlines()
        return lines[-1] if lines else "it ended without a word"


def _popen(
    kit: Path, sandbox: Sandbox | None, module: str, scratch: str, argument: socket.socket | None = None, **streams: int
) -> subprocess.Popen[bytes]:
    """Start Python on a module of the kit; a socket that it is handed is named by its number."""
    fds = [argument.fileno()] if argument else []
    confined = "confined" if sandbox else "free"
    words = f"{fds[0]}:{confined}" if fds else confined
    inside = KIT if sandbox else kit
    command = [sys.executable, "-I", "-B", "-c", BOOT, str(inside), module, words, str(REPO), str(REPO / "notebooks")]
    options: dict[str, object] = {"cwd": scratch, "env": environment(scratch)}
    if sandbox:
        command = [*sandbox.command(), *command]
        options = {"cwd": "/", "env": environment("/tmp"), "preexec_fn": sandbox.before_it_starts}
    return subprocess.Popen(  # type: ignore[call-overload, no-any-return]
        command, **{"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL} | streams,
        pass_fds=fds, start_new_session=True, **options,
    )


def environment(scratch: str) -> dict[str, str]:
    """Give a learner's process a small environment: nothing of the instructor's is in it."""
    kept = {key: os.environ[key] for key in KEPT if key in os.environ}
    places = dict.fromkeys(("HOME", "TMPDIR", "TEMP", "TMP", "MPLCONFIGDIR"), scratch)
    return kept | places | ONE_THREAD | {"MPLBACKEND": "Agg"}


def _hello(ours: socket.socket) -> int:
    """Wait for a child's first word, and give its number: the kernel's where it tells, else the child's own."""
    if not hasattr(socket, "SO_PASSCRED"):
        return int(struct.unpack("<i", ours.recv(4))[0])
    data, told, *_ = ours.recvmsg(4, socket.CMSG_SPACE(CREDENTIALS.size))
    if not data:
        raise ConnectionError("it closed the line")
    for level, kind, found in told:
        if (level, kind) == (socket.SOL_SOCKET, socket.SCM_CREDENTIALS):
            return int(CREDENTIALS.unpack(array.array("B", found).tobytes()[: CREDENTIALS.size])[0])
    raise ConnectionError("the kernel told no number")


def _killer(pid: int) -> Callable[[], None]:
    """Give what ends a process and its group; it never hits another one that got the same number later."""
    if not hasattr(os, "pidfd_open"):
        return lambda: _kill(pid)
    handle = os.pidfd_open(pid)
    done = threading.Event()

    def kill() -> None:
        if done.is_set():
            return
        done.set()
        with contextlib.suppress(OSError):
            signal.pidfd_send_signal(handle, 0)  # still the one that it was: its group is its own
            _kill(pid)
        os.close(handle)

    return kill


def _kill(pid: int) -> None:
    for kill in (os.killpg, os.kill):
        with contextlib.suppress(OSError):
            kill(pid, signal.SIGKILL)


def _kill_group(popen: subprocess.Popen[bytes]) -> None:
    if hasattr(os, "killpg") and popen.poll() is None:
        with contextlib.suppress(OSError):
            os.killpg(popen.pid, signal.SIGKILL)
    with contextlib.suppress(OSError):
        popen.kill()
    popen.wait()
