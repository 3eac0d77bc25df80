"""A drawn pair: by the literal sampler of each item, and by the ladder's loader."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from ladder.pairs import PairLoader
from lesson.data import planted_tastes
from torch import Tensor

from grader.exercise import load

from .measure import Measured, Plan, measured
from .table import Report, Row, Target, megabytes, seconds, spread, times

SIZES, WARM = (1_000, 10_000, 100_000, 1_000_000), 64
AIMED_AT, LARGEST = 10_000, 1_000_000
P = 0.5
ITEMWISE, AT_LEAST = 1_000, 10_000
"""How many pairs one run draws: item by item, and at least by the loader, which goes through all users."""
FLAT = 2.0
"""How many times as dear a pair may be at most among the most users."""
LITERAL, LOADER = "PairDataset, a sampler an item", "ladder.pairs.PairLoader"
COLUMNS = ("CPU time a pair", "min – max", "times PairLoader", "prepared in", "peak MB")


def inputs(size: int) -> Tensor:
    """Give likes of users with tastes, as bits."""
    return planted_tastes(users=size).likes.bool()


def literal(likes: Tensor) -> Callable[[], int]:
    """Prepare the data set with its two matrices; a run takes one item after another, and collates nothing."""
    pairs = load("pair_dataset").reference()["PairDataset"](likes, P)
    users = torch.randperm(len(likes))[:ITEMWISE].tolist()
    return lambda: len([pairs[user] for user in users])


def loader(likes: Tensor) -> Callable[[], int]:
    """Prepare the loader; a run is one epoch, or as many as give enough pairs."""
    pairs = PairLoader(likes, P)
    epochs = max(AT_LEAST // len(likes), 1)
    return lambda: sum(len(user) for _ in range(epochs) for user, _, _ in pairs)


WAYS: dict[str, Callable[[Tensor], Callable[[], Any]]] = {LITERAL: literal, LOADER: loader}


def excuse(way: str, size: int) -> str:
    """Say why a way is not run at a size; nothing where it is."""
    if way == LOADER or size <= AIMED_AT:
        return ""
    return f"not run: its two matrices of all pairs take {8 * size**2 / 1e9:,.0f} GB"


def row(way: str, size: int, found: dict[str, Measured]) -> Row:
    """Put one way at one size into words."""
    if way not in found:
        return Row(way, size=size, note=excuse(way, size))
    one = found[way]
    ratio = times(one.median / found[LOADER].median)
    words = (seconds(one.median), spread(one.cpu), ratio, seconds(one.prepared), megabytes(one.peak))
    return Row(way, dict(zip(COLUMNS, words, strict=True)), one.median * 1e6, size)


def targets(found: dict[int, dict[str, Measured]]) -> list[Target]:
    """Compare what was found at the sizes that are aimed at."""
    cheap = found[AIMED_AT][LITERAL].median / found[AIMED_AT][LOADER].median
    grown = found[LARGEST][LOADER].median / found[AIMED_AT][LOADER].median
    return [
        Target("a pair 100 times as cheap at 10,000 users", f"{cheap:,.0f} times", cheap >= 100),
        Target("as cheap at 1,000,000 users as at 10,000, within a factor 2", f"{grown:.2f} times", grown <= FLAT),
    ]


def report(plan: Plan) -> Report:
    """Measure both ways at every size."""
    found = {}
    for size in (200,) if plan.quick else SIZES:
        found[size] = measured(__name__, size, [way for way in WAYS if not excuse(way, size)], plan)
    rows = [row(way, size, ways) for size, ways in found.items() for way in WAYS]
    aims = [] if plan.quick else targets(found)
    reading = (
        "Median CPU time on one thread, 100 items of which 8 % are liked, p = 0.5. The loader gives batches of 128, "
        "the data set single ones; the peak is above the likes, preparation included."
    )
    return Report("pairs", "A drawn pair", COLUMNS, rows, "CPU microseconds a pair", aims, reading)
