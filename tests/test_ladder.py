"""The ladder: each rung is one change, the table says what was measured, and the command says what it cannot use."""

from dataclasses import asdict, replace
from itertools import pairwise

import pytest
import torch
from ladder.__main__ import likes_of, main
from ladder.measures import split
from ladder.network import Network, Recipe, rebuilt, train
from ladder.rungs import FILMS, PLANTED, Sizes, asides, below, climb, reasons, rungs, standard
from ladder.table import markdown, rows
from lesson.data import planted_tastes

QUICK = Sizes(latent=8, epochs=1)
TRAINING = {"epochs", "batch", "lr", "decay", "cosine"}  # one change: how it is trained
SHAPE = {"widths", "latent", "bend"}  # one change: how it is built


def changed(one, two):
    """Name the settings in which two recipes differ."""
    return {key for key, value in asdict(one).items() if asdict(two)[key] != value}


@pytest.fixture(scope="module")
def likes():
    """Likes of a hundred users."""
    return planted_tastes(users=100, items=30, groups=4, density=0.2, seed=1).likes


@pytest.fixture(scope="module")
def climbed(likes):
    """All steps of the quickest ladder."""
    return list(climb(split(likes), QUICK))


@pytest.mark.parametrize("sizes", [PLANTED, FILMS])
def test_each_rung_is_one_change(sizes):
    """One setting, or the settings of the training or of the layers together."""
    changes = [changed(one.recipe, two.recipe) for one, two in pairwise(rungs(sizes))]
    assert all(len(change) == 1 or change <= TRAINING or change <= SHAPE for change in changes)


def test_the_asides_are_one_change_from_the_top():
    """Each shows what a single setting does there."""
    top = rungs(PLANTED)[-1].recipe
    assert [len(changed(top, rung.recipe)) for rung in asides(top)] == [1] * len(asides(top))


def test_the_lowest_rung_is_the_recipe_as_written():
    """100-80-60-40 with ReLU, a sigmoid at the end, and three layers either way."""
    network = Network(100, rungs(PLANTED)[0].recipe)
    sizes = [(part.in_features, part.out_features) for part in network.modules() if isinstance(part, torch.nn.Linear)]
    assert sizes == [(100, 80), (80, 60), (60, 40), (40, 60), (60, 80), (80, 100)]


def test_training_repeats_and_leaves_the_random_state(likes):
    """The same seed gives the same weights, and the caller's own draws go on as if nothing had been."""
    state = torch.get_rng_state()
    one, two = (train(replace(Recipe(), epochs=1), likes, seed=3) for _ in range(2))
    same = all(torch.equal(a, b) for a, b in zip(one.parameters(), two.parameters(), strict=True))
    assert same and torch.equal(torch.get_rng_state(), state)  # noqa: PT018 - both or neither


def test_the_multinomial_loss_scores_what_was_hidden():
    """With `kept` = 0 a like that the mask let through adds nothing, a hidden one its -log share."""
    output, row, seen = torch.zeros(1, 4), torch.tensor([[1.0, 1, 0, 0]]), torch.tensor([[1.0, 0, 1, 1]])
    loss = rebuilt(output, row, seen, Recipe(likelihood="multinomial", kept=0.0))
    assert loss.item() == pytest.approx(torch.tensor(4.0).log().item())


def test_every_rung_is_climbed_and_compared(climbed):
    """All names come, and whatever a name is compared with came as well."""
    names = [step.name for step in climbed]
    assert set(below(QUICK)) | {rungs(QUICK)[0].name} == set(names) == set(reasons(QUICK))


def test_standard_units_leave_the_ranking():
    """Mean 0 and deviation 1 for each user, in the same order; a row without any difference stays finite."""
    scores = torch.tensor([[3.0, 1, 2], [5.0, 5, 5]])
    assert torch.allclose(standard(scores), torch.tensor([[1.0, -1, 0], [0.0, 0, 0]]))


def test_a_row_tells_marks_gain_and_distance():
    """Three users, two seeds: means, and paired differences that are the same for everybody."""
    base = {name: torch.tensor([0.1, 0.2, 0.3]) for name in ("recall@10", "ndcg@10")}
    kept = {
        name: [{key: value + more for key, value in base.items()}] * 2
        for name, more in (("EASE", 0.1), ("low", 0.0), ("high", 0.2))
    }
    assert rows(kept, {"high": "low"})[3][:4] == [
        "high",
        "0.400",
        "+0.2000 [+0.2000, +0.2000]",
        "+0.1000 [+0.1000, +0.1000]",
    ]


def test_a_row_may_tell_why_and_how_long():
    """Reasons and seconds stand last; columns in which nobody has anything are left out."""
    kept = {"EASE": [{name: torch.tensor([0.1, 0.2]) for name in ("recall@10", "ndcg@10")}]}
    assert rows(kept, {}, reasons={"EASE": "because"}, seconds={"EASE": 1.25}) == [
        ["method", "recall@10", "ndcg@10", "training, s", "why"],
        ["EASE", "0.150", "0.150", "1.2", "because"],
    ]


def test_the_table_is_markdown():
    """As many bars as columns, in every line."""
    kept = {"EASE": [{name: torch.tensor([0.1, 0.2]) for name in ("recall@10", "ndcg@10")}]}
    assert {line.count("|") for line in markdown(rows(kept, {})).splitlines()} == {4}


def test_the_average_with_ease_holds_ease(climbed):
    """The last step's lists are others than those of the networks alone."""
    *_, several, with_ease = climbed
    assert not torch.equal(several.marks["decoder"]["ndcg@10"], with_ease.marks["decoder"]["ndcg@10"])


def test_the_command_names_a_path_without_data(tmp_path, capsys):
    """Status 2 and a sentence that names the folder."""
    with pytest.raises(SystemExit, match="2"):
        main(["--data", str(tmp_path)])
    assert str(tmp_path) in capsys.readouterr().err


def test_the_command_refuses_no_seeds(capsys):
    """Status 2 and a sentence that names the number."""
    with pytest.raises(SystemExit, match="2"):
        main(["--seeds", "0"])
    assert "but is 0" in capsys.readouterr().err


@pytest.mark.parametrize("coins", [False, True])
def test_likes_of_ours_need_no_data(coins):
    """Without a path there is something to climb on."""
    assert likes_of(None, coins=coins)[1].shape == (2_000, 100)


def test_the_command_writes_what_it_prints(likes, tmp_path, monkeypatch, capsys):
    """The whole way on little data: a table, a picture, and the seconds."""
    monkeypatch.setattr("ladder.__main__.likes_of", lambda *_, **__: ("few", likes, QUICK))
    main(["--seeds", "1", "--out", str(tmp_path)])
    written = sorted(path.name for path in tmp_path.iterdir())
    assert written == ["ladder.md", "ladder.svg"]
