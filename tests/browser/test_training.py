"""A training run in a real JupyterLab: seen while it runs, stopped by the keys, readable afterwards."""

from __future__ import annotations

import nbformat
import pytest

from .axe import complaints
from .lab import Notebook

TRAINING = """from time import sleep

from lesson.train_view import LiveCurve

with LiveCurve(steps=5_000) as curve:
    for epoch in range(5_000):
        sleep(0.01)
        curve.add(rebuilding=1 / (1 + epoch), arranging=0.5)
"""
KERNEL = {"name": "python3", "display_name": "Python 3"}


@pytest.fixture(scope="module")
def way(url, root, browser):
    """Start a training run, look at it, interrupt it, look again, and once more after a reload."""
    cells = [nbformat.v4.new_code_cell(TRAINING), nbformat.v4.new_code_cell("print('still here')")]
    notebook = nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": KERNEL})
    nbformat.write(notebook, root / "notebooks" / "training.ipynb")
    page = browser.new_page(viewport={"width": 1000, "height": 800})
    book = Notebook(page, url, "notebooks/training.ipynb").ready()
    book.start(0)
    page.wait_for_selector(".jp-OutputArea progress")
    page.wait_for_timeout(1500)
    seen = {"running": book.output(0)}
    book.picture(0, "training_running")
    page.keyboard.press("Escape")
    page.keyboard.press("i")
    page.keyboard.press("i")
    seen["stopped"] = book.finished(0)
    book.picture(0, "training_stopped")
    seen["axe"] = complaints(page, book.outputs(0))
    seen["next"] = book.run(1)
    seen["pictures"] = book.cell(0).locator("img").count()
    page.close()
    return seen


def test_it_is_seen_while_it_runs(way):
    """Both terms and the epoch stand there before the end."""
    assert ("of 5000" in way["running"], "arranging 0.5" in way["running"]) == (True, True)


def test_interrupting_is_no_error(way):
    """The keys I I stop it without a traceback."""
    assert "Traceback" not in way["stopped"]


def test_the_stop_is_said(way):
    """A sentence stands under the curves in the place of the bar."""
    assert "■ Stopped after epoch" in way["stopped"]


def test_the_curves_stay(way):
    """What was learnt so far is drawn."""
    assert way["pictures"] == 1


def test_the_kernel_goes_on(way):
    """The next cell runs."""
    assert "still here" in way["next"]


def test_axe_finds_nothing(way):
    """The picture has words."""
    assert way["axe"] == []
