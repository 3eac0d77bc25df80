"""What stands inside the panels of the interactive pieces: draws beside weights, crosses, and lists of names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from matplotlib import rc_context
from matplotlib.axes import Axes
from torch import Tensor

from lesson.style import BLUE, GREEN, HEAT, INK, ORANGE, SOFT, STYLE


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
    ax.set(title=title, xlim=(0, len(lists)), ylim=(most + 1.6, -0.4))
    ax.axis("off")
    for column, (name, entries) in enumerate(lists.items()):
        ax.text(column, 0, name, weight="bold", color=SOFT, va="center")
        ax.plot([column, column + 0.9], [0.55, 0.55], color=SOFT, linewidth=0.8)
        for line, (entry, hit) in enumerate(entries[:most], start=1):
            colour, weight = (GREEN, "bold") if hit else (INK, "normal")
            ax.text(column, line, f"{entry}{' ✓' if hit else ''}", color=colour, weight=weight, va="center")
        if len(entries) > most:
            ax.text(column, most + 1, f"and {len(entries) - most} more", color=SOFT, va="center")
    said = (f"{name}: {', '.join(entry for entry, _ in entries[:most]) or 'none'}" for name, entries in lists.items())
    return f"{title}. {'; '.join(said)}."
