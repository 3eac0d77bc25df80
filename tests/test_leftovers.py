"""What an earlier run left among the results is told."""

from __future__ import annotations

import pytest
from graded import graded_class, record

from grader.desks.records.leftovers import SIMILAR, leftovers


@pytest.mark.parametrize(("similar", "said"), [(True, []), (False, [SIMILAR])])
def test_look_alikes(tmp_path, similar, said):
    """Look-alikes of an earlier run are told where this one did not look for any."""
    (tmp_path / "similar.csv").touch()
    assert list(leftovers(tmp_path, [], similar=similar)) == said


def test_a_learner_called_similar(tmp_path):
    """The page of a learner is not taken for that of the look-alikes."""
    graded_class(tmp_path, record("similar"))
    assert list(leftovers(tmp_path, ["similar"], similar=False)) == []


def test_pages_of_who_is_gone(tmp_path):
    """Pages of submissions that are not in this run are counted and named, and those of the class are not."""
    graded_class(tmp_path, *map(record, ["ada", "bob", "class", "gus", "ida", "kim", "lea", "max"]))
    (said,) = leftovers(tmp_path, ["ada"], similar=False)
    names = "`bob`, `class`, `gus`, `ida`, `kim` and 2 more. Delete their .html and .json files there"
    assert f"`{tmp_path}` still holds pages of 7 submissions that are not in this run: {names}" in said


def test_who_was_tidied_away(tmp_path):
    """Nothing is said of a submission whose files were deleted."""
    graded_class(tmp_path, record("ada"), record("bob"))
    (tmp_path / "bob.json").unlink()
    assert list(leftovers(tmp_path, ["ada"], similar=False)) == []
