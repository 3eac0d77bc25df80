"""A learner's definitions as text: closed over what they use, and honest where that cannot be."""

from __future__ import annotations

import linecache

import pytest

from grader.desks.notebook.own_source import NotText, cell_text, own_source

CELL = """
import functools
import math
import torch as t
from math import sqrt
scale = 2
table = t.zeros(3)

def helper(x):
    return scale * x

def answer(x):
    return helper(x) + math.pi

class Base:
    def size(self):
        return sqrt(4)

class Model(Base):
    def twice(self):
        return self.size() * 2

def uses_tensor(x):
    return table + x

half = t.float16
sizes = [1, (2, 3)]

@t.no_grad()
def decorated(x):
    return t.tensor(x, dtype=half).sum().item() + sizes[0]

short = lambda x: helper(x) + 1

def again(n):
    return n and again(n - 1)

def has_a_local(x):
    table = x + 1
    return table

part = functools.partial(has_a_local, x=4)
"""


@pytest.fixture
def cell():
    """Run the cell as a notebook would, its text known to Python."""
    linecache.cache["<cell>"] = (len(CELL), None, CELL.splitlines(keepends=True), "<cell>")
    namespace = {"__name__": "__main__"}
    exec(compile(CELL, "<cell>", "exec"), namespace)
    return namespace


@pytest.mark.parametrize(
    ("call", "value"),
    [("answer(1) > 5", True), ("Model().twice()", 4.0), ("again(3)", 0), ("has_a_local(1)", 2), ("part()", 5)],
)
def test_the_text_runs_alone(cell, call, value):
    """Helpers, constants, base classes and imports come along; a local name stays local."""
    fresh = {}
    exec(own_source(cell, (call.split("(")[0],)) + f"found = {call}", fresh)
    assert fresh["found"] == value


def test_a_tensor_cannot_be_text(cell):
    """What hangs on a tensor from another cell is refused by name."""
    with pytest.raises(NotText, match="`table` is a `Tensor`"):
        own_source(cell, ("uses_tensor",))


def test_a_class_has_its_cell_text(cell):
    """A class is found by its methods, where Python 3.11 keeps no line for it."""
    assert cell_text(cell["Model"]).startswith("class Model(Base):")
