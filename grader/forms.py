"""Exercises that are filled in rather than programmed: quizzes, and texts that a person marks."""

from __future__ import annotations

import re
from collections.abc import Iterator

from . import messages
from .exercise import Exercise
from .learner.observation import Observation
from .verdict import Status, Verdict

LETTER = re.compile(r"\(?([a-z])(?:$|[).:])")
CODE, QUIZ, ESSAY = "code", "quiz", "essay"


def kind_of(exercise: Exercise) -> str:
    """Give the form of an exercise, as its probe's `KIND` says: "code", "quiz" or "essay"."""
    return str(getattr(exercise.probe, "KIND", CODE))


def judge_form(exercise: Exercise, got: Observation) -> Verdict:
    """Judge a filled-in dict: question id -> letter, or question id -> text."""
    filled = {entry.label: entry.value for entry in got.entries}
    if not any(type(value) is str and value.strip() for value in filled.values()):
        return _verdict(exercise, Status.MISSING, _empty(exercise))
    if kind_of(exercise) == ESSAY:
        advice = (*_empty_parts(exercise, filled), *_unknown(exercise, got))
        return _verdict(exercise, Status.TO_MARK, "Your text is in, and a person marks it.", advice=advice)
    return _judge_quiz(exercise, filled, tuple(_unknown(exercise, got)))


def _judge_quiz(exercise: Exercise, filled: dict[str, object], unknown: tuple[str, ...]) -> Verdict:
    wrong = list(_wrong(exercise, filled))
    score = exercise.points * (1 - len(wrong) / len(questions(exercise)))
    if not wrong:
        return _verdict(exercise, Status.CORRECT, exercise.answer.NOTICE, score=score)
    (diagnosis, message), *others = wrong
    advice = (*unknown, *(text for _, text in others))
    return _verdict(exercise, Status.WRONG, message, score=score, diagnosis=diagnosis, advice=advice)


def _wrong(exercise: Exercise, filled: dict[str, object]) -> Iterator[tuple[str, str]]:
    """Give (diagnosis, sentence) for each question that is not answered rightly."""
    for question, right in questions(exercise).items():
        letter = _letter(filled.get(question))
        why = exercise.answer.EXPLANATIONS[question].get(letter)
        if letter == right:
            continue
        if why:
            yield f"{question}_{letter}", f"`{question}`, {letter}: {why}"
        else:
            yield f"{question}_open", _open(question, filled.get(question))


def _letter(given: object) -> str | None:
    """Give the letter of an answer, also of an option written out as it is printed: "b) 0"."""
    found = LETTER.match(given.strip().lower()) if type(given) is str else None  # a list of letters is no answer
    return found[1] if found else None


def _open(question: str, given: object) -> str:
    if given is None or (type(given) is str and not given.strip()):
        return f"`{question}` is not answered yet. Write one of the letters that stand above."
    asked = "that is none of the letters" if _letter(given) else "one letter alone is asked"
    return f"`{question}` holds {messages.kind_of(given)}, and {asked}. Write one of those that stand above."


def questions(exercise: Exercise) -> dict[str, str]:
    """Give the right letter of each question."""
    return dict(exercise.reference()[exercise.names[0]])


def complaints(exercise: Exercise) -> Iterator[str]:
    """Give what a quiz lacks, in words for its author: every wrong option needs an explanation."""
    if kind_of(exercise) != QUIZ:
        return
    for question, right in questions(exercise).items():
        options = exercise.answer.EXPLANATIONS.get(question, {})
        if right in options or len(options) < 2 or not all(options.values()):
            yield f"question `{question}` needs explanations of two or more wrong letters, and none of {right!r}"


def _empty_parts(exercise: Exercise, filled: dict[str, object]) -> Iterator[str]:
    for question in questions(exercise):
        if not str(filled.get(question) or "").strip():
            yield f"`{question}` is empty so far."


def _unknown(exercise: Exercise, got: Observation) -> Iterator[str]:
    """Name at once all that stands under no question: letters count for nothing there, texts are read all the same."""
    names = tuple(f"{entry.label:.40}" for entry in got.entries if entry.aside)
    asked = ", ".join(f"`{question}`" for question in questions(exercise))
    if names:
        one, essay = len(names) == 1, kind_of(exercise) == ESSAY
        are = "is the name of no question" if one else "are names of no question"
        text = "your text under it is" if one else "your texts under them are"
        yield f"{messages.listed(names)} {are}{f', and {text} read all the same' if essay else ''}. Asked are {asked}."


def _empty(exercise: Exercise) -> str:
    return f"`{exercise.names[0]}` is still empty. Fill in its values and run the cell."


def _verdict(exercise: Exercise, status: Status, message: str, *, score: float = 0, **details: object) -> Verdict:
    return Verdict(exercise.id, status, message, score, exercise.points, **details)  # type: ignore[arg-type]
