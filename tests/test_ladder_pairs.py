"""Pairs drawn for an epoch at once follow the literal distribution."""

import re

import pytest
import torch
from ladder.iou import overlap
from ladder.pairs import PairLoader

from grader.differences import same_frequencies
from grader.exercises.pair_dataset.exercise import PairDataset

LIKES = torch.tensor(
    [[1, 1, 0, 0, 1], [1, 1, 0, 0, 0], [0, 0, 0, 0, 0], [0, 1, 1, 0, 1], [0, 0, 0, 1, 0], [1, 1, 0, 0, 1]]
)
RARE = torch.cat([torch.eye(2, 400), torch.ones(40, 400)]).long()  # whoever likes one thing, among people who like all


def loader(likes, p, seed=0, **more):
    """Give a loader of a seed."""
    return PairLoader(likes, p, generator=torch.Generator().manual_seed(seed), **more)


def literal(user, p, times, likes=LIKES):
    """Count the partners that the literal data set draws, told apart by their rows."""
    data = PairDataset(likes, p)
    rows = torch.stack([data[user][1] for _ in range(times)])
    return (rows[:, None] == likes.float()).all(dim=2).int().argmax(dim=1).bincount(minlength=len(likes))


def ours(user, p, times, likes=LIKES):
    """Count the partners that the loader draws, told apart in the same way."""
    found, _ = loader(likes, p).partners(torch.full((times,), user))
    first = (likes[found][:, None] == likes).all(dim=2).int().argmax(dim=1)
    return first.bincount(minlength=len(likes))


@pytest.mark.parametrize("p", [0.0, 0.3, 1.0])
@pytest.mark.parametrize("user", range(6))
def test_the_distribution_is_the_literal_one(user, p):
    """Chi-square against draws of the data set; a user without likes and identical users are among them."""
    assert same_frequencies(literal(user, p, 1_000), ours(user, p, 20_000))


def test_rare_partners_are_drawn_by_the_sums(monkeypatch):
    """One in twenty proposals is kept: after the last round the sums are asked, and nothing is lost or distorted."""
    asked = []
    by_sums = PairLoader._by_sums
    monkeypatch.setattr(PairLoader, "_by_sums", lambda *given: asked.append(1) or by_sums(*given))
    assert same_frequencies(literal(0, 1.0, 1_000, RARE), ours(0, 1.0, 5_000, RARE))
    assert len(asked) > 100


@pytest.mark.parametrize("alike", [True, False])
def test_the_sums_alone_follow_the_weights(alike):
    """Without any rejection the frequencies are those of the matrix."""
    pairs = loader(LIKES, 0.5)
    drawn = torch.stack([pairs._by_sums(torch.tensor(0), torch.tensor(alike))[0] for _ in range(5_000)])
    weights = overlap(LIKES)[0] if alike else 1 - overlap(LIKES)[0]
    wanted = torch.multinomial(weights, 100_000, replacement=True, generator=torch.Generator().manual_seed(1))
    assert same_frequencies(drawn.bincount(minlength=6), wanted.bincount(minlength=6))


@pytest.mark.parametrize("likes", [torch.ones(3, 4), torch.zeros(3, 4)], ids=["all alike", "no likes at all"])
def test_where_one_kind_is_empty_the_other_is_drawn(likes):
    """As the data set does: everybody comes about as often."""
    assert same_frequencies(
        torch.full((3,), 2_000), loader(likes, 0.5).partners(torch.zeros(6_000).long())[0].bincount()
    )


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


@pytest.mark.parametrize(("likes", "more", "word"), [(torch.ones(3), {}, "(3,)"), (LIKES, {"batch_size": 0}, "is 0")])
def test_what_cannot_be_used_is_refused(likes, more, word):
    """The error names the value."""
    with pytest.raises(ValueError, match=re.escape(word)):
        PairLoader(likes, 0.5, **more)


def test_users_are_drawn_in_blocks(monkeypatch):
    """A small block gives as many batches, each user once."""
    monkeypatch.setattr("ladder.pairs.AT_ONCE", 6)
    rows = [user for user, _, _ in loader(torch.eye(20).long(), 0.5, batch_size=4)]
    assert [len(one) for one in rows] == [4] * 5
    assert torch.equal(torch.cat(rows).sum(dim=0), torch.ones(20))
