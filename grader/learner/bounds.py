"""What the system itself refuses a learner's process: memory, processes, open files, file size and CPU (POSIX)."""

from __future__ import annotations

import contextlib
import math
import os
from pathlib import Path

MOST_PROCESSES = 24
MOST_FILES = 256
MOST_FILE_BYTES = 256 * 2**20


def bind(memory: int, cpu_seconds: float) -> None:
    """Let allocations beyond `memory` bytes above what is held now fail (Linux), and bound all else for good.

    Args:
        memory: bytes; 0 for no limit.
        cpu_seconds: after which the process is ended, counted from now.
    """
    try:
        import resource
    except ImportError:  # Windows has none of this
        return
    most = {"RLIMIT_NOFILE": MOST_FILES, "RLIMIT_FSIZE": MOST_FILE_BYTES, "RLIMIT_CORE": 0}
    used = resource.getrusage(resource.RUSAGE_SELF)
    most["RLIMIT_CPU"] = math.ceil(used.ru_utime + used.ru_stime + cpu_seconds)
    if Path("/proc/self/status").exists():
        most["RLIMIT_NPROC"] = _tasks() + MOST_PROCESSES
        most |= {"RLIMIT_AS": _held() + memory} if memory else {}
    for name, value in most.items():
        with contextlib.suppress(OSError, ValueError, AttributeError):  # what the system does not know or allow
            kind = getattr(resource, name)
            hard = resource.getrlimit(kind)[1]
            value = value if hard == resource.RLIM_INFINITY else min(value, hard)
            resource.setrlimit(kind, (value, value))


def _tasks() -> int:
    """Count the processes and threads of this user that are to be seen; in a sandbox there is this one alone.

    The limit counts all of a user, so that a fixed number would leave nothing to a user with many of his own.
    """
    count = 0
    for place in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            count += len(list((place / "task").iterdir())) if place.stat().st_uid == os.getuid() else 0
    return count


def _held() -> int:
    """Read the bytes of addresses that this process has."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return 1024 * next(int(line.split()[1]) for line in lines if line.startswith("VmSize"))
