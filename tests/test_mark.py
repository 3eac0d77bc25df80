"""Marks by hand: merged all or none, above the machine's, and flagged where the answer has changed since."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from graded import graded_class, merge, points, record, table
from submitted import IMPORT, notebook

from grader.__main__ import main
from grader.desks.by_hand.marks import HandMarks
from grader.desks.gradebooks.fill import keep_rosters
from grader.desks.records.last_run import last_run

HEAD = "submission,exercise,points,comment\n"
ESSAY = "essay_contrastive"


@pytest.fixture
def out(tmp_path):
    """Give the results of a class of two."""
    return graded_class(tmp_path / "out", record("ada"), record("=bob"))


def filled(out, points, submission="ada", **cells):
    """Fill in a row of the file for marking, as a spreadsheet would; give the file's text."""
    rows = table(out / "to_mark.csv")
    for row in rows:
        row.update({"points": points, **cells} if row["submission"] == submission else {})
    lines = [rows[0].keys(), *(row.values() for row in rows)]
    return "\ufeff" + "".join(";".join('"' + cell.replace('"', '""') + '"' for cell in line) + "\r\n" for line in lines)


def test_the_file_for_marking_comes_back(out):
    """The file that was written is taken when it is filled in, texts of several lines and all."""
    assert (merge(out, filled(out, "5"), "to_mark.csv"), points(out)) == (0, "5")


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
    noted = ESSAY in (out / "staff_notes.txt").read_text(encoding="utf-8")
    seen = row["points"], row["comment"], bool(row["changed"]), noted, points(out)
    assert seen == ("4", "fine", True, True, "4")


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


def test_any_answer_that_has_changed(out):
    """Code that was marked by hand and has changed since is in the file for marking until somebody reads it again."""
    merge(out, HEAD + "ada,union,1,fine\n")
    seen = [row["exercise"] for row in table(out / "to_mark.csv")]
    graded_class(out, rewritten(record("ada"), "union", "def union(likes): ..."), record("=bob"))
    row = next(row for row in table(out / "to_mark.csv") if row["exercise"] == "union")
    assert (row["answer"], row["points"], row["changed"] != "") == ("def union(likes): ...", "1", True)
    merge(out, HEAD.replace("comment", "comment,changed") + "ada,union,1,fine,\n")
    assert seen == [row["exercise"] for row in table(out / "to_mark.csv")]


def rewritten(found, exercise, answer):
    """Give a submission in which one answer has another text."""
    lines = (replace(line, answer=answer) if line.id == exercise else line for line in found.lines)
    return replace(found, lines=tuple(lines))


def test_a_file_that_is_older_than_the_answer(out):
    """Marks that were given beside an old text are flagged, whenever they are merged."""
    old = filled(out, "3")
    changed(out)
    merge(out, old)
    assert row_of_ada(out)["changed"] != ""


def typed(out, points, **cells):
    """Fill in the file for marking where it lies, and merge it."""
    (out / "to_mark.csv").write_text(filled(out, points, **cells), encoding="utf-8")
    return main(["mark", str(out), str(out / "to_mark.csv")])


@pytest.mark.parametrize("exercise", ["iou", ESSAY])
def test_a_comment_without_points(out, exercise, capsys):
    """A comment that has no points is no mark, is named, and waits in the file for marking."""
    merge(out, HEAD + f"ada,{exercise},,why\n")
    said = "line 2: a comment without points" in capsys.readouterr().err
    waits = [row["points"] for row in table(out / "to_mark.csv") if row["comment"] == "why"]
    assert (said, HandMarks(out).marks, waits) == (True, {}, [""])


def test_a_comment_outlives_its_file(out):
    """A comment that was typed into the file for marking stands in every later one until it gets its points."""
    typed(out, "", comment="why")
    graded_class(out, record("ada"), record("=bob"))
    seen = [row_of_ada(out)["comment"]]
    typed(out, "3")
    assert [*seen, row_of_ada(out)["comment"], "why" in (out / "ada.html").read_text()] == ["why", "why", True]


def test_a_comment_is_dropped(out):
    """A dash drops a comment that waits."""
    typed(out, "", comment="why")
    typed(out, "-")
    assert (row_of_ada(out)["comment"], HandMarks(out).comments) == ("", {})


def test_marks_whose_submission_is_gone(out, capsys):
    """Marks of a submission that has another name now are told, on stderr and to the staff, and are not lost."""
    merge(out, HEAD + "=bob,iou,1,fine\n=bob,union,,why\nada,iou,2,\n")
    capsys.readouterr()
    graded_class(out, record("ada"), record("bob"))
    said = "`=bob` is not in this run, and what a person marked in it counts for nobody: iou (1 point), union (a comm"
    seen = said in capsys.readouterr().err, said in (out / "staff_notes.txt").read_text(encoding="utf-8")
    assert (*seen, "=bob" in HandMarks(out).marks) == (True, True, True)


def test_marks_of_a_submission_that_is_gone_are_taken_back(out, capsys):
    """A dash forgets such a mark, and nothing is said of it any more."""
    merge(out, HEAD + "=bob,iou,1,fine\n=bob,union,,why\n")
    graded_class(out, record("ada"), record("bob"))
    capsys.readouterr()
    status = merge(out, HEAD + "'=bob,iou,-,\n=bob,union,-,\n")
    assert (status, "=bob" in capsys.readouterr().err) == (0, False)


def test_a_comment_beside_a_mark_that_stands(out, capsys):
    """Where a mark stands, another comment without points finds no room: the file that holds it is kept aside."""
    merge(out, HEAD + f"ada,{ESSAY},4,fine\n")
    typed(out, "", comment="why")
    aside = (out / "to_mark_unmerged_1.csv").read_text(encoding="utf-8")
    said = "the mark of 4 stays as it was" in capsys.readouterr().err
    assert ("why" in aside, said, row_of_ada(out)["comment"]) == (True, True, "fine")


DAMAGED = ["{", "[]", '{"ada": {"iou": {"points": "x"}}}', '{"ada": {"iou": {"points": 1}}}']


@pytest.mark.parametrize(("command", "text"), [("grade", "{"), *(("mark", text) for text in DAMAGED)])
def test_damaged_marks(out, command, text, capsys):
    """Where the marks that were given cannot be read, either command says so in one sentence and changes nothing."""
    (out / ".grading" / "by_hand.json").write_text(text)
    (out.parent / "in").mkdir()
    (out.parent / "in" / "eve.ipynb").write_text(notebook(IMPORT))
    grade = ["grade", str(out.parent / "in"), "--out", str(out), "--sandbox", "none"]
    status = main(grade) if command == "grade" else merge(out, HEAD)
    said = "by_hand.json` cannot be read (" in capsys.readouterr().err
    assert (status, said, last_run(out).submissions) == (2, True, ("ada", "=bob"))


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
