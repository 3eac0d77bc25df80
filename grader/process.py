"""Run a learner's code in a process of its own and read the observations that come back.

The process gets a folder with the probes, the plain data types, the observer and `lesson`: the *kit*.
No answer is in it. What comes back is size-limited plain data, whoever wrote it.
"""

from __future__ import annotations

import contextlib
import shutil
import time
from collections.abc import Iterator
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from .child import Child
from .exercise import FOLDER, Exercise
from .job import Job, Limits, message_of
from .launch import Launcher
from .learner.observation import DIED, TIMED_OUT, Entry, Observation, from_tree
from .learner.plain import NotPlain
from .scratch import Scratch, remove_stale

HERE = Path(__file__).parent
GRACE = 5.0
START_SECONDS = 120.0
MOST_SPARED = 3
PLACE = {"notebook": int, "cell": int, "started": str}


@contextlib.contextmanager
def kit() -> Iterator[Path]:
    """Lay out the folder that a learner's process may import from."""
    remove_stale()
    with Scratch("kit") as folder:
        shutil.copytree(HERE / "learner", folder / "learner", ignore=shutil.ignore_patterns("__pycache__"))
        lesson = find_spec("lesson")
        if lesson and lesson.origin:
            shutil.copytree(Path(lesson.origin).parent, folder / "lesson", ignore=shutil.ignore_patterns("__pycache__"))
        (folder / "probes").mkdir()
        for probe in FOLDER.glob("*/probe.py"):
            shutil.copyfile(probe, folder / "probes" / f"{probe.parent.name}.py")
        folder.chmod(0o755)  # whoever learners' code runs as reads it
        yield folder


def observe_all(job: Job, launcher: Launcher) -> dict[str, Observation]:
    """Observe every task; whatever hangs or dies costs that exercise alone.

    Args:
        job: what to run and to observe.
        launcher: starts the processes.
    """
    seen: dict[str, Observation] = {}
    end = time.monotonic() + (job.limits.submission if job.seconds is None else job.seconds)
    wanted = [task.exercise.id for task in job.tasks if task.observe]
    while left := [exercise for exercise in wanted if exercise not in seen]:
        found, rest = _attempt(job, left, launcher, end)
        if not found and rest is job:
            break
        seen, job = seen | found, rest
    rest_of_them = _unseen(job.limits, in_time=time.monotonic() < end)
    return {exercise: seen.get(exercise, rest_of_them) for exercise in wanted}


def _unseen(limits: Limits, *, in_time: bool) -> Observation:
    if in_time:
        return Observation(ended=DIED, note="it never got that far")
    return Observation(ended=TIMED_OUT, note=f"not reached: the submission took more than {limits.submission:g} s")


def _attempt(job: Job, wanted: list[str], launcher: Launcher, end: float) -> tuple[dict[str, Observation], Job]:
    """Run one process until it ends or has to be ended; give what it saw, and the job without a cell that hung."""
    found: dict[str, Observation] = {}
    at: dict[str, Any] = {}
    waiting = set(wanted) if job.at_scale else set()
    with Child(launcher, message_of(job, wanted), job.limits.memory) as process:
        while True:
            patience = min(_patience(job, at), end - time.monotonic())
            message = process.read(patience)
            if message is None or "end" in message:
                break
            at = _where(at, message)
            if at.get("started") in waiting:
                waiting.remove(at["started"])  # once: a second start would have the peak before it forgotten
                process.start_of_peak()
            if "observation" in message:
                found |= _received(message, wanted, job, process)
        died = process.last_words  # read here: whatever still runs is ended by us on the way out
    if message is None and time.monotonic() < end:
        if job.spared < MOST_SPARED and process.lost():
            return found, replace(job, spared=job.spared + 1)
        return _blame(job, wanted, at, found, died)
    return found, job


def _where(at: dict[str, Any], message: dict[str, Any]) -> dict[str, Any]:
    """Keep what a message tells of the place where the process is; a cell lies in the notebook told before it."""
    told = {key: message[key] for key, kind in PLACE.items() if type(message.get(key)) is kind}
    return {**at, **told} if "cell" in told else told


def _patience(job: Job, at: dict[str, Any]) -> float:
    if "started" in at:
        return (job.limits.at_scale if job.at_scale else job.limits.exercise) + GRACE
    return (job.limits.cell if "cell" in at else START_SECONDS) + GRACE


def _received(message: dict[str, Any], wanted: list[str], job: Job, process: Child) -> dict[str, Observation]:
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
    extra: tuple[Entry, ...] = (Entry("peak memory", name, results, aside=True),)
    if not seen.error and seen.ended != TIMED_OUT:
        extra += (Entry("the peak of its memory", name, word),)
    return replace(seen, entries=seen.entries + extra)


def _blame(
    job: Job, wanted: list[str], at: dict[str, Any], found: dict[str, Observation], died: str
) -> tuple[dict[str, Observation], Job]:
    """Charge a sudden end to the exercise or the cell that ran, so that the next attempt gets past it."""
    if at.get("started") in wanted:
        limit = job.limits.at_scale if job.at_scale else job.limits.exercise
        note = died or f"stopped after {limit:g} s"
        return found | {at["started"]: Observation(ended=DIED if died else TIMED_OUT, note=note)}, job
    index, cell = at.get("notebook", -1), at.get("cell", -1)
    if 0 <= index < len(job.notebooks) and 0 <= cell < len(job.notebooks[index]["cells"]):
        books = list(job.notebooks)
        books[index] = books[index] | {"skip": [*books[index].get("skip", ()), cell]}
        return found, replace(job, notebooks=tuple(books))
    return found, job
