"""Plain values as short text: the expected beside the learner's."""

from __future__ import annotations

from itertools import zip_longest
from typing import Any

import torch

from ...learner.plain import Opaque

MOST = 8


def number(value: Any, digits: int = 3) -> str:
    """Write one number: whole ones without a point, others with a few digits behind it."""
    if isinstance(value, bool):
        return str(value)
    if not isinstance(value, float) or abs(value) >= 1e4:
        return f"{value:.4g}"
    text = f"{value:.{digits}f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def rows(value: Any) -> list[list[str]]:
    """Lay a value out in rows of cells, at most `MOST` each way."""
    if isinstance(value, torch.Tensor) and value.dim() in (1, 2):
        matrix = value.reshape(-1, value.shape[-1]) if value.numel() else value.reshape(0, 0)
        cut = [[number(item) for item in row[:MOST].tolist()] + ["…"] * (len(row) > MOST) for row in matrix[:MOST]]
        return cut + [["…"]] * (len(matrix) > MOST) or [["(empty)"]]
    if isinstance(value, dict):
        return [[key, brief(item)] for key, item in list(value.items())[:MOST]] or [["(empty)"]]
    return [[brief(value)]]


def brief(value: Any) -> str:
    """Write a value in one line."""
    if isinstance(value, torch.Tensor):
        return number(value.item()) if value.numel() == 1 else f"tensor of shape {tuple(value.shape)}"
    if isinstance(value, Opaque):
        return value.kind
    if isinstance(value, list | tuple):
        inside = ", ".join(brief(item) for item in value[:MOST]) + (", …" if len(value) > MOST else "")
        return f"[{inside}]" if isinstance(value, list) else f"({inside})"
    if isinstance(value, dict):
        return ", ".join(f"{key}: {brief(item)}" for key, item in list(value.items())[:MOST])
    return number(value) if isinstance(value, float) else repr(value)[:80]


def side_by_side(columns: list[tuple[str, Any]]) -> str:
    """Set titled values beside each other as text."""
    blocks = []
    for title, value in columns:
        laid = rows(value)
        widths = [max(map(len, column)) for column in zip_longest(*laid, fillvalue="")]
        lines = [
            title,
            *(" ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=False)) for row in laid),
        ]
        width = max(map(len, lines))
        blocks.append([line.ljust(width) for line in lines])
    height = max(map(len, blocks))
    full = [block + [" " * len(block[0])] * (height - len(block)) for block in blocks]
    return "\n".join("   ".join(parts).rstrip() for parts in zip(*full, strict=True))
