"""What a person marks of a submission: the texts that were read, else the cells that hold them, as they stand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from ...exercise import Exercise
from ...forms import ESSAY, kind_of
from ...learner.observation import DONE, Observation
from ...verdict import Status, Verdict
from ..submissions.ipynb import Notebook
from ..submissions.plan import MOST_SOURCE, names_in

CELL = "the cell as it stands"
WAITS = "A person reads the cell as it stands and marks its text."


def texts(exercise: Exercise, got: Observation, notebooks: Sequence[Notebook]) -> dict[str, str]:
    """Give the free texts of an exercise by question, and its cells' source where that holds more than was read."""
    if kind_of(exercise) != ESSAY:
        return {}
    read = {entry.label: entry.value for entry in got.entries if type(entry.value) is str}
    odd = [entry for entry in got.entries if entry.value is not None and type(entry.value) is not str]
    if got.entries and not odd:
        return read
    sources = "\n\n".join(_cells(exercise, notebooks))[:MOST_SOURCE]
    return read | ({CELL: sources} if sources else {})


def _cells(exercise: Exercise, notebooks: Sequence[Notebook]) -> Iterator[str]:
    """Give the cells that hold an exercise's answer, by their mark or by what they define, untouched ones left out."""
    untouched = exercise.probe.STUB.split()
    for cell in (cell for book in notebooks for cell in book.cells):
        own = not cell.exercise and set(exercise.names) & set(names_in(cell.source))
        if (cell.exercise == exercise.id or own) and cell.source.split() not in ([], untouched):
            yield cell.source


def waiting(verdict: Verdict, found: dict[str, str], got: Observation) -> Verdict:
    """Have a text wait for a person that could not be read from its cell; what was wrong with the cell stays said."""
    if CELL not in found or verdict.status in (Status.TO_MARK, Status.BROKEN):
        return verdict
    if got.ended != DONE or got.entries:
        why = (got.note or got.ended) if got.ended != DONE else "its values are no strings"
        said = f"Your text in `{verdict.exercise}` could not be read: {why}."
        verdict = replace(verdict, message=said, staff_note=why)
    return replace(verdict, status=Status.TO_MARK, advice=(*verdict.advice, WAITS))
