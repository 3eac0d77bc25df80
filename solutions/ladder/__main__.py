"""`python -m ladder`: climb it on planted tastes, on coin tosses or on MovieLens, and print the table."""

from __future__ import annotations

import argparse
import functools
import sys
import time
from collections import defaultdict
from pathlib import Path

import torch
from lesson.data import planted_tastes, random_likes
from lesson.movielens import SETS, movielens
from rich.console import Console
from torch import Tensor
from tqdm import tqdm

from .measures import marks, split
from .rivals import RIVALS, ease
from .rungs import FILMS, PLANTED, Sizes, below, climb, reasons
from .table import Kept, draw, markdown, rows, table

LIKED = 4
"""Stars from which on a rating counts as a like."""


def likes_of(path: Path | None, name: str = "ml-100k", *, coins: bool = False) -> tuple[str, Tensor, Sizes]:
    """Give a title, likes (M, N) and what suits them: the MovieLens set at the path, planted tastes or coin tosses."""
    if coins:
        return "coin tosses, 2,000 x 100", random_likes(users=2_000, items=100, seed=5), PLANTED
    if path is None:
        return "planted tastes, 2,000 x 100", planted_tastes(users=2_000, items=100, seed=5).likes, PLANTED
    likes = (movielens(path, name).ratings >= LIKED).long()
    likes = likes[likes.sum(dim=1) >= 2]
    likes = likes[:, likes.sum(dim=0) > 0]
    return f"{name}, {likes.shape[0]:,} x {likes.shape[1]:,}", likes, FILMS


def measured(likes: Tensor, sizes: Sizes, seeds: range) -> tuple[Kept, Kept, dict[str, float]]:
    """Mark the rivals and every rung on one hold-out a seed.

    The first are the marks of the decoder's lists, the second those of all others, the third mean seconds of training.
    """
    decoder, others = defaultdict(list), defaultdict(list)
    seconds: dict[str, float] = defaultdict(float)
    rivals = RIVALS | {"EASE": functools.partial(ease, weight=sizes.ridge)}
    for seed in seeds:
        data = split(likes, seed=seed)
        for name, rival in rivals.items():
            decoder[name].append(marks(rival(data.train), data))
        for step in tqdm(climb(data, sizes, seed), desc=f"seed {seed}", unit=" rungs", disable=None):
            decoder[step.name].append(step.marks["decoder"])
            seconds[step.name] += step.seconds / len(seeds)
            for kind in ("neighbours", "mixed"):
                others[f"{step.name}, {kind}"].append(step.marks[kind])
    return decoder, others | {"EASE": decoder["EASE"]}, seconds


def main(arguments: list[str] | None = None) -> int:
    """Print the ladder, and write it as Markdown and as a picture where a folder is named."""
    parser = argparse.ArgumentParser(prog="python -m ladder", description=__doc__)
    data = parser.add_mutually_exclusive_group()
    data.add_argument("--data", type=Path, help="the MovieLens archive, its folder, or its file of ratings")
    data.add_argument("--coins", action="store_true", help="likes without any taste in them, where all must fail")
    parser.add_argument("--name", choices=SETS, default="ml-100k", help="which MovieLens set that is (ml-100k)")
    parser.add_argument("--seeds", type=int, default=5, help="hold-outs, each with networks of its own (5)")
    parser.add_argument("--out", type=Path, help="a folder for ladder.md and ladder.svg")
    args = parser.parse_args(arguments)
    if args.seeds < 1:
        parser.error(f"`--seeds` must be at least 1, but is {args.seeds}")
    torch.set_num_threads(1)  # small matrices gain nothing from more threads
    try:
        title, likes, sizes = likes_of(args.data, args.name, coins=args.coins)
    except (FileNotFoundError, ValueError) as error:
        parser.error(str(error))
    start = time.monotonic()
    shown(*measured(likes, sizes, range(args.seeds)), sizes, f"{title}, seeds 0 to {args.seeds - 1}", args.out)
    print(f"{time.monotonic() - start:.0f} s")
    return 0


def shown(
    decoder: Kept, others: Kept, seconds: dict[str, float], sizes: Sizes, title: str, folder: Path | None
) -> None:
    """Print both tables; write them too where a folder is named."""
    console, parts = Console(width=220), []
    for what, kept in (("the decoder's lists", decoder), ("lists of neighbours and of both", others)):
        lines = rows(kept, below(sizes), reasons=reasons(sizes), seconds=seconds)
        console.print(table(f"{title}: {what}", lines))
        parts.append(f"## {title}: {what}\n\n{markdown(lines)}")
    if folder:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "ladder.md").write_text("\n".join(parts), encoding="utf-8")
        draw(decoder, folder / "ladder.svg", title)


if __name__ == "__main__":
    sys.exit(main())
