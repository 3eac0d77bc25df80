"""What comes after a verdict: the next step, and the hints that lead there."""

from __future__ import annotations

import pytest

from grader.desks.notebook import checking
from grader.desks.notebook.next_step import after, hints_for
from grader.exercise import load
from grader.verdict import Status, Verdict

IOU = load("iou").answer


def verdict(status, exercise="iou", diagnosis=None):
    """Give a verdict."""
    return Verdict(exercise, status, "m", diagnosis=diagnosis)


@pytest.mark.parametrize("status", [Status.WRONG, Status.RAISED, Status.TIMED_OUT])
def test_what_is_to_be_mended_has_all_hints(status):
    """In the order from a question to nearly the answer."""
    assert hints_for(verdict(status)) == list(IOU.HINTS)


@pytest.mark.parametrize("status", [Status.CORRECT, Status.MISSING, Status.NOT_YET, Status.TO_MARK, Status.BROKEN])
def test_all_else_has_none(status):
    """Nobody is hinted at before he has tried, or after he has passed."""
    assert hints_for(verdict(status)) == []


def test_the_hint_for_the_mistake_comes_first():
    """As `grader.hint` gives them."""
    found = hints_for(verdict(Status.WRONG, diagnosis="nan_for_empty_users"))
    assert found == [IOU.HINTS_FOR["nan_for_empty_users"], *IOU.HINTS]


@pytest.mark.parametrize(("exercise", "asks"), [("iou", True), ("quiz_similarity", False)])
@pytest.mark.parametrize("status", [Status.WRONG, Status.MISSING])
def test_hints_are_named_where_there_are_some(exercise, asks, status):
    """A quiz explains each answer itself, so nobody is sent for a hint."""
    assert ("grader.hint" in after(verdict(status, exercise))) == asks


def test_an_essay_that_is_empty_has_hints_to_ask_for():
    """A text is marked by a person, and hints help to begin it."""
    assert 'grader.hint("essay_contrastive")' in after(verdict(Status.MISSING, "essay_contrastive"))


def test_nobody_is_sent_back_to_the_text_for_a_name_that_was_bound_anew():
    """His own cell is written; the message tells him to run it."""
    assert after(Verdict("iou", Status.MISSING, "m", diagnosis=checking.LENT)) == ""
