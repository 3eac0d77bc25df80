"""The interactive pieces of the stages: each calls the learner's own functions and draws what they answer."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import torch
from torch import Tensor

from lesson.controls import Choice, LikeGrid, Slider, Toggle
from lesson.data import SmallTown
from lesson.friendly import asked_for
from lesson.pieces import cross_out, draw_drawn, draw_lists
from lesson.plots import heat_map, like_matrix
from lesson.style import Picture, blank
from lesson.widgets import explore

Names = Sequence[str] | None


def iou_explorer(intersection_over_union: Callable[[Tensor], Tensor], town: SmallTown) -> None:
    """Stage 02: press likes, and see what the learner's function makes of them."""

    def draw(likes: Tensor) -> Picture:
        people = len(town.users)
        similar = asked_for(intersection_over_union, likes.clone(), shape=(people, people)).float()
        picture, (left, right) = blank(9.2, 3.9, panels=(len(town.items), people))
        like_matrix(likes, town.users, town.items, "Likes", ax=left)
        heat_map(similar, town.users, town.users, "Your intersection over union", 0, 1, ax=right)
        return picture

    explore(draw, likes=LikeGrid("who likes what", town.likes, town.users, town.items))


def pair_explorer(
    PairDataset: Callable[..., Any],  # noqa: N803 - a class is handed in
    likes: Tensor,
    user: int = 0,
    users: Names = None,
    n: int = 400,
) -> None:
    """Stage 03: move p, and see how often each user is drawn beside how often he should be."""
    names = _names(users, len(likes), "user")

    def draw(p: float, user: int) -> Picture:
        with _own_chance():
            dataset = PairDataset(likes.clone(), p)
            shares = torch.stack([_same_rows(dataset[user][1], likes) for _ in range(n)]).mean(dim=0)
        picture, (ax,) = blank(min(max(5.5, 1.5 + 0.5 * len(names)), 10), 3.2)
        wanted = _wanted(dataset, user, p)
        draw_drawn(ax, names, shares, wanted, f"{n} draws for {names[user]} at p = {p:.1f}")
        story = (f"{name} {got:.2f} ({want:.2f})" for name, got, want in zip(names, shares, wanted, strict=True))
        return picture.describe("draws beside weights", f"Share of draws (wanted): {', '.join(story)}.")

    explore(draw, p=Slider("p", 0.0, 1.0, 0.5, 0.1), user=_pick(users, len(likes), user))


def mask_explorer(
    AutoEncoder: Callable[..., Any],  # noqa: N803 - a class is handed in
    likes: Tensor,
    users: Names = None,
    items: Names = None,
) -> None:
    """Stage 04: move p, and see what of the likes reaches the encoder."""
    def draw(p: float, mask: bool, training: bool, pattern: int) -> Picture:
        encoder = Recorder()
        with _own_chance(pattern), torch.no_grad():
            autoencoder = AutoEncoder(encoder, torch.nn.Identity(), p)
            autoencoder.train(training)(likes.float().clone(), mask)
        picture, (left, right) = blank(10.2, 3.9, panels=(1, 1))
        like_matrix(likes, users, items, "The likes", ax=left)
        heat_map(encoder.seen(likes), users, items, "What the encoder sees (✖: masked)", 0, 2.5, ax=right)
        cross_out(right, (likes != 0) & (encoder.seen(likes) == 0))
        return picture

    explore(
        draw,
        p=Slider("p", 0.0, 0.9, 0.3, 0.1),
        mask=Toggle("mask", True),
        training=Toggle("training mode", True),
        pattern=Slider("pattern", 1, 20, 1),
    )


def recommendation_explorer(
    recommend_collaborative: Callable[..., Tensor],
    recommend_content: Callable[..., Tensor],
    recommend_mixed: Callable[..., Tensor],
    similar_users: Callable[..., Tensor],
    autoencoder: torch.nn.Module,
    likes: Tensor,
    held_out: Sequence[Tensor],
    users: Names = None,
    items: Names = None,
) -> None:
    """Stage 07: pick a user, and see his neighbours, the three lists, and what was held out."""
    people, things = _names(users, len(likes), "user"), _names(items, likes.shape[1], "item")

    def draw(user: int, k: int, n: int) -> Picture:
        def ask(function: Callable[..., Tensor], *numbers: int) -> list[int]:
            return [int(answer) for answer in asked_for(function, autoencoder, likes, user, *numbers)]

        near, hidden = ask(similar_users, k), [int(item) for item in held_out[user]]
        columns = {"likes": (likes[user] != 0).nonzero()[:, 0].tolist(), "held out": hidden}
        columns |= {
            "content": ask(recommend_content, n),
            "collaborative": ask(recommend_collaborative, k, n),
            "mixed": ask(recommend_mixed, k, n),
        }
        lists = {name: [(things[item], item in hidden) for item in column] for name, column in columns.items()}
        lists = {"most alike": [(people[other], False) for other in near], **lists}
        picture, (ax,) = blank(10.2, 1.6 + 0.24 * max(n, 6))
        return picture.describe("recommendations", draw_lists(ax, f"For {people[user]}", lists, max(n, 6)))

    ends = min(len(likes) - 1, 200)
    explore(draw, user=_pick(users, len(likes), 0), k=Slider("k", 1, ends, min(20, ends)), n=Slider("n", 1, 12, 8))


class Recorder(torch.nn.Module):
    """An encoder that changes nothing and remembers what it was given last."""

    def __init__(self) -> None:
        super().__init__()
        self.given: Tensor | None = None

    def forward(self, x: Tensor) -> Tensor:
        """Return x."""
        self.given = x.detach().clone()
        return x

    def seen(self, likes: Tensor) -> Tensor:
        """Return what came last, as a matrix of the likes' shape."""
        return asked_for(lambda: self.given, shape=tuple(likes.shape), name="AutoEncoder's encoder")


@contextmanager
def _own_chance(seed: int = 0) -> Iterator[None]:
    """Let the learner's code draw from chance that is the same at each visit, and put his own back."""
    before = random.getstate()
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        random.setstate(random.Random(seed).getstate())
        try:
            yield
        finally:
            random.setstate(before)


def _same_rows(row: Tensor, likes: Tensor) -> Tensor:
    """Spread 1 over the users whose likes are that row: (M,) float32."""
    other = asked_for(lambda: row, shape=(likes.shape[1],), name="PairDataset.__getitem__")
    same = (likes.float() == other.float()).all(dim=1).float()
    return same / same.sum().clamp(min=1)


def _wanted(dataset: Any, user: int, p: float) -> Tensor:
    """How often each user should be drawn, by the data set's own `iou`: (M,) float32."""
    alike = dataset.iou[user].float()
    kinds = [weights / weights.sum() for weights in (alike, 1 - alike) if weights.sum() > 0]
    shares = [p, 1 - p] if len(kinds) == 2 else [1.0]
    return sum((share * kind for share, kind in zip(shares, kinds, strict=True)), torch.zeros(len(alike)))


def _names(names: Names, number: int, kind: str) -> list[str]:
    """The names, or numbers in their place."""
    return list(names) if names is not None else [f"{kind} {index}" for index in range(number)]


def _pick(users: Names, number: int, first: int) -> Choice | Slider:
    """Choose a user by name where there are names, else by number."""
    if users is None:
        return Slider("user", 0, number - 1, first)
    return Choice("user", {name: index for index, name in enumerate(users)}, first)
