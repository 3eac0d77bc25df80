"""Answers changed by machine: every kind of slip is made, one at a time."""

import ast

import pytest

from grader.trials.mutants import mutants

KINDS = {
    "an operator": ("a + b", "a + b -> a - b"),
    "a comparison": ("a < b", "a < b -> a <= b"),
    "a sign": ("-a", "-a -> a"),
    "a constant": ("a.sum(dim=1)", "1 -> 0"),
    "a reduction": ("a.sum(dim=1)", "a.sum(dim=1) -> a.mean(dim=1)"),
    "a dropped call": ("a.clamp(b)", "a.clamp(b) -> a"),
    "a dropped keyword": ("a.sum(dim=1)", "a.sum(dim=1) -> a.sum()"),
    "swapped arguments": ("f(a, b)", "f(a, b) -> f(b, a)"),
    "a product turned round": ("a @ b", "a @ b -> b @ a"),
    "the wrong parameter": ("f(a)", "a -> b"),
    "a branch": ("a if b else c", "a if b else c -> c if b else a"),
}


def changes(expression):
    """List the changes of a function of a, b that returns an expression."""
    return [mutant.change for mutant in mutants(f"def f(a, b):\n    return {expression}\n")]


@pytest.mark.parametrize("kind", KINDS)
def test_a_slip_of_each_kind(kind):
    """The change is among those made."""
    expression, change = KINDS[kind]
    assert change in changes(expression)


def test_each_change_is_named_once():
    """Two places with the same text are told apart by a number."""
    assert [change for change in changes("a + 1 + (b + 1)") if change.startswith("1 -> 2")] == ["1 -> 2", "1 -> 2 (2)"]


def test_one_place_is_changed():
    """The rest of the text stays as it was."""
    changed = {mutant.change: mutant.source for mutant in mutants("def f(a, b):\n    return a + b * a\n", "c = 1\n")}
    assert changed["a + b * a -> a - b * a"] == "c = 1\ndef f(a, b):\n    return a - b * a"


def test_words_and_names_are_left_alone():
    """What an error says and what a function is called is no part of the answer."""
    assert mutants("import torch\ndef f(a):\n    '''Words.'''\n    raise ValueError('1' + str(1))\n") == []


def test_every_change_can_be_read():
    """What comes out is Python."""
    source = "def f(a, b):\n    if a > 1:\n        b += a[1:]\n    return a, not b\n"
    assert all(ast.parse(mutant.source) for mutant in mutants(source))
