"""Whom an instructor may want to talk to, and why."""

from __future__ import annotations

import pytest

from grader.course import STAGES, exercise_ids
from grader.desks.records.record import Line, Record
from grader.desks.reports.class_counts import Counts
from grader.desks.reports.talk import to_talk_to

ALL = exercise_ids()


def record(name, **answers):
    """Make a record: `upto` answers come out as `status`, but for those that `but` leaves open."""
    upto, status, but = answers.get("upto", len(ALL)), answers.get("status", "correct"), answers.get("but", 0)
    came = ["missing"] * but + [status] * (upto - but) + ["missing"] * (len(ALL) - upto)
    return Record(
        name, tuple(Line(key, how, 2 * (how == "correct"), 2, "m") for key, how in zip(ALL, came, strict=True))
    )


def talks(**answers):
    """Give the reasons to talk to one of a class in which the others have everything right."""
    counts = Counts()
    for one in (*(record(str(n)) for n in range(4)), record("odd", **answers)):
        counts.add(one)
    return [reason for talk in to_talk_to(counts) for reason in talk.reasons if talk.name == "odd"]


@pytest.mark.parametrize(
    ("answers", "words"),
    [
        ({"upto": 0}, "Nothing was answered yet"),
        ({"upto": 8}, "Stopped after stage 02; half of the class came to 08"),
        ({"status": "wrong"}, "0 points, where half of the class has"),
        ({"but": 12}, "12 exercises are open that half of the class has answered."),
        ({"status": "raised"}, "answers stop with an error or a limit"),
    ],
)
def test_reasons(answers, words):
    """Every reason is said in words."""
    assert any(words in reason for reason in talks(**answers))


def test_challenges_alone():
    """Who answered nothing but a challenge is not told that nothing was answered."""
    challenge = next(stage.exercises[0] for stage in STAGES if stage.bonus)
    counts = Counts()
    counts.add(Record("odd", tuple(Line(key, "correct" if key == challenge else "missing", 0, 2, "") for key in ALL)))
    assert [talk.reasons[0].split(",")[0] for talk in to_talk_to(counts)] == ["Only challenges were answered"]


def test_one_point():
    """A single point is no points."""
    counts = Counts()
    for name, score in {"a": 3, "b": 3, "odd": 1}.items():
        counts.add(Record(name, (Line("iou", "wrong", score, 4, "m"),)))
    assert [talk.reasons for talk in to_talk_to(counts)] == [("1 point, where half of the class has 3 or more.",)]


def test_nobody_stands_out():
    """Where all are alike there is nobody to talk to."""
    assert talks() == []


def test_challenges_are_free():
    """Nobody is asked why he left the challenges out."""
    assert talks(upto=sum(len(stage.exercises) for stage in STAGES if not stage.bonus)) == []
