"""A learner's first notebook in a real JupyterLab: write, run everything anew, and find the points again."""

from __future__ import annotations

import pytest

from .lab import Notebook

STAGE = "notebooks/00_start_here.ipynb"
RIGHT = """def like_rate(likes):
    return likes.float().mean(dim=1)
"""


@pytest.fixture(scope="module")
def way(url, browser):
    """Answer the first exercise, restart and run all, and keep what was seen."""
    page = browser.new_page(viewport={"width": 1200, "height": 1000})
    book = Notebook(page, url, STAGE).ready()
    book.type(book.find("def like_rate(likes):\n    \"\"\""), RIGHT)
    book.command("notebook:restart-run-all")
    machine, check = book.find("machine_report()"), book.find('grader.check("warm_up")', last=True)
    seen = {
        "machine": book.finished(machine),
        "check": book.finished(check),
        "progress": book.finished(book.find("grader.progress()", last=True)),
    }
    book.picture(machine, "machine")
    book.picture(book.find("grader.progress()", last=True), "progress")
    page.close()
    return seen


def test_the_machine_is_looked_at(way):
    """The versions and the memory stand there in words."""
    assert ("torch" in way["machine"], "memory" in way["machine"]) == (True, True)


def test_an_answer_survives_restart_and_run_all(way):
    """Whatever order the cells ran in before, the notebook runs from the top."""
    assert "warm_up: correct" in way["check"]


def test_the_points_are_found_again(way):
    """The progress says what was earned, and what comes next."""
    assert "1 of" in way["progress"]
