"""Intersection over union of every two users: as it is written down, and as fast as the memory takes the result."""

from __future__ import annotations

import torch
from torch import Tensor

BLOCK = 32
"""Rows that are worked on at once: few enough for what belongs to them to stay in a core's own cache."""
WIDTH = 8
"""The items are filled up to a multiple of this many, which the product of small integers asks for."""


def overlap(likes: Tensor) -> Tensor:
    """Give the intersection over union of every two rows of 0 and 1, 0 where both are empty.

    likes is (M, N), the result (M, M) float32. Every step writes another matrix of the result's size: three beside it.
    """
    rows = likes.float()
    both, counts = rows @ rows.T, rows.sum(dim=1)
    return both / (counts[:, None] + counts - both).clamp(min=1)


def overlap_in_blocks(likes: Tensor) -> Tensor:
    """Give the same numbers as `overlap`, bit for bit, and write nothing of the size (M, M) but the result.

    A block of rows is finished, division included, before it leaves the cache, so the memory sees each number once.
    Likes are bits, so the product is one of 8-bit integers where this machine has it, and exact in any case.
    """
    counts = likes.count_nonzero(dim=1).float()
    product = _Product(likes)
    result = torch.empty(len(likes), len(likes), dtype=torch.float32)
    union = torch.empty(BLOCK, len(likes), dtype=torch.float32)
    for start in range(0, len(likes), BLOCK):
        block = result[start : start + BLOCK]
        product.into(block, start)
        either = torch.sub(counts, block, out=union[: len(block)]).add_(counts[start : start + BLOCK, None])
        block.div_(either.clamp_(min=1))
    return result


class _Product:
    """The counts of shared likes, a block of rows at a time, by integers or by float32."""

    def __init__(self, likes: Tensor) -> None:
        self.small = _has_small_integers()
        self.rows = (likes != 0).to(torch.int8 if self.small else torch.float32)
        if self.small:
            self.rows = torch.nn.functional.pad(self.rows, (0, -likes.shape[1] % WIDTH))
            self.shared = torch.empty(BLOCK, len(likes), dtype=torch.int32)
        self.columns = self.rows.T if self.small else self.rows.T.contiguous()

    def into(self, block: Tensor, start: int) -> None:
        """Write the counts of the rows from `start` on into their block of the result (R, M)."""
        rows = self.rows[start : start + len(block)]
        if self.small:
            block.copy_(torch._int_mm(rows, self.columns, out=self.shared[: len(block)]))
        else:
            torch.mm(rows, self.columns, out=block)


def _has_small_integers() -> bool:
    """Tell whether torch's product of 8-bit integers is there: it is private, so it may be gone, or differ."""
    try:
        rows = torch.ones(BLOCK, WIDTH, dtype=torch.int8)
        out = torch.empty(BLOCK, BLOCK, dtype=torch.int32)
        return bool((torch._int_mm(rows, rows.T, out=out) == WIDTH).all())
    except (AttributeError, NotImplementedError, RuntimeError, TypeError):
        return False
