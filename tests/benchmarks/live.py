"""What it costs to watch a training run: a loop of quick steps with and without `LiveCurve`."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import torch
from lesson import train_view
from lesson.line_chart import chart
from lesson.train_view import LiveCurve

from .measure import Measured, Plan, measured
from .table import Report, Row, Target, seconds, spread, times

STEPS, WARM = 2_000, 20
ALONE, SCRIPT, NOTEBOOK, DRAWING = "no view", "LiveCurve, in a script", "LiveCurve, in a notebook", "one drawing"
COLUMNS = ("CPU time", "min – max", "times no view")
MOST = 1.05


class Display:
    """Stand in for a notebook's display: each update becomes the text of a message, as in a kernel."""

    def __init__(self) -> None:
        self.sizes: list[int] = []

    def update(self, data: dict[str, str], raw: bool) -> None:
        """Take one update."""
        self.sizes.append(len(json.dumps(data)))


def inputs(size: int) -> tuple[torch.Tensor, int]:
    """Give a matrix whose product takes well under a millisecond, and the number of steps."""
    return torch.rand(224, 224), size


def steps(given: tuple[torch.Tensor, int], view: LiveCurve | None) -> None:
    """Go through quick steps, each with two terms of a loss."""
    matrix, size = given
    for step in range(size):
        value = (matrix @ matrix).mean() / (step + 1)
        if view:
            view.add(rebuild=value, pair=1 / (step + 1))


def watched(given: tuple[torch.Tensor, int], handle: Display | None = None) -> None:
    """Go through them under a view."""
    with LiveCurve(steps=given[1], title="a run") as view:
        view.handle = handle  # type: ignore[assignment]
        steps(given, view)


def curves(count: int) -> dict[str, list[float]]:
    """Give two curves of many values."""
    return {name: [start / (step + 1) for step in range(count)] for name, start in (("rebuild", 1.0), ("pair", 3.0))}


WAYS: dict[str, Callable[[tuple[torch.Tensor, int]], Callable[[], Any]]] = {
    ALONE: lambda given: lambda: steps(given, None),
    SCRIPT: lambda given: lambda: watched(given),
    NOTEBOOK: lambda given: lambda: watched(given, Display()),
    DRAWING: lambda given: lambda: chart(curves(given[1]), given[1], title="a run"),
}


def row(way: str, found: dict[str, Measured], note: str) -> Row:
    """Put one way into words."""
    one = found[way]
    words = (seconds(one.median), spread(one.cpu), times(one.median / found[ALONE].median))
    return Row(way, dict(zip(COLUMNS, words, strict=True)), one.median * 1e3, note=note)


def pushed(size: int) -> str:
    """Say how often a watched run is drawn and what stays of it."""
    display = Display()
    watched(inputs(size), display)
    stored = display.sizes[-1] / 1e3
    return f"{len(display.sizes)} updates, at most {1 / train_view.PAUSE:.0f} a second; {stored:.1f} kB are stored"


def report(plan: Plan) -> Report:
    """Measure the loop in each way, one after another in turn."""
    size = 20 if plan.quick else STEPS
    found = measured(__name__, size, list(WAYS), plan)
    rows = [row(way, found, pushed(size) if way == NOTEBOOK else "") for way in WAYS]
    ratio = found[NOTEBOOK].median / found[ALONE].median
    aims = [] if plan.quick else [Target("a watched run takes at most 5 % more", times(ratio), ratio <= MOST)]
    reading = "Median CPU time on one thread; each step multiplies two matrices of 224 rows and adds two values."
    return Report("live", f"A loop of {size:,} steps, watched", COLUMNS, rows, "CPU milliseconds", aims, reading)
