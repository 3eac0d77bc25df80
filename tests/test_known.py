"""What still holds of an earlier run: marks that no limit touched, or that were given under the same limits."""

from __future__ import annotations

from dataclasses import replace

import pytest

from grader.desks.grading.observer import _limited
from grader.desks.records.known import Known, Terms
from grader.desks.records.record import Line, Record, content_of
from grader.desks.submissions.find import Entry, Submission, read
from grader.desks.submissions.ipynb import Notebook
from grader.job import Limits
from grader.learner.observation import DIED, STOPPED, TIMED_OUT, Observation

SUBMISSION = Submission("ada")
LINE = Line("iou", "wrong", 0, 2, "m")


def kept(tmp_path, *, limited=False, status="wrong", seed=0, limits=None, **terms):
    """Grade a submission with seed 0 and the usual limits; tell whether its marks stand in another run."""
    before = Known(tmp_path, Terms(0, Limits()))
    line = replace(LINE, status=status)
    before.records.put(Record("ada", (line,), limited=limited, **before.stamp(SUBMISSION)))
    return Known(tmp_path, Terms(seed, limits or Limits(), **terms)).of(SUBMISSION) is not None


@pytest.mark.parametrize("limits", [Limits(submission=300), Limits(memory=2**33), Limits(submission=60)])
@pytest.mark.parametrize("limited", [False, True])
def test_other_limits(tmp_path, limits, limited):
    """Under other limits only what hit one is graded again."""
    assert kept(tmp_path, limits=limits, limited=limited) == (not limited)


def test_the_same_limits(tmp_path):
    """What hit a limit is not graded again under the same one."""
    assert kept(tmp_path, limited=True)


@pytest.mark.parametrize("terms", [{"force": True}, {"seed": 1, "any_seed": False}, {"status": "broken exercise"}])
def test_graded_again(tmp_path, terms):
    """Who forces it, asks for another seed, or had a check of ours break, is graded again."""
    assert not kept(tmp_path, **terms)


def test_another_seed(tmp_path):
    """Marks stand under another seed where none was asked for."""
    assert kept(tmp_path, seed=1)


@pytest.mark.parametrize("name", ["ada", "bob"])
def test_all_are_known(tmp_path, name):
    """A class is known where each submission is."""
    known, entry = Known(tmp_path, Terms(0, Limits())), Entry("ada", tmp_path)
    known.records.put(Record("ada", (LINE,), **known.stamp(read(entry))))
    assert known.all([entry, replace(entry, name=name)]) == (name == "ada")


@pytest.mark.parametrize(
    ("seen", "hit"),
    [
        (Observation(ended=TIMED_OUT), True),
        (Observation(ended=DIED), True),
        (Observation(ended=STOPPED, note="x: the cell's time limit"), True),
        (Observation(missing=("f",), note="RuntimeError: DefaultCPUAllocator: can't allocate memory"), True),
        (Observation(missing=("f",), note="NameError: name 'g' is not defined"), False),
        (Observation(), False),
    ],
)
def test_limits_that_are_hit(seen, hit):
    """What was cut short, or could not be held in memory, may come out otherwise under other limits."""
    assert _limited(seen) == hit


@pytest.mark.parametrize(("ages", "same"), [((1, 2), True), ((10, 30), True), ((2, 1), False)])
def test_which_notebook_is_newer(ages, same):
    """Of two notebooks of a stage the newer one may be judged, so their order counts, and their ages do not."""
    one, two = (Submission("ada", (Notebook("a", (), a), Notebook("b", (), b))) for a, b in ((1, 2), ages))
    assert (content_of(one) == content_of(two)) == same
