"""What it costs to have a process ready for a submission: a new Python, or a fork of one that has imported all."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys

from .measure import ROOT, Plan, environment
from .table import Report, Row, seconds, times

NEW, FORK, HUGE = "a new Python that imports torch", "a fork of a warm parent", "the same, its memory in huge pages"
WAYS = (NEW, FORK, HUGE)
COLUMNS = ("CPU time", "of it the parent's", "times the last")
NOT_HERE = "not run: it needs a system that can fork, and Linux 6.1 or later for huge pages"
CODE = """
import gc, json, os, resource, sys
from importlib import import_module
from grader.learner.huge_pages import use_huge_pages
from grader.learner.warm import AHEAD
def spent():
    own, theirs = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return [used.ru_utime + used.ru_stime for used in (own, theirs)]
def forks(count):
    before = spent()
    for _ in range(count):
        if not (child := os.fork()):
            os._exit(0)
        os.waitpid(child, 0)
    return [(after - start) / count for start, after in zip(before, spent())]
import_module("torch")
new = [sum(spent()), 0]
for name in AHEAD:
    import_module(name)
gc.collect(), gc.freeze()
plain = forks(int(sys.argv[1]))
pages = use_huge_pages()
print(json.dumps({"new": new, "plain": plain, "huge": forks(int(sys.argv[1])) if pages else None}))
"""


def once(count: int) -> dict[str, list[float] | None]:
    """Measure all three in one process: CPU seconds of parent and child for each child."""
    command = [sys.executable, "-c", CODE, str(count)]
    done = subprocess.run(command, cwd=ROOT, env=environment(), capture_output=True, text=True, check=True)
    found: dict[str, list[float] | None] = json.loads(done.stdout)
    return found


def rows(runs: list[dict[str, list[float] | None]]) -> list[Row]:
    """Put the medians into words."""
    lines, medians = [], {}
    for way, key in zip(WAYS, ("new", "plain", "huge"), strict=True):
        found = [both for run in runs if (both := run[key])]
        if found:
            medians[way] = statistics.median(map(sum, found)), statistics.median(both[0] for both in found)
    base = medians.get(HUGE, medians.get(FORK, (1.0, 0.0)))[0]
    for way in WAYS:
        if way not in medians:
            lines.append(Row(way, note=NOT_HERE))
            continue
        cpu, parent = medians[way]
        words = (seconds(cpu), "" if way == NEW else seconds(parent), times(cpu / base))
        lines.append(Row(way, dict(zip(COLUMNS, words, strict=True)), 1e3 * cpu))
    return lines


def report(plan: Plan) -> Report:
    """Start and end children of a parent that has imported what learners' code may ask for."""
    if not hasattr(os, "fork"):
        return Report("forks", "A process for a submission", COLUMNS, [Row(way, note=NOT_HERE) for way in WAYS], "")
    runs = [once(2 if plan.quick else 40) for _ in range(1 if plan.quick else plan.rounds)]
    reading = "Nothing is run in the child: what it costs to make and to end it, without the sandbox."
    return Report("forks", "A process for a submission", COLUMNS, rows(runs), "CPU milliseconds", reading=reading)
