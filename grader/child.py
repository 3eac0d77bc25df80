"""One process that runs a learner's code: started with little, fed a job, read, and ended with all that it started."""

from __future__ import annotations

import contextlib
import functools
import queue
import struct
import threading
from pathlib import Path
from typing import IO, Any

import psutil

from .launch import Launcher
from .learner.plain import MAX_BYTES, NotPlain, text_of, unpack

LIMITS_BIND = Path("/proc/self/status").exists()  # Linux: the worker limits itself, and the kernel knows its peak
LOOK_SECONDS = 0.05
GROUP_SECONDS = 0.5
IMPORTS_BYTES = 2**30
SOCKET_BYTES = 2**21  # that may wait in one, measured where it was filled
HELD_BYTES = 2**28  # what imports and definitions may hold when an exercise starts; more counts as the exercise's own
MOST_REPLIES = 256 * 2**20
MOST_TEXT = 16 * 2**20  # of text in all replies: read, it takes twenty times as much


class Child:
    """A worker process: fed one job, read message by message, ended with everything it started.

    Attributes:
        last_words: why it ended by itself; "" while it runs.
    """

    def __init__(self, launcher: Launcher, job: bytes, most_memory: int = 0) -> None:
        self.last_words = ""
        self._closed = threading.Event()
        self._start = self._peak = 0
        self._messages: queue.Queue[dict[str, Any] | None] = queue.Queue(maxsize=1_000)
        self._started = launcher.start()
        self._first = self._memory("VmRSS")
        for work in (functools.partial(self._feed, job), self._listen, functools.partial(self._watch, most_memory)):
            threading.Thread(target=work, daemon=True).start()

    def __enter__(self) -> Child:
        return self

    def __exit__(self, *_: object) -> None:
        self._closed.set()
        self._started.end()
        for stream in (self._started.jobs, self._started.replies):
            with contextlib.suppress(OSError, ValueError):
                stream.close()

    def read(self, seconds: float) -> dict[str, Any] | None:
        """Give the next message; None when the process ended or kept silent too long, and where no time is left."""
        try:
            return self._messages.get(timeout=seconds) if seconds > 0 else None
        except queue.Empty:
            return None

    def lost(self) -> bool:
        """Whether it may have ended through no fault of the code that it ran."""
        return self._started.lost()

    def start_of_peak(self) -> None:
        """Read the memory held now, forget the peak before it, and tell the worker to go on."""
        with contextlib.suppress(OSError):
            Path(f"/proc/{self._started.pid()}/clear_refs").write_text("5")
        self._start, self._peak = min(self._memory("VmRSS"), self._first + HELD_BYTES), 0
        self._write(b"go\n")

    def peak_above_start(self) -> int:
        """Read the peak of memory in bytes, less what was held at the start."""
        return max(0, self._memory("VmHWM") - self._start, self._peak - self._start)

    def _watch(self, most: int) -> None:
        """End the process where it and all that it started hold more memory than they may have in all."""
        while not self._closed.wait(GROUP_SECONDS if LIMITS_BIND else LOOK_SECONDS):
            held = self._memory("VmRSS")
            self._peak = max(self._peak, held)
            family = self._family() if most else []
            if most and (held > most + IMPORTS_BYTES or _own(family[1:]) > most or _in_sockets(family) > most):
                self.last_words = "it took more memory than it may have"
                self._started.end()

    def _family(self) -> list[psutil.Process]:
        """List the process and all that it started, itself first."""
        with contextlib.suppress(psutil.Error):
            first = psutil.Process(self._started.pid())
            return [first, *first.children(recursive=True)]
        return []

    def _memory(self, key: str) -> int:
        status = Path(f"/proc/{self._started.pid()}/status")
        with contextlib.suppress(OSError, StopIteration):
            return 1024 * next(int(line.split()[1]) for line in status.read_text().splitlines() if line.startswith(key))
        with contextlib.suppress(psutil.Error):
            info = psutil.Process(self._started.pid()).memory_info()
            return int(getattr(info, "peak_wset", info.rss) if key == "VmHWM" else info.rss)
        return 0

    def _feed(self, job: bytes) -> None:
        self._write(struct.pack("<Q", len(job)) + job)

    def _write(self, data: bytes) -> None:
        with contextlib.suppress(OSError, ValueError):
            self._started.jobs.write(data)
            self._started.jobs.flush()

    def _listen(self) -> None:
        pipe, size, text = self._started.replies, 0, MOST_TEXT
        with contextlib.suppress(OSError, ValueError, NotPlain, struct.error):
            while isinstance(message := unpack(data := _frame(pipe), text), dict):
                size, text = size + len(data), text - text_of(data)
                if size > MOST_REPLIES:
                    raise NotPlain(f"replies of more than {MOST_REPLIES} bytes")
                self._put(message)
        self.last_words = self.last_words or "it left Python"
        self._put(None)

    def _put(self, message: dict[str, Any] | None) -> None:
        """Hand on a message; one that nobody waits for any more is dropped."""
        while not self._closed.is_set():
            with contextlib.suppress(queue.Full):
                self._messages.put(message, timeout=1)
                break


def _own(processes: list[psutil.Process]) -> int:
    """Read the bytes that processes hold for themselves."""
    held = 0
    for process in processes:
        with contextlib.suppress(psutil.Error):
            found = process.memory_full_info()
            held += getattr(found, "pss", found.uss)  # a share of what several hold together
    return held


def _in_sockets(processes: list[psutil.Process]) -> int:
    """Bound the bytes that wait in the sockets and pipes of processes, and belong to none of them."""
    found: set[str] = set()
    for process in processes:
        with contextlib.suppress(OSError):
            for link in Path(f"/proc/{process.pid}/fd").iterdir():
                with contextlib.suppress(OSError):  # closed in the meantime
                    found.add(str(link.readlink()))
    return SOCKET_BYTES * sum(name.startswith(("socket:", "pipe:")) for name in found)


def _frame(pipe: IO[bytes]) -> bytes:
    (length,) = struct.unpack("<Q", pipe.read(8))
    if length > 2 * MAX_BYTES:
        raise NotPlain(f"a reply of {length} bytes")
    return pipe.read(length)
