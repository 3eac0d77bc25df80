"""What `import grader` costs, above an interpreter that imports nothing and above torch."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time

from .measure import ROOT, Plan, environment
from .table import Report, Row, seconds, spread

NOTHING, TORCH, CHECK = "nothing", "import torch", "import grader; grader.check"
WAYS = {
    NOTHING: "pass",
    TORCH: TORCH,
    "import grader": "import grader",
    CHECK: CHECK,
}
COLUMNS = ("wall time", "min – max", "CPU time", "CPU above nothing", "CPU above torch")
ROUNDS = 9
Times = dict[str, list[tuple[float, float]]]


def once(statement: str) -> tuple[float, float]:
    """Run a statement in a fresh interpreter: its wall seconds from start to end, and its CPU seconds."""
    code = f"{statement}\nimport time\nprint(time.process_time())"
    start = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=environment(), capture_output=True, text=True, check=True
    )
    return time.perf_counter() - start, float(done.stdout)


def above(cpu: dict[str, float], way: str, base: str) -> str:
    """Give what a statement takes above one that it includes; nothing where it does not."""
    includes = base == NOTHING or way == CHECK
    return seconds(max(cpu[way] - cpu[base], 0)) if includes and way != base else ""


def rows(found: Times) -> list[Row]:
    """Put the medians into words."""
    wall, cpu = ({way: statistics.median(run[i] for run in runs) for way, runs in found.items()} for i in (0, 1))
    lines = []
    for way in WAYS:
        ends = spread(run[0] for run in found[way])
        differences = [above(cpu, way, base) for base in (NOTHING, TORCH)]
        words = (seconds(wall[way]), ends, seconds(cpu[way]), *differences)
        lines.append(Row(way, dict(zip(COLUMNS, words, strict=True)), wall[way] * 1e3))
    return lines


def report(plan: Plan) -> Report:
    """Start an interpreter for each statement in turn, after one round that fills the disk's cache."""
    found: Times = {way: [] for way in WAYS}
    for number in range(1 if plan.quick else ROUNDS + 1):
        for way, statement in WAYS.items():
            run = once(statement)
            if number or plan.quick:
                found[way].append(run)
    reading = "Medians of fresh interpreters; the wall time includes their end."
    return Report("import", "An import", COLUMNS, rows(found), "wall milliseconds", reading=reading)
