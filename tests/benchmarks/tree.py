"""Run a command and measure it with all that it starts: CPU time, wall time and the peak of memory."""

from __future__ import annotations

import contextlib
import os
import resource
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

import psutil

LOOK_SECONDS = 0.5
GROUPS = (Path("/sys/fs/cgroup"), Path("/sys/fs/cgroup/unified"))


class Used(NamedTuple):
    """CPU seconds of all processes that ended, wall seconds, and the highest memory that was seen, in bytes."""

    cpu: float
    wall: float
    peak: float


def used(command: list[str], folder: Path, environment: Mapping[str, str]) -> Used:
    """Run a command to its end. Raises RuntimeError with its last words where it fails."""
    with counting() as (enter, cpu):
        start = time.perf_counter()
        process = subprocess.Popen(
            command,
            cwd=folder,
            env=dict(environment),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            preexec_fn=enter,
        )
        said, peak = watched(process)
        if process.returncode:
            raise RuntimeError(f"{command[:4]} ended with {process.returncode}: {said[-2_000:]}")
        return Used(cpu(), time.perf_counter() - start, peak)


@contextlib.contextmanager
def counting() -> Iterator[tuple[Callable[[], None], Callable[[], float]]]:
    """Give what a new process has to call first, and what tells the CPU seconds of it and all below it since then.

    A control group counts them all (Linux, as root). Elsewhere those count whose end somebody waits for, which
    leaves out what runs inside bubblewrap.
    """
    group = control_group()
    if group is None:
        before = waited_for()
        yield (lambda: None), (lambda: waited_for() - before)
        return
    try:
        yield (lambda: (group / "cgroup.procs").write_text("0") and None), (lambda: usage(group))
    finally:
        with contextlib.suppress(OSError):
            group.rmdir()


def control_group() -> Path | None:
    """Make a control group; None where there is none to be had."""
    for root in GROUPS:
        group = root / f"benchmark-{os.getpid()}"
        with contextlib.suppress(OSError):
            group.mkdir()
            if (group / "cpu.stat").exists():
                return group
            group.rmdir()
    return None


def usage(group: Path) -> float:
    """Read the CPU seconds of a control group."""
    lines = (group / "cpu.stat").read_text().splitlines()
    return int(next(line.split()[1] for line in lines if line.startswith("usage_usec"))) / 1e6


def waited_for() -> float:
    """Add up the CPU seconds of the processes below this one that have ended and were waited for."""
    found = resource.getrusage(resource.RUSAGE_CHILDREN)
    return found.ru_utime + found.ru_stime


def watched(process: subprocess.Popen[str]) -> tuple[str, float]:
    """Wait for a process; give what it said and the highest memory that was seen below it."""
    peaks, done = [0], threading.Event()
    watcher = threading.Thread(target=watch, args=(process.pid, peaks, done))
    watcher.start()
    said, _ = process.communicate()
    done.set()
    watcher.join()
    return said, max(peaks)


def watch(pid: int, peaks: list[int], done: threading.Event) -> None:
    """Note the memory of a process and of all below it; what several share counts once."""
    while not done.wait(LOOK_SECONDS):
        with contextlib.suppress(psutil.Error):
            root = psutil.Process(pid)
            peaks.append(sum(held(process) for process in (root, *root.children(recursive=True))))


def held(process: psutil.Process) -> int:
    """Give the memory of one process, its share of what it has in common with others."""
    with contextlib.suppress(psutil.Error):
        info = process.memory_full_info()
        return int(getattr(info, "pss", info.uss))
    return 0
