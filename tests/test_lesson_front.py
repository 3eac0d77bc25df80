"""The controls of the browser's: what they hold, and what stands in their place without anywidget or ipywidgets."""

import sys

import IPython.display
import pytest
import torch
from lesson import explorers, widgets
from lesson.controls import Choice, LikeGrid, Number
from lesson.data import small_town
from lesson.front import LikeTable, Pick

TOWN = small_town()
GRID = LikeGrid("likes", TOWN.likes, TOWN.users, TOWN.items)
CHOICE = Choice("user", {"Amina": 10, "Bojan": 11}, 10)
NUMBER = Number("user", 0, 99, 3)


@pytest.fixture
def no_anywidget(monkeypatch):
    """Take anywidget away."""
    monkeypatch.setitem(sys.modules, "lesson.front", None)


@pytest.fixture
def shown(monkeypatch):
    """Collect what is displayed, as if there were a notebook."""
    displayed = []
    monkeypatch.setattr(widgets, "in_a_notebook", lambda: True)
    monkeypatch.setattr(IPython.display, "display", lambda data, **rest: displayed.append(data))
    return displayed


def pressed(control, press):
    """Explore with one control, press it by a function, and give what was drawn last."""
    exploration = widgets.Exploration(lambda value: str(value), {"value": control})
    exploration.build()
    press(exploration.watched["value"])
    return exploration.last[0]["text/plain"]


def all_liked(watched):
    """Press every cell of the table."""
    watched[0].value = torch.ones(6, 8).long().tolist()


def last_liked(watched):
    """Press the last of the plain buttons."""
    watched[-1].value = True


def second(watched):
    """Choose the second of the names."""
    watched[0].value = 1


def test_pressed_likes_reach_the_drawing():
    """The drawing function gets a matrix of whole numbers."""
    assert pressed(GRID, all_liked) == str(torch.ones(6, 8).long())


@pytest.mark.usefixtures("no_anywidget")
def test_pressed_likes_reach_the_drawing_without_anywidget():
    """Plain buttons give the same matrix."""
    likes = TOWN.likes.clone()
    likes[5, 7] = 1
    assert pressed(GRID, last_liked) == str(likes)


@pytest.mark.usefixtures("no_anywidget")
def test_a_plain_cell_says_what_it_stands_for():
    """Each plain button has words of its own, not 0 or 1."""
    _, buttons, _ = GRID.build()
    assert (buttons[0].description, buttons[0].tooltip) == ("♥ baking", "Amina likes baking")


def test_a_chosen_name_stands_for_its_value():
    """The drawing function gets what the name stands for, and not its place."""
    assert pressed(CHOICE, second) == "11"


@pytest.mark.usefixtures("no_anywidget")
@pytest.mark.parametrize(("control", "first"), [(CHOICE, 10), (NUMBER, 3)], ids=["a name", "a number"])
def test_one_can_choose_without_anywidget(control, first):
    """A plain control of ipywidgets has the same first value."""
    widget, _, read = control.build()
    assert (widget.description, read()) == ("user", first)


def test_a_changed_like_asks_the_learner(monkeypatch):
    """The learner's function gets the new likes, and a new picture follows."""
    asked, made = [], []
    monkeypatch.setattr(widgets.Exploration, "show", lambda self: made.append(self))
    explorers.iou_explorer(lambda likes: asked.append(likes.sum().item()) or torch.eye(6), TOWN)
    made[0].build()
    all_liked(made[0].watched["likes"])
    assert (asked, "data:image/png" in made[0].last[0]["text/html"]) == ([48], True)


def test_every_change_is_answered():
    """The page learns from the answer that the kernel is still there."""
    table = LikeTable()
    table.asked = 5
    assert table.answered == 5


@pytest.mark.parametrize("kind", [LikeTable, Pick])
def test_the_text_is_stable(kind):
    """No address is in the text of a control: nbval compares it between runs."""
    assert repr(kind(label="user")) == f"{kind.__name__}('user')"


@pytest.mark.parametrize("kind", [LikeTable, Pick])
def test_nothing_is_fetched(kind):
    """The page needs no other address: scripts and styles are all here, and import nothing."""
    text = f"{kind._esm} {kind._css}"
    assert [word for word in ("http", "import ", "import(", "require", "url(", "@import") if word in text] == []


def test_what_is_saved_is_equal_on_every_run(shown, monkeypatch):
    """The picture, one line, and a view whose number does not depend on the machine."""
    monkeypatch.setattr(widgets, "_numbers", iter([123456]))
    widgets.explore(lambda user: str(user), user=CHOICE)
    view = {"version_major": 2, "version_minor": 0, "model_id": "explore-123456"}
    words = "Run this cell to change: user"
    saved = {"text/plain": words, "application/vnd.jupyter.widget-view+json": view}
    assert shown == [{"text/plain": "10"}, saved]


def test_without_ipywidgets_the_picture_stays(shown, monkeypatch, capsys):
    """What is missing comes with its name."""
    monkeypatch.setitem(sys.modules, "ipywidgets", None)
    widgets.explore(lambda user: str(user), user=CHOICE)
    assert (shown, capsys.readouterr().out) == ([{"text/plain": "10"}], "Install ipywidgets to change: user\n")
