"""What a benchmark found, as a table for a terminal and for a Markdown file."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import torch
from rich.table import Table

NOTE = "note"


@dataclass(frozen=True)
class Row:
    """One way at one size: its words by column, the figure that is drawn, and what there is to say of it."""

    way: str
    cells: dict[str, str] = field(default_factory=dict)
    figure: float | None = None
    size: int | None = None
    note: str = ""


@dataclass(frozen=True)
class Target:
    """What was aimed at, what came of it in words, and whether that will do."""

    aim: str
    found: str
    met: bool

    def __str__(self) -> str:
        return f"{self.aim}: {self.found}, {'met' if self.met else 'MISSED'}"


@dataclass(frozen=True)
class Report:
    """One benchmark: its columns and rows, its targets where they could be measured, and how to read it.

    `axis` says what the rows' figures are, with their unit.
    """

    name: str
    title: str
    columns: tuple[str, ...]
    rows: list[Row]
    axis: str
    targets: list[Target] = field(default_factory=list)
    reading: str = ""


def head(report: Report) -> list[str]:
    """Give the names of all columns, from left to right."""
    sized = ["users"] if any(row.size for row in report.rows) else []
    return [*sized, "way", *report.columns, NOTE]


def words(report: Report, row: Row) -> list[str]:
    """Give a row's words, one a column."""
    cells = row.cells | {"way": row.way, NOTE: row.note, "users": f"{row.size:,}" if row.size else ""}
    return [cells.get(column, "") for column in head(report)]


def rich_table(report: Report) -> Table:
    """Lay a report out for a terminal."""
    shown = Table(title=report.title, caption="\n".join([*map(str, report.targets), report.reading]))
    for column in head(report):
        shown.add_column(column, justify="left" if column in ("way", NOTE) else "right")
    for row in report.rows:
        shown.add_row(*words(report, row))
    return shown


def markdown(report: Report) -> str:
    """Give a report as a section of a Markdown file."""
    lines = [head(report), ["---"] * len(head(report)), *(words(report, row) for row in report.rows)]
    table = "\n".join(f"| {' | '.join(line)} |" for line in lines)
    targets = "\n".join(f"- {target}" for target in report.targets)
    parts = [f"## {report.title}", report.reading, table, targets]
    return "\n\n".join(filter(None, parts)) + "\n"


def page(reports: Iterable[Report]) -> str:
    """Give all reports as a Markdown file, the machine first."""
    return "\n".join([f"# Benchmarks\n\n{machine()}\n", *map(markdown, reports)])


def seconds(value: float) -> str:
    """Give a time in the unit in which it is easy to read."""
    for unit, size in (("s", 1.0), ("ms", 1e-3), ("µs", 1e-6)):
        if value >= size or unit == "µs":
            return f"{value / size:.{_places(value / size)}f} {unit}"
    return ""


def _places(value: float) -> int:
    return 0 if value >= 100 else 1 if value >= 10 else 2


def spread(values: Iterable[float]) -> str:
    """Give the least and the most of some times."""
    low, *_, high = [*sorted(values)] * 2
    return f"{seconds(low)} – {seconds(high)}"


def megabytes(count: float) -> str:
    """Give a number of bytes in MB."""
    return f"{max(count, 0) / 1e6:,.0f}"


def times(value: float) -> str:
    """Give a ratio."""
    return f"{value:,.{_places(value)}f}"


def machine() -> str:
    """Name the machine in one line."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    versions = f"Python {platform.python_version()}, torch {torch.__version__}"
    return f"{_processor()}, {cores} cores, {platform.system()}, {versions}"


def _processor() -> str:
    """Give the processor's own name; Linux alone keeps it in a file."""
    file = Path("/proc/cpuinfo")
    lines = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
    named = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return named[0] if named else platform.processor() or platform.machine()
