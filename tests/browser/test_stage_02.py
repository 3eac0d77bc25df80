"""A learner's way through an exercise in a real JupyterLab: wrong, told why, hinted, right, reloaded; both themes."""

from __future__ import annotations

import pytest

from .axe import complaints
from .lab import Notebook

STAGE = "notebooks/02_intersection_over_union.ipynb"
CHECK = 'grader.check("iou")'
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


@pytest.fixture(scope="module")
def way(url, browser):
    """Walk the way once, and keep what was seen at each step."""
    page = browser.new_page(viewport={"width": 1200, "height": 1000})
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    book = Notebook(page, url, STAGE).ready()
    seen = {"unwritten": _first_look(book), "wrong": _answer(book, DICE), "axe": _judged_by_axe(book, "wrong")}
    seen["hint"] = _hint(book)
    seen["right"] = _answer(book, RIGHT)
    seen["axe"] |= _judged_by_axe(book, "right")
    book.save()
    here = (url, "data:", "blob:", url.replace("http", "ws"))
    seen["elsewhere"] = [address for address in asked if not address.startswith(here)]
    page.close()
    seen["reloaded"] = _reloaded(browser, url)
    return seen


def _first_look(book):
    book.run(book.find("import torch"))
    return book.run(book.find(CHECK))


def _answer(book, text):
    cell = book.find("def intersection_over_union(")
    book.type(cell, EARLIER + text)
    book.run(cell)
    return book.run(book.find(CHECK))


def _hint(book):
    scratch = book.find("town = small_town()")
    book.type(scratch, 'grader.hint("iou")')
    return book.run(scratch)


def _judged_by_axe(book, name):
    """Have the result judged in both themes, with all that is folded open."""
    check = book.find(CHECK)
    book.cell(check).locator("details").evaluate_all("all => all.forEach(one => one.open = true)")
    found = {}
    for theme, dark in (("dark", True), ("light", False)):
        book.dark(dark)
        book.picture(check, f"{name}_{theme}")
        found[f"{name}, {theme}"] = complaints(book.page, book.outputs(check))
    return found


def _reloaded(browser, url):
    """Look at the saved result before any kernel has started."""
    page = browser.new_page()
    book = Notebook(page, url, STAGE)
    text = book.output(book.find(CHECK))
    page.close()
    return text


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


@pytest.mark.parametrize("shown", ["wrong, dark", "wrong, light", "right, dark", "right, light"])
def test_axe_finds_nothing_in_a_result(way, shown):
    """Names, roles and contrast of what a check shows are in order."""
    assert way["axe"][shown] == []


def test_the_result_survives_a_reload(way):
    """What was saved is shown again, without a kernel."""
    assert "iou: correct" in way["reloaded"]


def test_no_other_server_is_asked(way):
    """The page works offline."""
    assert way["elsewhere"] == []
