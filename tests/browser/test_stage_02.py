"""A learner's way through stage 02 in a real JupyterLab: wrong, told why, hinted, right, reloaded."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from .lab import FLAGS, Notebook, chromium, server

REPO = Path(__file__).parents[2]
STAGE = "notebooks/02_intersection_over_union.ipynb"
DICE = """def intersection_over_union(likes):
    counts = likes.float().sum(1)
    return 2 * intersection(likes) / (counts[:, None] + counts).clamp(min=1)
"""
RIGHT = """def intersection_over_union(likes):
    return intersection(likes) / union(likes).clamp(min=1)
"""
EARLIER = """def intersection(likes):
    return likes.float() @ likes.float().T

def union(likes):
    counts = likes.float().sum(1)
    return counts[:, None] + counts - intersection(likes)
"""
pytestmark = pytest.mark.skipif(chromium() is None, reason="Chromium is not installed: the browser tests need it")


@pytest.fixture(scope="module")
def url(tmp_path_factory):
    """A server over a copy of the learner's folder."""
    root, home = tmp_path_factory.mktemp("root"), tmp_path_factory.mktemp("home")
    shutil.copytree(REPO / "images", root / "images")
    (root / "notebooks").mkdir()
    shutil.copy(REPO / STAGE, root / STAGE)
    with server(root, home) as address:
        yield address


@pytest.fixture(scope="module")
def browser():
    """A headless browser."""
    playwright = pytest.importorskip("playwright.sync_api")
    with playwright.sync_playwright() as engine:
        started = engine.chromium.launch(executable_path=chromium(), headless=True, args=FLAGS)
        yield started
        started.close()


@pytest.fixture(scope="module")
def way(url, browser):
    """Walk the way once, and keep what was seen at each step."""
    page = browser.new_page(viewport={"width": 1200, "height": 1000})
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    book = Notebook(page, url, STAGE)
    seen = {"unwritten": _first_look(book), "wrong": _answer(book, DICE)}
    _picture(book, "wrong")
    _dark(book, "wrong")
    seen["hint"] = _hint(book)
    seen["right"] = _answer(book, RIGHT)
    _picture(book, "right")
    book.save()
    seen["elsewhere"] = [
        address for address in asked if not address.startswith((url, "data:", "blob:", url.replace("http", "ws")))
    ]
    page.close()
    seen["reloaded"] = _reloaded(browser, url)
    return seen


def _first_look(book):
    book.run(book.find("import torch"))
    return book.run(book.find('grader.check("iou")'))


def _answer(book, text):
    cell, check = book.find("def intersection_over_union("), book.find('grader.check("iou")')
    book.type(cell, EARLIER + text)
    book.run(cell)
    return book.run(check)


def _hint(book):
    scratch = book.find("town = small_town()")
    book.type(scratch, 'grader.hint("iou")')
    return book.run(scratch)


def _reloaded(browser, url):
    page = browser.new_page()
    book = Notebook(page, url, STAGE)
    text = book.output(book.find('grader.check("iou")'))
    page.close()
    return text


def _picture(book, name):
    """Keep a screenshot where a person wants to look at it (COURSE_SCREENSHOTS names a folder)."""
    if folder := os.environ.get("COURSE_SCREENSHOTS"):
        check = book.cell(book.find('grader.check("iou")'))
        check.scroll_into_view_if_needed()
        book.page.screenshot(path=Path(folder) / f"{name}.png")


def _dark(book, name):
    """Let the evening come: the shipped settings follow the system's theme."""
    book.page.emulate_media(color_scheme="dark")
    book.page.wait_for_selector("body[data-jp-theme-light=false]", state="attached")
    _picture(book, f"{name}_dark")
    book.page.emulate_media(color_scheme="light")
    book.page.wait_for_selector("body[data-jp-theme-light=true]", state="attached")


def test_the_untouched_stub_is_missing(way):
    """Nobody is told that he is wrong before he has tried."""
    assert "iou: missing" in way["unwritten"]


def test_a_wrong_answer_is_named(way):
    """The mistake has a name, and the numbers stand side by side."""
    assert ("Dice coefficient" in way["wrong"], "expected" in way["wrong"], "≠" in way["wrong"]) == (True, True, True)


def test_a_hint_is_one_step(way):
    """One hint at a call."""
    assert "Hint 1 of 3 for iou" in way["hint"]


def test_a_right_answer_passes(way):
    """The points are counted, and the way on is shown."""
    assert ("iou: correct · 2 of 2 points" in way["right"], "iou_at_scale" in way["right"]) == (True, True)


def test_the_result_survives_a_reload(way):
    """What was saved is shown again."""
    assert "iou: correct" in way["reloaded"]


def test_no_other_server_is_asked(way):
    """The page works offline."""
    assert way["elsewhere"] == []
