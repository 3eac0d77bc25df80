"""Answers that are right on some inputs alone are told on which."""

import pytest
import torch

from grader.learner.observation import Entry, Observation
from grader.partial import PARTIAL


def observed(*values, labels=(), shapes=((3, 3), (2, 4)), dtypes=(None, None)):
    """Observe values under labels, each with an input of a shape and a dtype."""
    labels = labels or [f"input {i}" for i in range(len(values))]
    inputs = [{"x": torch.zeros(shape, dtype=dtype)} for shape, dtype in zip(shapes, dtypes, strict=True)]
    asked = zip(labels, values, inputs, strict=True)
    return Observation(tuple(Entry(label, "f", value, inputs=given) for label, value, given in asked))


def told(one, two):
    """Name the first sign that holds, in a list."""
    return [symptom.__name__ for symptom in PARTIAL if symptom(one, two)][:1]


FOUR, TWO, ONES = torch.arange(4.0), torch.arange(2.0), torch.ones(3)
MODES = ("rows in training mode", "rows in eval mode")
CASES = {
    "columns": (observed(ONES, TWO), observed(ONES, FOUR), ["wrong_dimension"]),
    "a constant": (observed(ONES, TWO), observed(ONES + 0.5, TWO + 0.5), ["off_by_a_constant"]),
    "a square": (observed(ONES, TWO), observed(ONES, TWO**2 + 3), ["only_square_inputs"]),
    "pictures": (
        observed(ONES, TWO, shapes=((2, 4), (3, 1, 4, 5))),
        observed(ONES, TWO**2 + 3, shapes=((2, 4), (3, 1, 4, 5))),
        ["only_two_dimensions"],
    ),
    "bools": (
        observed(ONES, TWO, shapes=((2, 4), (2, 4)), dtypes=(None, torch.bool)),
        observed(ONES, TWO**2 + 3, shapes=((2, 4), (2, 4)), dtypes=(None, torch.bool)),
        ["only_without_bools"],
    ),
    "one row": (
        observed(TWO, ONES, shapes=((2, 4), (1, 4))),
        observed(TWO, ONES * 2, shapes=((2, 4), (1, 4))),
        ["only_several_rows"],
    ),
    "a mode": (
        observed(TWO, TWO, labels=MODES, shapes=((2, 4), (2, 4))),
        observed(TWO, TWO * 3, labels=MODES, shapes=((2, 4), (2, 4))),
        ["only_in_one_mode"],
    ),
    "the same": (observed(ONES, TWO), observed(ONES, TWO), []),
    "all wrong": (observed(ONES, TWO), observed(ONES * 2, TWO - 3), []),
}


@pytest.mark.parametrize("case", CASES)
def test_the_sign_that_is_told(case):
    """Each case shows its own sign first."""
    one, two, signs = CASES[case]
    assert told(one, two) == signs
