"""An epoch: the literal data set in a `DataLoader`, and the ladder's loader, with and without training."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from typing import Any

import torch
from ladder.pairs import PairLoader
from lesson.data import planted_tastes
from torch import Tensor
from torch.utils.data import DataLoader

from grader.exercise import load

from .measure import Measured, Plan, measured
from .table import Report, Row, Target, megabytes, seconds, spread, times

USERS, BATCH, P, WARM = 10_000, 128, 0.5, 64
LATENT, RATE = 40, 0.003
LITERAL, LOADER = "PairDataset in a DataLoader", "ladder.pairs.PairLoader"
LOADING, TRAINING = "loading alone", "with train_epoch"
AT_HAND = "train_epoch on batches at hand"
COLUMNS = ("CPU time", "min – max", "times PairLoader", "prepared in", "peak MB")
Batches = Iterable[tuple[Tensor, Tensor, Tensor]]


def inputs(size: int) -> Tensor:
    """Give likes of users with tastes."""
    return planted_tastes(users=size).likes


def literal(likes: Tensor) -> Batches:
    """Give the batches as stage 06 has them."""
    pairs = load("pair_dataset").reference()["PairDataset"](likes, P)
    return DataLoader(pairs, batch_size=BATCH, shuffle=True)


def fast(likes: Tensor) -> Batches:
    """Give the batches of the ladder's loader."""
    return PairLoader(likes, P, BATCH)


def at_hand(likes: Tensor) -> Batches:
    """Give batches that were drawn beforehand."""
    return list(fast(likes))


def loading(batches: Batches) -> Callable[[], Any]:
    """Go through the batches and do nothing with them."""
    return lambda: deque(batches, maxlen=0)


def training(batches: Batches) -> Callable[[], Any]:
    """Train stage 06's network on the batches, as stage 06 does."""
    answers: dict[str, Any] = {}
    for exercise in ("encoder_decoder", "masked_autoencoder", "single_sigmoid", "train_epoch"):
        answers |= load(exercise).reference()
    items = next(iter(batches))[0].shape[1]
    halves = answers["build_encoder"](items, LATENT), answers["build_decoder"](LATENT, items)
    network = answers["AutoEncoder"](*halves)
    optimizer = torch.optim.Adam(network.parameters(), lr=RATE)
    loss = answers["SingleSigmoidLoss"]()
    return lambda: (answers["train_epoch"](network, batches, loss, optimizer),)


WAYS: dict[str, Callable[[Tensor], Callable[[], Any]]] = {
    f"{LITERAL}, {LOADING}": lambda likes: loading(literal(likes)),
    f"{LOADER}, {LOADING}": lambda likes: loading(fast(likes)),
    f"{LITERAL}, {TRAINING}": lambda likes: training(literal(likes)),
    f"{LOADER}, {TRAINING}": lambda likes: training(fast(likes)),
    AT_HAND: lambda likes: training(at_hand(likes)),
}


def row(way: str, found: dict[str, Measured]) -> Row:
    """Put one way into words."""
    one = found[way]
    base = found[f"{LOADER}, {LOADING if LOADING in way else TRAINING}"]
    ratio = times(one.median / base.median)
    words = (seconds(one.median), spread(one.cpu), ratio, seconds(one.prepared), megabytes(one.peak))
    return Row(way, dict(zip(COLUMNS, words, strict=True)), one.median)


def targets(found: dict[str, Measured]) -> list[Target]:
    """Compare the two loaders, with and without what both have to do alike."""
    aims = []
    for what in (LOADING, TRAINING):
        faster = found[f"{LITERAL}, {what}"].median / found[f"{LOADER}, {what}"].median
        aims.append(Target(f"an epoch {what} 10 times as fast", f"{faster:.1f} times", faster >= 10))
    return aims


def report(plan: Plan) -> Report:
    """Measure an epoch in every way."""
    users = 200 if plan.quick else USERS
    found = measured(__name__, users, list(WAYS), plan)
    rows, aims = [row(way, found) for way in WAYS], [] if plan.quick else targets(found)
    reading = (
        "Median CPU time on one thread, batches of 128, 100 items of which 8 % are liked. What is prepared once (the "
        "matrix of all pairs among it) stands in its own column."
    )
    return Report("epoch", f"An epoch of {users:,} users", COLUMNS, rows, "CPU seconds", aims, reading)
