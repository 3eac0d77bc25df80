"""The warm parent: imports what learners' code may ask for, runs none of it, and forks a ready child for each job."""

from __future__ import annotations

import contextlib
import ctypes
import gc
import os
import signal
import socket
import struct
import sys
import threading
from importlib import import_module
from pathlib import Path

from . import worker
from .confine import Confinement
from .huge_pages import use_huge_pages
from .rehearsal import rehearse

AHEAD = (
    "torch",
    "torch._dynamo",
    "numpy",
    "matplotlib.pyplot",
    "ipywidgets",
    "IPython.display",
    "safetensors.torch",
    "lesson.explorers",
)
PR_SET_PDEATHSIG, PR_SET_CHILD_SUBREAPER = 1, 36
KIT = Path(__file__).parent.parent


class NotCold(RuntimeError):
    """Something started a thread before the first fork, which no child would survive."""


def main(argument: str) -> None:
    """Fork a child for every socket that comes over the line; `argument` is `FD:confined` or `FD:free`."""
    number, how = argument.split(":")
    control = socket.socket(fileno=int(number))
    _tell_system(PR_SET_CHILD_SUBREAPER, 1)  # what a child leaves behind comes to us
    worker.stand_in()
    _import_ahead()
    rehearse()
    if threading.active_count() > 1 or _threads() > 1:
        raise NotCold(f"{_threads()} threads run before anything was asked")
    confinement = Confinement() if how == "confined" else None
    if confinement:
        confinement.try_once()
    gc.collect()
    gc.freeze()
    use_huge_pages()
    control.sendall(b"r")
    while (found := socket.recv_fds(control, 1, 1))[0]:
        _fork(control, found[1][0], confinement)


def _import_ahead() -> None:
    lessons = [f"lesson.{path.stem}" for path in (KIT / "lesson").glob("[!_]*.py")]
    probes = [f"probes.{path.stem}" for path in (KIT / "probes").glob("*.py")]
    for name in (*AHEAD, *sorted(lessons), *sorted(probes)):
        with contextlib.suppress(ImportError):  # what is not installed cannot be asked for either
            import_module(name)


def _threads() -> int:
    """Count the threads of this process, also those that Python knows nothing of."""
    tasks = Path("/proc/self/task")
    return len(list(tasks.iterdir())) if tasks.exists() else threading.active_count()


def _fork(control: socket.socket, line: int, confinement: Confinement | None) -> None:
    """Fork a child that serves one line; where it is confined, a go-between makes its namespaces and ends."""
    first = os.fork()
    if first == 0:
        with contextlib.suppress(BaseException):
            control.close()
            if confinement is None or confinement.enter():
                _serve(line, confinement)
        os._exit(0)
    os.close(line)
    if confinement:
        os.waitpid(first, 0)
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


def _serve(line: int, confinement: Confinement | None) -> None:
    """Say hello with our number, before any learner's code can, and do the one job."""
    if not confinement:
        os.setsid()
        _tell_system(PR_SET_PDEATHSIG, signal.SIGKILL)  # it ends when the warm parent does
    signal.signal(signal.SIGINT, signal.default_int_handler)
    for other in range(3, 64):
        if other != line:
            with contextlib.suppress(OSError):
                os.close(other)
    ours = socket.socket(fileno=line)
    ours.sendall(struct.pack("<i", os.getpid()))
    worker.serve(ours.makefile("rb"), ours.makefile("wb"))


def _tell_system(option: int, value: int) -> None:
    """Set an option of this process (Linux)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(option, value, 0, 0, 0)
