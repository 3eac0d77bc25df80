"""The reference at full size: observed in a process of its own, as a learner's answer is."""

from __future__ import annotations

import threading

from .exercise import Exercise
from .job import Job, Task
from .launch import Launcher
from .learner.observation import DONE, Observation
from .process import observe_all
from .sources import answer_source

_lock = threading.Lock()
_seen: dict[tuple[str, int], Observation] = {}


def expected_at_scale(exercise: Exercise, seed: int, launcher: Launcher) -> Observation:
    """Observe the reference of an isolated exercise, once for each seed.

    Args:
        exercise: one with `isolated`.
        seed: of the probe's inputs.
        launcher: starts the process.
    """
    with _lock:
        key = exercise.id, seed
        seen = _seen.get(key) or _observe(exercise, seed, launcher)
        if seen.ended == DONE and not seen.error:  # a busy machine's failure is not kept
            _seen[key] = seen
        return seen


def _observe(exercise: Exercise, seed: int, launcher: Launcher) -> Observation:
    book = {"stage": "reference", "cells": [{"source": answer_source(exercise.id), "exercise": None}]}
    return observe_all(Job((book,), (Task(exercise, 0),), seed, at_scale=True), launcher)[exercise.id]
