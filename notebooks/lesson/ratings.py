"""Ratings in stars: planted ones whose best possible error is known, and MovieLens-100K where the learner has it."""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import NamedTuple
from urllib.request import urlopen

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


class MovieLens(NamedTuple):
    """Ratings that people gave to films.

    ratings: (M, N) float32 of 1 to 5 stars, and 0 where nobody rated.
    triples: (R, 3) int64, the row, the column and the stars of each rating, in the order of the file.
    """

    ratings: Tensor
    triples: Tensor


SETS = {
    "ml-100k": SimpleNamespace(
        url="https://files.grouplens.org/datasets/movielens/ml-100k.zip",
        size=4_924_029,
        sha256="50d2a982c66986937beb9ffb3aa76efe955bf3d5c6b761f4e3a7cd717c6a3229",
        shape=(943, 1_682),
        count=100_000,
        licence="MovieLens-100K, GroupLens Research, University of Minnesota: for research, not to be passed on, and "
        "no commercial use without their permission. Cite Harper and Konstan (2015), doi.org/10.1145/2827872.",
    )
}


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


def movielens(root: str | Path, name: str = "ml-100k", download: bool = False) -> MovieLens:
    """Return the ratings of a MovieLens data set that you have, and print what its licence asks.

    `root` is the official archive, the folder that it unpacks to, a `u.data` or `.inter` file, or the folder in which
    one of these lies. With `download=True` the archive is fetched into the folder `root` where it is not there yet.

    Raises FileNotFoundError where there is nothing, ValueError for a wrong or cut file, ConnectionError offline.
    """
    if name not in SETS:
        raise ValueError(f"`name` must be one of {', '.join(SETS)}, but is {name!r}")
    found = _find(Path(root), name) or (_fetch(Path(root) / f"{name}.zip", SETS[name]) if download else None)
    if found is None:
        raise FileNotFoundError(f"There is no {name} at {root}. {_advice(name)}")
    data = _matrix(list(_rows(_text(found, name), found, name)), found, name)
    print(SETS[name].licence)
    return data


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


def _find(root: Path, name: str) -> Path | None:
    """The file to read: `root` itself, or what lies in it."""
    if root.is_file():
        return root
    files = (root / folder / file for folder in ("", name) for file in ("u.data", f"{name}.inter", f"{name}.zip"))
    return next((path for path in files if path.is_file()), None)


def _advice(name: str) -> str:
    return f"Get {SETS[name].url}, and hand in its path, or the folder that it lies in or was unpacked to."


def _text(path: Path, name: str) -> str:
    """The lines of the ratings, out of the archive where it is one."""
    data = path.read_bytes()
    if path.suffix == ".zip" or data[:2] == b"PK":
        _whole(data, str(path), SETS[name])
        with zipfile.ZipFile(path) as archive:
            data = archive.read(f"{name}/u.data")
    return data.decode("latin-1")


def _whole(data: bytes, where: str, known: SimpleNamespace) -> None:
    """Refuse an archive that is not the official one, byte for byte."""
    if hashlib.sha256(data).hexdigest() != known.sha256:
        seen = f"{len(data):,} bytes of {known.size:,}, another SHA-256"
        raise ValueError(f"{where} is cut or is not the official archive ({seen}). Get {known.url} again.")


def _fetch(path: Path, known: SimpleNamespace) -> Path:
    """Download the archive, and keep it if it is whole."""
    try:
        with urlopen(known.url, timeout=30) as reply:
            data = reply.read(known.size + 1)
    except OSError as error:
        raise ConnectionError(f"{known.url} does not answer ({error}). Download it elsewhere to {path}.") from error
    _whole(data, known.url, known)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def _rows(text: str, path: Path, name: str) -> Iterator[tuple[int, int, int]]:
    """User, item and stars of each line; a line of names at the top is passed over."""
    for number, line in enumerate(text.splitlines(), start=1):
        cells = line.split("\t")
        if number == 1 and not cells[0].isdigit():
            continue
        try:
            yield int(cells[0]), int(cells[1]), int(float(cells[2]))
        except (ValueError, IndexError, OverflowError):
            wanted = "user, item, stars and time with tabs between are expected"
            raise ValueError(f"{path}, line {number}: {wanted}, not {line[:40]!r}. {_advice(name)}") from None


def _matrix(rows: list[tuple[int, int, int]], path: Path, name: str) -> MovieLens:
    """Put the ratings into a matrix, and refuse what is not the whole data set."""
    (users, items), count = SETS[name].shape, SETS[name].count
    ends = [(min(part), max(part)) for part in zip(*rows, strict=True)]
    if ends != [(1, users), (1, items), (1, 5)] or {len(rows), len({row[:2] for row in rows})} != {count}:
        wanted = f"{count:,} of {users} users and {items:,} films, 1 to 5 stars, are expected"
        raise ValueError(f"{path} is cut or another file: it holds {len(rows):,} ratings; {wanted}. {_advice(name)}")
    triples = torch.tensor(rows) - torch.tensor([1, 1, 0])
    ratings = torch.zeros(users, items, dtype=torch.float32)
    ratings[triples[:, 0], triples[:, 1]] = triples[:, 2].float()
    return MovieLens(ratings, triples)
