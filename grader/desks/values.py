"""Plain values as text and as HTML tables: the expected beside the learner's."""

from __future__ import annotations

from html import escape
from itertools import zip_longest
from typing import Any

import torch

from ..differences import TOLERANCE
from ..learner.plain import Opaque

MOST = 8
INK = "border:1px solid rgba(128,128,128,.35);padding:2px 7px;text-align:right;font-variant-numeric:tabular-nums"
WRONG = "border:2px solid #c62828;padding:1px 6px;text-align:right;font-weight:bold"


def number(value: Any) -> str:
    """Write one number: whole ones without a point, others with three digits."""
    if isinstance(value, bool):
        return str(value)
    if not isinstance(value, float) or abs(value) >= 1e4:
        return f"{value:.4g}"
    text = f"{value:.3f}".rstrip("0").rstrip(".")
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


def table(title: str, value: Any, other: Any = None) -> str:
    """Draw a value as an HTML table; cells that differ from `other` get a border and a sign."""
    wrong = differing(value, other)
    body = "".join(
        "<tr>" + "".join(_cell(text, (i, j) in wrong, _heat(value, i, j)) for j, text in enumerate(row)) + "</tr>"
        for i, row in enumerate(rows(value))
    )
    note = f"<br><small>{escape(_size(value))}</small>" if _size(value) else ""
    caption = f'<caption style="text-align:left;font-weight:bold;padding:2px 0">{escape(title)}{note}</caption>'
    return f'<table style="border-collapse:collapse;margin:0 1.5em .5em 0">{caption}<tbody>{body}</tbody></table>'


def differing(value: Any, other: Any) -> set[tuple[int, int]]:
    """Give the (row, column) of the cells that differ, where both have the same shape."""
    if not isinstance(value, torch.Tensor) or not isinstance(other, torch.Tensor):
        return set() if other is None else _differing_rows(value, other)
    if value.shape != other.shape or value.dim() not in (1, 2):
        return set()
    close = torch.isclose(value.double(), other.double(), rtol=TOLERANCE, atol=TOLERANCE, equal_nan=True)
    return {(int(i), int(j)) for i, j in (~close.reshape(-1, close.shape[-1])).nonzero()} if close.numel() else set()


def _differing_rows(value: Any, other: Any) -> set[tuple[int, int]]:
    if type(value) is not type(other):
        return {(0, 0)}
    wanted = rows(other)
    return {(i, len(row) - 1) for i, row in enumerate(rows(value)) if row not in wanted[i : i + 1]}


def _cell(text: str, wrong: bool, heat: float) -> str:
    if wrong:
        return f'<td style="{WRONG}"><span title="not equal">≠</span> {escape(text)}</td>'
    return f'<td style="{INK};background:rgba(33,118,199,{heat:.2f})">{escape(text)}</td>'


def _heat(value: Any, i: int, j: int) -> float:
    """Give the tint of a cell, from 0 to .45, so that the text keeps its contrast in both themes."""
    if not isinstance(value, torch.Tensor) or value.dim() not in (1, 2) or not value.numel():
        return 0.0
    matrix = value.reshape(-1, value.shape[-1]).double().nan_to_num(0, 0, 0)
    inside = i < min(MOST, matrix.shape[0]) and j < min(MOST, matrix.shape[1])
    return 0.45 * float(matrix[i, j].clamp(min=0) / matrix.max().clamp(min=1e-9)) if inside else 0.0


def _size(value: Any) -> str:
    if not isinstance(value, torch.Tensor):
        return ""
    return f"{' × '.join(map(str, value.shape)) or 'one number'}, {str(value.dtype).removeprefix('torch.')}"
