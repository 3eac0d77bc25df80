"""The loss, the latent map and the recommendations: what their pictures say of what the learner's functions answer."""

import pytest
import torch
from lesson import explorers, widgets
from lesson.data import small_town
from lesson.explorers.latents import on_paper
from lesson.explorers.recommending import in_order

from grader.exercise import load

TOWN = small_town()
LOSS = load("recommender_loss").answer.RecommenderLoss
SIMILARITY = load("euclidean_similarity").answer.EuclideanSimilarity


class One(torch.nn.Module):
    """A code that is the first two likes, and a decoder that says 0.5 to everything."""

    def encode(self, x):
        return x[:, :2]

    def forward(self, x, mask):
        return self.encode(x), torch.full_like(x, 0.5)


def items(*ids):
    """A recommender that always names these."""
    return lambda *question: torch.tensor(ids)


@pytest.fixture
def alt(monkeypatch):
    """Return a function that gives the words of what an explorer draws for given values."""
    made = []
    monkeypatch.setattr(widgets.Exploration, "show", lambda self: made.append(self))
    return lambda show, **values: (show(), made[-1].draw(**values).alt)[1]


@pytest.mark.parametrize(("target", "rest"), [(1.0, "0"), (0.5, "1"), (0.2, "4"), (0.1, "9")])
def test_a_pair_rests_where_its_target_says(alt, target, rest):
    """The lowest loss lies at (1 - t) / t."""
    words = alt(lambda: explorers.loss_explorer(LOSS), distance=2.0, target=target, logit=1.0)
    assert words.endswith(f"It is lowest at distance {rest}.")


def test_the_terms_stand_beside_the_learners_sum(alt):
    """Both terms and the loss are named."""
    words = alt(lambda: explorers.loss_explorer(LOSS), distance=1.0, target=0.5, logit=0.0)
    assert "rebuild 0.69 + arrange 0.69, your loss 1.39" in words


def test_a_loss_of_one_term_shows(alt):
    """What the learner's loss returns is what is drawn, and not a sum of our own."""

    class RecommenderLoss(LOSS):
        def forward(self, reconstruction, original, *rest):
            return self.bce_logits(reconstruction, original)

    words = alt(lambda: explorers.loss_explorer(RecommenderLoss), distance=1.0, target=0.5, logit=0.0)
    assert "your loss 0.69" in words


def test_a_loss_that_is_not_reduced_is_told(monkeypatch):
    """One sentence stands in the picture's place."""

    class RecommenderLoss(LOSS):
        def forward(self, reconstruction, *rest):
            return reconstruction

    made = []
    monkeypatch.setattr(widgets.Exploration, "show", lambda self: made.append(self))
    explorers.loss_explorer(RecommenderLoss)
    words = "`RecommenderLoss` returned a tensor of shape (1, 2) where () was expected."
    assert made[0].render()[0]["text/plain"].startswith(words)


def test_neighbours_are_numbered_as_the_learner_ranks_them(alt):
    """The list beside the map is that of the learner's function, and says who is of the same group."""
    groups = torch.tensor([0, 1, 0, 1, 0, 1])
    words = alt(
        lambda: explorers.latent_explorer(items(3, 2), One(), TOWN.likes, groups, TOWN.users), user=0, k=2
    )
    assert ("Amina (4 likes) and the 2 nearest: 1 of his group" in words, "1  Divya, 2  Chen" in words) == (True, True)


@pytest.mark.parametrize("width", [1, 2, 3, 20])
def test_every_latent_space_fits_on_paper(width):
    """Whatever the width of the code, the map has two sides."""
    assert on_paper(torch.randn(9, width)).shape == (9, 2)


def test_the_map_keeps_distances_in_a_plane():
    """Three dimensions of which one is empty lose nothing."""
    points = torch.cat([torch.randn(9, 2), torch.zeros(9, 1)], dim=1)
    assert torch.allclose(torch.cdist(on_paper(points), on_paper(points)), torch.cdist(points, points), atol=1e-5)


def test_each_item_has_votes_score_and_places(alt):
    """An item's line says who voted, what the decoder says, its places, and that it was held out."""

    def show():
        lists = items(0, 1), items(1), items(1, 0)
        held_out = [torch.tensor([1])] * 6
        explorers.recommendation_explorer(
            *lists, items(1, 4), SIMILARITY(), One(), TOWN.likes, held_out, TOWN.users, TOWN.items
        )

    words = alt(show, user=5, k=2, n=2)
    assert "chess: votes 2, score 0.50, votes #2, decoder #1, mixed #1, held out." in words


def test_missed_items_come_last_and_are_few():
    """Whatever was held out in vain has three lines at most."""
    assert in_order([5, 6], [7], [7, 5], [1, 2, 6, 3, 4]) == [7, 5, 6, 1, 2, 3]
