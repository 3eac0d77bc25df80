"""The ladder as a table and as a picture."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import compress
from pathlib import Path

from rich.table import Table
from torch import Tensor, stack

from .measures import MEASURES, Interval, interval

COLUMNS = ["method", *(word for measure in MEASURES for word in (measure, "gain", "minus EASE")), "training, s", "why"]
Kept = dict[str, list[dict[str, Tensor]]]
"""Name of a method -> measure -> (M,) one number a user, once for each seed."""


def summary(kept: Kept, name: str, measure: str, against: str | None = None) -> Interval:
    """Give the mean of one method, or its paired difference to another one on the same users and seeds."""
    values = stack([seed[measure] for seed in kept[name]])
    if against is not None:
        values = values - stack([seed[measure] for seed in kept[against]])
    return interval(values)


def rows(
    kept: Kept,
    below: Mapping[str, str],
    rival: str = "EASE",
    reasons: Mapping[str, str] | None = None,
    seconds: Mapping[str, float] | None = None,
) -> list[list[str]]:
    """Give the table's head and a row a method: its marks, its gain over what is `below`, minus the rival, and why.

    A column that would stay empty is left out.
    """
    found = [COLUMNS]
    for name in kept:
        cells = [name]
        for measure in MEASURES:
            cells.append(f"{summary(kept, name, measure).mean:.3f}")
            cells.append(_signed(summary(kept, name, measure, below[name])) if name in below else "")
            cells.append(_signed(summary(kept, name, measure, rival)) if name != rival else "")
        took = f"{seconds[name]:.1f}" if seconds and name in seconds else ""
        found.append([*cells, took, (reasons or {}).get(name, "")])
    filled = [any(row[place] for row in found[1:]) for place in range(len(COLUMNS))]
    return [list(compress(row, filled)) for row in found]


def _signed(one: Interval) -> str:
    return f"{one.mean:+.4f} [{one.low:+.4f}, {one.high:+.4f}]"


def table(title: str, lines: list[list[str]]) -> Table:
    """Lay the rows out for a terminal."""
    shown, (head, *others) = Table(title=title), lines
    for column in head:
        shown.add_column(column, justify="left" if column in ("method", "why") else "right")
    for line in others:
        shown.add_row(*line)
    return shown


def markdown(lines: list[list[str]]) -> str:
    """Give the rows as a Markdown table."""
    head, *others = lines
    return "".join(f"| {' | '.join(line)} |\n" for line in (head, ["---"] * len(head), *others))


def draw(kept: Kept, path: Path, title: str) -> None:
    """Draw each method's recall with its interval, the lowest rung at the bottom, and EASE's as a line."""
    from matplotlib.figure import Figure

    order, measure = list(kept), next(iter(MEASURES))
    found = [summary(kept, name, measure) for name in order]
    figure = Figure(figsize=(8, 0.36 * len(order) + 1.2), layout="constrained")
    axes = figure.subplots()
    ends = [[one.mean - one.low for one in found], [one.high - one.mean for one in found]]
    axes.errorbar([one.mean for one in found], range(len(order)), xerr=ends, fmt="o", capsize=3)
    axes.axvline(summary(kept, "EASE", measure).mean, linestyle="--", color="gray")
    axes.text(summary(kept, "EASE", measure).mean, len(order) - 0.4, " EASE", color="gray")
    axes.set(yticks=range(len(order)), yticklabels=order, xlabel=measure, title=title)
    figure.savefig(path)
