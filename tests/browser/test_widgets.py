"""The controls under the pictures in a real JupyterLab: by mouse, by keyboard, in the dark, and without a kernel."""

from __future__ import annotations

import nbformat
import pytest

from .axe import complaints
from .lab import Notebook

SETUP = """import torch
from lesson.controls import Choice, LikeGrid, Number
from lesson.widgets import explore
"""
TABLE = """likes = torch.zeros(2, 3).long()
explore(lambda x: str(x.tolist()), x=LikeGrid("likes", likes, ("Ada", "Ben"), ("a", "b", "c")))
"""
NAMES = 'explore(lambda x: f"chose {x}", x=Choice("user", {"Ada": "A", "Ben": "B", "Cem": "C"}, "A"))'
NUMBER = 'explore(lambda x: f"number {x}", x=Number("user", 0, 99, 3))'
FOCUS = "() => document.activeElement.getAttribute('aria-label')"


@pytest.fixture(scope="module")
def book(root, url, browser):
    """One notebook of controls, which has run."""
    cells = [nbformat.v4.new_code_cell(text) for text in (SETUP, TABLE, NAMES, NUMBER)]
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=kernel), root / "controls.ipynb")
    page = browser.new_page()
    page.set_default_timeout(20_000)
    book = Notebook(page, url, "controls.ipynb").ready()
    for index in range(len(cells)):
        book.run(index)
    yield book
    page.close()


def press(book, *keys):
    """Press keys one after another, and give the name of what has the focus then."""
    for key in keys:
        book.page.keyboard.press(key)
    return book.page.evaluate(FOCUS)


def waits_for(book, index, text):
    """Wait until the output of a cell holds a text."""
    book.cell(index).get_by_text(text, exact=False).first.wait_for()
    return True


def test_a_cell_is_pressed_by_mouse(book):
    """The kernel hears of it, and so does the reader."""
    book.cell(1).get_by_role("button", name="Ben likes c").click()
    assert [waits_for(book, 1, text) for text in ("[[0, 0, 0], [0, 0, 1]]", "Ben now likes c.")] == [True, True]


def test_a_cell_is_pressed_by_keyboard(book):
    """Arrow keys move within the table and stop at its edges, and Space presses."""
    book.cell(1).get_by_role("button", name="Ada likes a").focus()
    moved = press(book, "ArrowUp", "ArrowRight", "ArrowDown")
    press(book, "Space")
    assert (moved, waits_for(book, 1, "Ben now likes b.")) == ("Ben likes b", True)


def test_a_pressed_cell_is_named_and_marked(book):
    """The state is told to a screen reader, and by a sign to everybody else."""
    button = book.cell(1).get_by_role("button", name="Ada likes c")
    button.click()
    assert (button.get_attribute("aria-pressed"), button.inner_text()[0]) == ("true", "♥")


def test_the_table_is_one_stop_of_the_tab_key(book):
    """One cell of the table takes the focus, and the next stop is outside."""
    assert book.cell(1).locator(".lesson-front [tabindex='0']").count() == 1


@pytest.mark.parametrize("control", [(1, "button", "Ada likes b"), (2, "radio", "Ada"), (3, "button", "next user")])
def test_letters_leave_the_notebook_alone(book, control):
    """JupyterLab's commands of one letter add and delete cells: not while a control has the focus."""
    cell, role, name = control
    book.cell(cell).get_by_role(role, name=name).focus()
    press(book, "b", "d", "d", "a", "x", "m")
    kinds = book.page.evaluate("window.jupyterapp.shell.currentWidget.content.widgets.map(w => w.model.type)")
    assert kinds == ["code"] * 4


@pytest.mark.parametrize("control", [(1, "button", "Ada likes b"), (2, "radio", "Ada"), (3, "button", "next user")])
def test_the_notebook_can_be_saved(book, control):
    """Control+S reaches JupyterLab while a control has the focus, and the letters are kept away again afterwards."""
    cell, role, name = control
    book.page.evaluate("window.jupyterapp.shell.currentWidget.context.model.dirty = true")
    book.cell(cell).get_by_role(role, name=name).focus()
    book.save()
    assert book.page.evaluate("() => document.activeElement.dataset.lmSuppressShortcuts") == "true"


def test_arrow_keys_choose_a_name(book):
    """They reach the radio buttons, and not JupyterLab's own choice of a cell."""
    book.cell(2).get_by_role("radio", name="Ada").focus()
    press(book, "ArrowDown", "ArrowDown")
    active = book.page.evaluate("window.jupyterapp.shell.currentWidget.content.activeCellIndex")
    assert (waits_for(book, 2, "chose C"), active) == (True, 2)


def test_a_number_is_typed_or_stepped(book):
    """Both ways lead to the kernel, and a number that is too large becomes the largest."""
    field = book.cell(3).get_by_role("spinbutton", name="user")
    field.fill("12")
    typed = waits_for(book, 3, "number 12")
    book.cell(3).get_by_role("button", name="next user").click()
    stepped = waits_for(book, 3, "number 13")
    field.fill("1000")
    field.press("Enter")
    assert (typed, stepped, waits_for(book, 3, "number 99"), field.input_value()) == (True, True, True, "99")


@pytest.mark.parametrize("dark", [True, False], ids=["dark", "light"])
def test_nothing_is_hard_to_read(book, dark):
    """The program axe finds neither weak contrast nor a missing name in the controls."""
    book.dark(dark)
    assert complaints(book.page, ".lesson-front") == []


def test_a_silent_kernel_is_told(book):
    """After a restart the old controls say what to do."""
    book.command("kernelmenu:restart")
    book.cell(1).get_by_role("button", name="Ada likes a").click()
    assert waits_for(book, 1, "run this cell again")
