"""`python -m tests.benchmarks`: print a table for each benchmark, and write them down where a folder is named."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

from rich.console import Console
from tqdm import tqdm

from . import check, epoch, exercises, forks, grading, imports, iou, live, notebooks, pairs
from .measure import FULL, QUICK, Plan
from .plot import draw
from .table import Report, machine, page, rich_table

BENCHMARKS: dict[str, Callable[[Plan], Report]] = {
    "iou": iou.report,
    "pairs": pairs.report,
    "epoch": epoch.report,
    "check": check.report,
    "import": imports.report,
    "live": live.report,
    "forks": forks.report,
    "notebooks": notebooks.report,
    "grading": grading.report,
    "exercises": exercises.report,
}
LONG = ("notebooks", "grading", "exercises")
USUAL = [name for name in BENCHMARKS if name not in LONG]
RIVALS = (
    "The rivals of `iou` are not part of the course: pip install scikit-learn scipy. Those of `grading` want a virtual "
    f"environment of their own, named by {grading.FOLDER}: pip install otter-grader nbgrader torch"
)


def parser() -> argparse.ArgumentParser:
    """Describe the command line."""
    made = argparse.ArgumentParser(
        prog="python -m tests.benchmarks",
        description=f"Measure how fast the course's parts are, beside their rivals in the same run. {RIVALS}",
    )
    every = f"which ones: {', '.join(BENCHMARKS)}. Without a name all but {', '.join(LONG)}, which take minutes more"
    made.add_argument("names", nargs="*", metavar="NAME", help=every)
    made.add_argument("--quick", action="store_true", help="tiny sizes, to see the form: its figures mean nothing")
    made.add_argument("--out", type=Path, help="a folder for benchmarks.md and benchmarks.svg")
    return made


def main(arguments: list[str] | None = None) -> int:
    """Measure what was asked for."""
    chosen = parser().parse_args(arguments)
    for name in chosen.names:
        if name not in BENCHMARKS:
            parser().error(f"there is no benchmark {name!r}: choose from {', '.join(BENCHMARKS)}")
    console, reports = Console(width=200), []
    console.print(machine())
    for name in tqdm(chosen.names or USUAL, "benchmarks", disable=None, leave=False):
        reports.append(BENCHMARKS[name](QUICK if chosen.quick else FULL))
        console.print(rich_table(reports[-1]))
    if chosen.out:
        written(reports, chosen.out)
    return 0


def written(reports: list[Report], folder: Path) -> None:
    """Write the reports as Markdown and as a picture."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "benchmarks.md").write_text(page(reports), encoding="utf-8")
    draw(reports, folder / "benchmarks.svg")


if __name__ == "__main__":
    sys.exit(main())
