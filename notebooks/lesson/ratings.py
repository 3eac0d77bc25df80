"""Planted ratings in stars, whose best possible error is known."""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor

from lesson.data import _between, _generator, _size


class PlantedRatings(NamedTuple):
    """Ratings whose truth is known.

    ratings: (M, N) float32 of 1 to 5 stars, and 0 where nobody rated.
    expected: (M, N) float32, the mean of what the user might say of the item: the best prediction there is.
    floor: the RMSE of `expected` over all cells, below which no prediction comes but by luck.
    """

    ratings: Tensor
    expected: Tensor
    floor: float


def planted_ratings(
    users: int = 1_000,
    items: int = 200,
    tastes: int = 3,
    density: float = 0.1,
    spread: float = 0.6,
    noise: float = 0.6,
    seed: int = 0,
) -> PlantedRatings:
    """Return ratings of users with a few hidden tastes, a mood and a habit of rating much or little.

    A cell's mean is 3.4 + the user's mood + the item's quality + the product of `tastes` factors, all scaled by
    `spread`. The stars are that mean and normal noise of standard deviation `noise`, rounded, from 1 to 5.
    `density` is the share of rated cells, more of them in the rows of busy users and the columns of well-known items.

    Raises ValueError for a value out of its range, and names it.
    """
    for name, size in (("users", users), ("items", items), ("tastes", tastes)):
        _size(name, size)
    for name, value, high in (("density", density, 1), ("spread", spread, 5), ("noise", noise, 5)):
        _between(name, value, 0, high)
    generator = _generator("planted ratings", seed)
    mean = _means(users, items, tastes, spread, generator)
    stars = (mean + noise * _normal(users, items, generator)).round().clamp(1, 5)
    busy = torch.exp(0.6 * _normal(users, 1, generator)) * torch.exp(0.6 * _normal(1, items, generator))
    rated = torch.rand(users, items, dtype=torch.float32, generator=generator) < _thinned(busy, density)
    expected, variance = _moments(mean, noise)
    return PlantedRatings((stars * rated).float(), expected.float(), float(variance.mean().sqrt()))


def _means(users: int, items: int, tastes: int, spread: float, generator: torch.Generator) -> Tensor:
    """The mean of each cell: (M, N) float64."""
    mood, quality = _normal(users, 1, generator), _normal(1, items, generator)
    taste = _normal(users, tastes, generator) @ _normal(tastes, items, generator) / tastes**0.5
    return 3.4 + spread * (0.7 * mood + 0.7 * quality + taste)


def _normal(rows: int, columns: int, generator: torch.Generator) -> Tensor:
    """Standard normal numbers: (rows, columns) float64."""
    return torch.randn(rows, columns, dtype=torch.float64, generator=generator)


def _thinned(weights: Tensor, density: float) -> Tensor:
    """Scale weights to probabilities of at most 1 whose mean is the density: (M, N)."""
    low, high = 0.0, 1 / float(weights.min())
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if float((middle * weights).clamp(max=1).mean()) < density else (low, middle)
    return (low * weights).clamp(max=1)


def _moments(mean: Tensor, noise: float) -> tuple[Tensor, Tensor]:
    """Mean and variance of the stars that a cell may get: two of (M, N)."""
    limits = torch.tensor([-torch.inf, 1.5, 2.5, 3.5, 4.5, torch.inf], dtype=torch.float64)
    below = torch.special.ndtr((limits - mean[..., None]) / max(noise, 1e-9))
    chances, stars = below.diff(dim=-1), torch.arange(1.0, 6, dtype=torch.float64)
    return chances @ stars, (chances @ stars**2 - (chances @ stars) ** 2).clamp(min=0)
