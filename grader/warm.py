"""Fork the processes that run learners' code from a warm parent that has imported torch and run nothing."""

from __future__ import annotations

import array
import contextlib
import functools
import os
import signal
import socket
import struct
import subprocess
import threading
from collections.abc import Callable
from pathlib import Path

import psutil

from .bubblewrap import Sandbox
from .launch import CannotStart, Started, Where, kill_group, start_python
from .scratch import Scratch

READY_SECONDS = 120.0
FORK_SECONDS = 20.0
END_SECONDS = 0.2
LEAVE_SECONDS = 2.0
MOST_SWEEPS = 20
CREDENTIALS = struct.Struct("iII")  # pid, uid, gid, as the kernel writes them


class Warm:
    """Forks a parent that has imported torch and run nothing: milliseconds each, where a system can fork.

    Use it as a context: it starts the parent, and ends it with all that is left.
    """

    def __init__(self, kit: Path, sandbox: Sandbox | None = None, user: int | None = None) -> None:
        self.where = Where(kit, sandbox, user)
        self._lock = threading.Lock()
        self._living: set[int] = set()

    def __enter__(self) -> Warm:
        self._begin()
        return self

    def __exit__(self, *_: object) -> None:
        self._living.clear()
        self._end()

    def start(self) -> Started:
        """Start one; where the warm parent died or hangs, another takes its place first."""
        with self._lock:
            try:
                return self._start()
            except CannotStart:
                self._end()
                self._begin()
                return self._start()

    def _begin(self) -> None:
        self._scratch = Scratch("learner")
        self._control, theirs = socket.socketpair()
        try:
            with theirs:
                pipe = {"stderr": subprocess.PIPE}
                self._popen = start_python(self.where, "warm", str(self._scratch.path), theirs, streams=pipe)
        except CannotStart:
            self._control.close()
            self._scratch.cleanup()
            raise
        self._control.settimeout(READY_SECONDS)
        try:
            ready = self._control.recv(1)
        except OSError:
            ready = b""
        if not ready:
            reason = self._last_words()
            self._end()
            raise CannotStart(reason)

    def _end(self) -> None:
        self._control.close()
        if self.where.sandbox is None:
            self._sweep()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._popen.wait(LEAVE_SECONDS)  # it leaves when the line closes, and what it used is then counted
        kill_group(self._popen)
        self._scratch.cleanup()

    def _start(self) -> Started:
        ours, theirs = socket.socketpair()
        try:
            pid = self._child(ours, theirs)
            kill = _killer(pid)
        except OSError as error:
            ours.close()
            raise CannotStart(f"the warm parent gave no child: {error}") from error
        self._living.add(pid)

        def end() -> None:
            kill()
            self._living.discard(pid)
            if self.where.sandbox is None:
                with self._lock:  # a child that was not heard of yet would be taken for one left behind
                    self._sweep()
            with contextlib.suppress(OSError):
                ours.shutdown(socket.SHUT_RDWR)

        lost = functools.partial(_ends, self._popen)
        return Started(lambda: pid, ours.makefile("wb"), ours.makefile("rb"), end, lost)

    def _child(self, ours: socket.socket, theirs: socket.socket) -> int:
        """Have the parent fork a child that holds the other end of a line; give its number."""
        ours.settimeout(FORK_SECONDS)
        with theirs:
            if hasattr(socket, "SO_PASSCRED"):
                ours.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
            socket.send_fds(self._control, [b"f"], [theirs.fileno()])
        pid = _hello(ours)
        ours.settimeout(None)
        return pid

    def _sweep(self) -> None:
        """End what learners' processes left behind: the warm parent inherits it, where no sandbox ends it."""
        for _ in range(MOST_SWEEPS):  # what is ended may have started more in the meantime
            found = [orphan for orphan in _children(self._popen.pid) if orphan.pid not in self._living]
            for orphan in found:
                for pid in (*(process.pid for process in _children(orphan.pid, recursive=True)), orphan.pid):
                    _kill(pid)
            if not found:
                break

    def _last_words(self) -> str:
        self._popen.kill()
        assert self._popen.stderr is not None
        lines = self._popen.stderr.read().decode(errors="replace").strip().splitlines()
        return lines[-1] if lines else "it ended without a word"


def _children(pid: int, *, recursive: bool = False) -> list[psutil.Process]:
    """List what a process started and what still runs of it."""
    with contextlib.suppress(psutil.Error):
        return [child for child in psutil.Process(pid).children(recursive=recursive) if _runs(child)]
    return []


def _runs(process: psutil.Process) -> bool:
    with contextlib.suppress(psutil.Error):
        return bool(process.status() != psutil.STATUS_ZOMBIE)
    return False


def _ends(popen: subprocess.Popen[bytes]) -> bool:
    """Whether a process has ended or is about to."""
    with contextlib.suppress(subprocess.TimeoutExpired):
        popen.wait(END_SECONDS)
    return popen.poll() is not None


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
