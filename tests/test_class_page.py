"""The page of a whole class, written from its records."""

from __future__ import annotations

import re

import pytest

from grader.desks.records.record import Line, Record
from grader.desks.reports.class_page import ClassPage

KEYS = ("warm_up", "intersection", "union", "iou", "iou_at_scale")


def record(name, *statuses, scores=None, seconds=1.0, restarts=0, **details):
    """Make a record whose exercises, in the order of KEYS, came out so; 2 points each."""
    marks = scores or [2.0 * (status == "correct") for status in statuses]
    lines = (
        Line(key, status, score, 2, "m", **details) for key, status, score in zip(KEYS, statuses, marks, strict=False)
    )
    return Record(name, tuple(lines), seconds=seconds, restarts=restarts)


def page(*records, note=""):
    """Write the page of these records."""
    found = ClassPage({"iou": "t"}, note)
    for one in records:
        found.add(one)
    return found.text()


def section(text, name):
    """Give the text of one section of a page, without its tags."""
    inside = text.split(f'<h2 id="{name}">')[1].split("</section>")[0]
    return " ".join(re.sub(r"<[^>]+>", " ", inside).split())


def row(text, exercise):
    """Give the cells of an exercise's row."""
    return re.findall(r"<td[^>]*>(.*?)</td>", text.split(f">{exercise}</code>")[1].split("</tr>")[0])


def test_a_row():
    """An exercise's row counts right, partly, wrong, raised, missing, timed out and to mark, behind the rate."""
    kinds = ["correct", "correct", "wrong", "wrong", "raised", "missing", "timed out", "to mark"]
    scores = [2, 2, 1, 0, 0, 0, 0, 0]
    text = page(
        *(record(str(n), kind, scores=[score]) for n, (kind, score) in enumerate(zip(kinds, scores, strict=True)))
    )
    assert row(text, "warm_up") == ["25&nbsp;%", "2", "1", "1", "1", "1", "1", "1"]


def test_marks_by_hand_count_as_partly():
    """What nobody found, and a person gave some points for, is partly right."""
    assert row(page(record("a", "missing", scores=[1], hand="Marked by a person.")), "warm_up")[2] == "1"


def test_our_own_faults():
    """Where a check of ours failed there is a column for that."""
    assert ["broken exercise" in page(record("a", status)) for status in ("wrong", "broken exercise")] == [False, True]


def test_the_bars():
    """The submissions are counted by tenths of the points, full marks in the last."""
    found = ClassPage({})
    for name, right in {"a": 0, "b": 1, "c": 5, "d": 5}.items():
        found.add(record(name, *["correct"] * right, *["wrong"] * (5 - right)))
    assert found.counts.bars() == [1, 0, 1, 0, 0, 0, 0, 0, 0, 2]


def test_mistakes():
    """A mistake is shown with who made it, and the commonest comes first."""
    records = [record("ada", "wrong", diagnosis="dice"), record("bob", "wrong", diagnosis="cosine_it")]
    text = section(page(*records, record("cy", "wrong", diagnosis="cosine_it")), "mistakes")
    assert "cosine it · warm_up 2 of 3 m bob , cy dice" in text


def test_many_names_are_folded():
    """More than a few names stand in a list that opens."""
    text = page(*(record(f"n{n}", "wrong", diagnosis="dice") for n in range(12)))
    assert "<details><summary>12 submissions</summary>" in text


@pytest.mark.parametrize("name", ['<b>"x"', "a&b", "?#%", "javascript:alert(1)", "https://a.b", "../up"])
def test_links(name):
    """A link leads to the file of that name and nowhere else, whatever the name."""
    (address,) = set(re.findall('href="([^"]*)"', page(record(name, "to mark"))))
    assert re.fullmatch(r"(?:[\w.~-]|%[0-9A-F]{2})+", address)


def test_escaped():
    """Names, messages and notes are shown as text."""
    bad = Line("warm_up", "wrong", 0, 2, "<script>", diagnosis="<script>")
    assert "<script>" not in page(Record("<script>", (bad,)), note="<script>")


def test_the_note():
    """What there is to say of how the class was graded stands on the page."""
    assert "No sandbox." in page(record("a", "wrong"), note="No sandbox.")


def test_slow():
    """What took more than twice as long as is usual, or was started again, is listed with its seconds."""
    usual = [record(str(n), "wrong", seconds=2) for n in range(5)]
    text = page(*usual, record("slug", "wrong", seconds=9), record("phoenix", "wrong", seconds=2, restarts=3))
    assert section(text, "slow").endswith("restarts slug 9 0 phoenix 2 3")


def test_to_mark():
    """Who has answers that wait for a person is listed."""
    assert "ada : 2 answers" in section(page(record("ada", "to mark", "to mark"), record("b", "wrong")), "to-mark")


def test_a_learner_called_class(tmp_path):
    """The page takes no learner's place."""
    found = ClassPage({})
    found.add(record("Class", "wrong"))
    found.write(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["class-2.html"]


def test_an_empty_class():
    """A class without submissions has a page too."""
    assert "<strong>0</strong> submissions" in page()
