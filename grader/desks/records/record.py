"""What is kept of a graded submission: enough to write every file of the results again without grading."""

from __future__ import annotations

import functools
import hashlib
import json
import os
import sys
import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import torch

from ...course import stage_of
from ...verdict import DONE, Status
from ..submissions.find import Submission
from ..submissions.plan import age

FOLDER = ".grading"
"""Where records lie among the results; whoever deletes it has everything graded anew."""

PARTLY = "partly"


@dataclass(frozen=True)
class Line:
    """What came of one exercise.

    Attributes:
        id, status, score, max_score, diagnosis, message, advice, staff_note: as in its verdict.
        evidence: the question, the expected answer and the learner's as HTML.
        returned: the learner's alone, for a page that hides the others.
        hint: one step further, for whoever is not right yet.
        answer: the text of the definitions that were judged.
        texts: free text by question, where a person marks it.
        hand: what a person said of it, where one did.
    """

    id: str
    status: str
    score: float
    max_score: float
    message: str
    diagnosis: str | None = None
    advice: tuple[str, ...] = ()
    evidence: str = ""
    hint: str = ""
    answer: str = ""
    texts: dict[str, str] = field(default_factory=dict)
    staff_note: str = ""
    hand: str = ""
    returned: str = ""

    @property
    def outcome(self) -> str:
        """What pages call its status: `partly` where a person gave some of the points, which is not wrong."""
        return PARTLY if self.hand and self.score > 0 and self.status not in DONE else self.status

    @property
    def bonus(self) -> bool:
        """Whether it belongs to a challenge."""
        return stage_of(self.id).bonus


@dataclass(frozen=True)
class Record:
    """A graded submission.

    Attributes:
        submission: its name.
        lines: the exercises, in the order taught.
        warnings: what to know about its files.
        seed: of its run.
        content, course: what was graded, and with what: both digests.
        seconds: on the clock; `restarts` counts the processes that had to be started again.
        limits: of its run, seconds and bytes; `limited` says whether they may have cost it something.
    """

    submission: str
    lines: tuple[Line, ...]
    warnings: tuple[str, ...] = ()
    seed: int = 0
    content: str = ""
    course: str = ""
    seconds: float = 0.0
    restarts: int = 0
    limits: tuple[float, ...] = ()
    limited: bool = False

    def totals(self) -> dict[str, float]:
        """Sum the marks: `score` and `max_score` of the course, `bonus` of its challenges."""
        counted = [line for line in self.lines if not line.bonus]
        return {
            "score": number(sum(line.score for line in counted)),
            "max_score": number(sum(line.max_score for line in counted)),
            "bonus": number(sum(line.score for line in self.lines if line.bonus)),
        }

    def is_final(self) -> bool:
        """Whether grading it again would bring nothing: no exercise of ours was broken."""
        return all(line.status != Status.BROKEN for line in self.lines)


class Records:
    """The records of a folder of results, each a file that is replaced whole or not at all."""

    def __init__(self, results: Path) -> None:
        self.folder = results / FOLDER
        self.folder.mkdir(parents=True, exist_ok=True)

    def get(self, submission: str) -> Record | None:
        """Give a submission's record; None where there is none that can be read."""
        try:
            return from_tree(json.loads(self._file(submission).read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError, KeyError):
            return None

    def put(self, record: Record) -> None:
        """Keep a record."""
        write(self._file(record.submission), json.dumps(_tree(record), ensure_ascii=False))

    def all(self, submissions: Iterable[str]) -> Iterator[Record]:
        """Give the records of these submissions by name, one at a time; those that are not there are left out."""
        for name in sorted(submissions):
            record = self.get(name)
            if record is not None:
                yield record

    def names(self) -> list[str]:
        """List the submissions that have a record."""
        found = (self._read_name(path) for path in self.folder.glob("*.record.json"))
        return sorted(name for name in found if name is not None)

    def _read_name(self, path: Path) -> str | None:
        try:
            return str(json.loads(path.read_text(encoding="utf-8"))["submission"])
        except (OSError, ValueError, TypeError, KeyError):
            return None

    def _file(self, submission: str) -> Path:
        return self.folder / f"{submission}.record.json"


def _tree(record: Record) -> dict[str, Any]:
    """Give a record as JSON takes it, without the copies that `dataclasses.asdict` makes."""
    return vars(record) | {"lines": [vars(line) for line in record.lines]}


def from_tree(tree: dict[str, Any]) -> Record:
    """Read a record from the JSON that `Records.put` writes. Raises TypeError or KeyError for another form."""
    lines = tuple(Line(**line | {"advice": tuple(line["advice"])}) for line in tree["lines"])
    return Record(**tree | {"lines": lines, "warnings": tuple(tree["warnings"]), "limits": tuple(tree["limits"])})


def content_of(submission: Submission) -> str:
    """Digest all of a submission that marks may depend on: the cells of its notebooks, and what could not be read.

    Of the notebooks' ages their order counts alone, so that a copy of a submission is the same.
    """
    books = [[book.name, [[cell.source, cell.exercise] for cell in book.cells]] for book in submission.notebooks]
    order = [book.name for book in sorted(submission.notebooks, key=age)]
    text = json.dumps([books, order, list(submission.unread), list(submission.warnings)])
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


@functools.cache
def course_version() -> str:
    """Digest all that marks come from: our own code, the lesson's helpers, torch and Python."""
    lesson = find_spec("lesson")
    roots = [Path(__file__).parents[2], *([Path(lesson.origin).parent] if lesson and lesson.origin else [])]
    digest = hashlib.sha256(f"{torch.__version__} {sys.version}".encode())
    for path in sorted(path for root in roots for path in root.rglob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def write(path: Path, text: str | bytes) -> None:
    """Write a file whole or not at all, also where the machine stops in the middle."""
    data = text if isinstance(text, bytes) else text.encode("utf-8", "replace")
    beside = path.with_name(f".{os.getpid()}-{threading.get_ident()}.tmp")  # two may write one file at once
    try:
        with beside.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


def number(value: float) -> float:
    """Round a sum of marks; a whole one is an int."""
    return int(value) if value == int(value) else round(value, 4)
