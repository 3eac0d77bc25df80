"""Marks by hand: merged all or none, above the machine's, and flagged where the answer has changed since."""

from __future__ import annotations

import json
import re

import pytest
from graded import graded_class, record, table
from submitted import IMPORT, notebook

from grader.__main__ import main
from grader.desks.by_hand import HandMarks
from grader.desks.gradebooks import keep_rosters

HEAD = "submission,exercise,points,comment\n"
ESSAY = "essay_contrastive"


@pytest.fixture
def out(tmp_path):
    """Give the results of a class of two."""
    return graded_class(tmp_path / "out", record("ada"), record("=bob"))


def merge(out, text, name="marks.csv"):
    """Merge a file of marks; give the exit status."""
    file = out.parent / name
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return main(["mark", str(out), str(file)])


def points(out, submission="ada", exercise=ESSAY):
    """Read the points of one exercise in `grades.csv`."""
    return next(row[exercise] for row in table(out / "grades.csv") if row["submission"].strip("'") == submission)


def filled(out, points, submission="ada", **cells):
    """Fill in a row of the file for marking, as a spreadsheet would; give the file's text."""
    rows = table(out / "to_mark.csv")
    for row in rows:
        row.update({"points": points, **cells} if row["submission"] == submission else {})
    lines = [rows[0].keys(), *(row.values() for row in rows)]
    return "\ufeff" + "".join(";".join('"' + cell.replace('"', '""') + '"' for cell in line) + "\r\n" for line in lines)


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


def test_the_file_for_marking_comes_back(out):
    """The file that was written is taken when it is filled in, texts of several lines and all."""
    assert (merge(out, filled(out, "5"), "to_mark.csv"), points(out)) == (0, "5")


def test_a_name_that_was_defused(out):
    """A name that was defused for the spreadsheet is known again."""
    assert (merge(out, HEAD + "'=bob,iou,1,\n"), points(out, "=bob", "iou")) == (0, "1")


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ("ada,iou,1,\neve,iou,1,\n", "line 3: there is no submission `eve`"),
        ("ada,iuo,1,\n", "line 2: there is no exercise `iuo` in the course; there is `iou`"),
        ("ada,iou,one,\n", "line 2: `one` is no number of points. Write 0 to 4"),
        ("ada,iou,nan,\n", "line 2: `nan` is no number"),
        ("ada,iou,-1,\n", "line 2: -1 points for `iou`, which takes 0 to 4."),
        ("ada,iou,4.5,\n", "line 2: 4.5 points for `iou`, which takes 0 to 4."),
        (
            "ada,iou,1,\nada,iou,2,\n",
            "line 3: `iou` of `ada` has two marks: `1 points` (line 2) and `2 points` (line 3)",
        ),
        ("ada,iou,1,\nada,iou,-,\n", "has two marks"),
        ('ada,iou,1,"x\ny"\nada,iou,x,\n', "line 4 (row 3 in a spreadsheet): `x` is no number"),
    ],
)
def test_refused_as_a_whole(out, rows, says, capsys):
    """One thing that cannot be a mark: status 2, one sentence that names line and value, and nothing is merged."""
    status = merge(out, HEAD + f"ada,{ESSAY},3,\n" + rows)
    said = capsys.readouterr().err
    assert (status, said.count("\n"), _shifted(says) in said, points(out)) == (2, 1, True, "0")


def _shifted(says):
    """Count the good row that stands before the bad ones."""
    return re.sub(r"(line|row) (\d+)", lambda found: f"{found[1]} {int(found[2]) + 1}", says)


@pytest.mark.parametrize("text", ["", "a,b\n1,2\n", "submission;points\nada;1\n"])
def test_no_marks_in_the_file(out, text, capsys):
    """A file without the columns is refused with one sentence."""
    assert (merge(out, text), capsys.readouterr().err.count("\n")) == (2, 1)


def test_no_graded_class(tmp_path, capsys):
    """A folder that holds no results is refused with one sentence, and nothing is made in it."""
    assert (merge(tmp_path / "x", HEAD), "holds no graded class" in capsys.readouterr().err) == (2, True)


@pytest.mark.parametrize("word", ["-", "clear", "Clear"])
def test_a_mark_is_taken_back(out, word):
    """A word takes a mark back, and the machine's stands again."""
    merge(out, HEAD + "ada,iou,1,\n")
    assert (merge(out, HEAD + f"ada,iou,{word},\n"), points(out, exercise="iou")) == (0, "2")


def test_all_files_follow(out):
    """The JSON and the page say the mark and the comment as well."""
    merge(out, HEAD + "ada,essay_contrastive,6,well <argued>\n")
    tree = json.loads((out / "ada.json").read_text(encoding="utf-8"))
    page = (out / "ada.html").read_text(encoding="utf-8")
    assert (
        next(one["status"] for one in tree["exercises"] if one["id"] == ESSAY),
        tree["score"],
        "well &lt;argued&gt;" in page,
    ) == ("correct", 8, True)


def test_gradebooks_follow(tmp_path):
    """A gradebook that the last run was asked for is written again, from the roster that it was given then."""
    roster = tmp_path / "roster.csv"
    roster.write_text("Student,ID,Section,Autoencoders (1)\nPoints Possible,,,12\nAda,1,S,\n")
    (tmp_path / "out").mkdir()
    keep_rosters(tmp_path / "out", {"canvas": roster})
    roster.unlink()
    out = graded_class(tmp_path / "out", record("ada"), formats=("canvas", "gradescope"))
    merge(out, HEAD + "ada,essay_contrastive,6,\n")
    gradescope = json.loads((out / "gradescope" / "ada.json").read_text(encoding="utf-8"))
    assert (table(out / "canvas.csv")[1]["Autoencoders (1)"], gradescope["score"]) == ("8", 8)


def changed(out):
    """Have a new run find another text; give the row of the file for marking."""
    graded_class(out, record("ada", texts={"two_words": "new"}), record("=bob"))
    return row_of_ada(out)


def row_of_ada(out):
    """Give the row of the file for marking."""
    return next(row for row in table(out / "to_mark.csv") if row["submission"] == "ada")


def test_a_mark_survives_a_new_run(out):
    """A person's mark stands also where the answer has changed, and is flagged in the file and for the staff."""
    merge(out, HEAD + f"ada,{ESSAY},4,fine\n")
    row = changed(out)
    notes = (out / "staff_notes.txt").read_text(encoding="utf-8")
    assert [row["points"], row["comment"], bool(row["changed"]), ESSAY in notes, points(out)] == [
        "4",
        "fine",
        True,
        True,
        "4",
    ]


def test_a_flag_stays_where_nobody_read_again(out):
    """Merging the file once more does not say that the new answer was read."""
    merge(out, HEAD + f"ada,{ESSAY},4,fine\n")
    changed(out)
    merge(out, filled(out, "4"), "again.csv")
    assert row_of_ada(out)["changed"] != ""


@pytest.mark.parametrize("cells", [{"changed": ""}, {"comment": "still fine"}])
def test_a_flag_goes_where_somebody_did(out, cells):
    """Emptying the flag, or another mark, says that the answer was read again."""
    merge(out, HEAD + f"ada,{ESSAY},4,fine\n")
    changed(out)
    merge(out, filled(out, "4", **cells), "again.csv")
    assert row_of_ada(out)["changed"] == ""


def test_a_file_that_is_older_than_the_answer(out):
    """Marks that were given beside an old text are flagged, whenever they are merged."""
    old = filled(out, "3")
    changed(out)
    merge(out, old)
    assert row_of_ada(out)["changed"] != ""


def test_a_comment_without_points(out, capsys):
    """A comment that has no points is no mark, and is named."""
    merge(out, HEAD + "ada,iou,,why\n")
    assert ("line 2: a comment without points" in capsys.readouterr().err, HandMarks(out).marks) == (True, {})


def test_a_mark_survives_grading_anew(tmp_path):
    """A person's mark stands after a new run that grades everything again, and fills the file for marking."""
    essay = notebook(IMPORT, (ESSAY, f'{ESSAY} = {{"two_words": "a"}}'))
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "ada.ipynb").write_text(essay)
    grade = ["grade", str(tmp_path / "in"), "--out", str(tmp_path / "out"), "--force"]
    main(grade)
    merge(tmp_path / "out", HEAD + f"ada,{ESSAY},5.5,fine\n")
    main(grade)
    assert (points(tmp_path / "out"), row_of_ada(tmp_path / "out")["points"]) == ("5.5", "5.5")
