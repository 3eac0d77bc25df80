"""The gradebooks of a run: which roster is whose, what is written, and what is said."""

from __future__ import annotations

import json

import pytest
from graded import graded_class, record, table

from grader.desks.gradebooks import fill
from grader.desks.gradebooks.fill import keep_rosters, rosters_of
from grader.desks.gradebooks.table import BadTable

CANVAS = "Student,ID,Section,Autoencoders (1)\nPoints Possible,,,12\nAda,1,S,\n"
MOODLE = "Identifier,Full name,Grade\nParticipant 1,Ada,\n"


@pytest.fixture
def files(tmp_path):
    """Write a roster of each kind."""
    for name, text in {"canvas": CANVAS, "moodle": MOODLE, "none": "colour\nred\n"}.items():
        (tmp_path / name).write_text(text)
    return tmp_path


def test_rosters_are_told_apart(files):
    """Of two rosters, whose each is shows its head, in whatever order they are given."""
    found = rosters_of(["canvas", "moodle"], [files / "moodle", files / "canvas"])
    assert found == {"canvas": files / "canvas", "moodle": files / "moodle"}


@pytest.mark.parametrize(
    ("formats", "names", "column", "says"),
    [
        (["gradescope"], ["canvas"], "", "neither was asked for"),
        (["canvas"], ["moodle"], "", "no columns `Student` and `ID`"),
        (["moodle"], ["none"], "", "names no students"),
        (["canvas"], ["canvas", "canvas"], "", "a second roster for canvas"),
        (["canvas"], ["absent"], "", "cannot be read: No such file"),
        (["moodle"], [], "X (1)", "`--column` goes with"),
        (["canvas"], [], "Student", "`Student` says who a student is"),
    ],
)
def test_unusable_rosters(files, formats, names, column, says):
    """What cannot be filled is said before anything is graded."""
    with pytest.raises(BadTable, match=says):
        rosters_of(formats, [files / name for name in names], column)


def written(files, *records, formats, rosters=()):
    """Write a class with these gradebooks."""
    (files / "out").mkdir()
    keep_rosters(files / "out", {name: files / name for name in rosters})
    return graded_class(files / "out", *records, formats=formats)


def kept(files):
    """List the rosters among the records."""
    return sorted(path.name for path in (files / ".grading").iterdir())


def test_old_rosters_are_removed_last(files, monkeypatch):
    """A run that is killed before it wrote its rosters leaves those of the earlier run."""
    keep_rosters(files, {name: files / name for name in ("canvas", "moodle")})
    monkeypatch.setattr(fill, "write", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        keep_rosters(files, {"canvas": files / "canvas"})
    assert kept(files) == ["roster_canvas.csv", "roster_moodle.csv"]


def test_old_rosters_are_removed(files):
    """A roster of an earlier run is forgotten where the next one names another."""
    for name in ("canvas", "moodle"):
        keep_rosters(files, {name: files / name})
    assert kept(files) == ["roster_moodle.csv"]


def test_unmatched(files, capsys):
    """A submission that is nobody's is listed in a file, and named."""
    out = written(files, record("ada"), record("=eve"), formats=("canvas",), rosters=("canvas",))
    listed = [(row["gradebook"], row["submission"], row["score"]) for row in table(out / "unmatched.csv")]
    assert (listed, "`=eve` is not in canvas.csv" in capsys.readouterr().err) == ([("canvas", "'=eve", "2")], True)


def test_nobody_unmatched(files):
    """Where every submission has its student there is no such file."""
    out = written(files, record("ada"), formats=("canvas", "moodle"), rosters=("canvas", "moodle"))
    assert (table(out / "moodle.csv")[0]["Grade"], (out / "unmatched.csv").exists()) == ("2", False)


def test_feedback_of_a_broken_file(files):
    """Who handed in what could not be read is told so where he reads his points."""
    out = written(files, record("ada", warnings=("`02.ipynb` could not be read: it is empty.",)), formats=("moodle",))
    assert "`02.ipynb` could not be read: it is empty." in table(out / "moodle.csv")[0]["Feedback comments"]


def test_gradescope(files):
    """Each submission has a file for Gradescope."""
    out = written(files, record("ada"), formats=("gradescope",))
    assert json.loads((out / "gradescope" / "ada.json").read_text(encoding="utf-8"))["score"] == 2


def test_what_is_said_does_nothing_to_a_terminal(files, capsys):
    """Nor does what stands in a roster."""
    (files / "canvas").write_text(CANVAS.replace(",12\n", ",\x1b[31m\n"))
    written(files, record("ada"), formats=("canvas",), rosters=("canvas",))
    assert "\x1b" not in capsys.readouterr().err


@pytest.mark.parametrize("name", ["canvas", "moodle"])
def test_no_roster(files, name, capsys):
    """Without a roster the file is written all the same, with a word on what to do."""
    out = written(files, record("ada"), formats=(name,))
    assert ((out / f"{name}.csv").exists(), "`--roster FILE`" in capsys.readouterr().err) == (True, True)


def test_an_older_gradebook(files, capsys):
    """A gradebook of an earlier run is left where it is, and said to be one."""
    written(files, record("ada"), formats=("canvas",))
    graded_class(files / "out", record("ada"))
    assert "canvas.csv is of an earlier run" in capsys.readouterr().err
