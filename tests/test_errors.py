"""An error is read at the learner's own line, with what met there."""

import linecache

import pytest
import torch

from grader.learner.errors import read_error
from grader.learner.observation import Error

CELL = """def both(likes, weights):
    rows = likes * 2
    return helper(rows, weights)

def helper(rows, weights):
    if weights is None:
        return rows.missing
    return rows @ weights
"""


@pytest.fixture
def both():
    """A learner's function, from a cell."""
    linecache.cache["<a cell>"] = (len(CELL), None, CELL.splitlines(keepends=True), "<a cell>")
    namespace = {}
    exec(compile(CELL, "<a cell>", "exec"), namespace)
    return namespace["both"]


def error_of(function, *arguments):
    """Call, and read what it raises."""
    with pytest.raises((RuntimeError, TypeError)) as raised:
        function(*arguments)
    return read_error(raised.value)


def test_the_deepest_own_line(both):
    """Not where the call came from, nor a line of torch."""
    found = error_of(both, torch.ones(3, 4), torch.ones(3))
    assert (found.line, found.code) == (8, "return rows @ weights")


def test_the_shapes_that_met(both):
    """Each tensor of that line, by its name."""
    met = error_of(both, torch.ones(3, 4), torch.ones(3)).met
    assert met == "`rows` has shape (3, 4) and `weights` has shape (3,)"


def test_what_is_no_tensor_is_said(both):
    """A number or None where a tensor was to be."""
    assert error_of(both, torch.ones(3, 4), 2).met == "`rows` has shape (3, 4) and `weights` is 2"


def test_an_error_outside_of_any_cell():
    """There is no line to show."""
    assert read_error(ValueError("x")) == Error("ValueError", "x")
