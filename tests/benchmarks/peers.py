"""The same four questions for every grader: submissions, twelve assertions, and how each peer is told to grade them."""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path
from typing import Any

from grader.sources import answer_source, implementation_source

from .tree import Used, used

HEAD = "import torch\nfrom torch.utils.data import Dataset, WeightedRandomSampler\n"
LIKES = "torch.tensor([[1, 1, 0], [1, 0, 0], [0, 0, 0]])"
ASSERTIONS = {
    "iou": (
        f"assert abs(float(intersection_over_union({LIKES})[0, 1]) - 0.5) < 1e-4",
        f"assert intersection_over_union({LIKES}).shape == (3, 3)",
        f"assert not bool(intersection_over_union({LIKES}).isnan().any())",
    ),
    "pair_dataset": (
        f"assert len(PairDataset({LIKES}, 0.5)) == 3",
        f"assert PairDataset({LIKES}, 1.0)[0][1].shape == (3,)",
        f"assert PairDataset({LIKES}, 0.0)[1][2].dim() == 0",
    ),
    "masked_autoencoder": (
        "assert AutoEncoder(torch.nn.Linear(3, 2), torch.nn.Linear(2, 3))(torch.ones(4, 3), False)[0].shape == (4, 2)",
        "assert AutoEncoder(torch.nn.Linear(3, 2), torch.nn.Linear(2, 3))(torch.ones(4, 3), True)[1].shape == (4, 3)",
        "assert AutoEncoder(torch.nn.Linear(3, 2), torch.nn.Linear(2, 3)).encode(torch.ones(4, 3)).shape == (4, 2)",
    ),
    "euclidean_similarity": (
        "assert EuclideanSimilarity()(torch.ones(2, 3), torch.ones(2, 3)).shape == (2,)",
        "assert float(EuclideanSimilarity()(torch.ones(1, 3), torch.ones(1, 3))[0]) > 0.999",
        "assert float(EuclideanSimilarity()(torch.zeros(1, 1), torch.ones(1, 1))[0]) < 0.501",
    ),
}
WRONG = {"iou": "dice", "pair_dataset": "similarity_from_inverse", "euclidean_similarity": "squared_distance"}
KERNEL = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}


def answers(number: int) -> dict[str, str]:
    """Give the answers of one submission: every fifth has one wrong."""
    found = {exercise: answer_source(exercise) for exercise in ASSERTIONS}
    if number % 5 == 0:
        exercise = list(WRONG)[number // 5 % len(WRONG)]
        found[exercise] = implementation_source(exercise, "Mistakes", WRONG[exercise])
    return found


def notebook(cells: list[tuple[str, dict[str, Any]]]) -> str:
    """Write a notebook of (source, metadata) pairs."""
    made = [
        {"cell_type": "code", "id": f"c{n}", "metadata": more, "source": text, "outputs": [], "execution_count": None}
        for n, (text, more) in enumerate(cells)
    ]
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": KERNEL, "cells": made})


def plain(number: int) -> str:
    """Write a submission without any grader's marks."""
    return notebook([(HEAD, {}), *((f"# {number}\n{text}", {}) for text in answers(number).values())])


def write_submissions(folder: Path, count: int) -> None:
    """Write a class as a folder of notebooks."""
    folder.mkdir(parents=True)
    for number in range(count):
        (folder / f"s{number:04}.ipynb").write_text(plain(number), encoding="utf-8")


def has(environment: Path, package: str) -> bool:
    """Whether a peer's command stands in a virtual environment."""
    return (environment / "bin" / package.removesuffix("-grader")).exists()


def surroundings(environment: Path, home: Path) -> dict[str, str]:
    """Give a peer its own Python first, and a home of its own."""
    path = f"{environment / 'bin'}{os.pathsep}{os.environ['PATH']}"
    places = dict.fromkeys(("HOME", "JUPYTER_CONFIG_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR"), str(home))
    return {**os.environ, "PATH": path, **places, "PYTHONPATH": ""}


def otter(environment: Path, count: int) -> Used:
    """Grade a class by `otter run`, one submission after another; only that is measured."""
    with tempfile.TemporaryDirectory() as name:
        folder, command = Path(name), str(environment / "bin" / "otter")
        write_submissions(folder / "in", count)
        (folder / "tests").mkdir()
        for question, lines in ASSERTIONS.items():
            cases = [{"code": f">>> {line}", "hidden": False, "locked": False} for line in lines]
            suite = {"cases": cases, "scored": True, "setup": "", "teardown": "", "type": "doctest"}
            text = f"OK_FORMAT = True\ntest = {({'name': question, 'points': 3, 'suites': [suite]})!r}\n"
            (folder / "tests" / f"{question}.py").write_text(text, encoding="utf-8")
        around = surroundings(environment, folder)
        used([command, "generate", "-t", "tests", "-o", "autograder.zip", "--no-requirements"], folder, around)
        runs = []
        for file in sorted((folder / "in").glob("*.ipynb")):
            words = [command, "run", "-a", "autograder.zip", "-o", f"out/{file.stem}", "--no-logo", str(file)]
            (folder / "out" / file.stem).mkdir(parents=True)
            runs.append(used(words, folder, around))
        return Used(sum(run.cpu for run in runs), sum(run.wall for run in runs), max(run.peak for run in runs))


def nbgrader(environment: Path, count: int) -> Used:
    """Grade a class by `nbgrader autograde`; only that is measured."""
    with tempfile.TemporaryDirectory() as name:
        folder, command = Path(name), str(environment / "bin" / "nbgrader")
        source = folder / "source" / "ps1"
        source.mkdir(parents=True)
        (source / "ps1.ipynb").write_text(marked(1), encoding="utf-8")
        (folder / "nbgrader_config.py").write_text("c = get_config()\nc.CourseDirectory.course_id = 'course'\n")
        around = surroundings(environment, folder)
        used([command, "generate_assignment", "ps1", "--force"], folder, around)
        for number in range(count):
            place = folder / "submitted" / f"s{number:04}" / "ps1"
            place.mkdir(parents=True)
            (place / "ps1.ipynb").write_text(marked(number), encoding="utf-8")
        return used([command, "autograde", "ps1"], folder, around)


def marked(number: int) -> str:
    """Write a submission with nbgrader's marks: which cells are answers, and which hold tests."""
    answer = {"grade": False, "solution": True, "locked": False, "schema_version": 3, "task": False}
    test = {"grade": True, "solution": False, "locked": True, "schema_version": 3, "task": False, "points": 3}
    cells: list[tuple[str, dict[str, Any]]] = [(HEAD, {})]
    for exercise, text in answers(number).items():
        cells.append((f"# {number}\n{text}", {"nbgrader": answer | {"grade_id": f"a-{exercise}"}}))
        cells.append(("\n".join(ASSERTIONS[exercise]), {"nbgrader": test | {"grade_id": f"t-{exercise}"}}))
    return notebook(cells)
