"""Agreement of observations, and the chi-square test behind samples."""

from __future__ import annotations

import pytest
import torch

from grader.differences import compare, most_helpful, same_frequencies
from grader.learner.observation import Entry, Observation

ONE = torch.tensor([[1.0, 2.0], [3.0, 4.0]])


def observed(value, **facts):
    """Make an observation of one entry."""
    return Observation((Entry("a case", "f", value, **facts),))


@pytest.mark.parametrize(
    ("two", "kind"),
    [
        (ONE + 1e-5, None),
        (ONE.double(), "dtype"),
        (ONE[0], "shape"),
        (ONE + 1, "value"),
        ([1.0], "structure"),
        (None, "structure"),
        (torch.tensor(1.0), "shape"),
        (ONE * float("nan"), "value"),
    ],
)
def test_the_kind_of_difference(two, kind):
    """Structure comes before shape, shape before dtype, dtype before values; nothing broadcasts."""
    found = compare(ONE, two)
    assert (found[0] if found else None) == kind


def test_nan_agrees_with_nan():
    """Where the reference gives NaN, NaN is the right answer."""
    assert compare(torch.tensor([float("nan")]), torch.tensor([float("nan")])) is None


def test_a_bool_is_no_int():
    """True and 1 are different answers."""
    assert compare(1, True)[0] == "structure"


def test_the_path_into_a_tuple():
    """The difference tells which item of a tuple it is in."""
    assert compare((ONE, ONE), (ONE, ONE + 1))[1] == ("item 1",)


def test_the_first_index_that_differs():
    """The index is that of the first wrong number."""
    assert most_helpful(observed(ONE), observed(torch.tensor([[1.0, 2.0], [0.0, 4.0]]))).index == (1, 0)


def test_a_changed_argument_is_a_difference():
    """Right values do not excuse a changed argument."""
    assert most_helpful(observed(ONE), observed(ONE, changed=("likes",))).kind == "changed"


def test_false_alarms_of_the_chi_square_are_rare():
    """Two samples of one distribution agree on 2,000 seeds: at 1e-7 each, a false alarm has a chance of 0.0002 here."""
    weights = torch.tensor([0.5, 0.2, 0.1, 0.1, 0.05, 0.05])

    def draw(seed):
        generator = torch.Generator().manual_seed(seed)
        return torch.bincount(torch.multinomial(weights, 500, replacement=True, generator=generator), minlength=6)

    assert all(same_frequencies(draw(seed), draw(10_000 + seed)) for seed in range(2_000))


def test_other_weights_are_seen():
    """Uniform draws are told from weighted ones."""
    assert not same_frequencies(torch.tensor([500, 300, 100, 100]), torch.tensor([250, 250, 250, 250]))


@pytest.mark.parametrize("counts", [torch.tensor([1, 2]), torch.tensor([[1, 2, 3]]), torch.zeros(3, dtype=torch.int64)])
def test_odd_counts_never_agree(counts):
    """Counts of another shape, or none at all, are another answer."""
    assert not same_frequencies(torch.tensor([100, 200, 300]), counts)


@pytest.mark.parametrize("counts", [[-5, -5], [1, 0], [0, 0], [10**18, 1]])
def test_counts_that_cannot_be_doubted(counts):
    """Negative counts, or a few draws in place of many, agree with no distribution."""
    assert not same_frequencies(torch.tensor([100, 200]), torch.tensor(counts))
