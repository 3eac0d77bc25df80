"""Run a learner's code in a process of its own and read the observations that come back.

The process gets a folder with the probes, the plain data types, the observer and `lesson`: the *kit*.
No answer is in it. What comes back is size-limited plain data, whoever wrote it.
"""

from __future__ import annotations

import contextlib
import os
import queue
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import psutil

from .exercise import FOLDER, Exercise
from .learner.observation import DIED, TIMED_OUT, Entry, Observation, from_tree
from .learner.plain import MAX_BYTES, NotPlain, pack, unpack

HERE = Path(__file__).parent
LESSON = HERE.parent / "notebooks" / "lesson"
GRACE = 5.0
START_SECONDS = 120.0
BOOT = """
import sys
kit, *ours = sys.argv[1:]
sys.path[:] = [kit] + [path for path in sys.path if path not in ours]
from learner.worker import main
main()
"""


@dataclass(frozen=True)
class Limits:
    """Seconds a cell, an exercise, an exercise at scale and a submission may take, and bytes of memory."""

    cell: float = 20
    exercise: float = 20
    at_scale: float = 30
    submission: float = 180
    memory: int = 4 * 2**30


@dataclass(frozen=True)
class Task:
    """One exercise to observe in one of the job's notebooks."""

    exercise: Exercise
    notebook: int


@dataclass(frozen=True)
class Job:
    """The notebooks of a submission, what to observe in them, and what is handed in for follow-through."""

    notebooks: tuple[dict[str, Any], ...]
    tasks: tuple[Task, ...]
    seed: int
    limits: Limits = field(default_factory=Limits)
    handed: dict[str, str] = field(default_factory=dict)
    at_scale: bool = False


@contextlib.contextmanager
def kit() -> Iterator[Path]:
    """Lay out the folder that a learner's process may import from."""
    with tempfile.TemporaryDirectory(prefix="kit-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        shutil.copytree(HERE / "learner", folder / "learner", ignore=shutil.ignore_patterns("__pycache__"))
        if LESSON.exists():
            shutil.copytree(LESSON, folder / "lesson", ignore=shutil.ignore_patterns("__pycache__"))
        (folder / "probes").mkdir()
        for probe in FOLDER.glob("*/probe.py"):
            shutil.copyfile(probe, folder / "probes" / f"{probe.parent.name}.py")
        yield folder


def observe_all(job: Job, folder: Path) -> dict[str, Observation]:
    """Observe every task; whatever hangs or dies costs that exercise alone.

    Args:
        job: what to run and to observe.
        folder: a `kit()`.
    """
    seen: dict[str, Observation] = {}
    end = time.monotonic() + job.limits.submission
    while left := [task.exercise.id for task in job.tasks if task.exercise.id not in seen]:
        found, rest = _attempt(job, left, folder, end)
        if not found and rest is job:
            break
        seen, job = seen | found, rest
    out_of_time = Observation(ended=TIMED_OUT, note=f"not reached: the submission took more than {job.limits.submission:g} s")
    return {task.exercise.id: seen.get(task.exercise.id, out_of_time) for task in job.tasks}


def _attempt(job: Job, wanted: list[str], folder: Path, end: float) -> tuple[dict[str, Observation], Job]:
    """Run one process until it ends or has to be ended; give what it saw, and the job without a cell that hung."""
    found: dict[str, Observation] = {}
    at: dict[str, Any] = {}
    with _Process(folder, _message(job, wanted)) as process:
        while True:
            patience = min(_patience(job, at), end - time.monotonic())
            message = process.read(patience)
            if message is None or "end" in message:
                break
            at = {**at, **message} if "cell" in message else message
            if "started" in message and job.at_scale:
                process.start_of_peak()
            if "observation" in message:
                found |= _received(message, wanted, job, process)
    if message is None and time.monotonic() < end:
        return _blame(job, at, found, process.ended_by_itself)
    return found, job


def _patience(job: Job, at: dict[str, Any]) -> float:
    if "started" in at:
        return (job.limits.at_scale if job.at_scale else job.limits.exercise) + GRACE
    return (job.limits.cell if "cell" in at else START_SECONDS) + GRACE


def _received(message: dict[str, Any], wanted: list[str], job: Job, process: _Process) -> dict[str, Observation]:
    exercise = next((task.exercise for task in job.tasks if task.exercise.id == message.get("exercise")), None)
    if exercise is None or exercise.id not in wanted:
        return {}
    try:
        seen = from_tree(message["observation"])
    except NotPlain as error:
        seen = Observation(ended=DIED, note=f"its reply could not be read: {error}")
    return {exercise.id: _with_peak(seen, exercise, process.peak_above_start()) if job.at_scale else seen}


def _with_peak(seen: Observation, exercise: Exercise, peak: int) -> Observation:
    """Add what was read from outside: whether the peak stayed under the probe's limit, and how high it was."""
    results = peak / exercise.probe.UNIT_BYTES
    word = "within the limit" if results <= exercise.probe.PEAK_LIMIT else "above the limit"
    name = exercise.names[0]
    extra = (Entry("peak memory", name, results, aside=True),)
    if not seen.error and seen.ended != TIMED_OUT:
        extra += (Entry("the peak of its memory", name, word),)
    return replace(seen, entries=seen.entries + extra)


def _blame(job: Job, at: dict[str, Any], found: dict[str, Observation], died: bool) -> tuple[dict[str, Observation], Job]:
    """Charge a sudden end to the exercise or the cell that ran, so that the next attempt gets past it."""
    if "started" in at:
        limit = job.limits.at_scale if job.at_scale else job.limits.exercise
        note = "it left Python" if died else f"stopped after {limit:g} s"
        return found | {str(at["started"]): Observation(ended=DIED if died else TIMED_OUT, note=note)}, job
    if "cell" in at and "notebook" in at:
        books = list(job.notebooks)
        book = books[int(at["notebook"])]
        books[int(at["notebook"])] = book | {"skip": [*book.get("skip", ()), at["cell"]]}
        return found, replace(job, notebooks=tuple(books))
    return found, job


def _message(job: Job, wanted: list[str]) -> bytes:
    names = {task.exercise.id: list(task.exercise.names) for task in job.tasks}
    return pack({
        "notebooks": [dict(book) for book in job.notebooks],
        "tasks": [{"exercise": task.exercise.id, "names": list(task.exercise.names), "notebook": task.notebook,
                   "observe": task.exercise.id in wanted} for task in job.tasks],
        "names": names, "handed": job.handed, "seed": job.seed, "at_scale": job.at_scale, "memory": job.limits.memory,
        "cell_seconds": job.limits.cell,
        "exercise_seconds": job.limits.at_scale if job.at_scale else job.limits.exercise,
    })


class _Process:
    """A worker process: fed one job, read message by message, ended with everything it started."""

    def __init__(self, folder: Path, job: bytes) -> None:
        self.ended_by_itself = False
        self._start = 0
        self._messages: queue.Queue[dict[str, Any] | None] = queue.Queue(maxsize=1_000)
        self._scratch = tempfile.TemporaryDirectory(prefix="learner-", ignore_cleanup_errors=True)
        repo = HERE.parent
        self._popen = subprocess.Popen(
            [sys.executable, "-I", "-B", "-c", BOOT, str(folder), str(repo), str(repo / "notebooks")],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            cwd=self._scratch.name, env=_environment(self._scratch.name), start_new_session=True,
        )
        threading.Thread(target=self._feed, args=(job,), daemon=True).start()
        threading.Thread(target=self._listen, daemon=True).start()

    def __enter__(self) -> _Process:
        return self

    def __exit__(self, *_: object) -> None:
        with contextlib.suppress(OSError, ProcessLookupError):
            if hasattr(os, "killpg"):
                os.killpg(self._popen.pid, signal.SIGKILL)
        with contextlib.suppress(OSError):
            self._popen.kill()
        self._popen.wait()
        for stream in (self._popen.stdin, self._popen.stdout):
            with contextlib.suppress(OSError, ValueError):
                assert stream is not None
                stream.close()
        self._scratch.cleanup()

    def read(self, seconds: float) -> dict[str, Any] | None:
        """Give the next message; None when the process ended or kept silent too long."""
        try:
            return self._messages.get(timeout=max(seconds, 0.01))
        except queue.Empty:
            return None

    def start_of_peak(self) -> None:
        """Read the memory held now, and tell the worker to go on."""
        self._start = self._memory("VmRSS")
        self._write(b"go\n")

    def peak_above_start(self) -> int:
        """Read the peak of memory in bytes, less what was held at the start."""
        return max(0, self._memory("VmHWM") - self._start)

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
        with contextlib.suppress(OSError, ValueError, NotPlain, struct.error):
            while True:
                assert self._popen.stdout is not None
                (length,) = struct.unpack("<Q", self._popen.stdout.read(8))
                if length > 2 * MAX_BYTES:
                    break
                message = unpack(self._popen.stdout.read(length))
                if not isinstance(message, dict):
                    break
                self._messages.put(message)
        self.ended_by_itself = True
        self._messages.put(None)


def _environment(scratch: str) -> dict[str, str]:
    """Give a learner's process a small environment: nothing of the instructor's is in it."""
    kept = {key: os.environ[key] for key in ("PATH", "SYSTEMROOT", "LANG", "LC_ALL", "LD_LIBRARY_PATH") if key in os.environ}
    return kept | {"HOME": scratch, "TMPDIR": scratch, "TEMP": scratch, "TMP": scratch, "MPLBACKEND": "Agg", "OMP_NUM_THREADS": "1"}
