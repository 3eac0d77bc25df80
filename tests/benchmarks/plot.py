"""The reports as one picture, a panel each: lines where there are sizes, bars where there are none."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from matplotlib.figure import Figure
from matplotlib.ticker import StrMethodFormatter

from .table import Report

MARKS = "osD^vP*X"


def draw(reports: list[Report], path: Path) -> None:
    """Draw the reports below each other."""
    heights = [5.2 if sizes(report) else 0.9 + 0.32 * len(report.rows) for report in reports]
    figure = Figure(figsize=(9, sum(heights)), layout="constrained")
    panels = figure.subplots(len(reports), squeeze=False, height_ratios=heights)[:, 0]
    for axes, report in zip(panels, reports, strict=True):
        (lines if sizes(report) else bars)(axes, report)
        axes.set_title(report.title, loc="left")
    figure.savefig(path)


def sizes(report: Report) -> list[int]:
    """List the sizes of a report that has several."""
    found = sorted({row.size for row in report.rows if row.size})
    return found if len(found) > 1 else []


def lines(axes: Any, report: Report) -> None:
    """Draw each way as a line over the sizes, both axes by factors."""
    for mark, way in zip(MARKS, dict.fromkeys(row.way for row in report.rows), strict=False):
        points = [(row.size, row.figure) for row in report.rows if row.way == way and row.figure is not None]
        if points:
            axes.plot(*zip(*points, strict=True), marker=mark, label=way)
    axes.set(xscale="log", yscale="log", xlabel="users", ylabel=report.axis)
    axes.set_xticks(sizes(report), minor=False)
    axes.xaxis.set_major_formatter(StrMethodFormatter("{x:,.0f}"))
    axes.yaxis.set_major_formatter(StrMethodFormatter("{x:g}"))
    axes.minorticks_off()
    axes.grid(alpha=0.3)
    axes.legend(loc="upper center", bbox_to_anchor=(0.4, -0.16), ncols=2, fontsize="small", frameon=False)


def bars(axes: Any, report: Report) -> None:
    """Draw each row as a bar with its figure."""
    rows = [row for row in report.rows if row.figure is not None][::-1]
    shown = axes.barh([row.way for row in rows], [row.figure for row in rows], height=0.6)
    axes.bar_label(shown, fmt=lambda value: f"{value:,.0f}" if value >= 100 else f"{value:.3g}", padding=3)
    axes.set_xlabel(report.axis)
    axes.margins(x=0.12)
    axes.spines[["top", "right"]].set_visible(False)
