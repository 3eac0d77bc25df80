"""Planted ratings are what they claim to be."""

import pytest
import torch
from lesson.ratings import planted_ratings


def test_stars_are_whole_and_nought_is_no_rating():
    """The ratings are 0 to 5."""
    assert planted_ratings(50, 40).ratings.unique().tolist() == [0, 1, 2, 3, 4, 5]


def test_ratings_are_float32_and_fit_their_truth():
    """Shape and dtype of both matrices."""
    planted = planted_ratings(30, 20)
    assert [(tuple(part.shape), part.dtype) for part in planted[:2]] == [((30, 20), torch.float32)] * 2


@pytest.mark.parametrize("density", [0.0, 0.05, 0.3, 1.0])
def test_the_density_is_the_share_of_rated_cells(density):
    """As many cells are rated as asked for."""
    assert (planted_ratings(density=density).ratings != 0).float().mean().item() == pytest.approx(density, abs=0.006)


def test_the_floor_is_what_the_oracle_reaches():
    """The expected stars are off by the floor on the rated cells."""
    planted = planted_ratings(2_000, 100, density=0.5)
    off = (planted.expected - planted.ratings)[planted.ratings != 0]
    assert off.square().mean().sqrt().item() == pytest.approx(planted.floor, abs=0.01)


def test_without_noise_the_oracle_is_right():
    """At noise 0 a cell has one value, and the floor is 0."""
    planted = planted_ratings(100, 50, density=1, noise=0)
    assert (planted.floor, planted.expected.equal(planted.ratings)) == (0.0, True)


def test_some_users_rate_more_than_others():
    """The ratings are not spread evenly."""
    counts = (planted_ratings(500, 200).ratings != 0).sum(dim=1).float()
    assert counts.std() > counts.mean() / 2


def test_equal_seeds_give_equal_ratings():
    """The seed alone decides."""
    assert planted_ratings(20, 20, seed=3).ratings.equal(planted_ratings(20, 20, seed=3).ratings)


def test_other_seeds_give_other_ratings():
    """Two seeds, two data sets."""
    assert not planted_ratings(20, 20, seed=3).ratings.equal(planted_ratings(20, 20, seed=4).ratings)


def test_the_global_seed_is_left_alone():
    """A lesson's data do not move the learner's own chance."""
    before = torch.random.get_rng_state()
    planted_ratings(20, 20)
    assert torch.random.get_rng_state().equal(before)


@pytest.mark.parametrize("bad", [dict(users=0), dict(tastes=0), dict(density=2), dict(noise=-1), dict(spread=9)])
def test_a_bad_value_is_named(bad):
    """The error says which argument is wrong."""
    with pytest.raises(ValueError, match=f"`{next(iter(bad))}` must"):
        planted_ratings(**bad)
