"""Judge, for the notebook, an exercise whose answer runs in a process of its own: its text is taken there."""

from __future__ import annotations

import ast
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

from ...at_scale import expected_at_scale
from ...course import stage_of
from ...exercise import Exercise, load
from ...job import Job, Task
from ...judge import judge
from ...launch import Fresh
from ...learner.observation import Observation
from ...learner.observe import observe
from ...process import kit, observe_all
from ...sources import answer_source
from ...verdict import Status, Verdict
from .own_source import NotText, cell_text, own_source

OURS = re.compile(r"^from grader\.exercises\.(\w+)\.exercise import (\w+) as (\w+)$", re.MULTILINE)


class NotOwn(ValueError):
    """An answer hands its work to the course's answer to another exercise: `name` of `exercise`."""

    def __init__(self, name: str, exercise: str) -> None:
        super().__init__(name, exercise)
        self.name, self.exercise = name, exercise


def judged_at_scale(loaded: Exercise, namespace: dict[str, Any], seed: int) -> Verdict:
    """Run the learner's answer and the reference in two processes at once, and judge what comes back."""
    source = cell_text(namespace.get(loaded.names[0]))
    if _says_so_at_once(loaded, namespace, source):
        return judge(loaded, observe(loaded.probe, namespace, seed=seed), seed=seed)
    try:
        cells = _cells(loaded, namespace, source)
    except NotOwn as error:
        return _not_own(loaded, error)
    except (NotText, SyntaxError, RecursionError) as error:
        return _not_text(loaded, str(error))
    got, expected = _observed(loaded, cells, seed)
    verdict = judge(loaded, got, seed=seed, source=source, expected=expected)
    return _not_run(verdict, loaded, got.note) if got.missing else verdict


def _says_so_at_once(loaded: Exercise, namespace: dict[str, Any], source: str | None) -> bool:
    """Whether there is nothing to run: no such name, no function, or the stub as it was."""
    if not callable(namespace.get(loaded.names[0])):
        return True
    return source is not None and ast.dump(ast.parse(source)) == ast.dump(ast.parse(loaded.probe.STUB))


def _cells(loaded: Exercise, namespace: dict[str, Any], source: str | None) -> list[str]:
    """Give the text to run: the definition with what it uses, or else all that the notebook has run so far."""
    try:
        text = OURS.sub(lambda found: _lent(loaded, *found.groups()), own_source(namespace, loaded.names))
    except NotText:
        history = namespace.get("In")
        if not isinstance(history, list):
            raise
        return [str(cell) for cell in history]
    if source and text.endswith(source + "\n"):  # in a cell of its own, with the line numbers that the learner sees
        first = namespace[loaded.names[0]].__code__.co_firstlineno
        return [text.removesuffix(source + "\n"), "\n" * (first - 1) + source]
    return [text]


def _lent(loaded: Exercise, exercise_id: str, name: str, alias: str) -> str:
    """Write out a right answer to something that the exercise builds on; no other answer of ours goes along."""
    if exercise_id not in loaded.needs:
        raise NotOwn(alias, exercise_id)
    return answer_source(exercise_id) + (f"{alias} = {name}" if alias != name else "")


def _observed(loaded: Exercise, cells: list[str], seed: int) -> tuple[Observation, Observation]:
    book = {"stage": "notebook", "cells": [{"source": cell, "exercise": None} for cell in cells]}
    others = tuple(Task(load(other), 0, observe=False) for other in stage_of(loaded.id).exercises if other != loaded.id)
    job = Job((book,), (*others, Task(loaded, 0)), seed, at_scale=True)
    with kit() as folder, ThreadPoolExecutor(1) as pool:
        launcher = Fresh(folder)
        expected = pool.submit(expected_at_scale, loaded, seed, launcher)
        got = observe_all(job, launcher)[loaded.id]
        return got, expected.result()


def _not_own(loaded: Exercise, error: NotOwn) -> Verdict:
    message = (
        f"Your answer hands its work to `{error.name}`, which is the course's own until `{error.exercise}` is "
        f"right. Mend `{error.exercise}` first, or write the steps out in this cell."
    )
    return Verdict(loaded.id, Status.NOT_YET, message, max_score=loaded.points, staff_note=f"{error.exercise} is open")


def _not_text(loaded: Exercise, reason: str) -> Verdict:
    message = (
        f"`{loaded.names[0]}` runs in a process of its own, and goes there as text: {reason.rstrip('.')}. "
        "Make all that it uses inside the function, or by functions of your own."
    )
    return Verdict(loaded.id, Status.WRONG, message, max_score=loaded.points)


def _not_run(verdict: Verdict, loaded: Exercise, note: str) -> Verdict:
    why = note or "it is not in your cells"
    message = (
        f"The text of `{loaded.names[0]}` could not be run in a process of its own ({why}). "
        "Define it in one cell with all that it uses, run that, then check again."
    )
    return replace(verdict, message=message, status=Status.WRONG)
