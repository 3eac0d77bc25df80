"""The pictures of the lessons; each function returns a `Picture`, a matplotlib figure with alternative text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import cycle

import torch
from matplotlib import rc_context
from matplotlib.axes import Axes
from torch import Tensor

from lesson.panels import (
    ROOM_FOR_NUMBERS,
    as_rows,
    draw_bars,
    draw_curves,
    draw_heat,
    draw_likes,
    draw_steps,
    numbers,
    spoken_rows,
)
from lesson.style import AMBER, COLOURS, INK, MARKERS, STYLE, Picture, blank

Names = Sequence[str] | None
Floats = Sequence[float] | Tensor


@rc_context(STYLE)
def like_matrix(
    likes: Tensor, users: Names = None, items: Names = None, title: str = "", ax: Axes | None = None
) -> Picture:
    """Draw (M, N) likes: a filled cell for each like, with names at rows and columns if given.

    Raises ValueError for likes that are no matrix, and for names that do not fit it.
    """
    rows = as_rows("likes", likes, users, items)
    height, width = rows.shape
    ax = ax or _canvas(_side(width, items, 0.34), _side(height, users, 0.30) + 0.5)
    draw_likes(ax, rows, users, items, title)
    alt = spoken_rows(rows != 0, users, items) or f"{rows.ne(0).double().mean():.0%} of the cells are likes."
    return _done(ax, f"likes of {height} users and {width} items", f"{title} {alt}")


@rc_context(STYLE)
def heat_map(
    values: Tensor,
    rows: Names = None,
    columns: Names = None,
    title: str = "",
    low: float | None = None,
    high: float | None = None,
    ax: Axes | None = None,
) -> Picture:
    """Draw an (R, C) matrix, darker for more, with the numbers in the cells where there is room for them.

    `low` and `high` are the ends of the colours (the smallest and the largest value if None).
    Raises ValueError for values that are no matrix, and for names that do not fit it.
    """
    table = as_rows("values", values, rows, columns)
    height, width = table.shape
    scale = 0.6 if max(height, width) > ROOM_FOR_NUMBERS else 0
    ax = ax or _canvas(_side(width, columns, 0.5) + scale, _side(height, rows, 0.4) + 0.5)
    draw_heat(ax, table, rows, columns, title, low, high)
    ends = "from {} to {}.".format(*(f"{float(end):.3g}" for end in table.aminmax()))
    words = "; ".join(map(numbers, table)) if table.numel() <= 100 else ends
    return _done(ax, f"heat map of {height} rows and {width} columns", f"{title} {words}")


@rc_context(STYLE)
def curves(
    values: Mapping[str, Floats],
    ylabel: str = "",
    floor: float | None = None,
    xlabel: str = "epoch",
    title: str = "",
    floor_label: str = "floor",
    ax: Axes | None = None,
) -> Picture:
    """Draw one curve for each name over 1, 2, ..., told apart by dashes and by the names at their ends.

    `floor` draws a thin line with `floor_label` at a value that no curve can pass.
    Raises ValueError where there is nothing to draw.
    """
    lines = {name: [float(value) for value in line] for name, line in values.items() if len(line)}
    if not lines:
        raise ValueError("`values` must hold at least one curve with a point, but holds none")
    ax = ax or _canvas(6.2, 3.1)
    draw_curves(ax, lines, None if floor is None else (floor_label, floor))
    ax.set(xlabel=xlabel, ylabel=ylabel, title=title)
    story = (f"{name} goes from {line[0]:.3g} to {line[-1]:.3g}" for name, line in lines.items())
    return _done(ax, f"curves of {', '.join(lines)}", f"{title} {'; '.join(story)}.")


@rc_context(STYLE)
def bars_with_interval(
    values: Mapping[str, tuple[float, float, float]],
    xlabel: str = "",
    chance: float | None = None,
    title: str = "",
    ax: Axes | None = None,
) -> Picture:
    """Draw (mean, low, high) of each name as a bar with its interval, the first name on top.

    `chance` draws a thin line at what guessing reaches. Raises ValueError where there is nothing to draw.
    """
    if not values:
        raise ValueError("`values` must hold at least one bar, but holds none")
    ax = ax or _canvas(6.2, 0.75 + 0.36 * len(values) + 0.25 * (bool(title) + (chance is not None)))
    draw_bars(ax, {name: tuple(map(float, value)) for name, value in values.items()}, chance)
    ax.set_xlabel(xlabel)
    ax.set_title(title, pad=9 if chance is None else 22)
    story = (f"{name} {mean:.3f} ({low:.3f} to {high:.3f})" for name, (mean, low, high) in values.items())
    return _done(ax, f"bars of {', '.join(values)}", f"{title} {xlabel}: {'; '.join(story)}.")


@rc_context(STYLE)
def histogram(
    values: Tensor | Mapping[str, Tensor], bins: int = 30, xlabel: str = "", title: str = "", ax: Axes | None = None
) -> Picture:
    """Draw how the numbers of a tensor of any shape are spread, or those of several named tensors in one picture.

    Raises ValueError for an empty tensor.
    """
    named = values if isinstance(values, Mapping) else {"": values}
    flat = {name: torch.as_tensor(part).detach().flatten().float() for name, part in named.items()}
    if not flat or any(part.numel() == 0 for part in flat.values()):
        raise ValueError("`values` must hold at least one number, but are empty")
    ax = ax or _canvas(6.2, 2.8)
    draw_steps(ax, flat, bins)
    ax.set(xlabel=xlabel, ylabel="share", title=title)
    story = (f"{name} mean {part.mean():.3g}, from {part.min():.3g} to {part.max():.3g}" for name, part in flat.items())
    return _done(ax, f"histogram of {xlabel or 'values'}", f"{title} {'; '.join(story)}.")


@rc_context(STYLE)
def scatter_latent(
    points: Tensor,
    groups: Tensor | None = None,
    highlight: Sequence[int] | None = None,
    title: str = "",
    ax: Axes | None = None,
) -> Picture:
    """Draw (M, 2) latents, a colour and a marker for each of the (M,) groups.

    `highlight` names one user, who is starred, and then his neighbours, who are numbered from 1.
    Raises ValueError for points that are not (M, 2) and for groups that do not fit them.
    """
    dots = torch.as_tensor(points).detach().float()
    label = torch.zeros(len(dots)) if groups is None else torch.as_tensor(groups)
    if dots.dim() != 2 or dots.shape[1] != 2 or label.shape != dots.shape[:1]:
        shapes = f"{tuple(dots.shape)} and {tuple(label.shape)}"
        raise ValueError(f"`points` must be (M, 2) and `groups` (M,), but are {shapes}")
    ax = ax or _canvas(5.2, 4.2)
    names = label.unique().tolist()
    for name, colour, marker in zip(names, cycle(COLOURS), cycle(MARKERS), strict=False):
        x, y = dots[label == name].T.numpy()
        ax.scatter(x, y, s=16, c=colour, marker=marker, alpha=0.55, linewidths=0)
    _mark(ax, dots, list(highlight if highlight is not None else []))
    ax.set(xlabel="latent 1", ylabel="latent 2", title=title)
    return _done(ax, f"latents of {len(dots)} users", f"{title} {len(dots)} users in {len(names)} groups.")


def _mark(ax: Axes, dots: Tensor, chosen: list[int]) -> None:
    """Star the first of the chosen users and number the others."""
    places = list(enumerate(dots[chosen].tolist()))
    for rank, (x, y) in [*places[:1], *places[:0:-1]]:  # the nearest last, so that nothing hides him
        shape, size, fill = ("o", 13, "white") if rank else ("*", 17, AMBER)
        ax.plot(x, y, shape, ms=size, mfc=fill, mec=INK, mew=1)
        if rank:
            ax.annotate(str(rank), (x, y), ha="center", va="center_baseline", fontsize=7.5, color=INK, weight="bold")


def _canvas(width: float, height: float) -> Axes:
    """The axes of a new picture of one panel."""
    return blank(width, height)[1][0]


def _side(count: int, names: Names, cell: float) -> float:
    """How many inches a matrix takes along one side."""
    longest = max((len(name) for name in names), default=0) if names else 2
    return 0.5 + min(max(count * cell, 1.6), 4.6) + 0.075 * longest


def _done(ax: Axes, kind: str, alt: str) -> Picture:
    """The picture that the axes stand in, with its words; a panel adds its own to those of the panels before it."""
    picture = ax.figure
    if not isinstance(picture, Picture):
        raise ValueError("`ax` must come from `lesson.style.blank`, but stands in another kind of figure")
    return picture.describe(kind, " ".join(alt.split()))
