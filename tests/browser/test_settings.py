"""The settings that we ship, in a real JupyterLab: keys beside a control do no harm, and our buttons are there."""

from __future__ import annotations

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from .lab import CURRENT, IDLE, KERNEL_SECONDS, Notebook

CODE = (
    "from IPython.display import HTML, display\nfrom ipywidgets import Button, IntSlider\n"
    "display(HTML('<details><summary>Hint</summary>text</details>'), IntSlider(), Button(description='Go'))"
)
CONTROLS = {"hint": "summary", "slider": ".noUi-handle", "button": "button.widget-button"}
KEYS = (*"bamrxcvz", "d d", "ArrowDown", "ArrowUp", "ArrowLeft", "Shift+m", "0 0", "Alt+Enter")
BOOK = f"{CURRENT}.content"
STATE = f"""() => [{BOOK}.widgets.map(w => w.model.type[0]).join(''), {BOOK}.activeCellIndex,
    document.querySelectorAll('.jp-Dialog').length]"""
COUNTS = f"() => {BOOK}.widgets.map(w => w.model.executionCount ?? null)"


@pytest.fixture(scope="module")
def book(root, url, browser):
    """An open notebook: a text, three controls in one output, and two small cells."""
    cells = [new_markdown_cell("A text."), new_code_cell(CODE), new_code_cell("6 * 7"), new_code_cell("6 * 8")]
    spec = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    nbformat.write(new_notebook(cells=cells, metadata=spec), root / "controls.ipynb")
    page = browser.new_page(viewport={"width": 1200, "height": 900})
    opened = Notebook(page, url, "controls.ipynb").ready()
    for index in (1, 2, 3):
        opened.run(index)
    yield opened
    page.close()


def after(book, keys):
    """Press keys one after the other, and tell what the notebook is then."""
    for key in keys.split():
        book.page.keyboard.press(key)
    book.page.wait_for_timeout(40)
    return book.page.evaluate(STATE)


def on(book, control):
    """Give the focus to a control in the output."""
    book.cell(1).locator(f".jp-Cell-outputArea {CONTROLS[control]}").focus()


@pytest.mark.parametrize("control", CONTROLS)
def test_keys_beside_a_control_do_no_harm(book, control):
    """While a hint, a slider or a button has the focus, no key changes the notebook or leaves the cell."""
    harm = []
    for keys in KEYS:
        on(book, control)
        harm += [keys] if after(book, keys) != ["mccc", 1, 0] else []
    assert harm == []


def test_the_same_keys_work_from_the_cell(book):
    """Whoever knows JupyterLab finds every key where it was, below the last cell as well."""
    book.cell(3).locator(".jp-InputPrompt").click()
    seen = [after(book, keys)[:2] for keys in ("b", "d d", "m", "y", "ArrowUp", "ArrowDown", "ArrowDown", "ArrowUp")]
    assert seen == [["mcccc", 4], ["mccc", 3], ["mccm", 3], ["mccc", 3], ["mccc", 2], *[["mccc", 3]] * 3]


def test_escape_leads_from_a_control_to_its_cell(book):
    """Without a mouse there is a way back, and from there the keys work again."""
    on(book, "slider")
    assert (after(book, "Escape"), after(book, "ArrowDown")) == (["mccc", 1, 0], ["mccc", 2, 0])


def test_restart_and_run_to_here_is_in_the_toolbar(book):
    """The button runs what stands above the active cell, and the cell itself, in a fresh kernel, and no more."""
    book.cell(2).locator(".jp-InputPrompt").click()
    book.page.get_by_role("button", name="Restart and run to here").click()
    book.page.wait_for_function(f"() => ({COUNTS})().join() === ',1,2,'", timeout=KERNEL_SECONDS)
    book.page.wait_for_function(IDLE)
    assert book.page.get_by_role("button", name="Restart and run all").is_visible()
