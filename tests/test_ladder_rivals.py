"""The simple recommenders, each against another way to the same numbers."""

import numpy
import pytest
from ladder.measures import interval, leaks, marks, split
from ladder.network import Recipe, by_decoder, by_neighbours, train
from ladder.rivals import RIVALS, ease, item_knn, popularity, truncated_svd, user_knn
from lesson.data import planted_tastes, random_likes


@pytest.fixture(scope="module")
def data():
    """Likes of 300 users of a taste each."""
    return split(planted_tastes(users=300, items=40, groups=5, density=0.15, seed=2).likes, seed=2)


def jaccard(one, two):
    """Give the intersection over union of two sets."""
    return len(one & two) / len(one | two) if one | two else 0.0


def test_popularity_counts_likes(data):
    """Everybody's scores are the column sums."""
    assert popularity(data.train)[7].tolist() == [sum(column) for column in data.train.T.tolist()]


def test_user_knn_is_a_vote_of_neighbours(data):
    """For one user, sets and sorting by hand give the same scores."""
    sets = [set(row.nonzero()[:, 0].tolist()) for row in data.train]
    votes = numpy.zeros(40)
    alike = sorted(((jaccard(sets[9], other), user) for user, other in enumerate(sets) if user != 9), reverse=True)
    cut = alike[29][0]
    for near, user in alike[: next((i for i, (near, _) in enumerate(alike) if near < cut and i >= 30), 30)]:
        votes[list(sets[user])] += near
    found = user_knn(data.train, k=sum(near >= cut for near, _ in alike))[9]
    assert numpy.allclose(found.numpy(), votes, atol=1e-5)


def test_item_knn_with_all_items_is_a_sum_of_similarities(data):
    """Nobody left out: an item's score is the sum of its similarities to what the user likes."""
    sets = [set(column.nonzero()[:, 0].tolist()) for column in data.train.T]
    liked = data.train[4].nonzero()[:, 0].tolist()
    wanted = [sum(jaccard(sets[item], sets[other]) for other in liked if other != item) for item in range(40)]
    assert numpy.allclose(item_knn(data.train, k=40)[4].numpy(), wanted, atol=1e-5)


def test_ease_solves_its_least_squares_problem_column_by_column(data):
    """Ridge regression of each item on all others, solved one by one, gives the same weights."""
    likes = data.train.double().numpy()
    scores = numpy.empty_like(likes)
    for item in range(40):
        others = numpy.delete(likes, item, axis=1)
        weights = numpy.linalg.solve(others.T @ others + 300 * numpy.eye(39), others.T @ likes[:, item])
        scores[:, item] = others @ weights
    assert numpy.allclose(ease(data.train).numpy(), scores, atol=1e-8)


def test_the_truncated_svd_is_that_of_numpy(data):
    """The product of the eight largest singular triples."""
    left, values, right = numpy.linalg.svd(data.train.double().numpy(), full_matrices=False)
    assert numpy.allclose(truncated_svd(data.train).numpy(), left[:, :8] * values[:8] @ right[:8], atol=1e-8)


@pytest.mark.parametrize("name", RIVALS)
def test_no_rival_looks_at_what_is_hidden(data, name):
    """Other hidden likes, the same lists."""
    assert not leaks(lambda one: RIVALS[name](one.train), data)


@pytest.mark.parametrize("scores", [by_decoder, by_neighbours])
def test_the_network_does_not_look_either(data, scores):
    """Trained twice from the same seed, it recommends the same."""
    assert not leaks(lambda one: scores(train(Recipe(epochs=1), one.train), one.train), data)


@pytest.mark.parametrize("name", ["popularity", "EASE"])
def test_a_leak_is_found(data, name):
    """A recommender that was fitted to all the likes, the hidden ones among them, is caught."""
    assert leaks(lambda one: RIVALS[name](one.train + one.hidden), data)


def test_on_coins_nobody_beats_chance():
    """Random likes hold no taste: every rival finds what a blind guess finds."""
    coins = split(random_likes(2_000, 50, seed=4), seed=4)
    found = [interval(marks(rival(coins.train), coins)["recall@10"]).mean for rival in RIVALS.values()]
    assert max(found) - min(found) < 0.03
