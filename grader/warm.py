"""Fork the processes that run learners' code from a warm parent that has imported torch and run nothing."""

from __future__ import annotations

import array
import contextlib
import os
import signal
import socket
import struct
import subprocess
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path

import psutil

from .bubblewrap import Sandbox
from .launch import CannotStart, Started, kill_group, start_python

READY_SECONDS = 120.0
FORK_SECONDS = 20.0
CREDENTIALS = struct.Struct("iII")  # pid, uid, gid, as the kernel writes them


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
            self._popen = start_python(
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
        kill_group(self._popen)
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

        return Started(lambda: pid, ours.makefile("wb"), ours.makefile("rb"), end)

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
