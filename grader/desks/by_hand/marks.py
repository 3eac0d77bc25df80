"""Marks that a person gave: they lie beside the machine's, beat them, and survive a new run."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from ...verdict import Status
from ..gradebooks.table import BadTable
from ..records.record import FOLDER, Line, Record, write
from ..submissions.files import readable

GONE = "is not in this run, and what a person marked in it counts for nobody"
NEXT = "If it has another name now, give its marks to that name with `grader mark`; `-` as points forgets one here."
CHANGED = "The answer has changed since that mark was given."


@dataclass(frozen=True)
class HandMark:
    """What a person gave for one exercise of one submission: points, a comment, and the digest of the answer he saw."""

    points: float
    comment: str
    answer: str


class HandMarks:
    """All marks by hand in a folder of results, and comments that wait for points; BadTable where it cannot be read."""

    def __init__(self, results: Path) -> None:
        self.file = results / FOLDER / "by_hand.json"
        self.marks: dict[str, dict[str, HandMark]] = {}
        self.comments: dict[str, dict[str, str]] = {}
        try:
            if self.file.exists():
                self._read(json.loads(self.file.read_text(encoding="utf-8")))
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
            what = f"`{readable(str(self.file))}` cannot be read ({type(error).__name__}: {error})"
            raise BadTable(f"{what}. Mend it, or move it away and merge all marks again.") from error

    def _read(self, tree: dict[str, dict[str, dict[str, Any]]]) -> None:
        for name, of in tree.items():
            for key, mark in of.items():
                if mark["points"] is None:
                    self.wait(name, key, str(mark["comment"]))
                else:
                    points = float(mark["points"])
                    if not 0 <= points < math.inf:
                        raise ValueError(f"{points} points for {key} of {name}")
                    self.give(name, key, HandMark(points, str(mark["comment"]), str(mark["answer"])))

    def give(self, submission: str, exercise: str, mark: HandMark) -> None:
        """Keep a mark; `save` writes it. A comment that waited for it has had its time."""
        self.comments.get(submission, {}).pop(exercise, None)
        self.marks.setdefault(submission, {})[exercise] = mark

    def holds(self, submission: str, exercise: str) -> bool:
        """Whether there is a mark of one exercise, or a comment that waits for it."""
        return self.given(submission, exercise) is not None or bool(self.waiting(submission, exercise))

    def wait(self, submission: str, exercise: str, comment: str) -> None:
        """Keep a comment that has no points yet: it is no mark, and nobody reads it but who marks."""
        self.comments.setdefault(submission, {})[exercise] = comment

    def waiting(self, submission: str, exercise: str) -> str:
        """Give the comment that waits for points, "" where there is none."""
        return self.comments.get(submission, {}).get(exercise, "")

    def given(self, submission: str, exercise: str) -> HandMark | None:
        """Give the mark of one exercise; None where no person marked it."""
        return self.marks.get(submission, {}).get(exercise)

    def take_back(self, submission: str, exercise: str) -> None:
        """Forget a mark, or a comment that waits for one: the machine's stands again."""
        self.comments.get(submission, {}).pop(exercise, None)
        self.marks.get(submission, {}).pop(exercise, None)

    def save(self) -> None:
        """Write all marks, whole or not at all."""
        tree: dict[str, dict[str, dict[str, Any]]] = {}
        for name, of in self.marks.items():
            tree[name] = {key: vars(mark) for key, mark in of.items()}
        for name, texts in self.comments.items():
            waiting = {key: {"points": None, "comment": text} for key, text in texts.items()}
            tree[name] = waiting | tree.get(name, {})
        self.file.parent.mkdir(parents=True, exist_ok=True)
        write(self.file, json.dumps(tree, ensure_ascii=False, indent=1, sort_keys=True))

    def elsewhere(self, submissions: Collection[str]) -> list[str]:
        """Say of which other submissions there are marks, or comments that wait for them: a sentence each."""
        names = sorted({*self.marks, *self.comments} - set(submissions))
        listed = {name: ", ".join(self._listed(name)) for name in names}
        return [f"`{name}` {GONE}: {said}. {NEXT}" for name, said in listed.items() if said]

    def _listed(self, name: str) -> Iterator[str]:
        for exercise, mark in self.marks.get(name, {}).items():
            yield f"{exercise} ({mark.points:g} point{'s' if mark.points != 1 else ''})"
        for exercise in self.comments.get(name, {}):
            yield f"{exercise} (a comment)"

    def over(self, record: Record) -> Record:
        """Put a person's marks over the machine's."""
        marks = self.marks.get(record.submission, {})
        return replace(record, lines=tuple(_over(line, marks.get(line.id)) for line in record.lines))


def answer_digest(line: Line) -> str:
    """Digest what a person marks: the text of the answer."""
    return hashlib.sha256(json.dumps([line.answer, line.texts], sort_keys=True).encode()).hexdigest()[:16]


def has_changed(line: Line, mark: HandMark) -> bool:
    """Whether the answer is another one than that which was marked."""
    return mark.answer != answer_digest(line)


def _over(line: Line, mark: HandMark | None) -> Line:
    if mark is None:
        return line
    status = _status(line, mark)
    message = line.message if status == line.status else ""  # it spoke of another outcome
    shown = replace(line, score=mark.points, status=str(status), message=message, hand=_said(line, mark))
    if status != Status.CORRECT or (line.status == Status.CORRECT and mark.points <= line.score):
        return shown
    return replace(shown, diagnosis=None, advice=(), evidence="", returned="", hint="")  # a person saw no mistake


def _said(line: Line, mark: HandMark) -> str:
    """Write a mark, its comment and whether the answer has changed since, each on lines of its own."""
    points = f"Marked by a person: {mark.points:g} of {line.max_score:g} point{'s' if line.max_score != 1 else ''}."
    comment = f"{mark.comment}." if mark.comment[-1:].isalnum() else mark.comment
    return "\n".join(filter(None, (points, comment, CHANGED if has_changed(line, mark) else "")))


def _status(line: Line, mark: HandMark) -> Status:
    """Give the status that goes with a person's points; why an answer failed stays said where it still does."""
    if mark.points >= line.max_score or (line.status == Status.CORRECT and mark.points >= line.score):
        return Status.CORRECT
    return Status.WRONG if line.status in (Status.TO_MARK, Status.CORRECT) else Status(line.status)
