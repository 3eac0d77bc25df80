"""Whom an instructor may want to talk to, and why: reasons in words, none of them a verdict on anybody."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ...course import STAGES
from .class_counts import Counts, Person, middle, share

LOW = 0.5  # of the class's median
MANY = 4  # exercises without an answer, or answers that fail
BEHIND = 2  # stages


@dataclass(frozen=True)
class Talk:
    """Somebody to talk to, and the reasons."""

    name: str
    reasons: tuple[str, ...]


class Usual:
    """What is usual in a class: the median of the points and of the last stage, and what half of it has answered."""

    def __init__(self, counts: Counts) -> None:
        self.score = middle([person.score for person in counts.people])
        self.last = int(middle([person.last for person in counts.people]))
        self.answered = counts.usual()


def to_talk_to(counts: Counts) -> list[Talk]:
    """List the submissions that stand out, those with most reasons and fewest points first."""
    usual = Usual(counts)
    found = [(person, tuple(_reasons(person, usual))) for person in counts.people]
    ranked = sorted(found, key=lambda pair: (-len(pair[1]), share(pair[0]), pair[0].name))
    return [Talk(person.name, reasons) for person, reasons in ranked if reasons]


def _reasons(person: Person, usual: Usual) -> Iterator[str]:
    if person.last < 0 and person.challenges:
        yield "Only challenges were answered, and their points count beside the total. Is a notebook missing?"
        return
    if person.last < 0:
        yield "Nothing was answered yet. Did the upload go wrong, or is a start missing?"
        return
    missing = (person.open & usual.answered).bit_count()
    if person.score < LOW * usual.score:
        points = f"{person.score:g} point{'s' if person.score != 1 else ''}"
        yield f"{points}, where half of the class has {usual.score:g} or more."
    if person.last <= usual.last - BEHIND:
        yield f"Stopped after stage {_number(person.last)}; half of the class came to {_number(usual.last)} or further."
    if missing >= MANY:
        yield f"{missing} exercises are open that half of the class has answered."
    if person.failing >= MANY:
        yield f"{person.failing} answers stop with an error or a limit: reading one together may free them all."


def _number(stage: int) -> str:
    return f"{STAGES[stage].number:02d}"
