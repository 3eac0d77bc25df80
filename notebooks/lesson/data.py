"""Data sets of likes: random ones, ones with planted taste groups, and one small enough to read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple
from zlib import crc32

import torch
from torch import Tensor

from .movielens import MovieLens, movielens

__all__ = [
    "MovieLens",
    "PlantedTastes",
    "SmallTown",
    "hold_out",
    "movielens",
    "planted_tastes",
    "random_likes",
    "small_town",
]

HIGHEST = 0.9
"""No item is liked by a whole taste group for certain."""
AT_ONCE = 10_000
"""Users whose likes are drawn in one go: a million users need little more memory than their likes take."""


class PlantedTastes(NamedTuple):
    """Likes whose truth is known.

    likes: (M, N) int64 of 0 and 1.
    groups: (M,) int64, the taste group of each user.
    affinity: (G, N) float32, how probable it is that a user of each group likes each item.
    """

    likes: Tensor
    groups: Tensor
    affinity: Tensor


class SmallTown(NamedTuple):
    """A few neighbours and their hobbies: likes is (6, 8) int64 of 0 and 1, with the names of its rows and columns."""

    likes: Tensor
    users: tuple[str, ...]
    items: tuple[str, ...]


def random_likes(users: int = 10_000, items: int = 100, p: float = 0.5, seed: int = 0) -> Tensor:
    """Return an (M, N) int64 matrix in which each like is the toss of one coin that shows 1 with probability p.

    Raises ValueError for sizes below 1 and for a p outside [0, 1].
    """
    _size("users", users)
    _size("items", items)
    _between("p", p, 0, 1)
    tosses = torch.rand(users, items, dtype=torch.float32, generator=_generator("random likes", seed))
    return (tosses < p).long()


def planted_tastes(
    users: int = 10_000,
    items: int = 100,
    groups: int = 8,
    density: float = 0.08,
    noise: float = 0.6,
    popularity: float = 0.5,
    sizes: Sequence[float] | None = None,
    seed: int = 0,
) -> PlantedTastes:
    """Return likes of users who belong to taste groups, with the true groups.

    Each item is at home in one group, whose users like it more often than others do. `noise` is the
    part of the taste that ignores the group: at 1 nobody has a taste, at 0 nobody likes anything
    from outside. The item of rank r is liked in proportion to r ** -popularity, so at 0 no
    item is more popular than another. `sizes` are the relative sizes of the groups (equal if None), and
    `density` is the share of ones in the whole.

    Raises ValueError for a value out of its range, and names it.
    """
    for name, size, most in (("users", users, None), ("items", items, None), ("groups", groups, items)):
        _size(name, size, most)
    for name, value, high in (("density", density, 0.5), ("noise", noise, 1), ("popularity", popularity, 5)):
        _between(name, value, 0, high)
    generator = _generator("planted tastes", seed)
    group = torch.multinomial(_shares(sizes, groups), users, replacement=True, generator=generator)
    wish = _wishes(items, groups, noise, popularity, generator)
    affinity = _scale_to(density, wish, torch.bincount(group, minlength=groups).double() / users)
    likes = torch.empty(users, items, dtype=torch.int64)
    for rows, tastes in zip(likes.split(AT_ONCE), group.split(AT_ONCE), strict=True):
        rows.copy_(torch.rand(rows.shape, dtype=torch.float32, generator=generator) < affinity[tastes])
    return PlantedTastes(likes, group, affinity)


def small_town() -> SmallTown:
    """Return six neighbours and eight hobbies; Freja has just moved in and has not said what she likes."""
    likes = torch.tensor([
        [1, 0, 1, 0, 1, 0, 1, 0],
        [0, 1, 0, 1, 0, 1, 0, 1],
        [1, 0, 1, 0, 0, 0, 1, 0],
        [0, 1, 1, 0, 0, 1, 0, 1],
        [1, 1, 0, 0, 1, 0, 0, 1],
        [0, 0, 0, 0, 0, 0, 0, 0],
    ])
    users = ("Amina", "Bojan", "Chen", "Divya", "Emeka", "Freja")
    items = ("baking", "chess", "choir", "climbing", "gardening", "kites", "pottery", "stargazing")
    return SmallTown(likes, users, items)


def hold_out(likes: Tensor, share: float = 0.2, seed: int = 0) -> tuple[Tensor, list[Tensor]]:
    """Hide a part of each user's likes: return the likes kept, (M, N) of the same dtype, and each user's hidden items.

    A user of n likes loses round(share * n) of them, at least one and never all; a user of fewer than two
    loses none. The hidden items of a user are a 1-D int64 tensor of rising ids.

    Raises ValueError for likes that are not a matrix and for a share outside (0, 1).
    """
    if likes.dim() != 2:
        raise ValueError(f"`likes` must be a matrix of users and items, but its shape is {tuple(likes.shape)}")
    if not 0 < share < 1:
        raise ValueError(f"`share` must lie between 0 and 1, but is {share!r}")
    liked = likes != 0
    hidden = _rank_of_likes(liked, _generator("hold out", seed)) < _how_many(liked.sum(dim=1), share)[:, None]
    items = hidden.nonzero()[:, 1].split(hidden.sum(dim=1).tolist())
    return likes.masked_fill(hidden, 0), [part.clone() for part in items]


def _how_many(counts: Tensor, share: float) -> Tensor:
    """How many likes each user loses: (M,) int64."""
    wanted = (share * counts.double()).round().long().clamp(min=1)
    return wanted.minimum(counts - 1).clamp(min=0)


def _rank_of_likes(liked: Tensor, generator: torch.Generator) -> Tensor:
    """Number each user's likes 0, 1, ... in random order, and everything else after them: (M, N) int64."""
    keys = torch.rand(liked.shape, dtype=torch.float32, generator=generator).masked_fill(~liked, 2.0)
    return keys.argsort(dim=1).argsort(dim=1)


def _wishes(items: int, groups: int, noise: float, popularity: float, generator: torch.Generator) -> Tensor:
    """How much each group wants each item, up to a common factor: (groups, items) float64."""
    home = torch.randperm(items, generator=generator) % groups
    rank = 1.0 + torch.randperm(items, generator=generator).double()
    at_home = (home == torch.arange(groups)[:, None]).double()
    return (noise + (1 - noise) * groups * at_home) * rank**-popularity


def _scale_to(density: float, wish: Tensor, weight: Tensor) -> Tensor:
    """Scale the wishes to probabilities whose mean over all users is the density: (groups, items) float32."""
    most = float(weight @ (wish > 0).double().mean(dim=1)) * HIGHEST
    if density > most:
        raise ValueError(f"`density` must be at most {most:.3f} with this noise, but is {density!r}")
    low, high = 0.0, HIGHEST / float(wish[wish > 0].min())
    for _ in range(60):
        middle = (low + high) / 2
        mean = float(weight @ (middle * wish).clamp(max=HIGHEST).mean(dim=1))
        low, high = (middle, high) if mean < density else (low, middle)
    return (high * wish).clamp(max=HIGHEST).float()


def _shares(sizes: Sequence[float] | None, groups: int) -> Tensor:
    """The share of the users that each group gets: (groups,)."""
    shares = torch.tensor([1.0] * groups if sizes is None else list(sizes), dtype=torch.float64)
    if len(shares) != groups or not bool((shares > 0).all()) or not bool(shares.isfinite().all()):
        raise ValueError(f"`sizes` must be {groups} positive numbers, one a group, but are {sizes!r}")
    return shares / shares.sum()


def _generator(use: str, seed: int) -> torch.Generator:
    """A source of chance for one use, so that equal seeds never give two uses the same numbers.

    Likes and hold-out drawn from one stream would hide the same cells that a learner's own random scores rank low.
    """
    return torch.Generator().manual_seed(crc32(f"{use} {seed}".encode()))


def _size(name: str, value: int, most: int | None = None) -> None:
    """Refuse a size that is no whole number from 1 to the most."""
    if not isinstance(value, int) or value < 1 or (most is not None and value > most):
        limit = "at least 1" if most is None else f"1 to {most}"
        raise ValueError(f"`{name}` must be a whole number of {limit}, but is {value!r}")


def _between(name: str, value: float, low: float, high: float) -> None:
    """Refuse a number outside [low, high]."""
    if not low <= value <= high:
        raise ValueError(f"`{name}` must lie between {low} and {high}, but is {value!r}")
