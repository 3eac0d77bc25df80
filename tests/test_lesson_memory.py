"""How much memory a call's tensors hold."""

import torch
from lesson.memory import peak_bytes

ROWS = torch.ones(100, 100)  # 40,000 bytes


def test_what_is_held_at_once_counts():
    """Two tensors that live together count together."""
    assert peak_bytes(lambda: (ROWS + 1, ROWS + 2)) == 80_000


def test_what_is_given_back_does_not():
    """One after the other, the most is two: a new one while the last is still there."""

    def one_by_one():
        for _ in range(5):
            kept = ROWS + 1
        return kept

    assert peak_bytes(one_by_one) == 80_000


def test_views_cost_nothing():
    """A row, a transpose and what was there before take no memory."""
    assert peak_bytes(lambda: (ROWS[0], ROWS.T)) == 0
