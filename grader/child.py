"""One process that runs a learner's code: started with little, fed a job, read, and ended with all that it started."""

from __future__ import annotations

import contextlib
import os
import queue
import signal
import struct
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from typing import IO, Any

import psutil

from .learner.plain import MAX_BYTES, NotPlain, unpack

REPO = Path(__file__).parent.parent
LIMITS_BIND = Path("/proc/self/status").exists()  # Linux: the worker limits itself, and the kernel knows its peak
LOOK_SECONDS = 0.05
IMPORTS_BYTES = 2**30
KEPT = ("PATH", "SYSTEMROOT", "LANG", "LC_ALL", "LD_LIBRARY_PATH")
BOOT = """
import sys
kit, *ours = sys.argv[1:]
sys.path[:] = [kit] + [path for path in sys.path if path not in ours]
from learner.worker import main
main()
"""


class Child:
    """A worker process: fed one job, read message by message, ended with everything it started.

    Attributes:
        last_words: why it ended by itself; "" while it runs.
    """

    def __init__(self, folder: Path, job: bytes, most_memory: int = 0) -> None:
        self.last_words = ""
        self._closed = threading.Event()
        self._start = self._peak = 0
        self._messages: queue.Queue[dict[str, Any] | None] = queue.Queue(maxsize=1_000)
        self._scratch = tempfile.TemporaryDirectory(prefix="learner-", ignore_cleanup_errors=True)
        self._popen = subprocess.Popen(
            [sys.executable, "-I", "-B", "-c", BOOT, str(folder), str(REPO), str(REPO / "notebooks")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=self._scratch.name,
            env=_environment(self._scratch.name),
            start_new_session=True,
        )
        threading.Thread(target=self._feed, args=(job,), daemon=True).start()
        threading.Thread(target=self._listen, daemon=True).start()
        if not LIMITS_BIND:
            threading.Thread(target=self._watch, args=(most_memory,), daemon=True).start()

    def __enter__(self) -> Child:
        return self

    def __exit__(self, *_: object) -> None:
        with contextlib.suppress(OSError, ProcessLookupError):
            if hasattr(os, "killpg"):
                os.killpg(self._popen.pid, signal.SIGKILL)
        with contextlib.suppress(OSError):
            self._popen.kill()
        self._popen.wait()
        with contextlib.suppress(OSError, ValueError):
            assert self._popen.stdin is not None
            self._popen.stdin.close()
        self._closed.set()
        self._scratch.cleanup()

    def read(self, seconds: float) -> dict[str, Any] | None:
        """Give the next message; None when the process ended or kept silent too long."""
        try:
            return self._messages.get(timeout=max(seconds, 0.01))
        except queue.Empty:
            return None

    def start_of_peak(self) -> None:
        """Read the memory held now, forget the peak before it, and tell the worker to go on."""
        with contextlib.suppress(OSError):
            Path(f"/proc/{self._popen.pid}/clear_refs").write_text("5")
        self._start, self._peak = self._memory("VmRSS"), 0
        self._write(b"go\n")

    def peak_above_start(self) -> int:
        """Read the peak of memory in bytes, less what was held at the start."""
        return max(0, self._memory("VmHWM") - self._start, self._peak - self._start)

    def _watch(self, most: int) -> None:
        """Note the highest memory seen, and end the process beyond the most that it may have."""
        while not self._closed.wait(LOOK_SECONDS):
            held = self._memory("VmRSS")
            self._peak = max(self._peak, held)
            if most and held > most + IMPORTS_BYTES:
                self.last_words = "it took more memory than it may have"
                self._popen.kill()

    def _memory(self, key: str) -> int:
        status = Path(f"/proc/{self._popen.pid}/status")
        with contextlib.suppress(OSError, StopIteration):
            return 1024 * next(int(line.split()[1]) for line in status.read_text().splitlines() if line.startswith(key))
        with contextlib.suppress(psutil.Error):
            info = psutil.Process(self._popen.pid).memory_info()
            return int(getattr(info, "peak_wset", info.rss) if key == "VmHWM" else info.rss)
        return 0

    def _feed(self, job: bytes) -> None:
        self._write(struct.pack("<Q", len(job)) + job)

    def _write(self, data: bytes) -> None:
        with contextlib.suppress(OSError, ValueError):
            assert self._popen.stdin is not None
            self._popen.stdin.write(data)
            self._popen.stdin.flush()

    def _listen(self) -> None:
        assert self._popen.stdout is not None
        with contextlib.suppress(OSError, ValueError, NotPlain, struct.error), self._popen.stdout as pipe:
            while isinstance(message := unpack(_frame(pipe)), dict):
                self._put(message)
        self.last_words = self.last_words or "it left Python"
        self._put(None)

    def _put(self, message: dict[str, Any] | None) -> None:
        """Hand on a message; one that nobody waits for any more is dropped."""
        while not self._closed.is_set():
            with contextlib.suppress(queue.Full):
                self._messages.put(message, timeout=1)
                break


def _frame(pipe: IO[bytes]) -> bytes:
    (length,) = struct.unpack("<Q", pipe.read(8))
    if length > 2 * MAX_BYTES:
        raise NotPlain(f"a reply of {length} bytes")
    return pipe.read(length)


def _environment(scratch: str) -> dict[str, str]:
    """Give a learner's process a small environment: nothing of the instructor's is in it."""
    kept = {key: os.environ[key] for key in KEPT if key in os.environ}
    places = dict.fromkeys(("HOME", "TMPDIR", "TEMP", "TMP"), scratch)
    return kept | places | {"MPLBACKEND": "Agg", "OMP_NUM_THREADS": "1"}
