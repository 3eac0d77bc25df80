"""What a learner watches and what he is told, in a real JupyterLab: stopped by its keys, and reopened untrusted."""

from __future__ import annotations

import json

import nbformat
import pytest

from .lab import CURRENT, FLAGS, HAS_RUN, Notebook, chromium, server

TRAINING = """import time
from lesson.train_view import LiveCurve
with LiveCurve(steps=400, title="a run") as view:
    for epoch in range(400):
        time.sleep(0.05)
        view.add(rebuild=1 / (epoch + 1), pair=3 / (epoch + 1))
print("went on:", view.stopped)"""
DICE = """import grader
def intersection_over_union(likes):
    counts = likes.float().sum(1)
    return 2 * likes.float() @ likes.float().T / (counts[:, None] + counts).clamp(min=1)
grader.check("iou")"""
LOOKS = """image => ({alt: image.alt, width: image.naturalWidth})"""
TRUSTED = f"() => {CURRENT}.content.widgets.some(w => w.model.type === 'code' && w.model.trusted)"
pytestmark = pytest.mark.skipif(chromium() is None, reason="Chromium is not installed: the browser tests need it")


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    """A folder with one notebook."""
    folder = tmp_path_factory.mktemp("root")
    cells = [nbformat.v4.new_code_cell(text) for text in (TRAINING, DICE)]
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernel}), folder / "views.ipynb")
    return folder


@pytest.fixture(scope="module")
def seen(root, tmp_path_factory):
    """Walk the way once, and keep what was seen."""
    playwright = pytest.importorskip("playwright.sync_api")
    with server(root, tmp_path_factory.mktemp("home")) as url, playwright.sync_playwright() as engine:
        browser = engine.chromium.launch(executable_path=chromium(), headless=True, args=FLAGS)
        found = _first(Notebook(browser.new_page(), url, "views.ipynb"))
        _from_another_machine(root)
        found |= _again(Notebook(browser.new_page(), url, "elsewhere.ipynb"))
        browser.close()
    return found


def _first(book):
    """Start the training, stop it by the keys of command mode, check a wrong answer, save."""
    book.cell(0).locator(".jp-InputPrompt").click()
    book.page.keyboard.press("Control+Enter")
    book.page.wait_for_function("() => document.querySelector('.jp-OutputArea progress')?.value > 20", timeout=60_000)
    running = book.output(0)
    book.page.keyboard.press("Escape")
    book.page.keyboard.press("i")
    book.page.keyboard.press("i")
    book.page.wait_for_function(HAS_RUN, arg=0, timeout=60_000)
    stopped = book.output(0)
    book.run(1)
    book.save()
    return {"running": running, "stopped": stopped}


def _from_another_machine(root):
    """Copy the notebook with a change, so that its signature is unknown."""
    book = json.loads((root / "views.ipynb").read_text(encoding="utf-8"))
    book["metadata"]["copied"] = True
    (root / "elsewhere.ipynb").write_text(json.dumps(book), encoding="utf-8")


def _again(book):
    """Open the copy, look at what was saved, and open the first two hints."""
    folded = book.output(1)
    for number in (1, 2):
        book.cell(1).get_by_text(f"Hint {number} of 3").click()
    image = book.cell(0).locator("img").evaluate(LOOKS)
    return {"trusted": book.page.evaluate(TRUSTED), "folded": folded, "opened": book.output(1), "image": image}


def test_the_time_that_is_left_is_shown(seen):
    """While it runs, the count and the estimate stand under the curves."""
    assert ("epoch 2" in seen["running"], " of 400, about " in seen["running"]) == (True, True)


def test_the_keys_stop_a_training(seen):
    """`I I` ends the block with a sentence, the next line runs, and there is no traceback."""
    words = ("■ Stopped after epoch", "went on: True", "KeyboardInterrupt")
    assert [word in seen["stopped"] for word in words] == [True, True, False]


def test_the_curves_need_no_trust(seen):
    """On another machine the picture and its words are still there."""
    assert (seen["trusted"], seen["image"]["width"], seen["image"]["alt"][:13]) == (False, 595, "a run, epoch ")


def test_hints_open_without_a_kernel_and_without_trust(seen):
    """One inside the other; the third stays folded."""
    words = ("Which two counts", "element by element", "Divide both")
    assert ([w in seen["folded"] for w in words], [w in seen["opened"] for w in words]) == (
        [False] * 3,
        [True, True, False],
    )
