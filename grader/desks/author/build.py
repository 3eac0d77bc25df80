"""Build the learner's and the solved notebook of a stage from its master, and tell when they drift."""

from __future__ import annotations

import argparse
import os
import re
import tempfile
from pathlib import Path
from typing import Any

from ... import course
from ...course import Stage
from ..notebook.progress import ENVIRONMENT, write_whole
from ..notebook.progress_view import progress_text
from . import master

REPO = Path(__file__).parents[3]
MASTERS, NOTEBOOKS, SOLUTIONS = REPO / "notebooks" / "masters", REPO / "notebooks", REPO / "solutions"
CELL_SECONDS = 120
PROGRESS = "grader.progress()"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("stages", nargs="*", metavar="STAGE", help="numbers or names of stages; all without any")
    parser.add_argument(
        "--check", action="store_true", help="write nothing; exit with 1 where a notebook is not what its master gives"
    )


def run(arguments: argparse.Namespace) -> int:
    """Build or check the chosen stages."""
    try:
        stages = [stage for stage in chosen(arguments.stages) if (MASTERS / f"{stage.name}.md").exists()]
    except ValueError as error:
        print(error)
        return 2
    if wrong := [line for stage in stages for line in master.complaints(MASTERS / f"{stage.name}.md", stage)]:
        print("\n".join(wrong))
        return 1
    if arguments.check:
        drifted = [line for stage in stages for line in (*drift(stage), *outdated(stage))]
        print("\n".join(drifted) or f"{len(stages)} stages: every notebook is what its master gives.")
        return 1 if drifted else 0
    return _build_all(stages)


def _build_all(stages: list[Stage]) -> int:
    from nbclient.exceptions import CellExecutionError

    for stage in stages:
        try:
            build(stage)
        except CellExecutionError as error:
            print(f"{stage.name}: a solved cell raised, and nothing of this stage was written.\n{error}")
            return 1
        print(f"{stage.name}: built", flush=True)
    for line in (line for stage in course.STAGES for line in outdated(stage)):
        print(line)
    return 0


def chosen(names: list[str]) -> list[Stage]:
    """Find stages by number or by name; raises `ValueError` with the name that fits none."""
    for name in names:
        if not any(_fits(stage, name) for stage in course.STAGES):
            raise ValueError(
                f"There is no stage {name!r}. The stages are {', '.join(stage.name for stage in course.STAGES)}."
            )
    return [stage for stage in course.STAGES if not names or any(_fits(stage, name) for name in names)]


def _fits(stage: Stage, name: str) -> bool:
    return name == stage.name or (name.isdecimal() and int(name) == stage.number)


def build(stage: Stage) -> None:
    """Write both notebooks of a stage; the solved one is run first, so that its outputs are real."""
    solved = _text(executed(notebook(stage, True)))
    write_whole(SOLUTIONS / f"{stage.name}.ipynb", solved)
    write_whole(NOTEBOOKS / f"{stage.name}.ipynb", _text(notebook(stage, False)))


def drift(stage: Stage) -> list[str]:
    """List what differs between a stage's committed notebooks and what its master gives."""
    found = []
    for folder, solved in ((NOTEBOOKS, False), (SOLUTIONS, True)):
        file = folder / f"{stage.name}.ipynb"
        if not file.exists():
            found.append(f"{file.relative_to(REPO)} is missing: run `python -m grader build {stage.number}`.")
        elif _text(_without_outputs(_read(file), solved)) != _text(notebook(stage, solved)):
            found.append(
                f"{file.relative_to(REPO)} is not what its master gives: run `python -m grader build {stage.number}`."
            )
    return found


def outdated(stage: Stage) -> list[str]:
    """Tell of a solved notebook whose outputs show the points or the exercises of another course than this one."""
    file = SOLUTIONS / f"{stage.name}.ipynb"
    if not file.exists() or PROGRESS not in file.read_text(encoding="utf-8"):
        return []
    now = _counted(progress_text({key: {} for key in course.exercise_ids()}))
    cells = [cell for cell in _read(file).cells if cell.source.strip() == PROGRESS]
    shown = [output.get("data", {}).get("text/plain", "") for cell in cells for output in cell.get("outputs", ())]
    if all(_counted(text) == now for text in shown):
        return []
    command = f"python -m grader build {stage.number:02}"
    return [f"{file.relative_to(REPO)} shows points or exercises that the course no longer has: run `{command}`."]


def _counted(text: str) -> list[str]:
    """Give what a progress table says of the course: its names and points, less what is earned and what is next."""
    return re.findall(r"of [\d.]+|[a-z_]\w*", text.split("\nNext:")[0])


def notebook(stage: Stage, solved: bool) -> Any:
    """Make a stage's notebook from its master."""
    return master.notebook(MASTERS / f"{stage.name}.md", stage, solved)


def executed(book: Any) -> Any:
    """Run a notebook in a throw-away progress folder and keep its outputs, less what changes from run to run."""
    from nbclient import NotebookClient

    with tempfile.TemporaryDirectory() as folder:
        environment = os.environ | {ENVIRONMENT: folder, "PYTHONWARNINGS": "ignore"}
        client = NotebookClient(
            book,
            timeout=CELL_SECONDS,
            kernel_name="python3",
            record_timing=False,
            store_widget_state=False,
            coalesce_streams=True,
            resources={"metadata": {"path": str(SOLUTIONS)}},
        )
        client.execute(env=environment)
    _drop_live_views(book)
    book.metadata = master.as_node(master.METADATA)  # the client writes this machine's Python version there
    return book


def _drop_live_views(book: Any) -> None:
    """Keep what a widget says and drop its live view, which means nothing without the kernel that made it."""
    for output in (output for cell in book.cells for output in cell.get("outputs", ())):
        output.get("data", {}).pop("application/vnd.jupyter.widget-view+json", None)


def _without_outputs(book: Any, solved: bool) -> Any:
    """Take a solved notebook's outputs away; a learner's has none, and where it has some, that is drift."""
    if solved:
        for cell in book.cells:
            if cell.cell_type == "code":
                cell.outputs, cell.execution_count = [], None
    return book


def _text(book: Any) -> str:
    import nbformat

    text: str = nbformat.writes(book)
    return re.sub(r"\n*\Z", "\n", text)


def _read(file: Path) -> Any:
    import nbformat

    return nbformat.read(file, as_version=4)
