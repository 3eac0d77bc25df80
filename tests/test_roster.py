"""Rosters: a submission is given to the one student that it can only be of."""

from __future__ import annotations

import re

import pytest

from grader.desks.gradebooks import canvas, moodle
from grader.desks.gradebooks.roster import Graded, Student, matched

ADA = Student(1, "12345", ("ada", "u1", "ada.l@uni.example"), ("Lovelace, Ada",))
CY = Student(2, "777", ("cy", "u2", "ada-2"), ("Cy Müller",))
TWIN = Student(3, "888", ("twin",), ("Ada Lovelace",))


def row_of(name, *students, form=canvas.DOWNLOADED):
    """Give the row that a submission is matched to, else why it is not."""
    found = matched([Graded(name, 1, 2)], students or (ADA, CY), form)
    return next(iter(found.marks)) if found.marks else found.unmatched[0][1]


@pytest.mark.parametrize(
    "name",
    [
        "lovelaceada_12345_67890_02",
        "lovelaceada_LATE_12345_67890_02 (1)",
        "lovelaceada_12345_all",
        "ada",
        "ADA",
        "u1",
        "ada.l@uni.example",
        "ada.l",
        "ada@elsewhere.example",
        "Ada Lovelace",
        "Lovelace, Ada",
        "ada_lovelace",
    ],
)
def test_ways_to_name_a_submission(name):
    """A number of Canvas', an id, an e-mail or a name in either order is known."""
    assert row_of(name) == 1


def test_accents_in_either_form():
    """An accent that the file's system wrote as a sign of its own is the same accent."""
    assert row_of("Cy Mu\u0308ller") == 2


@pytest.mark.parametrize("name", ["Ada Müller_777_assignsubmission_file_", "Cy Müller_1_assignsubmission_file_02 (1)"])
def test_downloads_from_moodle(name):
    """Of Moodle's folders the participant's number counts, and the name where no roster has numbers."""
    nameless = Student(2, "", ("cy",), ("Cy Müller",))
    assert row_of(name, CY if "777" in name else nameless, form=moodle.DOWNLOADED) == 2


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("eve", "nobody"),
        ("ada.l@elsewhere.example", "nobody"),
        ("lovelaceada_999_1_02", "nobody"),
        ("Ada Lovelace", "several"),
        ("", "nobody"),
    ],
)
def test_no_guess(name, why):
    """A stranger, a namesake with another number, and a name that two bear are nobody's."""
    assert row_of(name, ADA, CY, TWIN).startswith(why)


def test_the_higher_score_counts():
    """Of two submissions of one student the higher score counts, and it is said."""
    marks = [Graded("ada", 3, 9), Graded("u1", 5, 9), Graded("u1-2", 4, 9)]
    found = matched(marks, [ADA], re.compile("(?P<person>x)(?P<number>y)"))
    assert (found.marks[1].score, "5 of `u1`" in found.notes[0], found.unmatched) == (5, True, ())


def test_a_second_file_of_a_name():
    """`cy-2` is the second file of `cy` where there is a `cy`; an id of that form is somebody's own."""
    marks = [Graded(name, 1, 2) for name in ("ada", "ada-2", "cy")]
    assert matched(marks, [ADA, CY], canvas.DOWNLOADED).marks[2].submission == "ada-2"
