"""What is known of submissions from earlier runs, and whether it still holds."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ...job import Limits
from ..submissions.find import Entry, Submission, read
from .record import Record, Records, content_of, course_version


@dataclass(frozen=True)
class Terms:
    """What a run grades with.

    Attributes:
        seed: of every probe.
        force: whether what is graded already, and unchanged, is graded again.
        any_seed: whether what was graded with another seed counts as graded.
    """

    seed: int
    limits: Limits
    force: bool = False
    any_seed: bool = True


class Known:
    """The records of a folder of results, as far as they hold for a run."""

    def __init__(self, out: Path, terms: Terms) -> None:
        self.records, self.terms = Records(out), terms

    def all(self, entries: Iterable[Entry]) -> bool:
        """Whether every submission is graded already; stops at the first that is not."""
        return not self.terms.force and all(self.of(read(entry)) for entry in entries)

    def of(self, submission: Submission) -> Record | None:
        """Give what is known of a submission; None where it has to be graded."""
        before = None if self.terms.force else self.records.get(submission.name)
        return before if before and self._holds(before, submission) else None

    def stamp(self, submission: Submission) -> dict[str, Any]:
        """Give what its new record says of how it was graded."""
        same = {"seed": self.terms.seed, "course": course_version(), "limits": self._limits()}
        return same | {"content": content_of(submission)}

    def _limits(self) -> tuple[float, ...]:
        return self.terms.limits.submission, self.terms.limits.memory

    def _holds(self, before: Record, submission: Submission) -> bool:
        """Whether it was graded as it is, by the course as it is, under limits that it kept or has still."""
        same = before.content == content_of(submission) and before.course == course_version()
        same = same and (not before.limited or before.limits == self._limits())
        return same and before.is_final() and (self.terms.any_seed or before.seed == self.terms.seed)
