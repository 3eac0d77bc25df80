"""The file of marks: every form of it that spreadsheets write, and what is refused as a whole."""

from __future__ import annotations

import re

import pytest
from graded import graded_class, merge, points, record, table

from grader.desks.by_hand.marks import HandMarks

HEAD = "submission,exercise,points,comment\n"


@pytest.fixture
def out(tmp_path):
    """Give the results of a class of two."""
    return graded_class(tmp_path / "out", record("ada"), record("=bob"))


@pytest.mark.parametrize(
    "text",
    [
        HEAD + "ada,essay_contrastive,4.5,good\n",
        "\ufeff" + HEAD.replace(",", ";") + "ada;essay_contrastive;4,5;good\r\n",
        ("\ufeff" + HEAD + "ada,essay_contrastive,4.5,good\n").encode("utf-16-le"),
        "points,exercise,submission\n4.5,essay_contrastive,ada\n",
        HEAD + "ada,essay_contrastive,4.5,x\nada,essay_contrastive,4.5,x\n=bob,iou,,\n\n",
    ],
)
def test_forms_of_the_file(out, text):
    """Commas, semicolons, marks of encodings, decimal commas, other orders and empty points are all read."""
    assert (merge(out, text), points(out)) == (0, "4.5")


def test_a_name_that_was_defused(out):
    """A name that was defused for the spreadsheet is known again."""
    assert (merge(out, HEAD + "'=bob,iou,1,\n"), points(out, "=bob", "iou")) == (0, "1")


def test_names_that_differ_by_a_quote(tmp_path):
    """A mark goes to the submission whose row it was typed into, also where a name differs by a quote alone."""
    out = graded_class(tmp_path / "out", record("=eve"), record("'=eve"))
    rows = table(out / "to_mark.csv")
    quoted = next(row["submission"] for row in rows if row["submission"] != "'=eve")
    merge(out, HEAD + f"{quoted},iou,1,\n")
    given = HandMarks(out).marks
    assert (len({row["submission"] for row in rows}), list(given)) == (2, ["'=eve"])


@pytest.mark.parametrize(("cell", "name"), [("ada ", "ada "), (" ada", "ada"), ("ada", "ada")])
def test_spaces_around_a_name(tmp_path, cell, name):
    """Spaces around a name count where a submission has them, and are passed over elsewhere."""
    out = graded_class(tmp_path / "out", record("ada"), record("ada "))
    merge(out, HEAD + f"{cell},iou,1,\n")
    assert list(HandMarks(out).marks) == [name]


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ("ada,iou,1,\neve,iou,1,\n", "line 3: there is no submission `eve`"),
        ("ada,iuo,1,\n", "line 2: there is no exercise `iuo` in the course; there is `iou`"),
        ("ada,iou,one,\n", "line 2: `one` is no number of points. Write 0 to 4"),
        ("ada,iou,1,a, b\n", "line 2: ` b` stands behind the last column, `comment`. Put a cell that holds a `,` into"),
        ("ada,iou,1_0,\n", "line 2: `1_0` is no number"),
        ("ada,iou,inf,\n", "line 2: `inf` is no number"),
        ("ada,iou,nan,\n", "line 2: `nan` is no number"),
        ("ada,iou,-1,\n", "line 2: -1 points for `iou`, which takes 0 to 4."),
        ("ada,iou,4.5,\n", "line 2: 4.5 points for `iou`, which takes 0 to 4."),
        (
            "ada,iou,1,\nada,iou,2,\n",
            "line 3: `iou` of `ada` has two marks: `1 points` (line 2) and `2 points` (line 3)",
        ),
        ("ada,iou,1,\nada,iou,-,\n", "has two marks"),
        ("ada,iou,1,\nada,iou,,why\n", "has two marks: `1 points` (line 2) and `no points` (line 3)"),
        ("eve,iou,,why\n", "line 2: there is no submission `eve`"),
        ('ada,iou,1,"x\ny"\nada,iou,x,\n', "line 4 (row 3 in a spreadsheet): `x` is no number"),
    ],
)
def test_refused_as_a_whole(out, rows, says, capsys):
    """One thing that cannot be a mark: status 2, one sentence that names line and value, and nothing is merged."""
    status = merge(out, HEAD + "ada,essay_contrastive,3,\n" + rows)
    said = capsys.readouterr().err
    assert (status, said.count("\n"), _shifted(says) in said, points(out)) == (2, 1, True, "0")


def _shifted(says):
    """Count the good row that stands before the bad ones."""
    return re.sub(r"(line|row) (\d+)", lambda found: f"{found[1]} {int(found[2]) + 1}", says)


@pytest.mark.parametrize("text", ["", "a,b\n1,2\n", "submission;points\nada;1\n"])
def test_no_marks_in_the_file(out, text, capsys):
    """A file without the columns is refused with one sentence."""
    assert (merge(out, text), capsys.readouterr().err.count("\n")) == (2, 1)
