"""A million users are planted in little memory, and trained on with the learner's own parts alone."""

import json
import subprocess
import sys

import pytest
import torch
from lesson import data, million

from grader.exercise import load

POSITIVE, NEGATIVE, IOU, RECALL = (
    next(iter(load(name).reference().values())) for name in ("sample_positive", "sample_negative", "iou", "recall_at_k")
)
PEAK = """
import psutil, threading, time
from lesson.data import planted_tastes
process, most, done = psutil.Process(), 0, False
def look():
    global most
    while not done:
        most = max(most, process.memory_info().rss)
        time.sleep(0.001)
planted_tastes(100, 100)
start = process.memory_info().rss
thread = threading.Thread(target=look)
thread.start()
likes = planted_tastes(200_000, 100).likes
done = True
thread.join()
print((most - start) / likes.nbytes)
"""


@pytest.fixture
def likes():
    """Return likes of some hundred users, one of whom likes nothing."""
    likes = data.planted_tastes(300, 40, density=0.2).likes.bool()
    likes[7] = False
    return likes


def pairs(likes, **changed):
    """Make the batches with right samplers."""
    return million.Pairs(likes, POSITIVE, NEGATIVE, IOU, **{"batch": 64, **changed})


@pytest.mark.parametrize("at_once", [1, 7, 100, 10**9])
def test_the_likes_do_not_depend_on_how_many_are_drawn_at_once(monkeypatch, at_once):
    """The same seed plants the same likes, block by block or whole."""
    expected = data.planted_tastes(100, 23, groups=3, seed=5).likes
    monkeypatch.setattr(data, "AT_ONCE", at_once)
    assert data.planted_tastes(100, 23, groups=3, seed=5).likes.equal(expected)


def test_planting_needs_little_more_than_the_likes():
    """The peak stays under one and a third of the result; whole matrices of floats took twice as much."""
    done = subprocess.run([sys.executable, "-c", PEAK], capture_output=True, text=True, check=True)
    assert float(done.stdout) < 1.33


def test_importing_it_loads_nothing_of_the_grader():
    """In a submission there is no answer to find here."""
    code = "import lesson.million, sys; print([name for name in sys.modules if name.startswith('grader')])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_every_user_comes_once_an_epoch(likes, monkeypatch):
    """Blocks and batches cut the users into parts and lose none."""
    monkeypatch.setattr(million, "BLOCK", 128)
    batches = list(pairs(likes))
    rows = torch.cat([user for user, _, _ in batches])
    assert (len(batches), rows.sum(0).equal(likes.float().sum(0))) == (len(pairs(likes)), True)


def test_the_similarity_belongs_to_the_pair(likes):
    """Each similarity is the IoU of the two rows beside it."""
    for user, other, similarity in pairs(likes):
        expected = IOU(torch.cat([user, other]).long())[: len(user), len(user) :].diagonal()
        assert torch.allclose(similarity, expected)


def test_alike_partners_are_alike(likes):
    """At p = 1 each pair shares a like, except for who likes nothing."""
    users, other, _ = zip(*pairs(likes, p=1), strict=True)
    users, other = torch.cat(users), torch.cat(other)
    assert (users * other).any(dim=1).equal(users.any(dim=1))


def test_the_seed_decides(likes):
    """Two loaders of one seed give the same pairs, and another epoch gives others."""
    one, two = pairs(likes), pairs(likes)
    first = [torch.cat(parts) for parts in zip(*one, strict=True)]
    assert all(a.equal(torch.cat(b)) for a, b in zip(first, zip(*two, strict=True), strict=True))
    assert not first[0].equal(torch.cat([user for user, _, _ in one]))


def test_a_fifth_is_hidden(monkeypatch):
    """Nothing is kept that was not liked, whatever the blocks."""
    monkeypatch.setattr(million, "AT_ONCE", 33)
    likes = data.planted_tastes(100, 50, density=0.3).likes.bool()
    kept = million.hide(likes, seed=1)
    counts = likes.sum(dim=1)
    hidden = (0.2 * counts.double()).round().long().clamp(min=1).minimum(counts - 1)
    assert (bool((kept & ~likes).any()), kept.sum(dim=1).equal(counts - hidden)) == (False, True)


def test_known_likes_are_not_recommended():
    """Each user's mark is that of the best unknown items."""
    likes, kept = torch.ones(2, 20).bool(), torch.arange(20).expand(2, 20) < 10
    assert million.marks(torch.arange(20.0, 0, -1).expand(2, 20), kept, likes, RECALL).tolist() == [1, 1]


def test_it_trains_and_writes_its_figures(tmp_path, capsys):
    """A small run, from the command line to the file."""
    small = {"users": 600, "items": 20, "epochs": 1, "batch": 64, "judged": 200, "root": tmp_path}
    assert million.main([f"--{name}={value}" for name, value in small.items()]) == 0
    printed, figures = capsys.readouterr().out, json.loads((tmp_path / "million.json").read_text("utf-8"))
    wanted = ("machine", "seed", "peak memory", "seconds an epoch, mean")
    assert [name for name in wanted if name not in figures] == []
    assert all(word in printed for word in ("torch", "seed 0", "loss", "recall@10 of popularity", "peak memory"))


@pytest.mark.parametrize("words", [["--users", "5"], ["--epochs", "0"], ["--items", "x"], ["--seed", "-1"]])
def test_unusable_arguments(words, capsys):
    """Exit status 2 and a sentence."""
    with pytest.raises(SystemExit, match="2"):
        million.main(words)
    assert "error" in capsys.readouterr().err
