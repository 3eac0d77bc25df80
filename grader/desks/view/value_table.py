"""Plain values as HTML tables: what differs has a sign and a border, and what is large is cut where it differs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from itertools import zip_longest
from typing import Any

import torch

from ...differences import TOLERANCE, compare
from ...learner.plain import Opaque
from ...messages import kind_word
from . import values
from .values import MOST

IN_A_ROW = 12
BEFORE = 2  # rows and columns shown before the first difference
CELL = "padding:2px 7px;text-align:right;font-variant-numeric:tabular-nums"
INK = f"border:1px solid rgba(128,128,128,.35);{CELL};background:rgba(33,118,199,{{heat:.2f}})"
WRONG = f"border:2px solid #d32f2f;{CELL};font-weight:bold"
NAME = "padding:1px 7px;text-align:right;font-weight:normal;font-style:italic;font-size:85%"
SIGN = '<span title="not equal">≠</span> '
PLAIN = (bool, int, float, str, type(None))


@dataclass(frozen=True)
class Sheet:
    """A value laid out in cells: those that differ, those that are tinted and how much, and what was left out."""

    cells: list[list[Any]]
    rows: tuple[Any, ...] = ()
    columns: tuple[Any, ...] = ()
    wrong: frozenset[tuple[int, int]] = frozenset()
    heat: tuple[tuple[float, ...], ...] = ()
    left_out: str = ""


def tables(title: str, value: Any, other: Any = None, *, mark: bool = True) -> str:
    """Draw a value, one table for each tensor in it; with `mark`, cells that differ from `other` carry a sign."""
    if not isinstance(value, list | tuple | dict) or not _holds_tensors(value):
        return table(title, value, other, mark=mark)
    named = value.items() if isinstance(value, dict) else enumerate(value)
    drawn = (table(f"{title}, {key}", part, _part(other, key), mark=mark) for key, part in list(named)[:MOST])
    return f"<div>{''.join(drawn)}</div>"


def table(title: str, value: Any, other: Any = None, *, mark: bool = True) -> str:
    """Draw one value as a table with a caption, and with names of rows and columns where it has several."""
    sheet, beside = laid_out(value, other), laid_out(other, value)
    head = "".join(f'<th scope="col" style="{NAME}">{escape(str(name))}</th>' for name in sheet.columns)
    corner = "<td></td>" if sheet.rows else ""
    head = f"<thead><tr>{corner}{head}</tr></thead>" if head else ""
    body = "".join(f"<tr>{line}</tr>" for line in _lines(sheet, beside, mark))
    look = "border-collapse:collapse;margin:0 1.5em .5em 0"
    return f'<table style="{look}">{_caption(title, value, other, sheet, mark)}{head}<tbody>{body}</tbody></table>'


def laid_out(value: Any, other: Any = None) -> Sheet:
    """Lay a value out in cells, as far as there is room, and find those in which it is not like `other`."""
    if isinstance(value, torch.Tensor) and value.numel():
        return _matrix(value, other)
    if isinstance(value, list | tuple) and value and all(isinstance(item, PLAIN) for item in value):
        return _row(value, other)
    if isinstance(value, dict) and value:
        pairs = list(value.items())[:MOST]
        beside = value if other is None else other
        wrong = {(i, 0) for i, (key, item) in enumerate(pairs) if compare(_part(beside, key), item)}
        return Sheet([[item] for _, item in pairs], tuple(key for key, _ in pairs), wrong=frozenset(wrong))
    wrong = {(0, 0)} if type(value) is type(other) and compare(other, value) else set()
    return Sheet([[value]], wrong=frozenset(wrong))


def _matrix(value: torch.Tensor, other: Any) -> Sheet:
    """Lay a tensor out; of one with more than two dimensions, the slice in which it differs first."""
    same = isinstance(other, torch.Tensor) and other.shape == value.shape
    far = ~_close(value, other) if same else torch.zeros_like(value, dtype=torch.bool)
    first = far.nonzero()[0].tolist() if far.any() else [0] * value.dim()
    lead = tuple(first[:-2])
    plane, marks = (_flat(part[lead]) for part in (value, far))
    top = max(_most(plane), _most(_flat(other[lead]))) if same else _most(plane)
    rows = _stretch(plane.shape[0], first[-2] if len(first) > 1 else 0, MOST)
    columns = _stretch(plane.shape[1], first[-1] if first else 0, MOST if len(plane) > 1 else IN_A_ROW)
    shown = plane[rows.start : rows.stop, columns.start : columns.stop]
    heat = 0.45 * shown.double().nan_to_num(0, 0, 0).clamp(min=0) / max(top, 1e-9)
    seen = marks[rows.start : rows.stop, columns.start : columns.stop]
    return Sheet(
        (shown.int() if shown.dtype == torch.bool and value.dim() > 1 else shown).tolist(),  # likes read better so
        tuple(rows) if value.dim() > 1 else (),
        tuple(columns) if value.dim() else (),
        frozenset((i, j) for i, j in seen.nonzero().tolist()),
        tuple(map(tuple, heat.tolist())),
        _left_out(lead, rows, columns, plane.shape, int(marks.sum())),
    )


def _row(value: Sequence[Any], other: Any) -> Sheet:
    """Lay out a list of plain things as one row."""
    others = other if type(other) is type(value) else value
    wrong = [i for i, item in enumerate(value) if i >= len(others) or compare(others[i], item)]
    shown = _stretch(len(value), wrong[0] if wrong else 0, IN_A_ROW)
    marks = frozenset((0, i - shown.start) for i in wrong if i in shown)
    left_out = _left_out((), range(1), shown, (1, len(value)), len(wrong))
    return Sheet([list(value[shown.start : shown.stop])], (), tuple(shown), marks, (), left_out)


def _left_out(lead: tuple[int, ...], rows: range, columns: range, shape: Sequence[int], wrong: int) -> str:
    """Say which part is shown, where it is a part, and how many cells differ in all."""
    parts = [f"slice {list(lead)}"] if lead else []
    for what, shown, count in (("rows", rows, shape[0]), ("columns", columns, shape[1])):
        if len(shown) < count:
            what = what if shape[0] > 1 else "places"
            parts.append(f"{what} {shown.start} to {shown.stop - 1} of {count}")
    differ = f"; {wrong} {'differs' if wrong == 1 else 'differ'} in all" if wrong and parts else ""
    return f"shown: {', '.join(parts)}{differ}" if parts else ""


def _lines(sheet: Sheet, beside: Sheet, mark: bool) -> Iterator[str]:
    """Draw the rows; the numbers of a column stand in line, also with those of the value beside it."""
    digits = 6 if _look_alike(sheet, beside) else 3
    others = zip(*beside.cells, strict=True) if beside.columns == sheet.columns else ()
    pairs = zip_longest(zip(*sheet.cells, strict=True), others, fillvalue=())
    columns = [_aligned((*column, *other), digits)[: len(column)] for column, other in pairs]
    for i, texts in enumerate(zip(*columns, strict=True)):
        name = f'<th scope="row" style="{NAME}">{escape(str(sheet.rows[i]))}</th>' if sheet.rows else ""
        heat = sheet.heat[i] if sheet.heat else (0.0,) * len(texts)
        cells = (_cell(text, mark and (i, j) in sheet.wrong, heat[j]) for j, text in enumerate(texts))
        yield name + "".join(cells)


def _aligned(column: Sequence[Any], digits: int) -> list[str]:
    """Write a column's numbers with as many digits behind the point as the longest needs; all else in short."""
    texts = [values.number(item, digits) if isinstance(item, float) else values.brief(item) for item in column]
    points = [i for i, item in enumerate(column) if isinstance(item, float) and texts[i].lstrip("-")[:1].isdigit()]
    plain = [i for i in points if "e" not in texts[i]]
    places = max((len(texts[i].partition(".")[2]) for i in plain), default=0)
    return [f"{item + 0.0:.{places}f}" if i in plain else texts[i] for i, item in enumerate(column)]


def _look_alike(one: Sheet, two: Sheet) -> bool:
    """Whether two numbers that differ would be written alike."""
    both = [(i, j) for i, j in one.wrong & two.wrong if isinstance(one.cells[i][j], float)]
    return any(values.brief(one.cells[i][j]) == values.brief(two.cells[i][j]) for i, j in both)


def _cell(text: str, wrong: bool, heat: float) -> str:
    return f'<td style="{WRONG if wrong else INK.format(heat=heat)}">{SIGN if wrong else ""}{escape(text)}</td>'


def _caption(title: str, value: Any, other: Any, sheet: Sheet, mark: bool) -> str:
    """Name the table, its size and what of it is shown; a shape, type or kind that is not the wanted one has a sign."""
    size, wanted = _size(value), _size(other)
    kind = value.kind if isinstance(value, Opaque) else type(value).__name__
    strange = mark and other is not None and (size != wanted or type(value) is not type(other))
    size = f"<strong>{SIGN}{escape(size or kind_word(kind))}</strong>" if strange else escape(size)
    notes = "".join(f"<br><small>{note}</small>" for note in (size, sheet.left_out) if note)
    look = "text-align:left;padding:2px 0;white-space:nowrap"
    return f'<caption style="{look}"><strong>{escape(title)}</strong>{notes}</caption>'


def _size(value: Any) -> str:
    if isinstance(value, list | tuple):
        return f"{len(value)} item{'' if len(value) == 1 else 's'}"
    if not isinstance(value, torch.Tensor):
        return ""
    return f"{' × '.join(map(str, value.shape)) or 'one number'}, {str(value.dtype).removeprefix('torch.')}"


def _stretch(count: int, first: int, most: int) -> range:
    """Give the places that are shown: from the beginning, or from a little before the first difference."""
    start = 0 if first < most else min(first - BEFORE, count - most)
    return range(start, min(start + most, count))


def _most(plane: torch.Tensor) -> float:
    return float(plane.double().nan_to_num(0, 0, 0).max())


def _flat(plane: torch.Tensor) -> torch.Tensor:
    return plane.reshape(-1, plane.shape[-1]) if plane.dim() else plane.reshape(1, 1)


def _close(one: torch.Tensor, two: torch.Tensor) -> torch.Tensor:
    return torch.isclose(one.double(), two.double(), rtol=TOLERANCE, atol=TOLERANCE, equal_nan=True)


def _holds_tensors(value: Any) -> bool:
    parts = value.values() if isinstance(value, dict) else value
    return any(isinstance(part, torch.Tensor) for part in parts)


def _part(value: Any, key: Any) -> Any:
    """Give one part of a list or a dict, None where it has no such part."""
    if isinstance(value, dict):
        return value.get(key)
    return value[key] if isinstance(value, list | tuple) and type(key) is int and key < len(value) else None
