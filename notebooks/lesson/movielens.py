"""MovieLens, real ratings in stars, where the learner has them: read, or refused with a word on what to do."""

from __future__ import annotations

import hashlib
import os
import zipfile
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import NamedTuple
from urllib.request import urlopen

import torch
from torch import Tensor


class MovieLens(NamedTuple):
    """Ratings that people gave to films.

    ratings: (M, N) float32 of 1 to 5 stars, and 0 where nobody rated.
    triples: (R, 3) int64, the row, the column and the stars of each rating, in the order of the file.
    """

    ratings: Tensor
    triples: Tensor


TERMS = (
    "GroupLens Research, University of Minnesota: for research, not to be passed on, and no commercial use without "
    "their permission. Cite Harper and Konstan (2015), doi.org/10.1145/2827872."
)
SETS = {
    "ml-100k": SimpleNamespace(
        page="https://grouplens.org/datasets/movielens/100k/",
        url="https://files.grouplens.org/datasets/movielens/ml-100k.zip",
        size=4_924_029,
        sha256="50d2a982c66986937beb9ffb3aa76efe955bf3d5c6b761f4e3a7cd717c6a3229",
        file="u.data",
        between="\t",
        shape=(943, 1_682),
        count=100_000,
        licence=f"MovieLens-100K, {TERMS}",
    ),
    "ml-1m": SimpleNamespace(
        page="https://grouplens.org/datasets/movielens/1m/",
        url="https://files.grouplens.org/datasets/movielens/ml-1m.zip",
        size=5_917_549,
        sha256="a6898adb50b9ca05aa231689da44c217cb524e7ebd39d264c56e2832f2c54e20",
        file="ratings.dat",
        between="::",
        shape=(6_040, 3_952),
        count=1_000_209,
        licence=f"MovieLens-1M, {TERMS}",
    ),
}


def movielens(root: str | Path, name: str = "ml-100k", download: bool = False) -> MovieLens:
    """Return the ratings of a MovieLens data set that you have, and print what its licence asks.

    `root` is the official archive, the folder that it unpacks to, its file of ratings (`u.data`, `ratings.dat`) or an
    `.inter` file, or the folder in which one of these lies. `name` is "ml-100k" or "ml-1m". With `download=True` the
    archive is fetched into the folder `root` where it is not there yet.

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


def movielens_here(name: str = "ml-100k") -> MovieLens | None:
    """Return the ratings where this machine has them, else None after a word on how to get them.

    They are looked for where the environment variable ML100K (ML1M) points to, in the folder `data`, and in `../data`.
    """
    variable = name.replace("-", "").upper()
    for root in (os.environ.get(variable), "data", "../data"):
        if root and _find(Path(root), name):
            return movielens(root, name)
    place = f"put {name}.zip from {SETS[name].page} into the folder data, or set {variable} to its path."
    print(f"{name} is not here: {place}")
    return None


def _find(root: Path, name: str) -> Path | None:
    """The file to read: `root` itself, or what lies in it."""
    if root.is_file():
        return root
    names = (SETS[name].file, f"{name}.inter", f"{name}.zip")
    files = (root / folder / file for folder in ("", name) for file in names)
    return next((path for path in files if path.is_file()), None)


def _advice(name: str) -> str:
    return f"Get {SETS[name].url}, and hand in its path, or the folder that it lies in or was unpacked to."


def _text(path: Path, name: str) -> str:
    """The lines of the ratings, out of the archive where it is one."""
    data = path.read_bytes()
    if path.suffix == ".zip" or data[:2] == b"PK":
        _whole(data, str(path), SETS[name])
        with zipfile.ZipFile(path) as archive:
            data = archive.read(f"{name}/{SETS[name].file}")
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
    part = path.with_suffix(".part")  # never half a file under the name
    part.write_bytes(data)
    return part.replace(path)


def _rows(text: str, path: Path, name: str) -> Iterator[tuple[int, int, int]]:
    """User, item and stars of each line; a line of names at the top is passed over."""
    known = SETS[name]
    for number, line in enumerate(text.splitlines(), start=1):
        cells = line.split("\t" if "\t" in line else known.between)
        if number == 1 and not cells[0].isdigit():
            continue
        try:
            yield int(cells[0]), int(cells[1]), int(float(cells[2]))
        except (ValueError, IndexError, OverflowError):
            mark = "tabs" if known.between == "\t" else f"`{known.between}`"
            wanted = f"user, item, stars and time with {mark} between are expected"
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
