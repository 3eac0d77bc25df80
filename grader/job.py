"""What a learner's process is given to do: notebooks to run, exercises to observe in them, and its limits."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from .exercise import Exercise, load
from .learner.plain import pack

CPU_GRACE = 30.0


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
    """One exercise to find in one of the job's notebooks, and to observe there unless others only build on it.

    `own` says whether the notebook is of the exercise's stage: a name that two exercises share is taken there
    also where it does not look meant for this one.
    """

    exercise: Exercise
    notebook: int
    own: bool = True
    observe: bool = True


@dataclass(frozen=True)
class Job:
    """The notebooks of a submission, what to observe in them, and what is handed in for follow-through.

    `seconds` is what is left of the submission's time, where earlier jobs used some of it; `spared` counts how often
    it was begun anew since the system, and not the learner's code, ended it.
    """

    notebooks: tuple[dict[str, Any], ...]
    tasks: tuple[Task, ...]
    seed: int
    limits: Limits = field(default_factory=Limits)
    handed: dict[str, str] = field(default_factory=dict)
    at_scale: bool = False
    seconds: float | None = None
    spared: int = 0


def message_of(job: Job, wanted: list[str]) -> bytes:
    """Write a job as the learner's process reads it; of its tasks those that are wanted are observed."""
    exercises = [task.exercise for task in job.tasks] + [load(need) for need in job.handed]
    return pack(
        {
            "notebooks": [dict(book) for book in job.notebooks],
            "tasks": [_task_tree(task, wanted) for task in job.tasks],
            "names": {exercise.id: list(exercise.names) for exercise in exercises},
            "handed": job.handed,
            "seed": job.seed,
            "at_scale": job.at_scale,
            "memory": job.limits.memory,
            "cpu_seconds": job.limits.submission + CPU_GRACE,
            "cell_seconds": job.limits.cell,
            "exercise_seconds": job.limits.at_scale if job.at_scale else job.limits.exercise,
        }
    )


def _task_tree(task: Task, wanted: list[str]) -> dict[str, Any]:
    return {
        "exercise": task.exercise.id,
        "names": list(task.exercise.names),
        "notebook": task.notebook,
        "own": task.own,
        "observe": task.observe and task.exercise.id in wanted,
    }
