"""Pairs of users, many at once and without a matrix of all pairs, drawn exactly as `PairDataset` draws one."""

from __future__ import annotations

from collections.abc import Iterator

import torch
from torch import Tensor

AT_ONCE = 65_536
"""Users whose partners are drawn together: what that takes is the same for any number of users."""
ROUNDS = 20
ROUNDS_PER_USER = 0.02
"""Rounds of rejection before a row's weights are summed up instead: that costs as much as some M / 50 rounds."""


class PairLoader:
    """Batches of (user, other, similarity) as a `DataLoader` over a `PairDataset` gives them, each epoch anew.

    With probability p the weights of partner j are the IoU of the two, else 1 - IoU; where all of these are 0,
    those of the other kind; and the similarity is the IoU. Whom to propose is drawn in one step, and a coin mends the
    proportions (rejection, von Neumann, 1951), so no weights are ever added up:

    - an alike one: all who share a like with the user stand in a row, once for each shared like. One of them is taken
      evenly and kept with probability |u| / |u or j|, which together is in proportion to the IoU.
    - an unlike one: anybody, kept with probability 1 - IoU.

    The few who are refused again and again are drawn by their summed weights. Both ways are exact, so the mixture is.
    """

    def __init__(
        self, likes: Tensor, p: float, batch_size: int = 128, generator: torch.Generator | None = None
    ) -> None:
        """Take likes (M, N) of 0 and 1, and the probability of an alike pair.

        Raises ValueError for a p outside [0, 1], for likes that are not (M, N) and for a batch below 1.
        """
        if not 0 <= p <= 1:
            raise ValueError(f"`p` must lie between 0 and 1, but is {p!r}")
        if likes.dim() != 2:
            raise ValueError(f"`likes` must be a matrix of users and items, but its shape is {tuple(likes.shape)}")
        if batch_size < 1:
            raise ValueError(f"`batch_size` must be at least 1, but is {batch_size!r}")
        self.likes, self.p, self.batch_size, self.generator = likes.bool(), p, batch_size, generator
        self.counts = self.likes.sum(dim=1)
        self.differ = bool((self.likes != self.likes[:1]).any())  # else nobody who likes something has an unlike user
        self.rows = _Rows(self.likes)

    def __len__(self) -> int:
        """Count the batches."""
        return -(-len(self.likes) // self.batch_size)

    def __iter__(self) -> Iterator[tuple[Tensor, Tensor, Tensor]]:
        """Go through the users in random order, each with a new partner: (B, N), (B, N) and (B,), all float32."""
        order = torch.randperm(len(self.likes), generator=self.generator)
        block = max(AT_ONCE // self.batch_size, 1) * self.batch_size
        for users in torch.split(order, block):
            others, similarity = self.partners(users)
            for start in range(0, len(users), self.batch_size):
                batch = slice(start, start + self.batch_size)
                yield self.likes[users[batch]].float(), self.likes[others[batch]].float(), similarity[batch]

    def partners(self, users: Tensor) -> tuple[Tensor, Tensor]:
        """Draw a partner for each of the users (B,) int64: (B,) int64, and the similarity of the two, (B,) float32."""
        alike = self._coin(len(users)) < self.p
        alike = torch.where(self.counts[users] > 0, alike | (not self.differ), False)
        others, similarity = torch.empty_like(users), torch.empty(len(users))
        open_ = torch.arange(len(users))
        for _ in range(int(ROUNDS + ROUNDS_PER_USER * len(self.likes))):
            guess, iou, chance = self._propose(users[open_], alike[open_])
            kept = self._coin(len(open_)) < chance
            others[open_[kept]], similarity[open_[kept]] = guess[kept], iou[kept].float()
            open_ = open_[~kept]
            if not len(open_):
                break
        for one in open_.tolist():
            others[one], similarity[one] = self._by_sums(users[one], alike[one])
        return others, similarity

    def _propose(self, users: Tensor, alike: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Propose a partner for each user: his number, the IoU of the two, and the chance that he is kept."""
        others = torch.randint(len(self.likes), (len(users),), generator=self.generator)
        others[alike] = self.rows.sharing(users[alike], self._coin(int(alike.sum())))
        both = (self.likes[users] & self.likes[others]).sum(dim=1)
        either = (self.counts[users] + self.counts[others] - both).clamp(min=1).double()
        return others, both / either, torch.where(alike, self.counts[users], either - both) / either

    def _by_sums(self, user: Tensor, alike: Tensor) -> tuple[Tensor, Tensor]:
        """Draw one partner by the inverse of the cumulated weights of all M users; 0-dim, as what comes back."""
        both = self.likes[:, self.likes[user]].sum(dim=1)
        iou = both / (self.counts[user] + self.counts - both).clamp(min=1).double()
        sums = torch.where(alike, iou, 1 - iou).cumsum(dim=0)
        other = torch.searchsorted(sums, self._coin(1) * sums[-1], right=True)[0]
        return other, iou[other].float()

    def _coin(self, count: int) -> Tensor:
        return torch.rand(count, dtype=torch.float64, generator=self.generator)


class _Rows:
    """For each user the row of all who share a like with him, once for each shared like; never written out.

    A row is one piece for each like: that item's likers. All users' rows stand one after another.
    """

    def __init__(self, likes: Tensor) -> None:
        self.sizes = likes.sum(dim=0)
        self.likers = likes.T.nonzero(as_tuple=True)[1]
        self.first = self.sizes.cumsum(dim=0) - self.sizes  # where an item's likers begin
        self.items = likes.nonzero(as_tuple=True)[1]
        self.ends = self.sizes[self.items].cumsum(dim=0)  # where each piece ends
        pieces = likes.sum(dim=1).cumsum(dim=0)
        self.bounds = torch.cat([torch.zeros(1, dtype=torch.int64), self.ends])[pieces]  # where each user's row ends
        self.begins = torch.cat([torch.zeros(1, dtype=torch.int64), self.bounds[:-1]])

    def sharing(self, users: Tensor, coin: Tensor) -> Tensor:
        """Take a place of each user's row by a number in [0, 1), (B,) float64, and say who stands there: (B,) int64."""
        place = self.begins[users] + (coin * (self.bounds[users] - self.begins[users])).long()
        piece = torch.searchsorted(self.ends, place, right=True)
        item = self.items[piece]
        return self.likers[self.first[item] + place - (self.ends[piece] - self.sizes[item])]
