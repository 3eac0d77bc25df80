"""Stage 03: p and the user drawn for, and what the learner's data set draws."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from lesson.controls import Slider
from lesson.friendly import asked_for
from lesson.pieces import draw_drawn
from lesson.style import Picture, blank
from lesson.widgets import explore

from .common import Names, names_of, own_chance, pick


def pair_explorer(
    PairDataset: Callable[..., Any],  # noqa: N803 - a class is handed in
    likes: Tensor,
    user: int = 0,
    users: Names = None,
    n: int = 400,
) -> None:
    """Move p, and see how often each user is drawn beside how often he should be."""
    names = names_of(users, len(likes), "user")

    def draw(p: float, user: int) -> Picture:
        with own_chance():
            dataset = PairDataset(likes.clone(), p)
            shares = torch.stack([_same_rows(dataset[user][1], likes) for _ in range(n)]).mean(dim=0)
        picture, (ax,) = blank(min(max(5.5, 1.5 + 0.5 * len(names)), 10), 3.2)
        wanted = _wanted(dataset, user, p)
        draw_drawn(ax, names, shares, wanted, f"{n} draws for {names[user]} at p = {p:.1f}")
        story = (f"{name} {got:.2f} ({want:.2f})" for name, got, want in zip(names, shares, wanted, strict=True))
        return picture.describe("draws beside weights", f"Share of draws (wanted): {', '.join(story)}.")

    explore(draw, p=Slider("p", 0.0, 1.0, 0.5, 0.1), user=pick(users, len(likes), user))


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
