"""How good a ranking is: recall and ndcg on held-out likes, and intervals over the users."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import torch
from lesson.data import hold_out
from torch import Tensor

BLOCK = 200
"""Bootstrap draws that are worked on at once."""


class Split(NamedTuple):
    """Likes of which a part was hidden.

    train: (M, N) of 0 and 1, what a recommender may see.
    hidden: (M, N) bool, the likes that it has to find.
    """

    train: Tensor
    hidden: Tensor


class Interval(NamedTuple):
    """A mean over users and the ends of its interval; the bootstrap's standard error beside them."""

    mean: float
    low: float
    high: float
    error: float


def split(likes: Tensor, share: float = 0.2, seed: int = 0) -> Split:
    """Hide a share of each user's likes (`lesson.data.hold_out`): the likes are (M, N) of 0 and 1."""
    train, items = hold_out(likes, share, seed)
    hidden = torch.zeros(likes.shape, dtype=torch.bool)
    for row, part in zip(hidden, items, strict=True):
        row[part] = True
    return Split(train, hidden)


def shuffled(data: Split, seed: int = 0) -> Split:
    """Put each user's hidden likes on other items that he was not seen to like: as many, at random."""
    keys = torch.rand(data.train.shape, generator=torch.Generator().manual_seed(seed))
    places = keys.masked_fill(data.train != 0, 2.0).argsort(dim=1).argsort(dim=1)
    return Split(data.train, places < data.hidden.sum(dim=1)[:, None])


def leaks(recommend: Callable[[Split], Tensor], data: Split, k: int = 10) -> bool:
    """Tell whether a recommender, which gives scores (M, N), looks at what it has to find.

    The hidden likes are put elsewhere; if any list changes, it has.
    """
    return not torch.equal(*(top(recommend(one), one.train, k) for one in (data, shuffled(data))))


def top(scores: Tensor, train: Tensor, k: int = 10) -> Tensor:
    """Rank what each user has not liked by scores (M, N), equal ones by the lower id: (M, k) item ids."""
    new = scores.double().masked_fill(train != 0, -torch.inf)
    return new.argsort(dim=1, descending=True, stable=True)[:, :k]


def hits(ranked: Tensor, hidden: Tensor) -> Tensor:
    """Tell which places of the rankings (M, k) hold a hidden like: (M, k) float64 of 0 and 1."""
    return hidden.gather(1, ranked).double()


def recall(ranked: Tensor, hidden: Tensor) -> Tensor:
    """Give recall@k of each user, hits / min(k, hidden likes), NaN where nothing was hidden: (M,) float64."""
    best = hidden.sum(dim=1).clamp(max=ranked.shape[1])
    return hits(ranked, hidden).sum(dim=1) / best


def ndcg(ranked: Tensor, hidden: Tensor) -> Tensor:
    """Give ndcg@k of each user, NaN where nothing was hidden: (M,) float64.

    A hit at place r is worth 1 / log2(r + 1), and the sum is divided by that of min(k, hidden likes) hits at the
    top (Järvelin and Kekäläinen, "Cumulated gain-based evaluation of IR techniques", 2002).
    """
    worth = 1 / torch.arange(2, ranked.shape[1] + 2, dtype=torch.float64).log2()
    best = torch.cat([torch.zeros(1), worth.cumsum(dim=0)])[hidden.sum(dim=1).clamp(max=ranked.shape[1])]
    return hits(ranked, hidden) @ worth / torch.where(best > 0, best, torch.nan)


MEASURES = {"recall@10": recall, "ndcg@10": ndcg}


def marks(scores: Tensor, data: Split, k: int = 10) -> dict[str, Tensor]:
    """Give each measure of the rankings by scores (M, N), one number a user: (M,) float64."""
    ranked = top(scores, data.train, k)
    return {name: measure(ranked, data.hidden) for name, measure in MEASURES.items()}


def interval(values: Tensor, *, draws: int = 2_000, confidence: float = 0.95, seed: int = 0) -> Interval:
    """Give the mean over users and its percentile bootstrap interval (Efron, 1979); NaN values are left out.

    Args:
        values: (M,) one number a user, or (S, M), the same users under S seeds. Users are drawn with replacement,
            and with a user all his seeds, for these belong together. Hand in differences of two methods on the same
            users, and the interval is a paired one.
        draws: bootstrap samples.
        confidence: the share of them that the interval holds.
        seed: of the draws.
    """
    users = values.reshape(-1, values.shape[-1]).nanmean(dim=0)
    users = users[~users.isnan()]
    if not len(users):
        raise ValueError("there is no number to take a mean of")
    generator = torch.Generator().manual_seed(seed)
    blocks = [min(BLOCK, draws - start) for start in range(0, draws, BLOCK)]
    means = [users[torch.randint(len(users), (size, len(users)), generator=generator)].mean(dim=1) for size in blocks]
    again = torch.cat(means)
    ends = torch.tensor([1 - confidence, 1 + confidence], dtype=again.dtype) / 2
    low, high = again.quantile(ends).tolist()
    return Interval(users.mean().item(), low, high, again.std().item())
