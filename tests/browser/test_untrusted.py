"""A notebook from another machine, which JupyterLab does not trust: its curves are there, and its hints open."""

from __future__ import annotations

import json

import nbformat
import pytest

from .lab import CURRENT, Notebook

CELLS = (
    """from lesson.train_view import LiveCurve
with LiveCurve(steps=3, title="a run") as view:
    for epoch in range(3):
        view.add(rebuild=1 / (epoch + 1), pair=3 / (epoch + 1))""",
    """import grader
def intersection_over_union(likes):
    counts = likes.float().sum(1)
    return 2 * likes.float() @ likes.float().T / (counts[:, None] + counts).clamp(min=1)
grader.check("iou")""",
)
KERNEL = {"name": "python3", "display_name": "Python 3"}
LOOKS = "image => ({alt: image.alt, width: image.naturalWidth})"
TRUSTED = f"() => {CURRENT}.content.widgets.some(w => w.model.type === 'code' && w.model.trusted)"


@pytest.fixture(scope="module")
def seen(url, root, browser):
    """Run two cells and save; copy the file with a change, so that its signature is unknown; open the copy."""
    folder = root / "notebooks"
    cells = [nbformat.v4.new_code_cell(text) for text in CELLS]
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": KERNEL}), folder / "here.ipynb")
    book = Notebook(browser.new_page(), url, "notebooks/here.ipynb").ready()
    for index in range(2):
        book.run(index)
    book.save()
    book.page.close()
    saved = json.loads((folder / "here.ipynb").read_text(encoding="utf-8"))
    saved["metadata"]["copied"] = True
    (folder / "elsewhere.ipynb").write_text(json.dumps(saved), encoding="utf-8")
    return _look(Notebook(browser.new_page(), url, "notebooks/elsewhere.ipynb"))


def _look(book):
    """Look at what was saved, and open the first two hints, whether a kernel has started or not."""
    folded = book.output(1)
    for number in (1, 2):
        book.cell(1).get_by_text(f"Hint {number} of 3").click()
    image = book.cell(0).locator("img").evaluate(LOOKS)
    found = {"trusted": book.page.evaluate(TRUSTED), "folded": folded, "opened": book.output(1), "image": image}
    book.page.close()
    return found


def test_the_curves_need_no_trust(seen):
    """The picture and its words are still there."""
    words = "a run, epoch 3 of 3: rebuild from 1 to 0.333; pair from 3 to 1."
    assert (seen["trusted"], seen["image"]) == (False, {"alt": words, "width": 595})


@pytest.mark.parametrize(("when", "shown"), [("folded", [False] * 3), ("opened", [True, True, False])])
def test_hints_open_one_inside_the_other(seen, when, shown):
    """The third stays folded until it is asked for."""
    words = ("Which two counts", "element by element", "Divide both")
    assert [word in seen[when] for word in words] == shown
