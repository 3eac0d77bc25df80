"""The figures of all exercises as one table, with what survived and what was slow below it."""

from __future__ import annotations

from collections.abc import Iterator
from statistics import median

from .figures import Figures

HEADS = ("right", "refused", "wrong", "accepted", "own name", "changing", "twins", "changed", "alike", "alive", "ms")
SLOWEST = 10


def table(all_figures: list[Figures]) -> str:
    """Write the table: a row an exercise, their sum, the survivors, and the slowest verdicts."""
    rows = [(figures.id, *_cells(figures)) for figures in all_figures]
    heads = ("exercise", *HEADS)
    widths = [max(len(str(row[place])) for row in (*rows, heads, _sum(all_figures))) for place in range(len(heads))]
    lines = [_row(row, widths) for row in (heads, *rows, _sum(all_figures))]
    return "\n".join([*lines, "", *_survivors(all_figures), *_slowest(all_figures)])


def _row(cells: tuple[object, ...], widths: list[int]) -> str:
    first, *others = (str(cell) for cell in cells)
    aligned = (cell.rjust(width) for cell, width in zip(others, widths[1:], strict=True))
    return "  ".join([first.ljust(widths[0]), *aligned])


def _cells(one: Figures) -> tuple[object, ...]:
    named = one.wrong - len({text.split()[1] for text in one.misnamed})
    lists = len(one.changing), len(one.twins), one.changed, one.alike, len(one.survivors)
    slow = f"{max(one.costs.values(), default=0):.0f}"
    return (one.right, len(one.refused), one.wrong, len(one.accepted), named, *lists, slow)


def _sum(all_figures: list[Figures]) -> tuple[object, ...]:
    columns = list(zip(*(_cells(figures)[:-1] for figures in all_figures), strict=True))
    costs = [cost for figures in all_figures for cost in figures.costs.values()]
    return ("all", *(sum(map(int, column)) for column in columns), f"{max(costs, default=0):.0f}")


def _survivors(all_figures: list[Figures]) -> Iterator[str]:
    changed, alike = (sum(getattr(figures, name) for figures in all_figures) for name in ("changed", "alike"))
    alive = sum(len(figures.survivors) for figures in all_figures)
    differ = max(changed - alike, 1)
    yield f"{changed} answers changed by machine; {alike} are right as well, with a reason in their exercise."
    yield f"Of the other {differ}, {differ - alive} are refused: {(differ - alive) / differ:.1%}."
    yield from (f"  {figures.id}: {change}" for figures in all_figures for change in figures.survivors)


def _slowest(all_figures: list[Figures]) -> Iterator[str]:
    costs = [(cost, figures.id, who) for figures in all_figures for who, cost in figures.costs.items()]
    if not costs:
        return
    middle = median(cost for cost, *_ in costs)
    yield f"A verdict costs {middle:.0f} ms of CPU at the median, on top of the answer's own run; the slowest:"
    yield from (f"  {cost:5.0f} ms  {name}, {who}" for cost, name, who in sorted(costs, reverse=True)[:SLOWEST])
