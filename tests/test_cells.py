"""The code of a notebook's cells, cut down to what an exercise needs."""

from __future__ import annotations

import ast

import pytest

from grader.learner.cells import clean, needed, statements, unparsed


def kept(*cells, names=("f",)):
    """Give the statements that are run for the sake of some names."""
    return [ast.unparse(item.node) for item in needed(statements(list(cells)), set(names))]


def test_training_is_left_out():
    """What only trains or shows is not run."""
    assert kept("import torch", "for i in range(9): w = i", "print(1)", "f = 1") == ["import torch", "f = 1"]


def test_local_names_need_nothing():
    """A function's own variables do not call for the cells that bind the same names."""
    assert kept("x = slow()", "def f(x):\n    return x") == ["def f(x):\n    return x"]


def test_what_is_used_is_kept():
    """What a function uses is run, directly or through others."""
    assert kept("a = 1", "b = a", "def f():\n    return b") == ["a = 1", "b = a", "def f():\n    return b"]


def test_a_class_is_changed_from_outside():
    """An assignment to an attribute belongs to what it changes."""
    assert kept("class f: pass", "f.forward = 1") == ["class f:\n    pass", "f.forward = 1"]


def test_long_chains_are_fast():
    """Ten thousand cells that build on each other are sorted out at once."""
    cells = [f"a{i + 1} = a{i}" for i in range(10_000)]
    assert len(kept(*cells, names=("a10000",))) == 10_000


@pytest.mark.parametrize(("source", "cleaned"), [
    ("%matplotlib inline\nx = 1", "pass\nx = 1"), ("  !ls\nx", "  pass\nx"), ("y = !ls", "pass"), ("f?", "pass"),
    ("?f", "pass"), ("# why?", "# why?"), ("x = 1  # why?", "x = 1  # why?"),
    ("%%time\nx", "pass\nx"), ("%%bash\nls", ""),
])
def test_clean(source, cleaned):
    """What only IPython understands is blanked out, and nothing else."""
    assert clean(source) == cleaned


def test_long_line_with_a_magic():
    """A line of a megabyte costs no time."""
    assert clean("%x\n" + "a" * 1_000_000) == "pass\n" + "a" * 1_000_000


def test_unparsed():
    """A cell that is no Python says which names it would define and why it does not."""
    assert unparsed("def f()\n    pass", {"f"}) == {"f": "SyntaxError: expected ':' (line 1)"}
