"""Gradescope: the form of `results.json`, and what it must not show."""

from __future__ import annotations

from dataclasses import replace

import pytest
from graded import record

from grader.desks.gradebooks import gradescope
from grader.desks.records.record import Line

TREE = gradescope.results(record("ada", seconds=3.6, warnings=("Odd.",)))
TESTS = {test["name"]: test for test in TREE["tests"]}


def test_top_level():
    """The total is that of `grades.csv`, and challenges stand beside it."""
    kept = {key: TREE[key] for key in ("score", "execution_time", "visibility", "stdout_visibility", "output")}
    said = "2 of 12 points, and 3 bonus points beside it.\nOdd."
    assert kept == dict(score=2, execution_time=4, visibility="visible", stdout_visibility="hidden", output=said)


def test_an_exercise():
    """A test has an exercise's points, its mistake by name and what to do."""
    test = TESTS["union"]
    output = "Wrong: overlap counted twice.\nCount `<once>`."
    assert [test[key] for key in ("score", "max_score", "status", "number", "output")] == [
        0,
        2,
        "failed",
        "2.2",
        output,
    ]


def test_some_of_the_points_by_hand_are_not_wrong():
    """A text that a person gave some points is partly right, here as on the pages."""
    line = Line("union", "wrong", 1, 2, "", hand="Marked by a person: 1 of 2 points.")
    (test,) = gradescope.results(replace(record("ada"), lines=(line,)))["tests"]
    assert test["output"].startswith("Partly.")


def test_nothing_is_hidden():
    """Every test is visible."""
    assert {test["visibility"] for test in TREE["tests"]} == {"visible"}


def test_bonus():
    """A challenge adds nothing to what can be reached."""
    test = TESTS["vae (bonus)"]
    assert (test["score"], test["max_score"], "3 of 5 bonus points" in test["output"]) == (3, 0, True)


@pytest.mark.parametrize(
    ("name", "status"), [("iou", "passed"), ("essay_contrastive", "passed"), ("warm_up", "failed")]
)
def test_status(name, status):
    """What is right, or waits for a person, has passed; what is missing has not."""
    assert TESTS[name]["status"] == status


def test_staff_alone():
    """Neither what the staff should read nor the expected answer is in it."""
    line = Line("iou", "wrong", 0, 4, "m", evidence="<b>expected</b>", answer="a = 1", staff_note="secret", hint="hint")
    text = str(gradescope.results(replace(record("x"), lines=(line,))))
    assert not any(word in text for word in ("expected", "secret", "a = 1", "hint"))
