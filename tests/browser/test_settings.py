"""The settings that we ship, in a real JupyterLab: keys beside a control do no harm, and our buttons are there."""

from __future__ import annotations

import json
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from . import lab

SHIPPED = Path(__file__).parents[2] / "notebooks/lesson/lab/settings.json"
CODE = (
    "from IPython.display import HTML, display\nfrom ipywidgets import Button, IntSlider\n"
    "display(HTML('<details><summary>Hint</summary>text</details>'), IntSlider(), Button(description='Go'))"
)
CONTROLS = {"hint": "summary", "slider": ".noUi-handle", "button": "button.widget-button"}
KEYS = (*"bamrxcvz", "d d", "ArrowDown", "ArrowUp", "ArrowLeft", "Shift+m", "0 0", "Alt+Enter")
BOOK = f"{lab.CURRENT}.content"
STATE = f"""() => [{BOOK}.widgets.map(w => w.model.type[0]).join(''), {BOOK}.activeCellIndex,
    document.querySelectorAll('.jp-Dialog').length]"""
COUNTS = f"() => {BOOK}.widgets.map(w => w.model.executionCount ?? null)"
pytestmark = pytest.mark.skipif(lab.chromium() is None, reason="Chromium is not installed: the browser tests need it")


def with_ours():
    """Lay the settings of the tests over those of this folder, whatever is installed."""
    ours = json.loads(SHIPPED.read_text(encoding="utf-8"))
    return {name: ours.get(name, {}) | lab.SETTINGS.get(name, {}) for name in ours | lab.SETTINGS}


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    """An open notebook: a text, three controls in one output, and two small cells."""
    playwright = pytest.importorskip("playwright.sync_api")
    root, home = tmp_path_factory.mktemp("root"), tmp_path_factory.mktemp("home")
    cells = [new_markdown_cell("A text."), new_code_cell(CODE), new_code_cell("6 * 7"), new_code_cell("6 * 8")]
    spec = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    nbformat.write(new_notebook(cells=cells, metadata=spec), root / "a.ipynb")
    with pytest.MonkeyPatch.context() as patch, playwright.sync_playwright() as engine:
        patch.setattr(lab, "SETTINGS", with_ours())
        with lab.server(root, home) as url:
            browser = engine.chromium.launch(executable_path=lab.chromium(), headless=True, args=lab.FLAGS)
            open_book = lab.Notebook(browser.new_page(viewport={"width": 1200, "height": 900}), url, "a.ipynb")
            for index in (1, 2, 3):
                open_book.run(index)
            yield open_book
            browser.close()


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
    book.page.wait_for_function(f"() => ({COUNTS})().join() === ',1,2,'", timeout=lab.KERNEL_SECONDS)
    book.page.wait_for_function(lab.IDLE)
    assert book.page.get_by_role("button", name="Restart and run all").is_visible()
