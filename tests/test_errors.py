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


def cell(text, name):
    """Give a function of a cell."""
    linecache.cache["<a cell>"] = (len(text), None, text.splitlines(keepends=True), "<a cell>")
    namespace = {}
    exec(compile(text, "<a cell>", "exec"), namespace)
    return namespace[name]


@pytest.fixture
def both():
    """A learner's function, from a cell."""
    return cell(CELL, "both")


def error_of(function, *arguments):
    """Call, and read what it raises."""
    with pytest.raises((RuntimeError, TypeError, AttributeError, IndexError)) as raised:
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


def test_what_lacks_an_attribute_is_not_cut_away():
    """Of many names, the one that is no tensor and was asked for something."""
    one = cell("def one(a, b, c, total):\n    return a + b + c + total.mean()\n", "one")
    assert "`total` is None" in error_of(one, torch.ones(1), torch.ones(2), torch.ones(1), None).met


def test_what_is_indexed_goes_before_counters():
    """A line of indices is about the tensors that they point into."""
    one = cell("def one(i, j, k, rows):\n    return i * j * k + rows[i, j, k]\n", "one")
    assert "`rows` has shape (2, 2)" in error_of(one, 0, 1, 1, torch.ones(2, 2)).met


OWN_SPACE = """
class Space(dict):
    def __contains__(self, name):
        raise SystemExit

class Kind(type):
    def __prepare__(name, bases):
        return Space()

def made():
    class Some(metaclass=Kind):
        y = 1
        z = [y].missing
"""


def test_a_class_with_a_namespace_of_its_own():
    """Nothing of the learner's runs while his error is read."""
    found = error_of(cell(OWN_SPACE, "made"))
    assert (found.kind, found.code, found.met) == ("AttributeError", "z = [y].missing", "")
