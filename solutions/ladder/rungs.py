"""The rungs: from the recipe as it was first written upwards, one change at a time, each with its reason."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any, NamedTuple

import torch
from torch import Tensor

from .measures import Split, marks
from .network import Recipe, by_decoder, by_neighbours, train
from .rivals import ease

AVERAGED = 3
"""Networks of one recipe whose scores are averaged at the top."""
MEAN_OF_SEVERAL = f"{AVERAGED} networks averaged"
WITH_EASE = "these and EASE averaged"


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
    up = {two.name: one.name for one, two in pairwise(steps)}
    return up | dict.fromkeys([*tried, MEAN_OF_SEVERAL], top.name) | {WITH_EASE: MEAN_OF_SEVERAL}


def reasons(sizes: Sizes) -> dict[str, str]:
    """Say of each rung, and of all that is tried from the top, why it should help."""
    steps = rungs(sizes)
    return {rung.name: rung.why for rung in (*steps, *asides(steps[-1].recipe))} | {
        MEAN_OF_SEVERAL: "what each got wrong by chance cancels out",
        WITH_EASE: "two kinds that fail on different users",
    }


Marks = dict[str, dict[str, Tensor]]


class Step(NamedTuple):
    """What came of one rung.

    marks: list -> measure -> (M,) one number a user; the lists are "decoder", "neighbours" and "mixed", the mean of
        both in standard units.
    seconds: of CPU that its networks took to train.
    """

    name: str
    marks: Marks
    seconds: float


class Scored(NamedTuple):
    """One trained network's scores of all items, (M, N) each, and the seconds of CPU that it took."""

    decoder: Tensor
    neighbours: Tensor
    seconds: float


def climb(data: Split, sizes: Sizes, seed: int = 0) -> Iterator[Step]:
    """Train every rung on a split, then what is tried from the top; the last are means of `AVERAGED` networks."""
    steps = rungs(sizes)
    for rung in (*steps, *asides(steps[-1].recipe)):
        yield _step(rung.name, [scores(rung.recipe, data.train, seed)], data)
    several = [scores(steps[-1].recipe, data.train, seed + 1_000 * copy) for copy in range(AVERAGED)]
    yield _step(MEAN_OF_SEVERAL, several, data)
    yield _step(WITH_EASE, several, data, beside=ease(data.train, sizes.ridge))


def scores(recipe: Recipe, likes: Tensor, seed: int) -> Scored:
    """Train one network and give the scores of its decoder and of its neighbours."""
    start = time.process_time()
    network = train(recipe, likes, seed)
    seconds = time.process_time() - start
    return Scored(by_decoder(network, likes), by_neighbours(network, likes), seconds)


def _step(name: str, several: list[Scored], data: Split, beside: Tensor | None = None) -> Step:
    """Mark the mean of several networks, or the mean of that mean and what stands beside it."""
    decoder, neighbours = (
        torch.stack([standard(scores) for scores in kind]).mean(dim=0)
        for kind in ([one.decoder for one in several], [one.neighbours for one in several])
    )
    if beside is not None:
        decoder, neighbours = (standard(one) + standard(beside) for one in (decoder, neighbours))
    lists = {"decoder": decoder, "neighbours": neighbours, "mixed": (standard(decoder) + standard(neighbours)) / 2}
    return Step(name, {kind: marks(one, data) for kind, one in lists.items()}, sum(one.seconds for one in several))


def standard(scores: Tensor) -> Tensor:
    """Give each user's scores (M, N) in standard units, so that two kinds can be added."""
    return (scores - scores.mean(dim=1, keepdim=True)) / scores.std(dim=1, keepdim=True).clamp(min=1e-12)
