"""Look-alikes: what is found, and what is left out."""

from __future__ import annotations

import csv

import pytest

from grader.desks.alike.look_alikes import LookAlikes
from grader.desks.records.record import Line, Record, Records
from grader.exercise import load
from grader.sources import implementation_source, solution

LOOPS = """def intersection_over_union(likes):
    shared, whole = intersection(likes), union(likes)
    table = torch.zeros(len(likes), len(likes))
    for first in range(len(likes)):
        for second in range(len(likes)):
            if whole[first, second] > 0:
                table[first, second] = shared[first, second] / whole[first, second]
    return table
"""
RENAMED = LOOPS.replace("first", "i").replace("second", "j").replace("table", "out").replace("shared", "a  ")
NEAR = LOOPS.replace("> 0", "> 0.5")
OTHER = """def intersection_over_union(likes):
    rows = []
    for user in likes:
        both = (user.bool() & likes.bool()).sum(dim=1)
        either = (user.bool() | likes.bool()).sum(dim=1)
        rows.append(torch.where(either == 0, torch.zeros(()), both / either))
    return torch.stack(rows)
"""


def record(name, exercise="iou", **details):
    """Make a record of one answer."""
    return Record(name, (Line(exercise, "correct", 2, 2, "m", **details),))


def pairs(*answers, exercise="iou"):
    """Find the look-alikes among these answers, whose names are 0, 1, 2."""
    found = LookAlikes()
    for number, answer in enumerate(answers):
        found.add(record(str(number), exercise, answer=answer))
    return found.pairs()


def test_a_renamed_copy():
    """A copy with other names is found as the same."""
    (pair,) = pairs(LOOPS, OTHER, RENAMED)
    assert (pair.one, pair.two, pair.exercises(same=True)) == ("0", "2", ["iou"])


def test_a_near_copy():
    """A copy with a token changed is found as nearly the same."""
    (pair,) = pairs(LOOPS, OTHER, NEAR)
    assert (pair.one, pair.two, pair.exercises(same=False)) == ("0", "2", ["iou"])


def test_different_answers():
    """Two answers of their own are no pair."""
    assert pairs(LOOPS, OTHER) == []


@pytest.mark.parametrize("exercise", ["pair_dataset", "iou_at_scale", "vae"])
def test_the_course_itself(exercise):
    """The course's own solution and the untouched stub are nobody's copies."""
    own, stub = solution(exercise), load(exercise).probe.STUB
    assert pairs(own, own, stub, stub, exercise=exercise) == []


@pytest.mark.parametrize(("group", "name"), [("Variants", "by_differences"), ("Mistakes", "one_triangle")])
def test_what_the_course_knows(group, name):
    """A variant or a mistake that the course knows is left out, under whatever name."""
    text = implementation_source("iou", group, name).split(solution("iou"))[1].split("\nintersection_over_union =")[0]
    assert pairs(text, text.replace(f"def {name}", "def mine"), exercise="iou") == []


def test_short_answers():
    """What can hardly be written in another way is left out."""
    assert pairs(*["def union(likes):\n    return torch.ones(3, 3) - likes"] * 2, exercise="union") == []


def test_what_many_share():
    """An answer that many have is nobody's own."""
    assert pairs(*[LOOPS] * 20) == []


def test_the_larger_and_rarer_first():
    """Two exercises in common weigh more than one."""
    found = LookAlikes()
    for name, answers in {"a": [LOOPS], "b": [LOOPS, OTHER], "c": [LOOPS, OTHER]}.items():
        keys = ("iou", "iou_at_scale")
        lines = (Line(key, "correct", 2, 2, "m", answer=text) for key, text in zip(keys, answers, strict=False))
        found.add(Record(name, tuple(lines)))
    assert [(pair.one, pair.two) for pair in found.pairs()] == [("b", "c"), ("a", "b"), ("a", "c")]


def test_free_texts():
    """The same free text in two submissions is found."""
    words = "The loss pulls like users together, and the penalty keeps a code from moving when its input does."
    found = LookAlikes()
    for name in "ab":
        found.add(record(name, "essay_contrastive", texts={"two_words": words}))
    assert len(found.pairs()) == 1


@pytest.fixture
def written(tmp_path):
    """Write the files for a class of two, one of whom has markup in the name."""
    found = LookAlikes()
    for one in (record("=<b>", answer=LOOPS), record("bo", answer=RENAMED.replace("a  ", "'<script>', a"))):
        Records(tmp_path).put(one)
        found.add(one)
    found.add(record("cy", answer=LOOPS))
    found.write(tmp_path)
    return tmp_path


def test_the_table(written):
    """The table names the pair and the exercises, and no name is taken for a formula."""
    rows = list(csv.DictReader((written / "similar.csv").open(encoding="utf-8-sig")))
    assert [(row["submission"], row["other"], row["same"]) for row in rows][:1] == [("'=<b>", "cy", "iou")]


def test_the_table_says_its_encoding(written):
    """Excel takes a table that begins with no mark for Western text, and spoils names."""
    assert (written / "similar.csv").read_bytes().startswith("\ufeffevidence,".encode())


def test_the_page(written):
    """The page shows both texts, escaped, and says that it is no verdict."""
    text = (written / "similar.html").read_text(encoding="utf-8")
    assert ("<b>" in text, "<script>" in text, "not a verdict" in text) == (False, False, True)


def test_a_large_class():
    """Among 5,000 submissions two copies are found, and nothing else."""
    found = LookAlikes()
    for number in range(5_000):
        text = OTHER.replace("sum(dim=1)", f"sum(dim={number})").replace("torch.stack", f"f{number} + torch.stack")
        found.add(record(str(number), answer=RENAMED if number in (17, 4_711) else text))
    assert [(pair.one, pair.two) for pair in found.pairs()] == [("17", "4711")]
