"""Stage 05: the learner's loss of one pair, against the distance of the two and against how sure the rebuilding is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import torch
from torch import Tensor

from lesson.controls import Slider
from lesson.friendly import asked_for
from lesson.pieces import draw_terms
from lesson.style import Picture, blank
from lesson.widgets import explore

DISTANCES = [step / 20 for step in range(241)]
LOGITS = [step / 10 for step in range(-40, 41)]
ROW = torch.tensor([[1.0, 0.0]])
"""The likes to rebuild: one item that is liked and one that is not."""


class Terms(NamedTuple):
    """The two terms, and what the loss makes of both."""

    arrange: float
    rebuild: float
    whole: float


def loss_explorer(loss_class: Callable[..., Any]) -> None:
    """Move a pair apart and its target up and down, and see the learner's `RecommenderLoss` and its two terms."""

    def draw(distance: float, target: float, logit: float) -> Picture:
        loss = loss_class()
        now = terms(loss, distance, target, logit)
        apart = [terms(loss, x, target, logit) for x in DISTANCES]
        surer = [terms(loss, distance, target, x) for x in LOGITS]
        alike = float(asked_for(loss.similarity, *_latents(distance), shape=(1,), name="EuclideanSimilarity"))
        picture, (left, right) = blank(10.2, 3.7, panels=(1, 1))
        parts = f"rebuild {now.rebuild:.2f} + arrange {now.arrange:.2f}"
        draw_terms(left, DISTANCES, apart, distance, now, f"{parts}; your loss {now.whole:.2f}")
        draw_terms(right, LOGITS, surer, logit, now, f"similarity {alike:.2f}, target {target:.2f}")
        left.set(xlabel="distance of the two latents")
        right.set(xlabel="logit of the like (of the other item: its negative)")
        lowest = DISTANCES[min(range(len(apart)), key=lambda place: apart[place].whole)]
        story = f"At distance {distance:g}, target {target:g} and logit {logit:g}: {parts}, your loss {now.whole:.2f}."
        return picture.describe("loss and its two terms", f"{story} It is lowest at distance {lowest:g}.")

    explore(
        draw,
        distance=Slider("distance", 0.0, 12.0, 2.0, 0.5),
        target=Slider("target (IoU)", 0.0, 1.0, 0.2, 0.05),
        logit=Slider("logit", -4.0, 4.0, 0.0, 0.5),
    )


def terms(loss: Any, distance: float, target: float, logit: float) -> Terms:
    """Ask the learner's loss about one pair."""
    guess, wanted, latents = logit * (2 * ROW - 1), torch.tensor([target]), _latents(distance)
    arrange = _number(lambda: loss.bce(loss.similarity(*latents), wanted), "bce")
    rebuild = _number(lambda: loss.bce_logits(guess, ROW), "bce_logits")
    return Terms(arrange, rebuild, _number(lambda: loss(guess, ROW, *latents, wanted), type(loss).__name__))


def _latents(distance: float) -> tuple[Tensor, Tensor]:
    """Two latents of one pair, that far apart."""
    return torch.zeros(1, 2), torch.tensor([[distance, 0.0]])


def _number(function: Callable[[], Any], name: str) -> float:
    """The one number that a loss returns."""
    return float(asked_for(function, shape=(), name=name))
