"""What comes after a verdict: the next step in one sentence, and the hints that lead there."""

from __future__ import annotations

from ... import course, exercise
from ...verdict import DONE, Status, Verdict
from . import checking

MENDED_BY_HINTS = (Status.WRONG, Status.RAISED, Status.TIMED_OUT)


def after(verdict: Verdict) -> str:
    """Say what to do next; nothing where the message has said all."""
    if verdict.diagnosis == checking.LENT:
        return ""
    ask = f'`grader.hint("{verdict.exercise}")`' if exercise.load(verdict.exercise).hints() else ""
    if verdict.status in DONE:
        following = _following(verdict.exercise)
        return f"on to `{following}`." if following else "that was the last exercise of the course."
    if verdict.status is Status.MISSING:
        return "read the text above the cell once more" + (f", or ask {ask}." if ask else ".")
    if verdict.status is Status.NOT_YET:
        return f'`grader.check("{checking.first_open_need(verdict)}")`.'
    if verdict.status is Status.BROKEN:
        return "go on with the next exercise."
    return "mend the cell, run it, check again" + (f"; {ask} gives a step." if ask else ".")


def hints_for(verdict: Verdict) -> list[str]:
    """Give the hints that stand in a result: those of an answer that is to be mended."""
    loaded = exercise.load(verdict.exercise)
    return loaded.hints(verdict.diagnosis) if verdict.status in MENDED_BY_HINTS else []


def _following(exercise_id: str) -> str | None:
    order = course.exercise_ids()
    here = order.index(exercise_id) if exercise_id in order else len(order)
    return next(iter(order[here + 1 :]), None)
