"""The rungs: from the recipe as it was first written upwards, one change at a time, each with its reason."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import torch
from torch import Tensor

from .measures import Split, marks
from .network import Recipe, by_decoder, by_neighbours, train

AVERAGED = 3
"""Networks of one recipe whose scores are averaged at the top."""
MEAN_OF_SEVERAL = f"{AVERAGED} networks averaged"


@dataclass(frozen=True)
class Rung:
    """One change: its name, why it should help, and the recipe with it."""

    name: str
    why: str
    recipe: Recipe


@dataclass(frozen=True)
class Sizes:
    """What suits the data at hand; chosen on other hold-outs than the ladder is measured on.

    Attributes:
        latent: numbers a user, where there is one wide layer.
        kept: the weight of the likes that the mask kept.
        batch, lr, decay, epochs: of the training.
        ridge: EASE's weight, for a rival has to be tuned as well.
    """

    latent: int = 100
    kept: float = 0.3
    batch: int = 256
    lr: float = 5e-3
    decay: float = 1.0
    epochs: int = 60
    ridge: float = 300.0


PLANTED = Sizes(batch=128, lr=1e-3, decay=0.1, epochs=30, ridge=100.0)
FILMS = Sizes(latent=400, kept=0.2)


def rungs(sizes: Sizes) -> list[Rung]:
    """List the rungs from the bottom to the top."""
    changes: list[tuple[str, str, dict[str, Any]]] = [
        ("as first written", "the decoder's sigmoid meets a loss that applies one more", {}),
        ("logits", "one sigmoid, in the loss: an output can say no for sure", {"double_sigmoid": False}),
        ("multinomial", "likes compete for a place, as they do in a list of ten", {"likelihood": "multinomial"}),
        (
            "one wide tanh layer",
            "few users cannot teach six layers, and a narrow code forgets rare tastes",
            {"widths": (), "latent": sizes.latent, "bend": "tanh"},
        ),
        ("rows of length 1", "who likes much is no louder than who likes little", {"normalise": True}),
        (
            "longer, with weight decay",
            "more passes, which decay and a falling rate keep from learning users by heart",
            {"epochs": sizes.epochs, "batch": sizes.batch, "lr": sizes.lr, "decay": sizes.decay, "cosine": True},
        ),
        ("half masked", "what is asked for is what is missing, so let much be missing", {"mask": 0.5}),
        ("scored on what was hidden", "copying what is seen earns little, as on EASE's diagonal", {"kept": sizes.kept}),
    ]
    recipe, found = Recipe(), []
    for name, why, change in changes:
        recipe = replace(recipe, **change)
        found.append(Rung(name, why, recipe))
    return found


def asides(top: Recipe) -> list[Rung]:
    """List what is expected to do little or harm, each one change away from the top."""
    return [
        Rung("no pair loss", "is the decoder's list any worse without?", replace(top, pair_weight=0.0)),
        Rung("binary target", "alike or not, in place of how much", replace(top, target="binary")),
        Rung(
            "target 1 - IoU",
            "the trap of stage 03 at its worst: alike users are driven apart",
            replace(top, target="inverse"),
        ),
        Rung(
            "pair loss 30 times",
            "beside a multinomial loss the pairs have next to no say",
            replace(top, pair_weight=30.0),
        ),
        Rung("alike pairs alone", "p = 1", replace(top, p=1.0)),
    ]


def below(sizes: Sizes) -> dict[str, str]:
    """Say which rung each one is compared with: the one under it, and the top for all that is tried from there."""
    steps = rungs(sizes)
    top = steps[-1]
    tried = [rung.name for rung in asides(top.recipe)]
    return {two.name: one.name for one, two in pairwise(steps)} | dict.fromkeys([*tried, MEAN_OF_SEVERAL], top.name)


Marks = dict[str, dict[str, Tensor]]


def climb(data: Split, sizes: Sizes, seed: int = 0) -> Iterator[tuple[str, Marks]]:
    """Train every rung on a split; give its name and its marks: list -> measure -> (M,) one number a user.

    A rung's lists are "decoder", "neighbours" and "mixed", the mean of both in standard units. The last rung is the
    mean of `AVERAGED` networks.
    """
    steps = rungs(sizes)
    for rung in (*steps, *asides(steps[-1].recipe)):
        yield rung.name, _lists([scores(rung.recipe, data.train, seed)], data)
    several = [scores(steps[-1].recipe, data.train, seed + 1_000 * copy) for copy in range(AVERAGED)]
    yield MEAN_OF_SEVERAL, _lists(several, data)


def scores(recipe: Recipe, likes: Tensor, seed: int) -> tuple[Tensor, Tensor]:
    """Train one network and give the scores of its decoder and of its neighbours: (M, N) each."""
    network = train(recipe, likes, seed)
    return by_decoder(network, likes), by_neighbours(network, likes)


def _lists(several: list[tuple[Tensor, Tensor]], data: Split) -> Marks:
    decoder, neighbours = (
        torch.stack([standard(one) for one in kind]).mean(dim=0) for kind in zip(*several, strict=True)
    )
    lists = {"decoder": decoder, "neighbours": neighbours, "mixed": (standard(decoder) + standard(neighbours)) / 2}
    return {name: marks(ranking, data) for name, ranking in lists.items()}


def standard(scores: Tensor) -> Tensor:
    """Give each user's scores (M, N) in standard units, so that two kinds can be added."""
    return (scores - scores.mean(dim=1, keepdim=True)) / scores.std(dim=1, keepdim=True).clamp(min=1e-12)
