"""Every exercise, both directions: right answers pass, each mistake is refused by its own name."""

from __future__ import annotations

import functools
import os

import pytest

from grader import exercise
from grader.desks.author.lint import lint_each, lint_one

SEEDS = 3 if os.environ.get("CI") else 1


@pytest.fixture(scope="module")
def complaints():
    """Lint all exercises as `python -m grader lint` does, as many at a time as there are cores."""
    work = functools.partial(lint_one, seeds=SEEDS, everything=False)
    results = lint_each(list(exercise.ids()), work, jobs=os.cpu_count() or 1)
    return {figures.id: found for figures, found in results}


@pytest.mark.parametrize("exercise_id", exercise.ids())
def test_both_directions(exercise_id, complaints):
    """The linter has no complaint."""
    assert complaints[exercise_id] == []
