"""One notebook in the learner's process: what is run of it, and what is kept for each exercise."""

from __future__ import annotations

import ast
import sys
from types import ModuleType

import pytest

from grader.learner import grader_stand_in
from grader.learner.book import Book
from grader.learner.cells import clean, needed, statements, unparsed


@pytest.fixture
def run(monkeypatch):
    """Give a function that runs cells for the exercises `one` and `two`, which ask for `A`, and gives the book."""
    monkeypatch.setitem(sys.modules, "__main__", sys.modules["__main__"])
    monkeypatch.setitem(sys.modules, "grader", grader_stand_in)
    for exercise in ("one", "two"):
        monkeypatch.setitem(sys.modules, f"probes.{exercise}", ModuleType(exercise))

    def run_cells(*cells, own=True, fixed=None, seconds=5):
        tasks = [{"exercise": exercise, "names": ["A"], "notebook": 0, "own": own} for exercise in ("one", "two")]
        texts = [{"source": source, "exercise": exercise} for exercise, source in cells]
        book = Book({"notebooks": [{"stage": "s", "cells": texts}], "tasks": tasks}, 0, lambda answers: None)
        book.run(seconds, fixed or {}, lambda message: None)
        return book

    return run_cells


def kept(*cells, names=("f",)):
    """Give the statements that are run for the sake of some names."""
    return [ast.unparse(item.node) for item in needed(statements(list(cells)), set(names))]


def test_answers_go_to_their_exercises(run):
    """An answer cell's definition counts for its own exercise, one in any other cell for both."""
    answers = run((None, "A = 1"), ("two", "A = 2")).answers
    assert answers == {"one": {"A": 1}, "two": {"A": 2}}


@pytest.mark.parametrize(("own", "answer"), [(True, {"A": 1}), (False, {})])
def test_a_shared_name_that_is_not_meant_for_it(run, own, answer):
    """What does not belong to an exercise is taken in its own stage's notebook, where nothing else is."""
    sys.modules["probes.one"].belongs = lambda value: value == 2
    assert run((None, "A = 1"), own=own).answers["one"] == answer


def test_a_shared_name_goes_where_it_belongs(run):
    """Of two definitions of a shared name each exercise gets the one that is meant for it."""
    sys.modules["probes.one"].belongs = lambda value: value == 1
    answers = run((None, "A = 1\nA = 2")).answers
    assert (answers["one"], answers["two"]) == ({"A": 1}, {"A": 2})


def test_earlier_work_that_is_not_there(run):
    """What `grader.earlier` could not give is no answer."""
    assert run((None, "import grader\nA = grader.earlier('x')")).answers == {}


def test_errors_take_nothing_with_them(run):
    """What follows an error in the same cell still runs."""
    assert run((None, "B = undefined\nA = 1; A.x = B\nA = 2")).answers["one"] == {"A": 2}


def test_failures_are_kept(run):
    """Why a definition did not run, and in which line, is known by its name."""
    failed = run((None, "\nclass A(undefined): pass")).failed["A"]
    assert failed == "NameError: name 'undefined' is not defined in line 2 of your cell, `class A(undefined): pass`"


def test_a_cut_names_its_line(run):
    """A definition that never ends is told with the line where it was stopped."""
    failed = run((None, "def A(n):\n    while n: pass\nA = A(3)"), seconds=0.2).failed["A"]
    assert failed == "it met the cell's time limit in line 2 of your cell, `while n: pass`, where `n` is 3"


@pytest.mark.parametrize("cell", ["A = {'a': 'b' 'c' \"d\" e}", "def A(x, x): pass", "A = (yield"])
@pytest.mark.parametrize("earlier", ["A = grader.earlier('one')", "A, B = grader.earlier('one')"])
def test_earlier_work_hides_no_failure(run, cell, earlier):
    """Where a cell fails, and the notebook goes on with `grader.earlier`, the cell's own error is what is told."""
    book = run((None, "import grader"), ("one", cell), (None, earlier))
    assert (book.answers, book.failed["A"].split(":")[0]) == ({}, "SyntaxError")


def test_a_failure_that_was_mended_is_forgotten(run):
    """What a later cell binds after all has no failure."""
    assert run((None, "A = undefined"), (None, "A = 1")).failed["A"] == ""


def test_handed_names_stay(run):
    """What was handed in holds its name against the learner's own definitions."""
    assert run((None, "B = 1"), (None, "A = B"), fixed={"B": 7}).answers["one"] == {"A": 7}


def test_local_names_need_nothing():
    """A function's own variables do not call for the cells that bind the same names."""
    assert kept("x = slow()", "def f(x):\n    return x") == ["def f(x):\n    return x"]


def test_a_class_is_changed_from_outside():
    """An assignment to an attribute belongs to what it changes."""
    assert kept("class f: pass", "f.forward = 1") == ["class f:\n    pass", "f.forward = 1"]


def test_long_chains_are_fast():
    """Ten thousand cells that build on each other are sorted out at once."""
    assert len(kept(*(f"a{i + 1} = a{i}" for i in range(10_000)), names=("a10000",))) == 10_000


@pytest.mark.parametrize("line", ["# why?", "x = 1  # why?", "a" * 1_000_000])
def test_python_stays(line):
    """A line that is no magic stays as it is beside one that is, however long it may be."""
    assert clean(f"%time\n{line}") == f"pass\n{line}"


def test_unparsed():
    """A cell that is no Python says which names it would define and why it does not."""
    assert unparsed("def f()\n    pass", {"f"}) == {"f": "SyntaxError: expected ':' (line 1)"}


@pytest.mark.parametrize("line", ["f = {", "f: dict = {", "g, f = (", "class f(\nx", "async def f(:"])
def test_what_a_broken_cell_would_define(line):
    """Assignments at the margin are definitions as much as functions and classes are."""
    assert list(unparsed(line, {"f"})) == ["f"]


@pytest.mark.parametrize("line", ["f == (", "f(1, 2", "print(\n    f=1,", "    f = (", "f = grader.earlier('f'"])
def test_what_a_broken_cell_would_not_define(line):
    """A comparison, a call, a keyword and earlier work define nothing."""
    assert unparsed(line, {"f"}) == {}
