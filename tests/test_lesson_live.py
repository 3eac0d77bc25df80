"""The training display shows what a run does, and loses nothing of it; the machine is reported in words."""

import re
import time

import pytest
from lesson import machine, train_view
from lesson.machine import Line, Report, machine_report
from lesson.train_view import LiveCurve, Stopped

RUN = """
from lesson.train_view import LiveCurve
with LiveCurve(steps=500) as view:
    for step in range(500):
        view.add(loss=1 / (step + 1))
        {line}
print("went on", view.stopped)
"""
NESTED = """
from lesson.train_view import LiveCurve
with LiveCurve(steps=2, title="outer") as outer:
    for run in range(2):
        with LiveCurve(steps=500, title="inner") as inner:
            for step in range(500):
                inner.add(loss=1.0)
                import time; time.sleep(0.02)
        outer.add(loss=1.0)
"""
TWICE = RUN.format(line="import time; time.sleep(0.02)") + """
with LiveCurve(steps=3) as another:
    print("must not be seen")
"""


class Handle:
    """Stand in for the display of a notebook: it keeps what it is told."""

    def __init__(self):
        self.updates = []

    def update(self, data, raw):
        self.updates.append(data)


@pytest.fixture
def view(monkeypatch):
    """Return a view that believes in a notebook and draws at every value."""
    monkeypatch.setattr(train_view, "PAUSE", 0)
    view = LiveCurve(steps=4)
    view.handle = Handle()
    return view


@pytest.fixture(scope="module")
def kernel():
    """Start a kernel."""
    manager = pytest.importorskip("jupyter_client").KernelManager(kernel_name="python3")
    manager.start_kernel()
    client = manager.client()
    client.start_channels()
    client.wait_for_ready(timeout=60)
    yield manager, client
    client.stop_channels()
    manager.shutdown_kernel(now=True)


def run(kernel, code, interrupt_after=None):
    """Run code in the kernel, interrupt it after some displays, and give its messages as (type, content)."""
    manager, client = kernel
    asked, found, shown = client.execute(code), [], 0
    while not found or found[-1] != ("status", "idle"):
        message = client.get_iopub_msg(timeout=60)
        kind, content = message["msg_type"], message["content"]
        if message["parent_header"].get("msg_id") == asked:
            found.append((kind, content.get("execution_state") if kind == "status" else content))
            shown += kind == "update_display_data"
            if shown == interrupt_after and kind == "update_display_data":
                time.sleep(0.05)
                manager.interrupt_kernel()
    return found


def last_views(found):
    """Give the last text of each display of a run, in the order in which they were opened."""
    views = {}
    for kind, content in found:
        if kind in ("display_data", "update_display_data"):
            views[content["transient"]["display_id"]] = content["data"]["text/plain"]
    return list(views.values())


def printed(found):
    """Give what a run wrote to its output."""
    return "".join(content["text"] for kind, content in found if kind == "stream")


def test_values_are_collected_by_name():
    """Each name has its own curve."""
    view = LiveCurve()
    view.add(train=1.0, valid=2.0)
    view.add(train=0.5)
    assert view.values == {"train": [1.0, 0.5], "valid": [2.0]}


def test_the_display_rests_between_updates(view, monkeypatch):
    """Values that come within an eighth of a second are not shown one by one."""
    monkeypatch.setattr(train_view, "PAUSE", 1 / 8)
    for value in range(100):
        view.add(loss=value)
    assert len(view.handle.updates) <= 1


def test_progress_names_the_step_and_the_values(view):
    """The bar stands beside the count, and each term beside its name."""
    view.add(rebuild=0.25, pair=3)
    html = view.handle.updates[0]["text/html"]
    assert ('<progress value="1" max="4">' in html, "epoch 1 of 4, rebuild 0.25, pair 3" in html) == (True, True)


def test_progress_says_how_long_it_may_still_take(view):
    """As long for each of the steps that are left as for those that are done."""
    view.began -= 30
    view.add(loss=0.25)
    assert "epoch 1 of 4, loss 0.25; about 90 s left" in view.handle.updates[0]["text/html"]


def test_without_a_number_of_steps_there_is_no_bar(view):
    """What is not known is not shown."""
    view.steps = None
    view.add(loss=0.25)
    assert "<label>epoch 1, loss 0.25</label>" in view.handle.updates[0]["text/html"]


def test_every_curve_is_told_in_words(view):
    """Whoever cannot see the picture hears where each term began and where it stands."""
    view.add(rebuild=0.7, pair=3.0)
    view.add(rebuild=0.5, pair=1.0)
    words = 'alt="Training curves, epoch 2 of 4: rebuild from 0.7 to 0.5; pair from 3 to 1."'
    assert words in view.handle.updates[-1]["text/html"]


def test_the_end_is_a_picture(view):
    """What stays in a learner's notebook is an image in HTML, which needs no trust and no kernel."""
    with view:
        view.add(loss=0.25)
    html = view.handle.updates[-1]["text/html"]
    assert ('src="data:image/svg+xml;base64,' in html, "<progress" in html) == (True, False)


def test_the_end_is_the_first_display_but_for_the_image(view):
    """nbval sees the first display of a cell, keeps the last, and leaves images out."""
    first = view._bundle()
    with view:
        view.add(loss=0.25)
    one, two = (re.sub("<img [^>]*>", "", bundle["text/html"]) for bundle in (first, view.handle.updates[-1]))
    assert one == two


def test_all_displays_have_the_same_text(view):
    """The text that is compared between runs does not depend on the moment."""
    with view:
        view.add(loss=0.25)
    assert {update["text/plain"] for update in view.handle.updates} == {repr(LiveCurve().picture())}


def test_an_error_goes_on_and_its_curves_stay(view):
    """The error is the learner's to see, under the curves so far."""
    view.add(loss=0.25)
    with pytest.raises(ZeroDivisionError), view:
        view.add(loss=1 / 0)
    assert "■ Ended by an error after epoch 1 of 4" in view.handle.updates[-1]["text/html"]


def test_an_interrupt_keeps_the_curves_and_goes_on_behind_the_block(view):
    """No traceback: one sentence, and `stopped` for whoever asks."""
    with view:
        view.add(loss=0.25)
        raise KeyboardInterrupt
    said = "Stopped after epoch 1 of 4; what was learnt is kept."
    assert (view.stopped, said in view.handle.updates[-1]["text/html"]) == (True, True)


def test_an_interrupt_ends_a_script():
    """Outside a notebook nothing is shown, and nothing is swallowed."""
    view = LiveCurve(steps=4)
    with pytest.raises(KeyboardInterrupt), view:
        raise KeyboardInterrupt
    assert view.stopped


def test_outside_a_notebook_nothing_is_shown(capsys):
    """A script stays silent."""
    with LiveCurve(steps=2) as view:
        view.add(loss=0.25)
    assert (capsys.readouterr().out, view.handle) == ("", None)


def test_an_interrupted_cell_goes_on_with_what_was_learnt(kernel):
    """In a real kernel: the block ends, the next line runs, and no error is shown."""
    found = run(kernel, RUN.format(line="import time; time.sleep(0.02)"), interrupt_after=3)
    assert (printed(found), "error" in dict(found)) == ("went on True\n", False)


def test_nested_runs_stop_together(kernel):
    """An interrupt inside two blocks ends both, and each keeps its curves."""
    views = last_views(run(kernel, NESTED, interrupt_after=4))
    assert ["Stopped after epoch" in view for view in views] == [True, True]


def test_no_other_run_starts_in_a_stopped_cell(kernel):
    """Whoever interrupts a cell wants it to end: a loop over several runs does not go on with the next."""
    found = run(kernel, TWICE, interrupt_after=3)
    error = dict(found)["error"]
    assert (error["ename"], len(error["traceback"]), printed(found)) == ("Stopped", 1, "went on True\n")


def test_a_stopped_cell_can_be_run_again(kernel):
    """What was stopped is forgotten with the cell's next run."""
    run(kernel, RUN.format(line="import time; time.sleep(0.02)"), interrupt_after=2)
    assert printed(run(kernel, RUN.format(line="pass"))) == "went on False\n"


def test_the_first_display_of_a_run_is_an_image_alone(kernel):
    """It is what nbval sees of a live cell."""
    data = dict(run(kernel, RUN.format(line="pass")))["display_data"]["data"]
    assert re.sub("<img [^>]*>", "", data["text/html"]) == "<div></div>"


def test_a_stop_is_one_line():
    """A notebook shows the sentence in the place of a traceback."""
    assert Stopped("Not started.")._render_traceback_() == ["Not started."]


def test_this_machine_can_be_described():
    """The report names Python, the packages and the hardware."""
    expected = ["Python", "torch", "matplotlib", "jupyterlab", "ipywidgets", "anywidget", "cores", "memory", "disk"]
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
