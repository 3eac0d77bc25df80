"""Cells made plain Python, and cut down to what an exercise needs."""

from __future__ import annotations

import ast
import dis

import pytest

from grader.learner.cells import LOADS, STORES, _codes, _named, clean, needed, statements

CELLS = [
    "import torch\nfrom math import pi",
    "likes = torch.zeros(3)\nplot(likes)",
    "scale = 2\ntable = {}",
    "table['a'] = 1",
    "def helper(x):\n    return scale * x * len(table)",
    "train(helper)\nfor epoch in range(10**9):\n    train(likes)",
    "def answer(x):\n    return helper(x)",
    "if True:\n    def other(x):\n        return x",
]


def kept(*names):
    """Give the source of the kept statements."""
    return [ast.unparse(item.node) for item in needed(statements(CELLS), set(names))]


def test_training_and_plots_are_left_out():
    """Only imports, and what the answer uses, are kept in the order written."""
    assert kept("answer") == [
        "import torch",
        "from math import pi",
        "scale = 2",
        "table = {}",
        "table['a'] = 1",
        "def helper(x):\n    return scale * x * len(table)",
        "def answer(x):\n    return helper(x)",
    ]


def test_what_an_annotation_names_is_kept():
    """Python looks an annotation's names up when it defines the function, so what binds them is needed."""
    cells = ["Likes = list[int]\nother = 1", "def answer(likes: Likes):\n    return likes"]
    assert ast.unparse(needed(statements(cells), {"answer"})[0].node) == "Likes = list[int]"


def test_a_definition_inside_a_condition_counts():
    """A name bound inside a compound statement is found."""
    assert kept("other")[-1].startswith("if True:")


@pytest.mark.parametrize(
    ("source", "plain"),
    [
        ("%matplotlib inline\nx = 1", "pass\nx = 1"),
        ("!pip install x\ny = 2", "pass\ny = 2"),
        ("if True:\n    %time f()", "if True:\n    pass"),
        ("%%time\nx = 1", "pass\nx = 1"),
        ("%%bash\nrm x", ""),
        ("torch.zeros?\nx = 1", "pass\nx = 1"),
        ("files = !ls\nx = 1", "pass\nx = 1"),
        ("x = 5 % 3", "x = 5 % 3"),
    ],
)
def test_magics_become_plain_python(source, plain):
    """What only IPython understands is blanked out, line by line."""
    assert clean(source) == plain


@pytest.mark.parametrize("source", ["def f(:", "x = (", "(" * 10_000, "\x00"])
def test_a_cell_that_is_no_python_gives_nothing(source):
    """Such a cell is passed over, and the others stay."""
    assert [item.cell for item in statements([source, "x = 1"])] == [1]


def test_names_are_read_as_python_itself_reads_them():
    """The quick look at the code finds what `dis` finds, also behind 256 names: a newer Python may differ."""
    many = "\n".join(f"name{i} = other{i} + 1" for i in range(300)) + "\ndef work(x):\n    return name299(x) + len(x)"
    codes = list(_codes(compile(many, "<cells>", "exec")))
    told = [{i.argval for i in dis.get_instructions(code) if i.opname in LOADS | STORES} for code in codes]
    assert [set(_named(code, LOADS | STORES)) for code in codes] == told
