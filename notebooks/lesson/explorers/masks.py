"""Stage 04: the mask and what of the likes reaches the learner's encoder."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from lesson.controls import Slider, Toggle
from lesson.friendly import asked_for
from lesson.pieces import cross_out
from lesson.plots import heat_map, like_matrix
from lesson.style import Picture, blank
from lesson.widgets import explore

from .common import Names, own_chance


def mask_explorer(
    AutoEncoder: Callable[..., Any],  # noqa: N803 - a class is handed in
    likes: Tensor,
    users: Names = None,
    items: Names = None,
) -> None:
    """Move p, and see what of the likes reaches the encoder."""

    def draw(p: float, mask: bool, training: bool, pattern: int) -> Picture:
        encoder = Recorder()
        with own_chance(pattern), torch.no_grad():
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
