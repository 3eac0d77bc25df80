"""What a person's mark does to an answer's line: the machine's words stay where they still hold."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.desks.by_hand.marks import HandMark, HandMarks, answer_digest
from grader.desks.gradebooks.table import BadTable
from grader.desks.records.record import Line, Record

MISTAKE = {"diagnosis": "dice", "advice": ("Slow.",), "evidence": "<p>saw</p>", "returned": "<p>saw</p>", "hint": "H"}


def over(points, status="wrong", score=0, comment="fine", changed=False, **details):
    """Give a line of 2 points with a person's mark over it."""
    line = Line("iou", status, score, 2, "The machine's.", answer="a", **details)
    hand = HandMarks(Path("nowhere"))
    hand.give("ada", "iou", HandMark(points, comment, "old" if changed else answer_digest(line)))
    return hand.over(Record("ada", (line,))).lines[0]


def test_full_marks_leave_no_mistake():
    """Where a person gives full marks, nothing speaks of a mistake any more."""
    line = over(2, **MISTAKE)
    assert (line.status, line.message, line.diagnosis, line.advice) == ("correct", "", None, ())
    assert (line.evidence, line.returned, line.hint) == ("", "", "")


@pytest.mark.parametrize("points", ["NaN", "-1", "1e999"])
def test_points_that_are_none(points, tmp_path):
    """A file that was changed by hand gives no marks that nobody could give."""
    (tmp_path / ".grading").mkdir()
    mark = f'{{"ada": {{"iou": {{"points": {points}, "comment": "", "answer": ""}}}}}}'
    (tmp_path / ".grading" / "by_hand.json").write_text(mark)
    with pytest.raises(BadTable, match="points for iou of ada"):
        HandMarks(tmp_path)


def test_some_points_leave_the_mistake():
    """Where a person gives a part of the points, what was wrong stays said."""
    line = over(1, **MISTAKE)
    assert (line.status, line.message, line.diagnosis, line.outcome) == ("wrong", "The machine's.", "dice", "partly")


def test_marked_down():
    """A right answer that a person marks down is not praised."""
    line = over(0, "correct", 2)
    assert (line.status, line.message, line.outcome) == ("wrong", "", "wrong")


@pytest.mark.parametrize(("points", "advice"), [(1, ("Slow.",)), (2, ())])
def test_a_right_answer_stays_right(points, advice):
    """A right answer that keeps its points keeps its sentence; what cost points is left out where they are back."""
    line = over(points, "correct", 1, advice=("Slow.",))
    assert (line.status, line.message, line.advice) == ("correct", "The machine's.", advice)


@pytest.mark.parametrize("points", [0, 1, 2])
def test_a_marked_text_waits_no_more(points):
    """Once a text is marked, nothing says that a person will mark it."""
    assert over(points, "to mark").message == ""


@pytest.mark.parametrize(("comment", "said"), [("fine", "fine."), ("Why?", "Why?"), ("a\nb", "a\nb."), ("", None)])
def test_sentences_of_a_mark(comment, said):
    """Mark, comment and what changed stand on lines of their own, each ended."""
    parts = "Marked by a person: 1 of 2 points.", said, "The answer has changed since that mark was given."
    assert over(1, comment=comment, changed=True).hand == "\n".join(filter(None, parts))
