"""Values as tables: a sign where they differ, numbers in line, and a large one cut where it differs."""

from __future__ import annotations

import re

import pytest
import torch

from grader.desks.view.value_table import laid_out, table, tables
from grader.learner.plain import Opaque

MATRIX = torch.tensor([[1.0, 0.25], [1 / 3, 0.0]])
LARGE = torch.zeros(200, 40)
CHANGED = LARGE.index_put((torch.tensor([57, 60]), torch.tensor([33, 34])), torch.tensor(1.0))
ANY = [None, Opaque("a module"), LARGE, torch.zeros(2, 3, 4), torch.zeros(0), torch.zeros(0, 3), torch.tensor(True)]
ANY += [[], [1, (2.0, None)], {}, {"a": torch.ones(1)}, "x" * 500, torch.tensor([torch.nan, -torch.inf]), {1: 2}]


def cells(html, tag="td"):
    """Give the text of a table's cells."""
    return [re.sub("<[^>]+>", "", cell) for cell in re.findall(rf"<{tag}\b.*?</{tag}>", html)]


@pytest.mark.parametrize("value", ANY)
@pytest.mark.parametrize("other", [None, torch.ones(2), [1], "x"])
def test_any_plain_value_has_a_view(value, other):
    """Whatever a learner returns can be shown, beside whatever was wanted."""
    assert "<table" in tables("yours", value, other)


@pytest.mark.parametrize(
    ("expected", "got", "signs"),
    [
        (MATRIX, MATRIX.T, 2),
        (MATRIX[0], MATRIX[1], 2),
        (torch.tensor(1.0), torch.tensor(2.0), 1),
        (torch.zeros(2, 2, 2), torch.ones(2, 2, 2), 4),
        (0.5, 0.25, 1),
        ([1, 2, 3], [1, 5], 2),
        ({"a": 1, "b": 2}, {"a": 1, "b": 3}, 1),
        ((MATRIX, MATRIX), (MATRIX, MATRIX.T), 2),
        (MATRIX, MATRIX.double(), 1),
        (MATRIX, MATRIX[:1], 1),
        (torch.tensor(0.5), 0.5, 1),
    ],
)
def test_what_differs_has_a_sign(expected, got, signs):
    """In the cells, or at the size where that is another one: not by colour alone."""
    assert tables("yours", got, expected).count("≠") == signs


@pytest.mark.parametrize("value", ANY)
def test_what_agrees_has_no_sign(value):
    """Equal values carry no mark."""
    assert "≠" not in tables("yours", value, value)


def test_a_marked_cell_has_a_border_of_its_own():
    """The sign does not stand alone, and is told in words."""
    html = table("yours", torch.tensor(1.0), torch.tensor(2.0))
    assert ("border:2px solid" in html, 'title="not equal"' in html) == (True, True)


def test_the_expected_answer_is_not_marked():
    """Only the learner's cells are wrong."""
    assert "≠" not in table("expected", MATRIX, MATRIX.T, mark=False)


def test_a_large_matrix_is_cut_where_it_differs():
    """The rows and columns around the first difference are shown, and what was left out is said."""
    shown = "shown: rows 55 to 62 of 200, columns 31 to 38 of 40; 2 differ in all"
    assert [shown in table(name, LARGE, CHANGED) for name in ("expected", "yours")] == [True, True]


def test_a_large_matrix_without_another_is_cut_at_the_end():
    """What an instructor's page shows begins at the beginning."""
    assert "shown: rows 0 to 7 of 200, columns 0 to 7 of 40<" in table("yours", CHANGED)


def test_a_long_row_is_cut_where_it_differs():
    """Lists and vectors are cut alike."""
    one, two = torch.zeros(40), torch.zeros(40)
    two[30] = 1
    shown = [laid_out(value, other).left_out for value, other in ((two, one), (two.tolist(), one.tolist()))]
    assert shown == ["shown: places 28 to 39 of 40; 1 differs in all"] * 2


def test_a_slice_is_named():
    """Of a value with three dimensions the first slice that differs is shown."""
    one, two = torch.zeros(3, 2, 2), torch.zeros(3, 2, 2)
    two[2, 1, 0] = 1
    assert laid_out(two, one).left_out == "shown: slice [2]; 1 differs in all"


def test_rows_and_columns_have_names():
    """The cells are found by number, as in the learner's code."""
    html = table("yours", MATRIX)
    assert (html.count('scope="row"'), html.count('scope="col"'), html.count("<caption")) == (2, 2, 1)


def test_numbers_stand_in_line():
    """All numbers of a column have as many digits behind the point."""
    assert cells(table("yours", MATRIX))[1:] == ["1.000", "0.25", "0.333", "0.00"]


def test_they_stand_in_line_with_those_beside_them():
    """The expected answer has as many digits as the learner's."""
    html = table("expected", torch.tensor([1.0, 0.5]), torch.tensor([1.0, 2 / 3]), mark=False)
    assert cells(html) == ["1", "0.500"]


@pytest.mark.parametrize("dtype", [torch.float32, torch.int64, torch.bool])
def test_likes_are_whole_numbers(dtype):
    """0 and 1 have no point and are no words."""
    assert cells(table("likes", torch.tensor([[1, 0]], dtype=dtype)))[1:] == ["1", "0"]


def test_two_numbers_that_differ_are_not_written_alike():
    """Where three digits do not tell them apart, six do."""
    assert cells(table("yours", torch.tensor(0.3334), torch.tensor(0.3332))) == ["≠ 0.3334"]


def test_text_keeps_its_contrast():
    """No tint is stronger than .55, and no text has a colour of its own."""
    html = table("yours", MATRIX * 100, MATRIX)
    strengths = [float(found) for found in re.findall(r"rgba\(33,118,199,([\d.]+)\)", table("yours", MATRIX * 100))]
    assert (max(strengths) <= 0.55, " color:" in html or ";color:" in html) == (True, False)


@pytest.mark.parametrize("banned", ["var(", "<svg", "<style", "aria-", "class=", "currentColor"])
def test_a_sanitiser_leaves_it_whole(banned):
    """Nothing is used that an untrusted notebook loses."""
    assert banned not in tables("yours", (MATRIX, MATRIX), (MATRIX, MATRIX.T))


def test_what_a_learner_wrote_is_escaped():
    """A string is text, also as a key."""
    assert "<b>" not in tables("<b>", {"<b>": "<b>"}, {"<b>": "<i>"})
