"""What is remembered of the last run over a class, so that its files can be written again without grading."""

from __future__ import annotations

import dataclasses
import json
from dataclasses import dataclass, field
from pathlib import Path

from .record import FOLDER, write

FILE = "run.json"


@dataclass(frozen=True)
class Books:
    """The gradebooks that were asked for.

    Attributes:
        formats: their names.
        column: the title of Canvas' column, "" for the course's own.
    """

    formats: tuple[str, ...] = ()
    column: str = ""


@dataclass(frozen=True)
class LastRun:
    """One run of `grade`.

    Attributes:
        seed: of its inputs.
        finished: False where it was cut off.
        reveal: whether pages show hidden inputs.
        note: what the staff should know of how it ran.
        submissions: the names that it graded; an earlier run's others are not of the class any more.
    """

    seed: int
    finished: bool = False
    reveal: bool = False
    note: str = ""
    submissions: tuple[str, ...] = ()
    books: Books = field(default_factory=Books)

    def save(self, out: Path) -> None:
        """Keep it among the results."""
        (out / FOLDER).mkdir(exist_ok=True)
        write(out / FOLDER / FILE, json.dumps(dataclasses.asdict(self)))


def last_run(out: Path) -> LastRun | None:
    """Give the last run; None where there was none, or it cannot be read."""
    try:
        tree = json.loads((out / FOLDER / FILE).read_text(encoding="utf-8"))
        known = {name.name for name in dataclasses.fields(LastRun)}
        kept = {key: value for key, value in tree.items() if key in known}
        books = kept.pop("books", {})
        books = Books(tuple(books.get("formats", ())), str(books.get("column", "")))
        return LastRun(**kept | {"submissions": tuple(kept.get("submissions", ())), "books": books})
    except (OSError, ValueError, TypeError, AttributeError):
        return None
