"""The interactive pieces draw with the learner's own functions, and say in one sentence where these fail."""

import random
import re
import subprocess
import sys

import pytest
import torch
from lesson import explorers, widgets
from lesson.controls import Choice, Number, Slider, Toggle
from lesson.data import small_town
from lesson.friendly import bundle_of, in_words

from grader.exercise import load

TOWN = small_town()
CONTROLS = {
    "a slider": (Slider("p", 0.0, 1.0, 0.5, 0.1), 0.7),
    "a whole slider": (Slider("k", 1, 9, 3), 5),
    "a choice": (Choice("user", {"Amina": 0, "Bojan": 1}, 0), 1),
    "a number": (Number("user", 0, 99, 3), 12),
    "a toggle": (Toggle("mask", True), False),
}


def iou(likes):
    """Stand in for the learner's function; any (M, M) tensor does."""
    return torch.ones(len(likes), len(likes)) / 2


class Pairs:
    """Stand in for the learner's data set."""

    def __init__(self, data, p):
        self.data, self.p, self.iou = data.float(), p, torch.full((len(data), len(data)), 0.5)

    def __getitem__(self, user):
        other = torch.randint(len(self.data), ())
        return self.data[user], self.data[other], self.iou[user, other]


class Masked(torch.nn.Module):
    """Stand in for the learner's autoencoder."""

    def __init__(self, encoder, decoder, p):
        super().__init__()
        self.encoder, self.decoder, self.dropout = encoder, decoder, torch.nn.Dropout(p)

    def encode(self, x):
        return self.encoder(x)

    def forward(self, x, mask):
        latent = self.encoder(self.dropout(x) if mask else x)
        return latent, self.decoder(latent)


def first(*numbers):
    """Stand in for a recommender: the first items."""
    return torch.arange(numbers[-1])


SAME = Masked(torch.nn.Identity(), torch.nn.Identity(), 0.5)
LOSS = load("recommender_loss").answer.RecommenderLoss
NAMES = TOWN.users, TOWN.items
PIECES = {
    "iou": lambda: explorers.iou_explorer(iou, TOWN),
    "pairs": lambda: explorers.pair_explorer(Pairs, TOWN.likes, 0, TOWN.users, n=20),
    "pairs without names": lambda: explorers.pair_explorer(Pairs, TOWN.likes, n=20),
    "mask": lambda: explorers.mask_explorer(Masked, TOWN.likes, TOWN.users, TOWN.items),
    "loss": lambda: explorers.loss_explorer(LOSS),
    "latents": lambda: explorers.latent_explorer(first, SAME, TOWN.likes, torch.arange(6) % 2, TOWN.users),
    "latents without groups": lambda: explorers.latent_explorer(first, SAME, TOWN.likes),
    "recommendations": lambda: recommendations(first, *NAMES),
    "recommendations without names": lambda: recommendations(first),
}


def recommendations(recommender, *names):
    """Explore recommendations of which all come from one function."""
    alike = torch.nn.CosineSimilarity()
    hidden = [torch.tensor([1, 7])] * 6
    explorers.recommendation_explorer(*[recommender] * 4, alike, SAME, TOWN.likes, hidden, *names)


@pytest.fixture
def made(monkeypatch):
    """Collect the explorations that pieces make, in place of showing them."""
    explorations = []
    monkeypatch.setattr(widgets.Exploration, "show", lambda self: explorations.append(self))
    return explorations


@pytest.mark.parametrize("piece", PIECES.values(), ids=PIECES)
def test_every_piece_draws_a_picture(made, piece):
    """With the first values of its controls a piece is a PNG."""
    piece()
    assert "data:image/png" in made[0].render()[0]["text/html"]


@pytest.mark.parametrize("piece", PIECES.values(), ids=PIECES)
def test_every_piece_draws_the_same_picture_again(made, piece):
    """Equal values of the controls give equal pictures, chance or not."""
    piece()
    assert made[0].render() == made[0].render()


@pytest.mark.parametrize("piece", PIECES.values(), ids=PIECES)
def test_no_piece_moves_the_learners_chance(made, piece):
    """Neither torch's nor Python's state of chance is changed."""
    before = torch.random.get_rng_state().tolist(), random.getstate()
    piece()
    made[0].render()
    assert (torch.random.get_rng_state().tolist(), random.getstate()) == before


@pytest.mark.parametrize(("control", "moved"), CONTROLS.values(), ids=CONTROLS)
def test_a_moved_control_reaches_the_drawing(control, moved):
    """The drawing function gets the new value by its name."""
    exploration = widgets.Exploration(lambda value: str(value), {"value": control})
    exploration.build()
    exploration.watched["value"][0].value = moved
    assert exploration.last[0] == {"text/plain": str(moved)}


def test_a_slider_waits_until_it_is_let_go():
    """Drawing follows the end of a movement, not each step of it."""
    assert Slider("p", 0.0, 1.0, 0.5, 0.1).build()[0].continuous_update is False


def test_an_unwritten_function_is_said():
    """A stub gives a sentence that names it."""

    def intersection_over_union(likes):
        raise NotImplementedError

    expected = "is not written. Write it above, then run this cell again."
    assert in_words(failure(intersection_over_union))["text/plain"].endswith(expected)


def test_a_crash_is_said_without_its_address():
    """The words of an error are equal on every run."""

    def crash(likes):
        raise TypeError(f"not this: {object()}")

    expected = "`crash` raised TypeError: not this: <object object>. Mend it, then run this cell again."
    assert in_words(failure(crash))["text/plain"] == expected


def failure(function):
    """Return the error that a function raises."""
    try:
        return function(TOWN.likes)
    except Exception as error:
        return error


@pytest.mark.parametrize("answer", [None, torch.ones(6), "words", torch.ones(5, 5)])
def test_an_answer_that_cannot_be_drawn_is_said(made, answer):
    """The sentence says what to do next."""
    explorers.iou_explorer(lambda likes: answer, TOWN)
    assert made[0].render()[0]["text/plain"].endswith("then run this cell again.")


def test_words_are_safe_as_html():
    """An error's text is not run as markup."""
    assert "<script>" not in in_words(ValueError("<script>"))["text/html"]


def test_exit_is_caught():
    """A function that leaves the program leaves a sentence."""
    exploration = widgets.Exploration(lambda: sys.exit(3), {})
    assert "SystemExit" in exploration.render()[0]["text/plain"]


def test_any_figure_can_be_drawn():
    """A plain matplotlib figure is shown too."""
    from matplotlib.figure import Figure

    assert "data:image/png" in bundle_of(Figure())[0]["text/html"]


def test_plain_python_prints_the_words():
    """Without a notebook the text of the picture is printed, and ipywidgets is not loaded."""
    code = """if True:
        import sys, torch
        from lesson.explorers import iou_explorer
        from lesson.data import small_town
        iou_explorer(lambda likes: torch.eye(6), small_town())
        print('ipywidgets' in sys.modules)
    """
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert re.fullmatch(r"Picture: likes .*\nFalse\n", done.stdout)
