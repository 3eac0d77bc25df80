"""Moodle: a worksheet, or any list of students, is filled and kept as it is."""

from __future__ import annotations

import pytest

from grader.desks.gradebooks import moodle
from grader.desks.gradebooks.roster import Graded
from grader.desks.gradebooks.table import BadTable, decoded

WORKSHEET = """Identifier,Full name,Email address,Status,Maximum grade,Grade,Online text,Feedback comments
Participant 123,"Ada ""A"" Lovelace",ada@x.example,Submitted,86.00,,=1+1,
Participant 124,李 雷,li@x.example,No submission,86.00,,,mine
Participant 125,-Cy,+cy@x.example,Submitted,86.00,5.00,,
"""
MARKS = [
    Graded("Ada A Lovelace_123_assignsubmission_file_", 7.5, 86, "7.5 of 86 points.\nunion: `<b>`"),
    Graded("+cy", 8, 86, "=SUM(A1)"),
    Graded("eve", 9, 86),
]


def filled(text=WORKSHEET, marks=MARKS):
    """Fill a list of students; give its rows and what there is to say."""
    table, found = moodle.fill(decoded(text.encode()), marks)
    return [list(row) for row in table.rows], found


def test_grade_and_feedback():
    """A participant's folder is known by its number; what he reads is text in lines, and no markup of his own."""
    row = filled()[0][1]
    assert (row[5], row[7]) == ("7.5", "7.5 of 86 points.<br>\nunion: `&lt;b&gt;`")


def test_no_submission_is_no_zero():
    """Who handed in nothing keeps his cells."""
    assert filled()[0][2] == ["Participant 124", "李 雷", "li@x.example", "No submission", "86.00", "", "", "mine"]


def test_nothing_is_computed():
    """Texts, names and feedback are defused; addresses stay, since students are known by them."""
    rows = filled()[0]
    assert (rows[1][6], rows[3][1], rows[3][2], rows[3][7]) == ("'=1+1", "'-Cy", "+cy@x.example", "'=SUM(A1)")


def test_a_stranger():
    """A submission of nobody in the list is given back."""
    assert [mark.submission for mark, _ in filled()[1].unmatched] == ["eve"]


def test_another_maximum_is_told():
    """Where Moodle's maximum is another one, it is said what to do."""
    assert "maximum grade is 100.00" in filled(WORKSHEET.replace("86.00", "100.00"))[1].notes[0]


@pytest.mark.parametrize(
    "text",
    [
        "username,firstname,lastname\nli,Lei,Li\nada,Ada,Lovelace\n",
        "E-mail;Whatever\nli@x.example;1\nada@x.example;2\n",
        "useridnumber,x\n1,2\nada,3\n",
        "ID number,Grade\n1,2\nADA,\n",
        "First name,Surname\nLei,Li\nAda,Lovelace\n",
        "Full name\nLi Lei\nAda Lovelace\n",
    ],
)
def test_plain_lists(text):
    """Any head is fine that names students in some way; columns that are not there are begun."""
    marks = [Graded("ada" if "ull name" not in text and "Surname" not in text else "Ada Lovelace", 5, 86, "well")]
    rows = filled(text, marks)[0]
    assert dict(zip(rows[0], rows[2], strict=True)) | {"Grade": "5", "Feedback comments": "well"} == dict(
        zip(rows[0], rows[2], strict=True)
    )


def test_no_students():
    """A table that names no students is refused with what was expected and what there is."""
    with pytest.raises(BadTable, match=r"names no students: .* and there is `colour`"):
        moodle.check(decoded(b"colour\nred\n"))


def test_binary_file():
    """What would do something to a terminal is not shown as it is."""
    with pytest.raises(BadTable, match=r"there is `_\[31m`\."):
        moodle.check(decoded(b"\x1b[31m\n"))


def test_without_a_roster():
    """Without a roster the file holds the submissions, and the participants that Moodle named."""
    rows = moodle.alone(MARKS).rows
    assert [row[:2] for row in rows[1:]] == [("Participant 123", "Ada A Lovelace"), ("", "'+cy"), ("", "eve")]
