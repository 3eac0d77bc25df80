"""What a report says beside the judge: answers that were not found, that did not run, that had help."""

from __future__ import annotations

from collections.abc import Collection

from ... import messages
from ...course import stage_of
from ...exercise import Exercise
from ...learner.observation import Observation
from ..submissions.find import Submission
from ..submissions.plan import NUMBER

NO_TIME = "The time ran out before it was tried with right earlier answers."


def not_found(submission: Submission, exercise: Exercise) -> str:
    """Say that an answer is nowhere, or which file could not be read that may have held it."""
    stage = stage_of(exercise.id)
    numbers = {name: NUMBER.search(name) for name, _ in submission.unread}
    for name, reason in sorted(submission.unread, key=lambda pair: numbers[pair[0]] is None):
        if (number := numbers[name]) is None or int(number[0]) == stage.number:
            return f"`{name}` could not be read: {reason}. Hand in a notebook that opens in Jupyter."
    names = messages.listed(exercise.names).replace(" and ", " or ")
    return f"There is no {names} in what you handed in. Write it in the notebook `{stage.name}` and hand that in."


def did_not_run(got: Observation) -> str:
    """Say why a name is not there although a cell defines it."""
    why = got.note.rstrip(".")
    return f"The cell that defines `{got.missing[0]}` did not run: {why}. Run it in Jupyter and mend what it says."


def helped(needs: tuple[str, ...], right: Collection[str], passed: Collection[str]) -> str:
    """Say which answers of the course an exercise was judged with, and why.

    Args:
        needs: what was handed in.
        right: the exercises whose own answers are right by themselves.
        passed: those, and the ones that are right with help.
    """
    wrong = [need for need in needs if need not in passed] or [need for need in needs if need not in right]
    names = messages.listed(tuple(wrong or needs))
    yours = "yours is" if len(wrong) == 1 else "yours are"
    why = f", since {yours} not right yet" if wrong else " in place of yours"
    return f"Judged with the course's own {names}{why}."
