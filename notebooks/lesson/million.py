"""Train the course's recommender on a million users: `python -m lesson.million`.

Whose work is trained? Yours, where it passed: the samplers of stage 13, the similarity of stage 02, the autoencoder of
stage 04, the loss and the loop of stage 06 and the measure of stage 07 are taken by `grader.earlier`, which says of
each whether it is your own or the course's. Nothing is downloaded: the users are planted. This module holds the frame.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import torch
from torch import Tensor
from tqdm import tqdm

from lesson.data import AT_ONCE, hold_out, planted_tastes

BLOCK = 65_536
"""Users whose partners are drawn by one call: each call goes once through all likes, so it had better be worth it."""
MASKED = 0.5
"""How much of a row is hidden from the network: with millions of steps and a small part hidden it learns to copy."""
GROUP = 64
"""Pairs whose similarity is read off one small matrix."""


class Pairs:
    """Batches of (user, other, similarity) for the training loop, drawn anew in each epoch.

    likes: (M, N) bool. positive, negative: functions of (likes, users, generator) that draw a partner for each
    user. iou: a function of (R, N) likes that gives (R, R) similarities. p: how probable an alike partner is.
    """

    def __init__(
        self, likes: Tensor, positive: Callable[..., Tensor], negative: Callable[..., Tensor],
        iou: Callable[[Tensor], Tensor], batch: int, seed: int = 0, p: float = 0.5,
    ) -> None:
        self.likes, self.positive, self.negative, self.iou = likes, positive, negative, iou
        self.batch, self.p, self.generator = batch, p, torch.Generator().manual_seed(seed)

    def __len__(self) -> int:
        return -(-len(self.likes) // self.batch)

    def __iter__(self) -> Iterator[tuple[Tensor, Tensor, Tensor]]:
        step = self.batch * max(BLOCK // self.batch, 1)
        for users in torch.randperm(len(self.likes), generator=self.generator).split(step):
            for user, other in zip(users.split(self.batch), self.partners(users).split(self.batch), strict=True):
                yield self.likes[user].float(), self.likes[other].float(), self.similarity(user, other)

    def partners(self, users: Tensor) -> Tensor:
        """One partner for each user: an alike one with probability p, and never for one without likes."""
        alike = torch.rand(len(users), generator=self.generator) < self.p
        alike &= self.likes[users].any(dim=1)
        others = torch.empty_like(users)
        others[alike] = self.positive(self.likes, users[alike], self.generator)
        others[~alike] = self.negative(self.likes, users[~alike], self.generator)
        return others

    def similarity(self, users: Tensor, others: Tensor) -> Tensor:
        """How alike the two of each pair are, (B,), from matrices of a few users each."""
        parts = []
        for one, two in zip(users.split(GROUP), others.split(GROUP), strict=True):
            parts.append(self.iou(self.likes[torch.cat([one, two])].long())[: len(one), len(one) :].diagonal())
        return torch.cat(parts)


def hide(likes: Tensor, seed: int) -> Tensor:
    """The (M, N) likes that are kept, bool, where a fifth of each user's is hidden; block by block, to save memory."""
    blocks = enumerate(likes.split(AT_ONCE))
    return torch.cat([hold_out(block, seed=seed + 1_000 * place)[0].bool() for place, block in blocks])


def marks(scores: Tensor, kept: Tensor, likes: Tensor, recall: Callable[..., Any]) -> Tensor:
    """Recall@10 of each user for (B, N) scores, among what he is not known to like."""
    ranked = scores.masked_fill(kept, -torch.inf).argsort(dim=1, descending=True, stable=True)[:, :10]
    hidden = (likes & ~kept).split(1)
    found = [recall(row, one[0].nonzero().flatten(), 10) for row, one in zip(ranked, hidden, strict=True) if one.any()]
    return torch.tensor([float(mark) for mark in found])


def interval(values: Tensor) -> str:
    """The mean over users, with its 95 % interval."""
    half = 1.96 * values.std().item() / len(values) ** 0.5
    return f"{values.mean().item():.3f} ± {half:.3f}"


def peak_gigabytes() -> float:
    """The most memory that this process has held."""
    try:
        import resource
    except ImportError:  # Windows
        import psutil

        return float(psutil.Process().memory_info().peak_wset) / 1e9
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e9


def machine() -> str:
    """The machine in one line."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    system = f"{platform.system()} {platform.machine()}"
    return f"{cores} cores, {system}, Python {platform.python_version()}, torch {torch.__version__}"


def arguments(words: Sequence[str] | None = None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m lesson.million", description="Train on a million planted users.")
    whole = {"users": 1_000_000, "items": 100, "epochs": 3, "batch": 1024, "seed": 0, "judged": 20_000, "threads": 1}
    for name, default in whole.items():
        parser.add_argument(f"--{name}", type=int, default=default, help=f"default {default:,}")
    parser.add_argument("--root", type=Path, help="folder for million.json, the figures; without it none is written")
    chosen = parser.parse_args(words)
    for name in whole:
        if getattr(chosen, name) < (0 if name == "seed" else 1):
            parser.error(f"--{name} must be a whole number of 1 or more")
    if chosen.users < 100 or chosen.items < 10:
        parser.error("at least 100 users and 10 items are needed for a list of ten")
    return chosen


def main(words: Sequence[str] | None = None) -> int:
    """Plant users, train, and print the figures."""
    chosen = arguments(words)
    print(machine(), f"seed {chosen.seed}", sep=", ")
    figures = run(chosen)
    print(*(f"{name}: {value}" for name, value in figures.items()), sep="\n")
    if chosen.root:
        chosen.root.mkdir(parents=True, exist_ok=True)
        text = json.dumps({"machine": machine(), **vars(chosen), "root": str(chosen.root), **figures}, indent=2)
        (chosen.root / "million.json").write_text(text + "\n", encoding="utf-8")
    return 0


def run(chosen: argparse.Namespace) -> dict[str, str]:
    """Train as the command line says; return the figures, by name."""
    import grader

    positive, negative, iou = map(grader.earlier, ("sample_positive", "sample_negative", "iou"))
    (encoder, decoder), network = grader.earlier("encoder_decoder"), grader.earlier("masked_autoencoder")
    loss, train_epoch, recall = map(grader.earlier, ("single_sigmoid", "train_epoch", "recall_at_k"))
    torch.set_num_threads(chosen.threads)  # on a busy machine two wait for each other
    torch.manual_seed(chosen.seed)
    likes, kept = planted(chosen)
    autoencoder = network(encoder(chosen.items, 40), decoder(40, chosen.items), MASKED)
    optimizer = torch.optim.Adam(autoencoder.parameters(), lr=0.002)
    pairs = Pairs(kept, positive, negative, iou, chosen.batch, chosen.seed)
    judge, seconds = Judge(kept, likes, recall, chosen), []
    for epoch in range(1, chosen.epochs + 1):
        start = time.perf_counter()
        mean = train_epoch(autoencoder, tqdm(pairs, f"epoch {epoch}", disable=None, leave=False), loss(), optimizer)
        seconds.append(time.perf_counter() - start)
        found = judge.marks(autoencoder)
        print(f"epoch {epoch}: {seconds[-1]:.0f} s, loss {mean:.4f}, recall@10 {found.mean():.3f}", flush=True)
    return in_words(seconds, found, judge.popularity())


def planted(chosen: argparse.Namespace) -> tuple[Tensor, Tensor]:
    """The (M, N) likes of users with planted tastes, and those that are kept, both bool."""
    start = time.perf_counter()
    likes = planted_tastes(chosen.users, chosen.items, seed=chosen.seed).likes.bool()
    kept = hide(likes, chosen.seed)
    spent = time.perf_counter() - start
    print(f"{chosen.users:,} users and {kept.sum():,} known likes after {spent:.0f} s", flush=True)
    return likes, kept


def in_words(seconds: list[float], network: Tensor, popularity: Tensor) -> dict[str, str]:
    """The figures of a training in words, by name: how long epochs took, and the marks of the users judged."""
    return {
        "seconds an epoch, mean": f"{sum(seconds) / len(seconds):.0f}",
        f"recall@10 of the network, {len(network):,} users": interval(network),
        "recall@10 of popularity, the same users": interval(popularity),
        "the difference, user by user": interval(network - popularity),
        "peak memory": f"{peak_gigabytes():.2f} GB",
    }


class Judge:
    """Marks for the network and for popularity, on the same users, drawn at random."""

    def __init__(self, kept: Tensor, likes: Tensor, recall: Callable[..., Any], chosen: argparse.Namespace) -> None:
        users = torch.randperm(len(likes), generator=torch.Generator().manual_seed(chosen.seed))[: chosen.judged]
        self.known, self.likes, self.recall = kept[users], likes[users], recall
        self.counts = sum(block.sum(dim=0) for block in kept.split(AT_ONCE)).float()

    def marks(self, autoencoder: Any) -> Tensor:
        """Recall@10 of each user by the network's reconstruction, nothing masked."""
        autoencoder.eval()
        with torch.no_grad():
            return marks(autoencoder(self.known.float(), False)[1], self.known, self.likes, self.recall)

    def popularity(self) -> Tensor:
        """Recall@10 of each user where all get what most like."""
        return marks(self.counts.expand(self.known.shape), self.known, self.likes, self.recall)


if __name__ == "__main__":
    sys.exit(main())
