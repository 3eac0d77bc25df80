"""Canvas: one column is filled, and everything else stays."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.desks.gradebooks import canvas
from grader.desks.gradebooks.roster import Graded
from grader.desks.gradebooks.table import BadTable, decoded
from grader.desks.records.results import FORMULA

HEAD = "Student,ID,SIS User ID,SIS Login ID,Section,Autoencoders (1234),Other (5),Final Score"
ROSTER = f'''{HEAD}
    Points Possible,,,,,86.00,3,(read only)
"Lovelace, Ada",1,u1,ada,S1,,-,
"=Bob ""x""",2,u2,bob@x.example,S1,7,2.5,
Cy,3,u3,cy,S1,EX,,
"Student, Test",,,,S1
'''
MARKS = [Graded("ada", 40.5, 86), Graded("cy", 3, 86), Graded("eve", 1, 86)]


def filled(text=ROSTER, title="", marks=MARKS):
    """Fill a roster; give its rows and what there is to say."""
    table, found = canvas.fill(decoded(text.encode()), marks, title)
    return [list(row) for row in table.rows], found


def test_points_are_written():
    """A student's points stand in the course's column."""
    assert filled()[0][2] == ["Lovelace, Ada", "1", "u1", "ada", "S1", "40.5", "-", ""]


def test_other_rows_stay():
    """The points that can be had, a student without a submission and the test student stay as they are."""
    before, after = decoded(ROSTER.encode()).rows, filled()[0]
    assert [after[1], after[3][1:], after[5][:5]] == [list(before[1]), list(before[3][1:]), list(before[5])]


def test_no_submission_is_no_zero():
    """Who handed in nothing has an empty cell."""
    assert filled(marks=[])[0][2][5] == ""


def test_names_are_defused():
    """A student's name is no formula."""
    assert filled()[0][3][0] == '\'=Bob "x"'


def test_excused_stays():
    """Who is excused stays so, and his points are told."""
    rows, found = filled()
    assert (rows[4][5], "`Cy` is excused" in " ".join(found.notes)) == ("EX", True)


def test_a_stranger():
    """A submission of nobody in the roster is given back."""
    assert [mark.submission for mark, _ in filled()[1].unmatched] == ["eve"]


def test_other_points_are_told():
    """Where Canvas counts other points than the course, it is said what to do."""
    assert "set the assignment's points to 86" in filled(ROSTER.replace("86.00", "100"))[1].notes[0]


def test_equal_points_are_fine():
    """`86.00` are the course's 86."""
    assert not any("set the" in note for note in filled()[1].notes)


@pytest.mark.parametrize(
    ("title", "column"), [("Other (5)", 6), ("Other", 6), ("Autoencoders (1234)", 5), ("Autoencoders", 5), ("New", 8)]
)
def test_column(title, column):
    """A column is chosen by its title, with its number or without; another title begins a new one."""
    assert filled(title=title)[0][2][column] == "40.5"


@pytest.mark.parametrize(
    ("title", "says"),
    [(title, "says who a student is") for title in ("Student", "ID", " sis user id", "SIS Login ID", "Section")]
    + [("Root Account", "says who a student is"), ("Final Score", "`Final Score` what Canvas computes itself")],
)
def test_no_assignment(title, says):
    """A column that says who a student is, or that Canvas computes, is never written over."""
    with pytest.raises(BadTable, match=says):
        filled(title=title)


def test_new_column():
    """A roster without the course gets a column of its name, with the points that can be had."""
    rows = filled(ROSTER.replace("Autoencoders (1234)", "Essay (9)"))[0]
    assert [row[8] for row in rows[:4]] == [canvas.COURSE, "86", "40.5", ""]


def test_two_columns_of_the_course():
    """Where two columns bear the course's name, one has to be chosen."""
    with pytest.raises(BadTable, match="several columns for the course, `Autoencoders \\(1234\\)`, `Autoencoders I"):
        filled(ROSTER.replace("Other (5)", "Autoencoders II (5)"))


def test_no_gradebook():
    """Another table is refused with what was expected and what there is."""
    with pytest.raises(BadTable, match="no columns `Student` and `ID`, but `name`"):
        canvas.check(decoded(b"name,mark\n"))


def test_binary_file():
    """What would do something to a terminal is not shown as it is."""
    with pytest.raises(BadTable, match="but `_ELF__\\[31m`:"):
        canvas.check(decoded(b"\x7fELF\x00\x1b[31m\n"))


def test_without_a_roster():
    """Without a roster the file holds the submissions, and the numbers that Canvas gave them."""
    table = canvas.alone([Graded("doe_12_34_x", 5, 86), Graded("=eve", 6, 86)])
    assert [row[:2] for row in table.rows[2:]] == [("doe_12_34_x", "12"), ("'=eve", "")]


NAMES = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\x00"), min_size=1, max_size=9)


@given(st.lists(NAMES | st.sampled_from(["Müller, Jörg", '"', "=1", "李", "a\nb", "\r"]), min_size=1, unique=True))
def test_any_names_survive(names):
    """Whatever students are called, each keeps his row, his name and his points."""
    table = canvas.alone([Graded(name, place, 86) for place, name in enumerate(names)])
    again = decoded(table.encoded()).rows[2:]
    assert [(row[0].removeprefix("'"), row[5]) for row in again] == [
        (name.removeprefix("'"), str(place)) for place, name in enumerate(names)
    ]


@given(st.lists(NAMES, min_size=1, max_size=4))
def test_no_name_is_computed(names):
    """No name in a filled roster is a formula; numbers are none."""
    rows = decoded(canvas.alone([Graded(name, 1, 86) for name in names]).encoded()).rows[2:]
    assert not any(row[0].startswith(FORMULA) and row[0].strip("+-.,%eE0123456789") != "" for row in rows)
