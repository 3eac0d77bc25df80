"""Every exercise, both directions: right answers pass, each mistake is refused by its own name."""

from __future__ import annotations

import pytest

from grader import exercise
from grader.desks.lint import complaints


@pytest.mark.parametrize("exercise_id", exercise.ids())
def test_both_directions(exercise_id):
    """The linter has no complaint, on three seeds (`python -m grader lint` tries twenty)."""
    assert list(complaints(exercise.load(exercise_id), range(3))) == []
