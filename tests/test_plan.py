"""Which notebook of a submission answers which exercise."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from submitted import notebook, similarity

from grader.desks.submissions.ipynb import read_notebook
from grader.desks.submissions.plan import definition, names_in, plan, stages_of
from grader.exercise import Exercise, load

EXERCISES = tuple(load(key) for key in ("intersection", "union", "iou"))
STUBS = similarity(intersection="", union="", iou="")


def book(text, name="x.ipynb", modified=0.0):
    """Read a notebook's text."""
    return read_notebook(name, text.encode(), modified)


def fake(exercise, *names):
    """Make an exercise of the course that asks for other names."""
    stub = "\n".join(f"class {name}: pass" for name in names)
    return Exercise(exercise, SimpleNamespace(NAMES=names, STUB=stub, NEEDS=()), SimpleNamespace())


def stages(name, text):
    """Give the numbers of the stages that a notebook is taken for."""
    return [stage.number for stage in stages_of(book(text, name), EXERCISES)]


def place(exercise, *books, exercises=EXERCISES):
    """Give where an exercise is judged: the notebook's number and whether it is of its stage, None for nowhere."""
    found = plan(books, exercises).places.get(exercise)
    return found and (found.notebook, found.own)


@pytest.mark.parametrize(
    "name",
    [
        "02.ipynb",
        "02 (1).ipynb",
        "02-Copy1.ipynb",
        "02_intersection_over_union.ipynb",
        "a/03 b/Copy of 02_x.ipynb",
    ],
)
def test_stage_by_number(name):
    """A stage is known by its number in the file's name, whatever else stands there."""
    assert stages(name, similarity(intersection=None, union=None, iou=None)) == [2]


def test_stage_by_metadata():
    """Without a number, the answer cells' metadata tell the stages."""
    assert stages("alice.ipynb", notebook(("iou", "pass"), ("pair_dataset", "pass"))) == [2, 3]


def test_stage_by_names():
    """Without either, the names defined tell it."""
    assert stages("alice 2024.ipynb", notebook((None, "def union(likes): pass"))) == [2]


def test_own_stage_first():
    """An exercise is judged in its stage's notebook, also where a later one defines it as well."""
    assert place("iou", book(similarity(), "03.ipynb"), book(similarity(), "02.ipynb")) == (1, True)


def test_other_notebook():
    """Where its stage has none of its names, another notebook's are judged."""
    assert place("iou", book(similarity(iou=None), "02.ipynb"), book(similarity(), "03.ipynb")) == (1, False)


def test_nowhere():
    """An exercise that nobody defines has no place."""
    assert place("iou", book(similarity(iou=None), "02.ipynb")) is None


def test_answer_cell_of_another():
    """A definition inside another exercise's answer cell is left aside."""
    assert place("union", book(notebook(("iou", "def union(likes): pass")), "02.ipynb")) is None


@pytest.mark.parametrize(
    ("one", "two", "chosen"),
    [
        (book(similarity(iou=None), "02.ipynb", 9), book(STUBS, "02 (1).ipynb"), 0),
        (book(STUBS, "02.ipynb", 9), book(similarity(iou=None), "02 (1).ipynb"), 1),
        (book(similarity(), "02.ipynb", 2), book(similarity(), "02 (1).ipynb", 1), 0),
        (book(similarity(), "02.ipynb"), book(similarity(), "02 (1).ipynb"), 1),
        (book(similarity(), "02 (9).ipynb"), book(similarity(), "02 (10).ipynb"), 1),
    ],
)
def test_several_of_a_stage(one, two, chosen):
    """Of several notebooks of a stage the one with most answers counts, then the last changed, then the later name."""
    assert place("intersection", one, two) == (chosen, True)


def test_several_of_a_stage_are_told():
    """The learner reads which of several notebooks was judged."""
    found = plan([book(STUBS, "02.ipynb"), book(similarity(), "02 (1).ipynb")], EXERCISES)
    assert found.warnings == (
        "There are several notebooks of stage 02: `02.ipynb` and `02 (1).ipynb`. `02 (1).ipynb` was judged.",
    )


def test_a_shared_name_stays_in_its_stage():
    """A name that two exercises ask for is not taken from the other one's notebook."""
    two = (fake("pair_dataset", "AutoEncoder"), fake("masked_autoencoder", "AutoEncoder"))
    text = notebook((None, "class AutoEncoder: x = 1"))
    assert place("pair_dataset", book(text, "04.ipynb"), exercises=two) is None


@pytest.mark.parametrize(("answers", "stub"), [({"iou": ""}, True), ({}, False)])
def test_stub(answers, stub):
    """An answer that is still its stub is known by its text."""
    assert plan([book(similarity(**answers), "02.ipynb")], EXERCISES).places["iou"].stub == stub


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("def f(x): pass\n  def g(): pass", ["f"]),
        ("async def f(): pass", ["f"]),
        ("class A(B):\n    x = 1", ["A"]),
        ("a = 1", ["a"]),
        ("a, b = 1, 2", ["a", "b"]),
        ("a: int = 1", ["a"]),
        ("a == 1", []),
        ("a = grader.earlier('x')", []),
        ("f(a=1)", []),
        ("# a = 1", []),
    ],
)
def test_names_in(source, found):
    """A name is defined by a function, a class or an assignment at the left margin."""
    assert list(names_in(source)) == found


def test_definition():
    """The text of a definition has its decorators, and magics around it do not hide it."""
    assert definition("%time\n@d\ndef f():\n    return 1\nf?", "f") == "@d\ndef f():\n    return 1"
