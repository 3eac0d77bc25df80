"""The watch over a call: what it holds at once is refused where it is too much, and a loop without an end is left."""

import numpy
import pytest
import torch

from grader.learner.watch import StillBusy, traced, watched

ROWS = torch.ones(300, 10)


def table(rows):
    """Hold (300, 300) floats, 360 kB."""
    return rows @ rows.T


def row_by_row(rows):
    """Make 300 rows of (300,), one after the other."""
    return torch.stack([(rows @ row).argmax() for row in rows])


def list_of_rows(rows):
    """Hold 300 rows of (300,) together."""
    return len([rows @ row for row in rows])


def test_a_table_is_refused_with_its_size():
    """The error says how much was held, and how much may be."""
    with pytest.raises(MemoryError, match=r"held 0\.4 MB at once, where 0\.1 MB are plenty"):
        watched(table, 1e5, 1e4)(ROWS)


def test_rows_that_are_held_together_count_together():
    """No single tensor is large, and all of them are."""
    with pytest.raises(MemoryError):
        watched(list_of_rows, 1e5, 1e4)(ROWS)


def test_what_is_given_back_does_not_count():
    """Three times the limit in all, and little at once."""
    assert len(watched(row_by_row, 1e5, 1e4)(ROWS)) == 300


def test_views_and_the_arguments_do_not_count():
    """Nothing is made by looking at what is there."""
    assert watched(lambda rows: rows.T[:5].view(-1)[:3].sum().item(), 1e3, 100)(ROWS.T.clone()) == 3


def test_an_endless_loop_is_left():
    """After so many operations."""

    def endless():
        while True:
            torch.rand(1)

    with pytest.raises(StillBusy):
        watched(endless, 1e6, 1_000)()


def test_arrays_are_seen_too():
    """NumPy takes its memory elsewhere."""
    with pytest.raises(MemoryError):
        traced(lambda: numpy.zeros((300, 300)).sum(), 1e5)()


def test_a_small_array_may_be():
    """The result comes back."""
    assert traced(lambda: numpy.ones(10).sum(), 1e5)() == 10


def test_a_wrapped_function_keeps_its_name():
    """Messages name what the learner wrote."""
    assert watched(table, 1, 1).__qualname__ == traced(table, 1).__qualname__ == "table"
