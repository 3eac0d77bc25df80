"""The table of the recommendations: neighbours by likeness, and items with votes, scores and places."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from matplotlib import rc_context
from matplotlib.axes import Axes

from lesson.style import BLUE, GREEN, INK, ORANGE, SOFT, STYLE

COLUMNS = {"item": 0.0, "votes": 1.25, "decoder": 2.85, "mixed": 4.45, "held out": 5.25}
WIDTH = 6.1
BAR = 0.62
"""How long the longest bar is, in columns."""


class Item(NamedTuple):
    """One line: an item, the votes for it, its score, its places in the three lists, and whether it was held out."""

    name: str
    votes: int
    score: float
    places: Sequence[int | None]
    hidden: bool


@rc_context(STYLE)
def draw_neighbours(ax: Axes, neighbours: Sequence[tuple[str, float]], lines: int) -> str:
    """Write who is most alike, each with his similarity as a bar; return the same as a sentence."""
    _empty(ax, 2.0, lines)
    _heads(ax, {"most alike": 0.0, "similarity": 0.95}, 2.0)
    shown = neighbours[: lines - 1] if len(neighbours) > lines else neighbours
    for line, (name, alike) in enumerate(shown, 1):
        ax.text(0, line, name, color=INK, va="center")
        _bar(ax, 0.95, line, alike, BLUE, f"{alike:.2f}")
    if len(neighbours) > len(shown):
        ax.text(0, lines, f"and {len(neighbours) - len(shown)} more", color=SOFT, va="center")
    said = ", ".join(f"{name} {alike:.2f}" for name, alike in shown)
    return f"{len(neighbours)} neighbours by similarity: {said or 'none'}."


@rc_context(STYLE)
def draw_items(ax: Axes, title: str, rows: Sequence[Item], voters: int, lines: int) -> str:
    """Write a line for each item, its places as #1, #2, ...; return the same as sentences."""
    _empty(ax, WIDTH, lines)
    ax.set_title(title)
    _heads(ax, COLUMNS, WIDTH)
    most = max([row.score for row in rows] + [1e-9])
    for line, row in enumerate(rows[:lines], 1):
        by_votes, by_decoder, mixed = (f"#{place}" if place else "" for place in row.places)
        ax.text(COLUMNS["item"], line, row.name, color=INK, va="center")
        for name, place in (("votes", by_votes), ("decoder", by_decoder), ("mixed", mixed)):
            ax.text(COLUMNS[name], line, place, color=INK, va="center", weight="bold")
        _bar(ax, COLUMNS["votes"] + 0.35, line, row.votes / max(voters, 1), BLUE, f"{row.votes} of {voters}")
        _bar(ax, COLUMNS["decoder"] + 0.35, line, row.score / most, ORANGE, f"{row.score:.2f}")
        if row.hidden:
            words, colour = ("✓ found", GREEN) if any(row.places) else ("missed", INK)
            ax.text(COLUMNS["held out"], line, words, color=colour, va="center", weight="bold")
    return f"{title}. {' '.join(map(_spoken, rows))}"


def _spoken(row: Item) -> str:
    """Say a line."""
    lists = zip(("votes", "decoder", "mixed"), row.places, strict=True)
    places = ", ".join(f"{name} #{place}" for name, place in lists if place) or "in no list"
    return f"{row.name}: votes {row.votes}, score {row.score:.2f}, {places}{', held out' if row.hidden else ''}."


def _empty(ax: Axes, width: float, lines: int) -> None:
    """Make room for so many lines."""
    ax.set(xlim=(0, width), ylim=(lines + 0.6, -0.6))
    ax.axis("off")


def _heads(ax: Axes, columns: dict[str, float], width: float) -> None:
    """Write the columns' names over a line."""
    for name, place in columns.items():
        ax.text(place, 0, name, weight="bold", color=SOFT, va="center")
    ax.plot([0, width], [0.5, 0.5], color=SOFT, linewidth=0.8)


def _bar(ax: Axes, start: float, line: int, share: float, colour: str, words: str) -> None:
    """Draw a share as a bar, with its number behind it."""
    length = BAR * min(max(share, 0.0), 1.0)
    ax.barh(line, length, left=start, height=0.5, color=colour, alpha=0.75)
    ax.text(start + length + 0.05, line, words, color=INK, va="center", fontsize=8.5)
