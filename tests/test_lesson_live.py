"""The training display and the report on the machine say the same things in and out of a notebook."""

import pytest
from lesson import machine, train_view
from lesson.machine import Line, Report, machine_report
from lesson.train_view import LiveCurve


class Handle:
    """Stand in for the display of a notebook: it keeps what it is told."""

    def __init__(self):
        self.updates = []

    def update(self, data, metadata, raw):
        self.updates.append(data)


@pytest.fixture
def view():
    """Return a view that believes in a notebook."""
    view = LiveCurve(steps=4)
    view.handle = Handle()
    return view


def test_values_are_collected_by_name():
    """Each name has its own curve."""
    view = LiveCurve()
    view.add(train=1.0, valid=2.0)
    view.add(train=0.5)
    assert view.values == {"train": [1.0, 0.5], "valid": [2.0]}


def test_the_display_rests_between_updates(view):
    """Values that come within an eighth of a second are not shown one by one."""
    for value in range(100):
        view.add(loss=value)
    assert len(view.handle.updates) <= 1


def test_progress_names_the_last_value(view, monkeypatch):
    """The bar stands beside the step and the value."""
    monkeypatch.setattr(train_view, "PAUSE", 0)
    view.add(loss=0.25)
    assert "epoch 1 of 4" in view.handle.updates[0]["text/html"]


def test_the_end_is_a_picture(view):
    """What stays in the notebook is a PNG."""
    with view:
        view.add(loss=0.25)
    assert "data:image/png" in view.handle.updates[-1]["text/html"]


def test_an_interrupted_run_keeps_its_curves(view):
    """The curves so far are drawn, and the interrupt goes on."""
    view.add(loss=0.25)
    with pytest.raises(KeyboardInterrupt), view:
        raise KeyboardInterrupt
    assert "data:image/png" in view.handle.updates[-1]["text/html"]


def test_all_displays_have_the_same_text(view, monkeypatch):
    """The text that is compared between runs does not depend on the moment."""
    monkeypatch.setattr(train_view, "PAUSE", 0)
    with view:
        view.add(loss=0.25)
    assert {update["text/plain"] for update in view.handle.updates} == {repr(LiveCurve().picture())}


def test_this_machine_can_be_described():
    """The report names Python, the packages and the hardware."""
    expected = ["Python", "torch", "matplotlib", "jupyterlab", "ipywidgets", "cores", "memory", "disk"]
    assert [line.what for line in machine_report().lines] == expected


def test_a_missing_package_is_said(monkeypatch):
    """What is missing comes with the way to get it."""
    monkeypatch.setattr(machine, "PACKAGES", {"no-such-package": ("1.0", "`pip install it`")})
    assert "missing – `pip install it`" in repr(machine_report())


@pytest.mark.parametrize(("found", "least", "enough"), [("2.13.0+cpu", "2.4", True), ("2.3.1", "2.4", False)])
def test_versions_are_compared_as_numbers(monkeypatch, found, least, enough):
    """2.13 is newer than 2.4."""
    monkeypatch.setattr(machine, "version", lambda name: found)
    assert machine._package("torch", least, "").ready is enough


def test_a_ready_machine_is_called_ready():
    """Nothing missing, nothing to do."""
    assert repr(Report((Line("Python", "3.12", True),))) == "Your machine is ready.\n✓ ready Python: 3.12"


def test_the_report_is_safe_as_html():
    """What a system says of itself is not run as markup."""
    assert "<b>" not in Report((Line("torch", "<b>", True),))._repr_html_()
