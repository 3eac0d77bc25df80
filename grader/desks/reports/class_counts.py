"""What is counted of a class while its records pass by, one at a time: only counts and names are kept."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from ...course import STAGES, exercise_ids, stage_of
from ...verdict import Status
from ..records.record import PARTLY, Line, Record

COLUMNS = (
    Status.CORRECT,
    PARTLY,
    Status.WRONG,
    Status.RAISED,
    Status.MISSING,
    Status.TIMED_OUT,
    Status.TO_MARK,
    Status.BROKEN,
)
BARS = 10
STAGE_NAMES = tuple(stage.name for stage in STAGES)
EXERCISES = exercise_ids()


@dataclass(frozen=True)
class Person:
    """One submission in short; `last` is the stage of its last answer, -1 where there is none.

    Attributes:
        open: the exercises without an answer, as a sum of powers of two, by their place in the course.
        failing: answers that raised an error or took too long.
        to_mark: answers that wait for a person.
        challenges: answers to challenges.
    """

    name: str
    score: float
    max_score: float
    last: int
    open: int
    failing: int
    to_mark: int
    seconds: float
    restarts: int
    challenges: int = 0


@dataclass
class Mistake:
    """A mistake that was met: what is said of it, the shortest of what was said, and to whom."""

    message: str
    names: list[str] = field(default_factory=list)


class Counts:
    """The counts of a class."""

    def __init__(self) -> None:
        self.exercises: dict[str, Counter[str]] = {}
        self.mistakes: dict[tuple[str, str], Mistake] = {}
        self.people: list[Person] = []

    def add(self, record: Record) -> None:
        """Count one submission."""
        for line in record.lines:
            self.exercises.setdefault(line.id, Counter())[column(line)] += 1
            if line.diagnosis:
                self._met(record.submission, line, line.diagnosis)
        self.people.append(_person(record))

    def _met(self, name: str, line: Line, diagnosis: str) -> None:
        found = self.mistakes.setdefault((line.id, diagnosis), Mistake(line.message))
        found.message = min(found.message, line.message, key=len)
        found.names.append(name)

    def commonest(self, most: int) -> list[tuple[str, str, Mistake]]:
        """List the mistakes that most submissions made: (exercise, diagnosis, mistake)."""
        ranked = sorted(self.mistakes.items(), key=lambda pair: (-len(pair[1].names), pair[0]))
        return [(exercise, diagnosis, mistake) for (exercise, diagnosis), mistake in ranked[:most]]

    def usual(self) -> int:
        """Give the exercises that half of the class has answered, in the form of `Person.open`."""
        half = len(self.people) / 2
        answered = [key for key, counts in self.exercises.items() if counts.total() - counts[Status.MISSING] >= half]
        return sum(1 << EXERCISES.index(key) for key in answered)

    def bars(self) -> list[int]:
        """Count the submissions in each tenth of the points that can be had; the last holds full marks too."""
        found = [0] * BARS
        for person in self.people:
            found[max(0, min(BARS - 1, int(BARS * share(person))))] += 1
        return found


def column(line: Line) -> str:
    """Say in which column of the table an outcome counts."""
    if line.outcome == PARTLY or (line.status in (Status.WRONG, Status.RAISED, Status.TIMED_OUT) and line.score > 0):
        return PARTLY
    return Status.MISSING if line.status == Status.NOT_YET else Status(line.status)


def share(person: Person) -> float:
    """Give the points as a part of those that can be had."""
    return person.score / person.max_score if person.max_score else 0.0


def middle(values: Sequence[float]) -> float:
    """Give the median, 0 of nothing."""
    ordered = sorted(values)
    half = len(ordered) // 2
    return 0.0 if not ordered else ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2


def _person(record: Record) -> Person:
    lines = [line for line in record.lines if not line.bonus]
    open_lines = [line for line in lines if column(line) == Status.MISSING]
    last = max((_stage(line) for line in lines if line not in open_lines), default=-1)
    totals = record.totals()
    return Person(
        record.submission,
        totals["score"],
        totals["max_score"],
        last,
        sum(1 << EXERCISES.index(line.id) for line in open_lines),
        sum(line.status in (Status.RAISED, Status.TIMED_OUT) for line in lines),
        sum(line.status == Status.TO_MARK for line in record.lines),
        record.seconds,
        record.restarts,
        sum(line.bonus and column(line) != Status.MISSING for line in record.lines),
    )


def _stage(line: Line) -> int:
    return STAGE_NAMES.index(stage_of(line.id).name)
