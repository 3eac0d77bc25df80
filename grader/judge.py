"""Turn an observation into a verdict by comparing it with those of our own answers."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from . import messages
from .diagnosis import ask, diagnosis
from .differences import Difference, agree, as_long_as_alike, compare, most_helpful
from .exercise import Exercise, sentence
from .forms import CODE, judge_form, kind_of
from .learner import observation as seen
from .learner.limits import no_collection, one_thread
from .learner.observation import Observation
from .sources import is_stub
from .verdict import Evidence, Status, Verdict

BY_TORCH = r"not implemented for|is missing the required|Subclasses of \w+ should implement"  # no stub's words


def judge(
    exercise: Exercise, got: Observation, *, seed: int, source: str | None = None, expected: Observation | None = None
) -> Verdict:
    """Judge what was observed of a learner's answer.

    Args:
        exercise: with the reference, the known mistakes, the symptoms and the permitted readings.
        got: the observation; plain data, whoever made it.
        seed: the seed of the probe that made it.
        source: the text of the learner's definitions, where it is known, for advice on style.
        expected: the reference's observation, where it could not be made in this process.
    """
    with one_thread(), no_collection():
        return _judged(exercise, got, seed, source, expected)


def _judged(
    exercise: Exercise, got: Observation, seed: int, source: str | None, expected: Observation | None
) -> Verdict:
    expected = _with_inputs(expected, exercise.expected(seed)) if expected else exercise.expected(seed)
    if expected.ended != seen.DONE or expected.error:
        return _verdict(exercise, Status.BROKEN, messages.broken(exercise.id), staff_note=expected.note)
    early = _unattempted(exercise, got)
    if early:
        return early
    if kind_of(exercise) != CODE:
        return judge_form(exercise, got)
    got = _permitted(exercise, expected, got)
    reading = _reading(exercise, expected, got, seed)
    if reading is not None:
        return _right(exercise, reading, expected, got, source)
    found = _wrong(exercise, expected, got, seed)
    if got.error and source and is_stub(source, exercise.probe.STUB):  # given out broken: the error is the next step
        return replace(found, status=Status.MISSING, diagnosis=None, evidence=None)
    return found


def _reading(exercise: Exercise, expected: Observation, got: Observation, seed: int) -> str | None:
    """Name the permitted reading that the answer agrees with: "" is the reference, None says that it is wrong."""
    if got.ended != seen.DONE:
        return None
    if agree(expected, got):
        return ""
    names = exercise.group("Readings")
    readings = ((name, exercise.followed("Readings", name, seed, as_long_as_alike(got))) for name in names)
    return next((name for name, reading in readings if agree(reading, got)), None)


def unwritten(got: Observation) -> bool:
    """Whether an answer is not there, or says itself that it is still to be written."""
    if got.error is None or got.error.kind != "NotImplementedError":
        return bool(got.missing)
    own = got.error.line is not None or not got.error.text  # a stub's has no words, and most often a line
    return bool(got.missing) or (own and not re.search(BY_TORCH, got.error.text))


def is_right(exercise: Exercise, got: Observation, seed: int) -> bool:
    """Whether an observation is that of a right answer, whatever a verdict would say beside it."""
    expected = exercise.expected(seed)
    return _reading(exercise, expected, _permitted(exercise, expected, got), seed) is not None


def _permitted(exercise: Exercise, expected: Observation, got: Observation) -> Observation:
    """Take a value that the answer's `PERMITTED` lists under its label for the one that the reference gives."""
    listed = getattr(exercise.answer, "PERMITTED", {})
    entries = tuple(
        replace(entry, value=expected[entry.label])
        if any(compare(value, entry.value) is None for value in listed.get(entry.label, ()))
        else entry
        for entry in got.entries
    )
    return replace(got, entries=entries)


def _with_inputs(crossed: Observation, own: Observation) -> Observation:
    """Give an observation that crossed the border the inputs back, as far as they were asked here too."""
    inputs = {entry.label: entry.inputs for entry in own.entries}
    entries = (replace(entry, inputs=inputs.get(entry.label, {})) for entry in crossed.entries)
    return replace(crossed, entries=tuple(entries))


def _unattempted(exercise: Exercise, got: Observation) -> Verdict | None:
    if got.missing:
        return _verdict(exercise, Status.MISSING, messages.missing(got.missing))
    if got.error and unwritten(got):
        return _verdict(exercise, Status.MISSING, messages.not_written(exercise.names, got.error))
    if got.misfits:
        return _verdict(exercise, Status.WRONG, messages.misfit(exercise.probe.STUB, got.misfits[0]))
    return None


def _right(exercise: Exercise, reading: str, expected: Observation, got: Observation, source: str | None) -> Verdict:
    notes = [(function, ask(function, expected, got, source or "")) for function in exercise.group("Advice").values()]
    held = [function for function, holds in notes if holds]
    cost = max((getattr(function, "costs", 0) for function in held), default=0)
    said = [sentence(exercise.group("Readings")[reading])] if reading else []
    return _verdict(
        exercise,
        Status.CORRECT,
        " ".join(said) or exercise.answer.NOTICE,
        score=exercise.points - cost,
        advice=tuple(sentence(function) for function in held),
    )


def _wrong(exercise: Exercise, expected: Observation, got: Observation, seed: int) -> Verdict:
    difference = most_helpful(expected, got)
    details: dict[str, Any] = {"evidence": _evidence(difference), "staff_note": got.note}
    status = Status.TIMED_OUT if got.ended == seen.TIMED_OUT else Status.RAISED if got.error else Status.WRONG
    found = diagnosis(exercise, expected, got, seed, difference)
    if found:
        status = Status.WRONG if found.is_wrong else status
        if found.case is not None:
            details["evidence"] = _evidence(most_helpful(_about(found.case, expected), _about(found.case, got)))
        return _verdict(exercise, status, found.message, diagnosis=found.name, **details)
    if got.ended == seen.TIMED_OUT:
        return _verdict(exercise, status, messages.timed_out(exercise.names[0], got.note), **details)
    if got.ended == seen.DIED:
        return _verdict(exercise, Status.RAISED, messages.died(exercise.names[0], got.note), **details)
    if got.error:
        return _verdict(exercise, status, messages.raised(expected, got), **details)
    if difference is None and got.ended == seen.DONE and not got.compared:  # a reply that no probe of ours writes
        return _verdict(exercise, status, messages.cut_short(exercise.names[0]), staff_note=got.note)
    if difference is None:
        return _verdict(exercise, Status.BROKEN, messages.broken(exercise.id), staff_note=got.note)
    return _verdict(exercise, status, messages.difference(difference), **details)


def _about(case: str, seen: Observation) -> Observation:
    """Leave the one question that a sentence names, so that a table beside it shows no other."""
    return replace(seen, entries=tuple(entry for entry in seen.entries if entry.label == case))


def _evidence(difference: Difference | None) -> Evidence | None:
    if difference is None or difference.kind in ("error", "changed") or difference.expected.sample:
        return None
    one, two = difference.expected, difference.got
    return Evidence(one.label, messages.called(one.name), one.inputs, one.value, two.value)


def _verdict(exercise: Exercise, status: Status, message: str, *, score: float = 0, **details: Any) -> Verdict:
    return Verdict(exercise.id, status, message, score, exercise.points, **details)
