"""Find the mistake behind a wrong observation: the listed one that answers alike, a symptom, or a likeness in part."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from . import messages
from .differences import Difference, agree, alike, as_long_as_alike, strangeness
from .exercise import Exercise, sentence
from .learner.limits import TimeLimit, time_limit
from .learner.observation import DIED, TIMED_OUT, Observation
from .partial import PARTIAL
from .symptoms import GENERAL

ANYWHERE = (*GENERAL, *PARTIAL)
SECONDS = 2.0  # for one question about an observation, which may be large and made to take long
MOST_TEXT = 300  # of what a sentence quotes
ENOUGH = 2  # answers that a mistake has to explain before it is said to be part of what is wrong


@dataclass(frozen=True)
class Diagnosis:
    """A mistake's or a symptom's name, the sentence that the learner reads, and whether it overrules a raised error.

    `case` is the question that the sentence names, if it names one.
    """

    name: str
    message: str
    is_wrong: bool = False
    case: str | None = None


@dataclass(frozen=True)
class _Likeness:
    """How far a listed mistake goes along: whether to the end, and how many differing answers it explains."""

    name: str
    whole: bool
    explained: int
    seen: Observation


def diagnosis(
    exercise: Exercise, expected: Observation, got: Observation, seed: int, difference: Difference | None
) -> Diagnosis | None:
    """Name what is wrong, if anything known fits.

    In this order: urgent symptoms; the listed mistake that answers as the learner did; other symptoms; the mistake
    that explains most of what differs, where something else is wrong beside it. A mistake that has an urgent
    symptom of its name is known by that sign alone, so it is not asked.

    An error is read out by its own line, so only what explains it is named in its place.
    """
    called = {"name": messages.called(difference.expected.name if difference else exercise.names[0])}
    symptoms = list(_symptoms(exercise))
    urgent = [symptom for symptom in symptoms if getattr(symptom, "urgent", False)]
    found = _shown(exercise, urgent, expected, got, called)
    if found:
        return found
    names = [name for name in exercise.group("Mistakes") if name not in {symptom.__name__ for symptom in urgent}]
    likenesses = list(_likenesses(exercise, names, expected, got, seed))
    whole = [likeness for likeness in likenesses if likeness.whole]
    if whole:
        return _listed(exercise, min(whole, key=lambda likeness: strangeness(likeness.seen, got)).name)
    found = _shown(exercise, symptoms, expected, got, called)
    return found if found or got.error else _in_part(exercise, likenesses)


def _listed(exercise: Exercise, name: str) -> Diagnosis:
    mistake = exercise.group("Mistakes")[name]
    return Diagnosis(name, sentence(mistake), getattr(mistake, "status", None) == "wrong")


def _in_part(exercise: Exercise, likenesses: list[_Likeness]) -> Diagnosis | None:
    best = max(likenesses, key=lambda likeness: likeness.explained, default=None)
    if best is None or best.explained < ENOUGH:
        return None
    found = _listed(exercise, best.name)
    return Diagnosis(found.name, messages.in_part(found.message))


def _likenesses(
    exercise: Exercise, names: list[str], expected: Observation, got: Observation, seed: int
) -> Iterator[_Likeness]:
    """Hold listed mistakes against the answers; stop at the first that fits, where chance has no part."""
    for name in names:
        found = _likeness(exercise, name, expected, got, seed)
        yield found
        if found.whole and not any(entry.sample for entry in got.compared):
            return


def _likeness(exercise: Exercise, name: str, expected: Observation, got: Observation, seed: int) -> _Likeness:
    """Ask one mistake the same questions, no further than it answers as the learner did."""
    seen = exercise.followed("Mistakes", name, seed, as_long_as_alike(got))
    explained = 0
    for mistake, learner in zip(seen.compared, got.compared, strict=False):
        if not alike(mistake, learner):
            break
        wanted = expected.entry(learner.label)
        explained += wanted is not None and not alike(wanted, learner)
    return _Likeness(name, agree(seen, got, partly=exercise.isolated), explained, seen)


def _symptoms(exercise: Exercise) -> Iterator[Callable[..., Any]]:
    yield from exercise.group("Symptoms").values()
    yield from ANYWHERE


def _shown(
    exercise: Exercise,
    symptoms: list[Callable[..., Any]],
    expected: Observation,
    got: Observation,
    called: dict[str, str],
) -> Diagnosis | None:
    """Find the first symptom that holds, and fill in the words that its sentence leaves open."""
    for symptom in symptoms:
        held = ask(symptom, expected, got)
        if held is None:
            break
        is_wrong = getattr(symptom, "status", None) == "wrong"
        beside = bool(held) and _is_beside(symptom, expected, got)
        if not held or _vacuous(symptom, expected, got) or (beside and not is_wrong):
            continue
        held = held if isinstance(held, dict) else {}
        words = called | _short(held)
        said = exercise.said_of(symptom).format(**words)
        told = f"{messages.raised(expected, got)} Beside that: {said}" if beside else said
        return Diagnosis(symptom.__name__, told, is_wrong, held.get("case", held.get("label")))
    return None


def _is_beside(symptom: Callable[..., Any], expected: Observation, got: Observation) -> bool:
    """Whether an error stands beside a symptom, which holds as well if all goes right there.

    A sign that any exercise may show looks at values alone. One with `causes_errors` explains what comes after it, and
    so does one that is surely wrong where no line of the learner's failed.
    """
    surely = got.error is not None and got.error.line is None and getattr(symptom, "status", None) == "wrong"
    if got.error is None or surely or getattr(symptom, "causes_errors", False):
        return False
    entries = tuple((expected.entry(entry.label) if entry.error else None) or entry for entry in got.entries)
    return symptom in ANYWHERE or bool(ask(symptom, expected, replace(got, entries=entries)))


def _short(words: dict[str, Any]) -> dict[str, Any]:
    """Cut what a sentence quotes of an answer, which may be of any length."""
    texts = {key: str(value) for key, value in words.items()}
    return {key: f"{text[:MOST_TEXT]} …" if len(text) > MOST_TEXT else words[key] for key, text in texts.items()}


def _vacuous(symptom: Callable[..., Any], expected: Observation, got: Observation) -> bool:
    """Whether the answers ended early, and right ones that ended there would show the symptom just as well."""
    if got.ended not in (TIMED_OUT, DIED):
        return False
    return bool(ask(symptom, expected, replace(expected, entries=expected.entries[: len(got.entries)])))


def ask(question: Callable[..., Any], *evidence: Any) -> Any:
    """Ask a symptom or an advice; odd evidence, on which it fails, shows no such sign.

    A symptom that holds may answer with a dict: the words that its docstring leaves open in braces.
    One that finds no end has None for its answer.
    """
    try:
        with time_limit(SECONDS):
            return question(*evidence) or False
    except TimeLimit:
        return None
    except Exception:  # the evidence is a stranger's: any shape and type may come
        return False
