"""What the judge says of one exercise."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Status(StrEnum):
    """The statuses of an exercise, as they stand in files and on screens."""

    CORRECT = "correct"
    WRONG = "wrong"
    RAISED = "raised"
    MISSING = "missing"
    TIMED_OUT = "timed out"
    NOT_YET = "not yet"
    TO_MARK = "to mark"
    BROKEN = "broken exercise"


SYMBOLS = {
    Status.CORRECT: "✓",
    Status.WRONG: "✗",
    Status.RAISED: "✗",
    Status.MISSING: "○",
    Status.TIMED_OUT: "✗",
    Status.NOT_YET: "○",
    Status.TO_MARK: "○",
    Status.BROKEN: "!",
}
DONE = (Status.CORRECT, Status.TO_MARK)  # nothing is left for the learner to do


@dataclass(frozen=True)
class Evidence:
    """The smallest case that shows a difference: the question, the answer wanted and the answer got."""

    label: str
    name: str
    inputs: dict[str, Any]
    expected: Any
    got: Any


@dataclass(frozen=True)
class Verdict:
    """The judgement of one exercise.

    `diagnosis` is the recognised mistake's name; `staff_note` is not for the learner.
    """

    exercise: str
    status: Status
    message: str
    score: float = 0
    max_score: float = 0
    diagnosis: str | None = None
    evidence: Evidence | None = None
    advice: tuple[str, ...] = field(default=())
    staff_note: str = ""

    @property
    def headline(self) -> str:
        """The first line of every view."""
        points = f"{self.score:g} of {self.max_score:g} point{'s' if self.max_score != 1 else ''}"
        return f"{SYMBOLS[self.status]} {self.exercise}: {self.status} · {points}"
