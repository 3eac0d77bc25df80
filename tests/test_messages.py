"""What a learner reads: each attempt of `attempts.md` gets the sentence that stands below it."""

from __future__ import annotations

import linecache
import re
from pathlib import Path

import pytest

from grader.exercise import load
from grader.judge import judge
from grader.learner.observe import observe

EARLIER = """
import torch


def right(likes):
    rows = likes.float()
    both, counts = rows @ rows.T, rows.sum(dim=1)
    return both / (counts[:, None] + counts - both).clamp(min=1)
"""
FORM = r'^## ([^\n]+)\n\n```python exercise="(\w+)"\n(.*?)```\n\n> ([^\n]+)$'
TEXT = (Path(__file__).parent / "attempts.md").read_text(encoding="utf-8")
ATTEMPTS = {name: rest for name, *rest in re.findall(FORM, TEXT, re.M | re.S)}


@pytest.mark.parametrize("attempt", ATTEMPTS)
def test_the_sentence(attempt):
    """Word by word, with the learner's own line, shapes and numbers."""
    exercise_id, cell, sentence = ATTEMPTS[attempt]
    linecache.cache[attempt] = (len(cell), None, cell.splitlines(keepends=True), attempt)
    namespace = {"__name__": "cell"}
    exec(EARLIER, namespace)
    exec(compile(cell, attempt, "exec"), namespace)
    exercise = load(exercise_id)
    assert judge(exercise, observe(exercise.probe, namespace, seed=0, seconds=1), seed=0).message == sentence


def test_every_attempt_is_read():
    """No heading of the file is left out, as one of another form would be."""
    assert len(ATTEMPTS) == TEXT.count("\n## ")
