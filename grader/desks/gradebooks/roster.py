"""Match submissions to the students of a roster: by number, by id or e-mail, by name, and never by a guess."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from ..records.record import Record, number

NOBODY = "nobody in the roster has that name, number or id"
SEVERAL = "several students of the roster fit"


@dataclass(frozen=True)
class Graded:
    """What a gradebook takes of a submission."""

    submission: str
    score: float
    max_score: float
    feedback: str = ""


@dataclass(frozen=True)
class Student:
    """A row of a roster.

    Attributes:
        row: its place in the table.
        number: the platform's own, which stands in the names of downloaded files.
        ids: what else is one student's alone.
        names: the ways in which the name may be written.
    """

    row: int
    number: str = ""
    ids: tuple[str, ...] = ()
    names: tuple[str, ...] = ()


@dataclass(frozen=True)
class Filled:
    """What came of a roster: who gets which marks, which submissions are nobody's and why, and what to tell."""

    marks: dict[int, Graded] = field(default_factory=dict)
    unmatched: tuple[tuple[Graded, str], ...] = ()
    notes: tuple[str, ...] = ()


def graded(record: Record) -> Graded:
    """Take from a record, with a person's marks over it, what a gradebook takes."""
    totals = record.totals()
    return Graded(record.submission, totals["score"], totals["max_score"], feedback(record))


def feedback(record: Record) -> str:
    """Say in a few lines what came of a submission: what is right needs no word."""
    totals = record.totals()
    bonus = f", and {totals['bonus']:g} bonus" if totals["bonus"] else ""
    lines = [f"{totals['score']:g} of {totals['max_score']:g} points{bonus}.", *record.warnings]
    for line in record.lines:
        if line.status not in ("correct", "missing") or line.hand:
            marks = f"{line.id} ({line.outcome}, {number(line.score):g} of {number(line.max_score):g})"
            lines.append(f"{marks}: {' '.join(part for part in (line.message, line.hand) if part)}")
    missing = [line.id for line in record.lines if line.status == "missing" and not line.bonus and not line.hand]
    return "\n".join([*lines, *([f"Missing: {', '.join(missing)}."] if missing else [])])


def matched(marks: Sequence[Graded], students: Iterable[Student], downloaded: re.Pattern[str]) -> Filled:
    """Give every submission to its student; of several submissions of one, the higher score counts.

    Args:
        marks: the submissions.
        students: the roster.
        downloaded: how the platform names what it hands out; its groups are `person` and `number`.
    """
    finder = _Finder(students, downloaded, {mark.submission for mark in marks})
    mine: dict[int, list[Graded]] = defaultdict(list)
    unmatched = []
    for mark in marks:
        rows = finder.find(mark.submission)
        if len(rows) == 1:
            mine[next(iter(rows))].append(mark)
        else:
            unmatched.append((mark, SEVERAL if rows else NOBODY))
    best = {row: max(found, key=lambda mark: mark.score) for row, found in mine.items()}
    notes = [_several(found, best[row]) for row, found in mine.items() if len(found) > 1]
    return Filled(best, tuple(unmatched), tuple(notes))


class _Finder:
    """The roster by each of the things that a submission may be named for."""

    def __init__(self, students: Iterable[Student], downloaded: re.Pattern[str], submissions: set[str]) -> None:
        self.downloaded, self.submissions = downloaded, submissions
        self.numbers, self.ids, self.locals, self.names = (defaultdict[str, set[int]](set) for _ in range(4))
        for student in students:
            self.numbers[student.number].add(student.row)
            for text in student.ids:
                self.ids[folded(text)].add(student.row)
                self.locals[folded(text).split("@")[0]].add(student.row)
            for name in student.names:
                for way in _ways(name):
                    self.names[way].add(student.row)
        for index in (self.numbers, self.ids, self.locals, self.names):
            index.pop("", None)

    def find(self, submission: str) -> set[int]:
        """Give the rows that fit; also for the second file of a name, which is called `name-2`."""
        first = re.sub(r"-\d+$", "", submission)
        found = self._find(submission)
        return found or (self._find(first) if first != submission and first in self.submissions else found)

    def _find(self, name: str) -> set[int]:
        form = self.downloaded.match(name)
        number, person = (form["number"], form["person"]) if form else ("", name)
        if number in self.numbers:
            return self.numbers[number]
        exact = folded(name)
        if exact in self.ids:
            return self.ids[exact]
        before, at, _ = exact.partition("@")  # `ada@x` and the id `ada` are one; `ada@x` and `ada@y` may be two
        alike = (self.ids if at else self.locals).get(before)
        if alike:
            return alike
        if number and self.numbers:
            return set()  # the platform's number is nobody's here: a namesake is somebody else
        return next((self.names[way] for way in _ways(person) if way in self.names), set())


def folded(text: str) -> str:
    """Give what two spellings of an id share."""
    return unicodedata.normalize("NFKC", text).casefold().strip()


def _ways(name: str) -> list[str]:
    """Give a name without blanks and signs, as it is written, and for `Last, First` the other way round too."""
    last, comma, first = name.partition(",")
    return [way for way in (_letters(name), _letters(first + last) if comma else "") if way]


def _letters(text: str) -> str:
    return "".join(sign for sign in folded(text) if unicodedata.category(sign)[0] in "LMN")


def _several(found: list[Graded], best: Graded) -> str:
    names = ", ".join(f"`{mark.submission}`" for mark in found)
    return f"{names} are of one student: the higher score counts, {best.score:g} of `{best.submission}`."
