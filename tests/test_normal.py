"""What counts as the same answer, whatever its names and its layout."""

from __future__ import annotations

import pytest

from grader.desks.alike.normal import forms, words_of

ANSWER = """
def total(values, start=0):
    found = start
    for value in values:
        found = found + value.sum(dim=1)
    return found
"""
RENAMED = '''
def total(xs: list, s: int = 0) -> "Tensor":
    """Add up."""
    out: Tensor = s
    for x in xs:  # each
        out = (out
               + x.sum(dim=1))
    return out
'''
CLASS = """class Net(Module):
    def __init__(self):
        self.a = 1
    def forward(self, x):
        return self.a * x
"""


def text(source):
    """Give the normal form of the one definition in a text."""
    return forms(source)[0].text


def test_names_and_layout():
    """Names, notes, annotations and layout do not count."""
    assert text(RENAMED) == text(ANSWER)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("+ value", "- value"),
        ("dim=1", "dim=0"),
        ("start=0", "start=1"),
        (".sum", ".mean"),
        ("return found", "return value"),
    ],
)
def test_what_it_does_counts(old, new):
    """An answer that does something else has another form."""
    assert text(ANSWER.replace(old, new)) != text(ANSWER)


def test_exchanged_names():
    """Two names that are exchanged in one place alone make another form."""
    assert text("def f(a, b):\n    return a - b") != text("def f(a, b):\n    return b - a")


def test_attributes():
    """A class's own attributes may be renamed; those of others may not."""
    assert text(CLASS.replace("self.a", "self.weight")) == text(CLASS)


def test_names_of_others():
    """A call of somebody else's function keeps its name."""
    assert text("def f(x):\n    return union(x)") != text("def f(x):\n    return intersection(x)")


@pytest.mark.parametrize("source", ["def f(:", "", "x = 1", "def f():\n    " + "(" * 300 + ")" * 300, "\0"])
def test_no_answer(source):
    """What is no definition has no form."""
    assert forms(source) == ()


def test_nothing_but_a_docstring():
    """A function of which nothing stays has a form all the same."""
    assert text('def f(x):\n    """Hm."""') == text("def g(y):\n    ...")


def test_words():
    """A free text's form is its words."""
    assert words_of("A  loss, PULLS!").text == "a loss pulls"
