"""How long each solved notebook runs from a fresh kernel."""

from __future__ import annotations

import time
from pathlib import Path

from tqdm import tqdm

from grader.desks.author.build import SOLUTIONS, executed

from .measure import Plan, not_installed
from .table import Report, Row, Target, seconds

COLUMNS = ("wall time", "CPU time")
NEEDED = ("nbformat", "nbclient", "ipykernel")
MINUTE = 60.0


def children_seconds() -> float | None:
    """Give the CPU seconds of all processes that this one has started and seen end; none where that is not kept."""
    try:
        import resource
    except ImportError:  # Windows
        return None
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def once(file: Path) -> tuple[float, float | None]:
    """Run a notebook: its wall seconds, and its kernel's CPU seconds where they are known."""
    import nbformat

    start, before = time.perf_counter(), children_seconds()
    executed(nbformat.read(file, as_version=4))
    after = children_seconds()
    cpu = after - before if after is not None and before is not None else None
    return time.perf_counter() - start, cpu


def cells(wall: float, cpu: float | None) -> dict[str, str]:
    """Put two times into words."""
    return {"wall time": seconds(wall), "CPU time": seconds(cpu) if cpu is not None else "not known here"}


def report(plan: Plan) -> Report:
    """Run every solved notebook once, one after another."""
    title, axis = "A solved notebook", "wall seconds"
    missing = [said for package in NEEDED if (said := not_installed(package, package))]
    if missing:
        return Report("notebooks", title, COLUMNS, [Row("all", note=missing[0])], axis)
    files = sorted(SOLUTIONS.glob("*.ipynb"))[: 1 if plan.quick else None]
    times = {file.stem: once(file) for file in tqdm(files, "notebooks", disable=None, leave=False)}
    rows = [Row(name, cells(wall, cpu), wall) for name, (wall, cpu) in times.items()]
    known = [cpu for _, cpu in times.values() if cpu is not None]
    rows.append(Row("all", cells(sum(wall for wall, _ in times.values()), sum(known) if known else None)))
    slowest = max(wall for wall, _ in times.values())
    aims = [Target("each in under a minute", f"{slowest:.0f} s the slowest", slowest < MINUTE)]
    return Report("notebooks", title, COLUMNS, rows, axis, aims, "Each run once by nbclient, kernel start included.")
