"""Pairs drawn for an epoch at once follow the literal distribution."""

import pytest
import torch
from ladder.pairs import PairLoader
from ladder.rivals import overlap

from grader.differences import same_frequencies
from grader.exercises.pair_dataset.exercise import PairDataset

LIKES = torch.tensor(
    [[1, 1, 0, 0, 1], [1, 1, 0, 0, 0], [0, 0, 0, 0, 0], [0, 1, 1, 0, 1], [0, 0, 0, 1, 0], [1, 1, 0, 0, 1]]
)
RARE = torch.block_diag(torch.ones(2, 3), torch.eye(400)).long()  # two alike users among 400 strangers


def loader(likes, p, seed=0, **more):
    """Give a loader of a seed."""
    return PairLoader(likes, overlap(likes), p, generator=torch.Generator().manual_seed(seed), **more)


def literal(user, p, times, likes=LIKES):
    """Count the partners that the literal data set draws, told apart by their rows."""
    data = PairDataset(likes, p)
    rows = torch.stack([data[user][1] for _ in range(times)])
    return (rows[:, None] == likes.float()).all(dim=2).int().argmax(dim=1).bincount(minlength=len(likes))


def ours(user, p, times, likes=LIKES):
    """Count the partners that the loader draws, told apart in the same way."""
    found = loader(likes, p).partners(torch.full((times,), user))
    first = (likes[found][:, None] == likes).all(dim=2).int().argmax(dim=1)
    return first.bincount(minlength=len(likes))


@pytest.mark.parametrize("p", [0.0, 0.3, 1.0])
@pytest.mark.parametrize("user", range(6))
def test_the_distribution_is_the_literal_one(user, p):
    """Chi-square against draws of the data set; a user without likes and identical users are among them."""
    assert same_frequencies(literal(user, p, 1_000), ours(user, p, 20_000))


def test_rare_partners_are_drawn_by_the_sums():
    """One alike user among 400: rejection gives up, and nothing is lost or distorted."""
    assert same_frequencies(literal(0, 1.0, 300, RARE), ours(0, 1.0, 5_000, RARE))


def test_a_wrong_distribution_is_seen():
    """The test above can fail: even draws are told from weighted ones."""
    assert not same_frequencies(literal(0, 1.0, 1_000), torch.full((6,), 3_000))


def test_every_user_comes_once_an_epoch():
    """The first rows of all batches are the users."""
    rows = torch.cat([user for user, _, _ in loader(torch.eye(10).long(), 0.5, batch_size=4)])
    assert torch.equal(rows.sum(dim=0), torch.ones(10))


def test_the_batches_are_counted():
    """The last one is shorter."""
    batches = loader(torch.eye(10).long(), 0.5, batch_size=4)
    assert len(batches) == len(list(batches)) == 3


def test_the_similarity_is_that_of_the_pair():
    """For alike and unlike pairs it is the IoU of the two rows."""
    user, other, similarity = next(iter(loader(LIKES, 0.5)))
    both, either = (user * other).sum(dim=1), ((user + other) > 0).sum(dim=1)
    assert torch.allclose(similarity, both / either.clamp(min=1))


@pytest.mark.parametrize("p", [-0.1, 1.5, float("nan")])
def test_a_p_outside_is_refused(p):
    """The error names it."""
    with pytest.raises(ValueError, match="`p`"):
        loader(LIKES, p)


def test_similarities_of_other_users_are_refused():
    """The error names both shapes."""
    with pytest.raises(ValueError, match=r"\(6, 6\)"):
        PairLoader(LIKES, torch.eye(5), 0.5)
