"""The lessons' data are what they claim to be."""

import pytest
import torch
from lesson.data import hold_out, planted_tastes, random_likes, small_town

BAD = {
    "users": dict(users=0),
    "groups": dict(items=4, groups=5),
    "density": dict(density=1.5),
    "noise": dict(noise=-0.1),
    "popularity": dict(popularity=-1),
    "density and noise": dict(noise=0, density=0.2),
    "sizes": dict(groups=2, sizes=[1, 0]),
}


@pytest.fixture
def likes():
    """Return likes of a few hundred users."""
    return planted_tastes(300, 40, density=0.2).likes


def test_the_first_data_cell_is_ten_thousand_users_by_a_hundred_items():
    """Without arguments the likes are int64 of 10,000 by 100."""
    assert (random_likes().shape, random_likes().dtype) == ((10_000, 100), torch.int64)


def test_random_likes_are_zeros_and_ones():
    """A like is there or not."""
    assert random_likes(50, 20).unique().tolist() == [0, 1]


@pytest.mark.parametrize("p", [0, 0.1, 1])
def test_random_likes_have_the_density_asked_for(p):
    """The share of ones is p."""
    assert random_likes(1000, 100, p).float().mean().item() == pytest.approx(p, abs=0.005)


def test_equal_seeds_give_equal_likes():
    """The seed alone decides."""
    assert random_likes(20, 20, seed=3).equal(random_likes(20, 20, seed=3))


def test_other_seeds_give_other_likes():
    """Two seeds, two data sets."""
    assert not random_likes(20, 20, seed=3).equal(random_likes(20, 20, seed=4))


def test_the_global_seed_is_left_alone():
    """A lesson's data do not move the learner's own chance."""
    before = torch.random.get_rng_state()
    hold_out(planted_tastes(50, 20).likes)
    assert torch.random.get_rng_state().equal(before)


def test_equal_seeds_never_share_a_stream():
    """Random scores of the same seed as the likes know nothing of them."""
    scores = torch.rand(1000, 100, generator=torch.Generator().manual_seed(0))
    agreement = ((scores < 0.5) == random_likes(1000, 100).bool()).float().mean().item()
    assert agreement == pytest.approx(0.5, abs=0.01)


def test_the_default_dtype_does_not_change_the_likes():
    """A learner who works in float64 gets the same data."""
    expected = planted_tastes(50, 20).likes
    torch.set_default_dtype(torch.float64)
    actual = planted_tastes(50, 20).likes
    torch.set_default_dtype(torch.float32)
    assert expected.equal(actual)


@pytest.mark.parametrize("density", [0.0, 0.02, 0.08, 0.3])
def test_planted_tastes_have_the_density_asked_for(density):
    """The share of ones is the density, within a small tolerance."""
    assert planted_tastes(density=density).likes.float().mean().item() == pytest.approx(density, abs=0.003)


def test_planted_tastes_name_the_true_groups():
    """Likes, groups and affinity fit each other."""
    tastes = planted_tastes(30, 20, groups=4)
    assert [part.shape for part in tastes] == [(30, 20), (30,), (4, 20)]


def test_the_affinity_is_how_often_a_group_likes():
    """The frequencies in the likes follow the probabilities."""
    tastes = planted_tastes(20_000, 30, groups=2, density=0.2)
    seen = torch.stack([tastes.likes[tastes.groups == group].float().mean(dim=0) for group in (0, 1)])
    assert (seen - tastes.affinity).abs().max() < 0.03


def test_noise_alone_leaves_no_taste():
    """At noise 1 all groups like the same."""
    affinity = planted_tastes(100, 30, noise=1).affinity
    assert affinity.equal(affinity[:1].expand_as(affinity))


def test_without_noise_nobody_likes_a_strange_item():
    """At noise 0 each item has friends in one group only."""
    assert (planted_tastes(100, 30, noise=0).affinity > 0).sum(dim=0).tolist() == [1] * 30


def test_popularity_nought_makes_items_equal():
    """At popularity 0 every item is as popular as another, to those at home with it."""
    assert planted_tastes(100, 32, popularity=0).affinity.unique().numel() == 2


def test_popularity_skews_the_items():
    """The likes gather on fewer items when the popularity rises."""
    even, skewed = (planted_tastes(popularity=p).likes.sum(dim=0).max().item() for p in (0, 1))
    assert skewed > 2 * even


def test_sizes_set_the_groups():
    """A group three times as large has three times the users."""
    groups = planted_tastes(8000, 20, groups=2, sizes=[3, 1]).groups
    assert (groups == 0).float().mean().item() == pytest.approx(0.75, abs=0.02)


@pytest.mark.parametrize(("name", "arguments"), BAD.items())
def test_a_bad_value_is_named(name, arguments):
    """The error says which argument is wrong."""
    with pytest.raises(ValueError, match=f"`{name.split()[0]}` must"):
        planted_tastes(**arguments)


def test_a_bad_p_is_shown():
    """The error shows the value."""
    with pytest.raises(ValueError, match="but is 2"):
        random_likes(p=2)


def test_small_town_names_its_rows_and_columns():
    """One name a user and one an item."""
    town = small_town()
    assert town.likes.shape == (len(town.users), len(town.items))


def test_small_town_has_a_newcomer():
    """Exactly one neighbour has not said what he likes."""
    assert (small_town().likes.sum(dim=1) == 0).sum() == 1


def test_hold_out_takes_nothing_but_likes(likes):
    """What is kept and what is hidden make the likes again."""
    kept, hidden = hold_out(likes)
    for user, items in enumerate(hidden):
        kept[user, items] += 1
    assert kept.equal(likes)


@pytest.mark.parametrize(("count", "hidden"), [(0, 0), (1, 0), (2, 1), (7, 1), (8, 2), (10, 2)])
def test_hold_out_hides_a_fifth(count, hidden):
    """round(0.2 n) likes are hidden, at least one of two or more."""
    likes = (torch.arange(10) < count).long()[None]
    assert len(hold_out(likes)[1][0]) == hidden


def test_hold_out_never_takes_all():
    """Even a large share leaves a like."""
    assert hold_out(torch.ones(5, 3), share=0.99)[0].sum(dim=1).tolist() == [1] * 5


def test_hold_out_takes_any_like_alike():
    """Each of five likes is hidden as often as the others."""
    _, hidden = hold_out(torch.ones(10_000, 5))
    assert (torch.cat(hidden).bincount() / 10_000 - 0.2).abs().max() < 0.02


@pytest.mark.parametrize("dtype", [torch.int64, torch.bool, torch.float32])
def test_hold_out_keeps_the_dtype(likes, dtype):
    """The kept likes have the dtype of the likes."""
    assert hold_out(likes.to(dtype))[0].dtype == dtype


def test_hold_out_leaves_the_likes_alone(likes):
    """The argument is not changed."""
    before = likes.clone()
    hold_out(likes)
    assert likes.equal(before)


@pytest.mark.parametrize(("likes", "share"), [(torch.ones(3), 0.2), (torch.ones(3, 3), 0), (torch.ones(3, 3), 1)])
def test_hold_out_refuses(likes, share):
    """A vector is no matrix of likes, and neither all nor nothing can be hidden."""
    with pytest.raises(ValueError, match="must"):
        hold_out(likes, share)
