"""What stands inside one panel of a picture: cells, curves, bars and steps."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import cycle, pairwise
from typing import Literal

import torch
from matplotlib.axes import Axes
from torch import Tensor

from lesson.style import BLUE, CARD, COLOURS, DASHES, HEAT, INK, ORANGE, SOFT

ROOM_FOR_NUMBERS = 12
ROOM_FOR_TICKS = 24


def as_rows(what: str, values: Tensor, rows: Sequence[str] | None, columns: Sequence[str] | None) -> Tensor:
    """Return the values as a float matrix; raise ValueError where it is none or the names do not fit it."""
    table = torch.as_tensor(values).detach().cpu().float()
    if table.dim() != 2 or table.numel() == 0:
        raise ValueError(f"`{what}` must be a matrix that is not empty, but the shape is {tuple(table.shape)}")
    for side, names, count in (("rows", rows, table.shape[0]), ("columns", columns, table.shape[1])):
        if names is not None and len(names) != count:
            raise ValueError(f"`{what}` has {count} {side}, but {len(names)} names were given for them")
    return table


def numbers(values: Iterable[Tensor]) -> str:
    """Say numbers, rounded."""
    return ", ".join(f"{float(value):.3g}" for value in values)


def spoken_rows(table: Tensor, rows: Sequence[str] | None, columns: Sequence[str] | None) -> str:
    """Say who likes what, where there are names and not too many of them."""
    if rows is None or columns is None or table.numel() > 200:
        return ""
    liked = (", ".join(name for name, like in zip(columns, row, strict=True) if like) or "nothing" for row in table)
    return " ".join(f"{name} likes {items}." for name, items in zip(rows, liked, strict=True))


def draw_likes(ax: Axes, table: Tensor, rows: Sequence[str] | None, columns: Sequence[str] | None, title: str) -> None:
    """Fill a cell for each like."""
    draw_heat(ax, table, rows, columns, title, 0.0, 1.35, show_numbers=False)


def draw_heat(
    ax: Axes,
    table: Tensor,
    rows: Sequence[str] | None,
    columns: Sequence[str] | None,
    title: str,
    low: float | None = None,
    high: float | None = None,
    show_numbers: bool = True,
) -> None:
    """Fill the cells by value, and write the numbers into them or draw the scale beside them."""
    aspect: Literal["equal", "auto"] = "equal" if max(table.shape) <= 40 else "auto"
    image = ax.imshow(table.numpy(), cmap=HEAT, vmin=low, vmax=high, aspect=aspect, interpolation="nearest")
    _names(ax, table, rows, columns)
    ax.set_title(title)
    ax.spines[:].set_visible(False)
    if max(table.shape) <= ROOM_FOR_TICKS:
        _gaps(ax, table)
    if show_numbers and max(table.shape) <= ROOM_FOR_NUMBERS:
        _write(ax, table, low, high)
    elif show_numbers:
        scale = ax.get_figure(root=True).colorbar(image, ax=ax, shrink=0.8, aspect=24)
        scale.outline.set_visible(False)


def _names(ax: Axes, table: Tensor, rows: Sequence[str] | None, columns: Sequence[str] | None) -> None:
    """Write names, or the numbers of rows and columns, at the cells."""
    ax.tick_params(length=0, top=True, labeltop=True, bottom=False, labelbottom=False, pad=3)
    if columns is not None:
        ax.set_xticks(range(len(columns)), columns, rotation=38, ha="left", rotation_mode="anchor", color=INK)
    if rows is not None:
        ax.set_yticks(range(len(rows)), rows, color=INK)
    if columns is None and table.shape[1] <= ROOM_FOR_TICKS:
        ax.set_xticks(range(table.shape[1]))
    if rows is None and table.shape[0] <= ROOM_FOR_TICKS:
        ax.set_yticks(range(table.shape[0]))


def _gaps(ax: Axes, table: Tensor) -> None:
    """Draw the thin light lines between the cells."""
    height, width = table.shape
    ax.set_xticks([x - 0.5 for x in range(width + 1)], minor=True)
    ax.set_yticks([y - 0.5 for y in range(height + 1)], minor=True)
    ax.grid(which="minor", color=CARD, linewidth=2)
    ax.tick_params(which="minor", length=0)


def _write(ax: Axes, table: Tensor, low: float | None, high: float | None) -> None:
    """Write each value into its cell, light on dark and dark on light."""
    low, high = float(table.min()) if low is None else low, float(table.max()) if high is None else high
    form = ".0f" if bool((table == table.round()).all()) else ".2f"
    for y, row in enumerate(table.tolist()):
        for x, value in enumerate(row):
            colour = "white" if value > low + 0.55 * (high - low) else INK
            ax.text(x, y, format(value, form), ha="center", va="center", color=colour, fontsize=8.5)


def draw_curves(ax: Axes, lines: Mapping[str, list[float]], floor: tuple[str, float] | None) -> None:
    """Draw the curves, then their names at their ends, moved apart where they would overlap."""
    for line, colour, dash in zip(lines.values(), cycle(COLOURS), cycle(DASHES), strict=False):
        dot = "o" if len(line) < 3 else None
        ax.plot(range(1, len(line) + 1), line, color=colour, linestyle=dash, marker=dot, markersize=4)
    if floor is not None:
        ax.axhline(floor[1], color=SOFT, linewidth=1, linestyle=(0, (1, 2)))
    ax.grid(axis="y")
    ax.locator_params(axis="x", integer=True)
    ends = {name: line[-1] for name, line in lines.items()}
    ends |= {f"{floor[0]} {floor[1]:.3g}": floor[1]} if floor else {}
    colours = [*(colour for _, colour in zip(lines, cycle(COLOURS), strict=False)), SOFT]
    bottom, top = ax.get_ylim()
    places = spread(list(ends.values()), 0.075 * (top - bottom))
    for name, place, colour in zip(ends, places, colours, strict=False):
        at_right(ax, name, place, colour)


def at_right(ax: Axes, text: str, place: float, colour: str) -> None:
    """Write beside the right end of the axes."""
    at = ("axes fraction", "data")
    ax.annotate(text, (1.015, place), xycoords=at, color=colour, va="center", fontsize=9, annotation_clip=False)


def spread(places: Sequence[float], gap: float) -> list[float]:
    """Move places apart until each two are a gap from one another, changing their order and their middle little."""
    order = sorted(range(len(places)), key=lambda index: places[index])
    moved = list(places)
    for _ in range(50):
        for below, above in pairwise(order):
            lack = gap - (moved[above] - moved[below])
            if lack > 1e-9:
                moved[below], moved[above] = moved[below] - lack / 2, moved[above] + lack / 2
    return moved


def draw_bars(ax: Axes, values: Mapping[str, tuple[float, ...]], chance: float | None) -> None:
    """Draw lying bars with intervals, and each mean in a column at the right."""
    places = range(len(values), 0, -1)
    for place, (mean, low, high) in zip(places, values.values(), strict=True):
        ax.barh(place, mean, height=0.58, color=BLUE, alpha=0.8)
        ax.plot([low, high], [place, place], color=INK, linewidth=1.5, marker="|", ms=6)
        at_right(ax, f"{mean:.3f}", place, INK)
    ax.set_yticks(list(places), list(values), color=INK)
    ax.tick_params(axis="y", length=0)
    ax.grid(axis="x")
    if chance is not None:
        ax.axvline(chance, color=ORANGE, linewidth=1.3, linestyle=(0, (4, 2)))
        where = {"xycoords": ("data", "axes fraction"), "xytext": (4, 2), "textcoords": "offset points"}
        ax.annotate(f"chance {chance:.3g}", (chance, 1), color=ORANGE, fontsize=8.5, annotation_clip=False, **where)


def draw_steps(ax: Axes, flat: Mapping[str, Tensor], bins: int) -> None:
    """Draw the shares of the numbers in equal bins as steps, one outline for each name."""
    low, high = min(float(part.min()) for part in flat.values()), max(float(part.max()) for part in flat.values())
    low, high = (low, high) if low < high else (low - 0.5, high + 0.5)
    edges = torch.linspace(low, high, bins + 1).tolist()
    for (name, part), colour, dash in zip(flat.items(), cycle(COLOURS), cycle(DASHES), strict=False):
        shares = torch.histc(part, bins, low, high) / part.numel()
        ax.stairs(shares.numpy(), edges, color=colour, fill=True, alpha=0.18)
        ax.stairs(shares.numpy(), edges, color=colour, linestyle=dash, linewidth=1.6, label=name)
    ax.grid(axis="y")
    if len(flat) > 1:
        ax.legend(loc="best")
