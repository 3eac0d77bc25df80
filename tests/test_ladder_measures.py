"""Recall, ndcg, rankings and intervals of the ladder."""

import math

import pytest
import torch
from ladder.measures import interval, marks, ndcg, recall, split, top
from lesson.data import planted_tastes

RANKED = torch.tensor([[3, 1, 4, 0, 5]])
HIDDEN = torch.tensor([[False, True, False, False, False, True]])  # hits at places 2 and 5


def by_hand(ranked, hidden):
    """Give recall and ndcg of one user by plain Python."""
    found = [item in hidden for item in ranked]
    gain = sum(1 / math.log2(place + 2) for place, hit in enumerate(found) if hit)
    best = sum(1 / math.log2(place + 2) for place in range(min(len(ranked), len(hidden))))
    return sum(found) / min(len(ranked), len(hidden)), gain / best


def test_recall_counts_what_could_be_found():
    """Two hidden likes, both among five: recall@5 is 1, and recall@1 is 0."""
    assert [recall(RANKED, HIDDEN).item(), recall(RANKED[:, :1], HIDDEN).item()] == [1, 0]


def test_ndcg_of_the_lesson_s_picture():
    """Hits at places 2 and 5 of two hidden likes give (0.63 + 0.39) / 1.63."""
    assert ndcg(RANKED, HIDDEN).item() == pytest.approx((1 / math.log2(3) + 1 / math.log2(6)) / (1 + 1 / math.log2(3)))


def test_the_measures_agree_with_a_count_by_hand():
    """For forty users, both are what a loop over items gives."""
    data = split(planted_tastes(users=40, items=30, density=0.3, seed=3).likes, seed=3)
    found = marks(torch.rand(40, 30, generator=torch.Generator().manual_seed(0)), data)
    ranked = top(torch.rand(40, 30, generator=torch.Generator().manual_seed(0)), data.train)
    hidden = [row.nonzero()[:, 0].tolist() for row in data.hidden]
    told = [by_hand(row, items) for row, items in zip(ranked.tolist(), hidden, strict=True) if items]
    kept = data.hidden.any(dim=1)
    assert torch.allclose(torch.stack([*found.values()], dim=1)[kept], torch.tensor(told, dtype=torch.float64))


def test_nobody_is_shown_what_he_likes():
    """However high it scores, an item of the user's own is not in his list."""
    train = torch.eye(4, 20).long()
    assert not train.gather(1, top(100.0 * train, train)).any()


def test_equal_scores_go_by_the_lower_id():
    """The same question has the same answer tomorrow."""
    assert top(torch.zeros(1, 5), torch.tensor([[1, 0, 0, 0, 0]]), 3).tolist() == [[1, 2, 3]]


def test_users_without_hidden_likes_are_left_out_of_the_mean():
    """They are NaN, and the interval passes over them."""
    values = recall(RANKED.repeat(2, 1), torch.stack([HIDDEN[0], torch.zeros(6, dtype=torch.bool)]))
    assert interval(values).mean == 1


def test_the_interval_holds_the_true_mean_as_often_as_it_says():
    """Of 200 samples whose mean is 0, about 95 % give an interval that holds it."""
    generator = torch.Generator().manual_seed(0)
    told = [interval(torch.randn(300, generator=generator), draws=400, seed=seed) for seed in range(200)]
    assert 180 <= sum(one.low <= 0 <= one.high for one in told) <= 199


def test_seeds_of_one_user_are_no_new_users():
    """Five copies of the same marks make the interval no narrower."""
    values = torch.randn(100, generator=torch.Generator().manual_seed(1))
    assert interval(values.repeat(5, 1)) == pytest.approx(interval(values), abs=1e-6)


def test_a_mean_of_nothing_is_refused():
    """Nobody with a hidden like: there is nothing to say."""
    with pytest.raises(ValueError, match="no number"):
        interval(torch.full((3,), torch.nan))


def test_train_and_hidden_never_overlap():
    """What is seen are the likes without the hidden ones."""
    likes = planted_tastes(users=50, items=40, seed=1).likes
    data = split(likes, seed=1)
    assert torch.equal(data.train, likes - data.hidden.long())
