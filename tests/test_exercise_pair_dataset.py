"""What lint cannot hold of `pair_dataset`: its advice, and traps met by one who leaves himself out of the draws."""

from __future__ import annotations

import pytest
import torch

from grader.exercise import load
from grader.judge import judge
from grader.learner.observe import observe
from grader.sources import solution

PAIRS = load("pair_dataset")
Right, SelfLeftOut = PAIRS.answer.PairDataset, PAIRS.group("Readings")["self_left_out"]

TWICE = """
class PairDataset:
    def __getitem__(self, i):
        if random.random() < self.p:
            j = torch.multinomial(self.iou[i], 1).item()
        else:
            j = torch.multinomial(self.iou_inverse[i], 1).item()
"""
ONCE = """
class PairDataset:
    def __getitem__(self, i):
        kind = torch.multinomial(torch.tensor([1 - self.p, self.p]), 1)
        j = torch.multinomial((self.iou_inverse, self.iou)[kind][i], 1).item()
"""


class Unchecked(Right):
    def __init__(self, likes, p):
        self.data, self.p, self.iou = likes, p, PAIRS.answer.intersection_over_union(likes)
        self.iou_inverse = 1 - self.iou


class Unnamed(Right):
    def __init__(self, likes, p):
        try:
            super().__init__(likes, p)
        except ValueError:
            raise ValueError("this is not allowed") from None


class Asserts(Right):
    def __init__(self, likes, p):
        assert 0 <= p <= 1
        super().__init__(likes, p)


def verdict_of(answer, source=None):
    """Judge one data set."""
    return judge(PAIRS, observe(PAIRS.probe, {"PairDataset": answer}, seed=0, seconds=20), seed=0, source=source)


@pytest.mark.parametrize(("answer", "score"), [(Right, 5), (Unchecked, 4), (Unnamed, 4), (Asserts, 4)])
def test_input_that_gets_through_costs_a_point(answer, score):
    """A right class without the tests of its input, or whose error does not name the value, loses one point."""
    assert verdict_of(answer).score == score


@pytest.mark.parametrize(("source", "score"), [(TWICE, 4), (ONCE, 5), (solution("pair_dataset"), 5), ("", 5), ("(", 5)])
def test_sampling_twice_costs_a_point(source, score):
    """Two draws of partners in the text cost one point; a draw for the coin is none of them."""
    assert verdict_of(Right, source).score == score


def test_the_two_together_cost_one_point():
    """Unchecked input and repeated sampling cost one point, not two."""
    assert verdict_of(Unchecked, TWICE).score == 4


TRAPS = (
    "python_float",
    "dimension_on_other",
    "dimension_on_similarity",
    "similarity_from_inverse",
    "label_as_similarity",
    "similarity_of_another_draw",
    "p_inverted",
    "hands_out_a_view",
    "partner_drawn_once",
    "nothing_random",
    "kind_decided_once",
    "nan_weights",
)


@pytest.mark.parametrize("trap", TRAPS)
def test_a_trap_keeps_its_name_where_self_is_left_out(trap):
    """One who never pairs a user with himself, and falls into a trap, reads the trap's own name."""
    both = type("PairDataset", (PAIRS.group("Mistakes")[trap], SelfLeftOut), {})
    assert verdict_of(both).diagnosis == trap


@pytest.mark.parametrize("likes", [torch.tensor([[1, 1], [0, 0], [0, 1]]), torch.ones(2, 3), torch.zeros(1, 4)])
@pytest.mark.parametrize("p", [0.0, 0.5, 1.0])
def test_the_reference_draws_for_everybody(likes, p):
    """Users for whom one kind of partner does not exist get one of the other kind."""
    assert all(len(Right(likes, p)[i]) == 3 for i in range(len(likes)))
