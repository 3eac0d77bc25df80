"""The figures that the author's report prints."""

import dataclasses

import pytest

from grader.exercise import load
from grader.trials import figures
from grader.trials.figures import Figures, changed_answers, measure
from grader.trials.table import table
from grader.verdict import Status, Verdict


@pytest.fixture(scope="module")
def union():
    """The figures of one small exercise, everything tried."""
    return measure(load("union"), range(2), everything=True)


def test_answers_are_counted(union):
    """The reference is a right answer too."""
    groups = [len(load("union").group(name)) for name in ("Variants", "Readings", "Mistakes")]
    assert (union.right, union.wrong) == (1 + groups[0] + groups[1], groups[2])


def test_everything_is_tried(union):
    """All changes, not a sample."""
    assert union.changed == len(changed_answers(load("union")))


def test_every_answer_has_its_cost(union):
    """A verdict of each was timed."""
    assert len(union.costs) == union.right + union.wrong


def test_the_table_has_a_row_for_each_and_a_sum():
    """Right, refused, wrong, accepted, own name, changing, twins, changed, alike, alive, ms."""
    misnamed = ["Mistakes dice is told `x`"]
    one = Figures("iou", right=3, wrong=2, misnamed=misnamed, changed=10, alike=2, costs={"a": 5.0})
    two = dataclasses.replace(one, id="union", survivors=["a -> b"])
    rows = [line.split() for line in table([one, two]).splitlines()[1:4]]
    assert [row[1:] for row in rows] == [
        ["3", "0", "2", "0", "1", "0", "0", "10", "2", "0", "5"],
        ["3", "0", "2", "0", "1", "0", "0", "10", "2", "1", "5"],
        ["6", "0", "4", "0", "2", "0", "0", "20", "4", "1", "5"],
    ]


def test_a_verdict_that_hangs_on_the_seed(monkeypatch):
    """An answer that is judged otherwise on another seed is told in words, with the next step."""
    loaded = dataclasses.replace(load("union"))
    told = iter([Verdict("union", Status.CORRECT, ""), Verdict("union", Status.WRONG, "", diagnosis="twice")])
    monkeypatch.setattr(figures, "verdict_of", lambda *_: next(told))
    found = figures.Figures("union")
    figures._try_ours(loaded, range(2), found, ("",))
    assert found.changing == [
        "the reference is `correct` on some seeds and `wrong` as `twice` on others: "
        "give the probe an input that every right answer passes"
    ]


def test_the_share_of_refused_changes():
    """Those that are right as well do not count."""
    figures = Figures("iou", changed=12, alike=2, survivors=["a -> b"])
    assert "Of the other 10, 9 are refused: 90.0%." in table([figures])
