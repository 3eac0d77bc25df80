"""Pairs of users for a whole epoch at once, drawn exactly as `PairDataset` draws one at each access."""

from __future__ import annotations

from collections.abc import Iterator

import torch
from torch import Tensor

TRIES = 20
"""Rounds of rejection before a row's weights are summed up: rows of little weight would take many."""


class PairLoader:
    """Batches of (user, other, similarity), drawn anew at each pass: an epoch in a few tensor operations.

    The pairs follow the literal distribution: with probability p the weights of partner j are `iou[i]`, else
    `1 - iou[i]`; where all of these are 0, those of the other kind. A round of rejection proposes j evenly and
    accepts it with probability equal to its weight, which needs no sums (von Neumann, 1951); whoever
    is still without a partner after `TRIES` rounds is drawn by the inverse of the cumulated weights. Both are exact, so
    their mixture is.
    """

    def __init__(
        self, likes: Tensor, iou: Tensor, p: float, batch_size: int = 128, generator: torch.Generator | None = None
    ) -> None:
        """Take likes (M, N), their similarities (M, M) in [0, 1], and the probability of an alike pair.

        Raises ValueError for a p outside [0, 1] and for sizes that do not fit.
        """
        if not 0 <= p <= 1:
            raise ValueError(f"`p` must lie between 0 and 1, but is {p!r}")
        if iou.shape != (len(likes), len(likes)):
            raise ValueError(f"`iou` must be {(len(likes), len(likes))}, but is {tuple(iou.shape)}")
        self.rows, self.iou, self.p, self.batch_size, self.generator = likes.float(), iou, p, batch_size, generator
        self.kinds = torch.stack([1 - iou.double().mean(dim=1), iou.double().mean(dim=1)])  # what each kind weighs

    def __len__(self) -> int:
        """Count the batches."""
        return -(-len(self.rows) // self.batch_size)

    def __iter__(self) -> Iterator[tuple[Tensor, Tensor, Tensor]]:
        """Go through the users in random order, each with a new partner."""
        users = torch.randperm(len(self.rows), generator=self.generator)
        others = self.partners(users)
        for start in range(0, len(users), self.batch_size):
            batch, other = (drawn[start : start + self.batch_size] for drawn in (users, others))
            yield self.rows[batch], self.rows[other], self.iou[batch, other]

    def partners(self, users: Tensor) -> Tensor:
        """Draw a partner for each of the users (B,) int64: (B,) int64."""
        alike = torch.rand(len(users), generator=self.generator) < self.p
        alike = torch.where(self.kinds[alike.long(), users] > 0, alike, ~alike)
        others = torch.empty_like(users)
        open_ = torch.arange(len(users))
        for _ in range(TRIES):
            guess = torch.randint(len(self.rows), (len(open_),), generator=self.generator)
            taken = torch.rand(len(open_), generator=self.generator) < self._weights(users[open_], guess, alike[open_])
            others[open_[taken]] = guess[taken]
            open_ = open_[~taken]
            if not len(open_):
                return others
        others[open_] = self._by_sums(users[open_], alike[open_])
        return others

    def _weights(self, users: Tensor, others: Tensor, alike: Tensor) -> Tensor:
        iou = self.iou[users, others]
        return torch.where(alike, iou, 1 - iou)

    def _by_sums(self, users: Tensor, alike: Tensor) -> Tensor:
        rows = self.iou[users].double()
        sums = torch.where(alike[:, None], rows, 1 - rows).cumsum(dim=1)
        places = torch.rand(len(users), 1, dtype=torch.float64, generator=self.generator) * sums[:, -1:]
        return torch.searchsorted(sums, places, right=True)[:, 0]
