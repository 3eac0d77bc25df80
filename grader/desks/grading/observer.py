"""Observe the answers of one submission in processes of their own, on the submission's time."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from ...course import stage_of
from ...job import Job, Limits, Task
from ...launch import Launcher, Started
from ...learner.observation import DIED, TIMED_OUT, Observation
from ...process import observe_all
from ..submissions.ipynb import Notebook


class Observer:
    """The processes of one submission: what they see, the time that is left, and how often one had to start again.

    `limited` says whether a limit of time or memory may have had a part in what was seen.

    Args:
        notebooks: the submission's.
        places: in which of them each exercise is judged, by id.
        seed: of every probe.
        limits: `left` counts down from that of the submission.
        launcher: starts the processes.
    """

    def __init__(
        self, notebooks: Sequence[Notebook], places: Mapping[str, int], seed: int, limits: Limits, launcher: Launcher
    ) -> None:
        self.left, self.limited = limits.submission, False
        self._books = tuple(_book(notebook) for notebook in notebooks)
        self._places, self._seed, self._limits = places, seed, limits
        self._launcher, self._jobs = _Counting(launcher), 0

    @property
    def restarts(self) -> int:
        """Count the processes that had to be started again."""
        return max(0, self._launcher.starts - self._jobs)

    def observe(self, tasks: Sequence[Task], **options: Any) -> dict[str, Observation]:
        """Observe tasks in a process, of the notebooks that they stand in; `options` are the job's."""
        if not tasks:
            return {}
        used = sorted({task.notebook for task in tasks}, key=self._stage)
        books = tuple(self._books[index] for index in used)
        moved = tuple(replace(task, notebook=used.index(task.notebook)) for task in tasks)
        start = time.monotonic()
        self._jobs += 1
        seen = observe_all(Job(books, moved, self._seed, self._limits, seconds=self.left, **options), self._launcher)
        self.left -= time.monotonic() - start
        self.limited = self.limited or self.left <= 0 or any(map(_limited, seen.values()))
        return seen

    def _stage(self, notebook: int) -> tuple[str, int]:
        """Put notebooks in the order taught."""
        stages = [stage_of(key).name for key, place in self._places.items() if place == notebook]
        return min(stages, default=""), notebook


def _limited(seen: Observation) -> bool:
    """Whether more time or memory might have shown something else."""
    said = f"{seen.error.kind} {seen.error.text}" if seen.error else seen.note
    return seen.ended in (TIMED_OUT, DIED) or "time limit" in said or "memory" in said.casefold()


class _Counting:
    """A launcher that counts what it starts."""

    def __init__(self, launcher: Launcher) -> None:
        self.launcher, self.starts = launcher, 0

    def start(self) -> Started:
        self.starts += 1
        return self.launcher.start()


def _book(notebook: Notebook) -> dict[str, Any]:
    cells = [{"source": cell.source, "exercise": cell.exercise} for cell in notebook.cells]
    return {"stage": notebook.name[:100], "cells": cells}
