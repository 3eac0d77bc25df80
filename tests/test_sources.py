"""Answers as text: alone, complete, and without anything that is not the answer."""

from __future__ import annotations

import pytest

from grader import exercise, sources


@pytest.mark.parametrize("exercise_id", exercise.ids())
def test_the_text_defines_the_names(exercise_id):
    """The source that is handed in runs alone and defines what the exercise asks."""
    namespace = {"__name__": "alone"}
    exec(sources.answer_source(exercise_id), namespace)
    assert set(exercise.load(exercise_id).names) <= set(namespace)


@pytest.mark.parametrize("exercise_id", exercise.ids())
def test_the_text_holds_no_mistake(exercise_id):
    """A solved notebook shows the reference alone."""
    assert [group for group in exercise.GROUPS if f"class {group}" in sources.solution(exercise_id)] == []
