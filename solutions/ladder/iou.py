"""Intersection over union of every two users: as it is written down, and as fast as the memory takes the result."""

from __future__ import annotations

import torch
from torch import Tensor

TILE = (64, 1024)
"""Rows and columns that are worked on at once: few enough for what belongs to them to stay in a core's own cache."""
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

    A tile is finished, division included, before it leaves the cache, so the memory sees each number once. Likes are
    bits, so the product is one of 8-bit integers where this machine has it, and exact in any case.
    """
    height, width = TILE
    counts = likes.count_nonzero(dim=1).clamp(min=1).float()  # who likes nothing shares nothing: 0 / 1, and not 0 / 0
    product, union = _Product(likes), torch.empty(height * width)
    result = torch.empty(len(likes), len(likes), dtype=torch.float32)
    for row, of_rows in enumerate(torch.split(counts, height)):
        for column, of_columns in enumerate(torch.split(counts, width)):
            both = product.of(row, column)
            either = torch.add(of_rows[:, None], of_columns, out=union[: both.numel()].view(both.shape)).sub_(both)
            tile = result[row * height : (row + 1) * height, column * width : (column + 1) * width]
            torch.div(both, either, out=tile)
    return result


class _Product:
    """The counts of shared likes, a tile at a time, by integers or by float32."""

    def __init__(self, likes: Tensor) -> None:
        self.small = _has_small_integers()
        rows = (likes != 0).to(torch.int8 if self.small else torch.float32)
        if self.small:
            rows = torch.nn.functional.pad(rows, (0, -likes.shape[1] % WIDTH))
        self.rows = torch.split(rows, TILE[0])
        self.columns = [part.T for part in torch.split(rows, TILE[1])]
        self.tile = torch.empty(TILE[0] * TILE[1])

    def of(self, row: int, column: int) -> Tensor:
        """Give the counts of a tile (R, C), float32, good until the next call."""
        rows, columns = self.rows[row], self.columns[column]
        counts = self.tile[: len(rows) * columns.shape[1]].view(len(rows), -1)
        if not self.small:
            return torch.mm(rows, columns, out=counts)
        whole = counts.view(torch.int32)
        torch._int_mm(rows, columns, out=whole)
        return counts.copy_(whole)  # each number in its own place


def _has_small_integers() -> bool:
    """Tell whether torch's product of 8-bit integers is there: it is private, so it may be gone, or differ."""
    try:
        rows = torch.ones(2 * WIDTH, WIDTH, dtype=torch.int8)
        out = torch.empty(2 * WIDTH, 2 * WIDTH, dtype=torch.int32)
        return bool((torch._int_mm(rows, rows.T, out=out) == WIDTH).all())
    except (AttributeError, NotImplementedError, RuntimeError, TypeError):
        return False
