"""Judge one exercise in a namespace of this very process: how a notebook is checked."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator
from dataclasses import replace
from types import FunctionType
from typing import Any

from ... import exercise
from ...exercise import Exercise
from ...judge import judge
from ...learner.observation import Observation
from ...learner.observe import globals_of, observe
from ...messages import alike, listed, missing
from ...verdict import Status, Verdict
from .own_source import NotText, cell_text, own_source

SEED = 0
SECONDS = 10.0
COURSE = "grader.exercises."
LENT = "lent_answer"  # the diagnosis of a check that met the course's own answer: it says nothing of the learner's


def verdict(exercise_id: str, namespace: dict[str, Any]) -> Verdict:
    """Observe and judge; where only what it builds on is at fault, the status is `not yet`."""
    loaded = exercise.load(exercise_id)
    lent = next((name for name in loaded.names if is_ours(loaded, name, namespace.get(name))), None)
    if lent is not None:
        return _ours(loaded, lent)
    own = _judged(loaded, namespace)
    if _missing(loaded, namespace):
        return replace(own, message=missing(_missing(loaded, namespace), _misspelt(loaded, namespace)))
    if own.status in (Status.CORRECT, Status.BROKEN) or not loaded.needs:
        return own
    open_needs = tuple(need for need in loaded.needs if need_is_open(need, namespace))
    if not open_needs:
        return own
    other = _judged_with(open_needs, loaded, namespace)
    if other.status is not Status.CORRECT:
        return other
    return _not_yet(own, _at_fault(open_needs, loaded, namespace))


def _judged_with(needs: tuple[str, ...], loaded: Exercise, namespace: dict[str, Any]) -> Verdict:
    with _lent(needs, loaded, namespace):
        return _judged(loaded, namespace)


def _at_fault(needs: tuple[str, ...], loaded: Exercise, namespace: dict[str, Any]) -> tuple[str, ...]:
    """Leave out what is right as soon as the others are: a union that only builds on a wrong intersection."""
    for need in needs:
        rest = tuple(other for other in needs if other != need)
        if rest and _judged_with(rest, loaded, namespace).status is Status.CORRECT:
            needs = rest
    return needs


def first_open_need(found: Verdict) -> str:
    """Give the exercise that a `not yet` waits for."""
    return found.staff_note.split(" ")[0]


def need_is_open(exercise_id: str, namespace: dict[str, Any]) -> bool:
    """Whether an earlier exercise is in this notebook and not right yet."""
    loaded = exercise.load(exercise_id)
    present = any(name in namespace for name in loaded.names)
    return present and _judged(loaded, namespace).status is not Status.CORRECT


def is_ours(loaded: Exercise, name: str, value: Any) -> bool:
    """Whether a name holds what `grader.earlier` lends: the course's answer, or a class built on it."""
    if value is loaded.reference()[name]:
        return True
    if not isinstance(value, type | FunctionType):
        return False
    if any(base.__module__ == loaded.answer.__name__ for base in getattr(value, "__bases__", ())):
        return True
    module = str(value.__module__)
    return module.startswith(COURSE) and getattr(sys.modules.get(module), value.__name__, None) is value


def _ours(loaded: Exercise, name: str) -> Verdict:
    message = (
        f"The name `{name}` holds the course's answer now (the cell with `earlier` ran last). Run your own cell, "
        "then check."
    )
    return Verdict(loaded.id, Status.MISSING, message, max_score=loaded.points, diagnosis=LENT)


def portable_source(loaded: Exercise, namespace: dict[str, Any]) -> str | None:
    """Give a learner's answer as a text of its own, None where it has none."""
    with contextlib.suppress(NotText, SyntaxError, RecursionError):
        return own_source(namespace, loaded.names)
    return None


def _judged(loaded: Exercise, namespace: dict[str, Any]) -> Verdict:
    if loaded.isolated:
        from .isolated import judged_at_scale

        return judged_at_scale(loaded, namespace, SEED)
    return judge(loaded, _observed(loaded, namespace), seed=SEED, source=_text(loaded, namespace))


def _observed(loaded: Exercise, namespace: dict[str, Any]) -> Observation:
    return observe(loaded.probe, namespace, seed=SEED, seconds=SECONDS)


def _text(loaded: Exercise, namespace: dict[str, Any]) -> str:
    return "\n\n".join(filter(None, (cell_text(namespace.get(name)) for name in loaded.names)))


def _missing(loaded: Exercise, namespace: dict[str, Any]) -> tuple[str, ...]:
    return tuple(name for name in loaded.names if name not in namespace)


def _misspelt(loaded: Exercise, namespace: dict[str, Any]) -> tuple[str, ...]:
    """List what may be a missing name misspelt: like it, and the name of no other exercise."""
    kinds = (type, FunctionType, dict)
    own = [name for name, value in namespace.items() if isinstance(value, kinds) and not name.startswith("_")]
    near = [other for name in _missing(loaded, namespace) for other in alike(name, own)]
    asked = {name for other in exercise.ids() for name in exercise.load(other).names} if near else set()
    return tuple(name for name in near if name not in asked)


def _not_yet(own: Verdict, needs: tuple[str, ...]) -> Verdict:
    message = (
        f"`{own.exercise}` builds on {listed(needs)}, and that is not right yet; with a right one your own part "
        f"works. Mend {listed(needs[:1])} first."
    )
    return replace(
        own,
        status=Status.NOT_YET,
        message=message,
        score=0,
        diagnosis=None,
        evidence=None,
        staff_note=f"{needs[0]} is open",
    )


@contextlib.contextmanager
def _lent(needs: tuple[str, ...], loaded: Exercise, namespace: dict[str, Any]) -> Iterator[None]:
    """Put right answers in the place of the earlier ones, in the globals that the answer looks them up in."""
    right = {name: value for need in needs for name, value in exercise.load(need).reference().items()}
    answers = [namespace[name] for name in loaded.names if name in namespace]
    spaces = [*(space for answer in answers for space in globals_of(answer)), namespace]
    before = [(space, {name: space[name] for name in right if name in space}) for space in spaces]
    for space in spaces:
        space.update(right)
    try:
        yield
    finally:
        for space, old in before:
            for name in right:
                space.pop(name, None)
            space.update(old)
