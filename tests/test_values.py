"""Values as text: short and aligned."""

from __future__ import annotations

import pytest
import torch

from grader.desks.view import values

MATRIX = torch.tensor([[1.0, 0.25], [1 / 3, 0.0]])


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1.0, "1"),
        (0.25, "0.25"),
        (1 / 3, "0.333"),
        (3, "3"),
        (True, "True"),
        (float("nan"), "nan"),
        (123456.0, "1.235e+05"),
        (-0.0004, "0"),
    ],
)
def test_a_number_is_short(value, text):
    """Whole numbers have no point, others three digits."""
    assert values.number(value) == text


def test_matrices_stand_side_by_side():
    """Columns are aligned, and nothing trails."""
    assert values.side_by_side([("expected", MATRIX), ("yours", MATRIX.T)]) == (
        "expected     yours\n    1 0.25      1 0.333\n0.333    0   0.25     0"
    )


def test_a_large_matrix_is_cut():
    """At most eight rows and columns are shown, and dots say that there is more."""
    assert (len(values.rows(torch.zeros(20, 20))), values.rows(torch.zeros(20, 20))[0][-1]) == (9, "…")
