"""What stands inside the panels of the interactive pieces: draws beside weights, crosses, lists, terms of a loss."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from matplotlib import rc_context
from matplotlib.axes import Axes
from torch import Tensor

from lesson.panels import at_right, spread
from lesson.style import BLUE, DASHES, GREEN, HEAT, INK, ORANGE, PURPLE, SOFT, STYLE

TERMS = {"arrange": (BLUE, DASHES[1]), "rebuild": (ORANGE, DASHES[2]), "your loss": (PURPLE, DASHES[0])}
"""The curves of a loss of two terms, in the order of their values."""
HIGH = 4.0


@rc_context(STYLE)
def draw_drawn(ax: Axes, names: Sequence[str], drawn: Tensor, wanted: Tensor, title: str) -> None:
    """Draw a bar for how often each was drawn, and a tick across it for how often he should be."""
    places = range(len(names))
    ax.bar(places, drawn.tolist(), width=0.6, color=BLUE, alpha=0.8, label="drawn")
    starts, ends = [place - 0.38 for place in places], [place + 0.38 for place in places]
    ax.hlines(wanted.tolist(), starts, ends, color=ORANGE, linewidth=2.5, label="wanted")
    ax.set_xticks(places, names, color=INK, rotation=0 if len(names) <= 8 else 60)
    ax.set(title=title, ylabel="share of draws")
    ax.set_ylim(bottom=0)
    ax.grid(axis="y")
    ax.legend(loc="upper left", bbox_to_anchor=(1, 1))


def cross_out(ax: Axes, cells: Tensor) -> None:
    """Put a cross into cells of a matrix."""
    rows, columns = cells.nonzero(as_tuple=True)
    x, y = columns.tolist(), rows.tolist()
    ax.scatter(x, y, marker="s", s=330, color=HEAT(0.0), linewidths=0, zorder=4)
    ax.scatter(x, y, marker="X", s=80, color=ORANGE, linewidths=0, zorder=5)


@rc_context(STYLE)
def draw_lists(ax: Axes, title: str, lists: Mapping[str, Sequence[tuple[str, bool]]], most: int) -> str:
    """Write named lists beside each other, each hit with a check mark; return the same as a sentence."""
    ax.set(title=title, xlim=(0, len(lists)), ylim=(most + 1.6, -0.8))
    ax.axis("off")
    for column, (name, entries) in enumerate(lists.items()):
        ax.text(column, -0.3, name, weight="bold", color=SOFT, va="center")
        ax.plot([column, column + 0.9], [0.3, 0.3], color=SOFT, linewidth=0.8)
        for line, (entry, hit) in enumerate(entries[:most], start=1):
            colour, weight = (GREEN, "bold") if hit else (INK, "normal")
            ax.text(column, line, f"{entry}{' ✓' if hit else ''}", color=colour, weight=weight, va="center")
        if len(entries) > most:
            ax.text(column, most + 1, f"and {len(entries) - most} more", color=SOFT, va="center")
    said = (f"{name}: {', '.join(entry for entry, _ in entries[:most]) or 'none'}" for name, entries in lists.items())
    return f"{title}. {'; '.join(said)}."


@rc_context(STYLE)
def draw_terms(
    ax: Axes, x: Sequence[float], values: Sequence[Sequence[float]], now: float, here: Sequence[float], title: str
) -> None:
    """Draw two terms and their loss over x: dots at the values of now, a mark where the loss is lowest."""
    lines = list(zip(*values, strict=True))
    for line, (colour, dash) in zip(lines, TERMS.values(), strict=True):
        ax.plot(x, line, color=colour, linestyle=dash)
    for value, (colour, _) in zip(here, TERMS.values(), strict=True):
        ax.plot(now, min(value, HIGH), "o", color=colour, markersize=7, clip_on=False, zorder=5)
    lowest = min(range(len(x)), key=lambda place: lines[-1][place])
    if lowest < len(x) - 1:  # at the right end it may go on falling
        say = {"xytext": (0, 6), "textcoords": "offset points", "ha": "center" if lowest else "left", "fontsize": 8.5}
        ax.annotate(f"lowest at {x[lowest]:g}\n▼", (x[lowest], min(lines[-1][lowest], HIGH)), color=PURPLE, **say)
    ax.axvline(now, color=SOFT, linewidth=0.8, linestyle=DASHES[2])
    ax.set(title=title, ylabel="loss", ylim=(0, HIGH), xlim=(min(x), max(x)))
    places = spread([min(line[-1], HIGH) for line in lines], 0.26)
    lift = max(0.1 - min(places), 0)
    for (name, (colour, _)), place in zip(TERMS.items(), places, strict=True):
        at_right(ax, name, place + lift, colour)
