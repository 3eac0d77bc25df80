"""The linter itself: each rule complains where it is broken."""

from __future__ import annotations

import dataclasses

import pytest

from grader.__main__ import main
from grader.desks.author import lint
from grader.desks.author.lint import ENGINE, complaints, engine_lines
from grader.exercise import load

IOU = load("iou")


def complaints_with(monkeypatch, part, name, value):
    """Change one thing of `iou` and lint it on one seed."""
    monkeypatch.setattr(getattr(IOU, part), name, value, raising=False)
    fresh = dataclasses.replace(IOU)
    fresh.seen.clear()
    found = " ".join(complaints(fresh, range(1)))
    fresh.seen.clear()
    return found


def asks_the_same(ask, answer, probe=IOU.probe.probe):
    """Ask what the seed 0 asks, whatever the seed."""
    ask.generator.manual_seed(0)
    probe(ask, answer)


class TwoTheSame:
    """Two mistakes that no probe can tell apart."""

    first, second, third = (IOU.group("Mistakes")["dice"] for _ in range(3))
    cosine = IOU.group("Mistakes")["cosine"]


class NotAMistake:
    """A right answer among the mistakes."""

    right = IOU.answer.intersection_over_union


class WrongVariant:
    """A wrong answer among the right ones."""

    one = two = three = IOU.group("Mistakes")["dice"]


BROKEN = {
    "two hints": ("answer", "HINTS", ("a", "b"), "three hints"),
    "a shout": ("answer", "NOTICE", "Well done!", "exclamation mark"),
    "a hint for nothing": ("answer", "HINTS_FOR", {"nothing": "x"}, "no diagnosis"),
    "an unfinished hint": ("answer", "HINTS_FOR", {"dice": "TODO what to do."}, "HINTS_FOR dice is empty, unfinished"),
    "an unfinished stub": ("probe", "STUB", f"{IOU.probe.STUB}\n# TODO: what", "holds a TODO, which the learner would"),
    "the same mistake twice": ("answer", "Mistakes", TwoTheSame, "cannot tell"),
    "a right mistake": ("answer", "Mistakes", NotAMistake, "Mistakes right is accepted"),
    "a wrong variant": ("answer", "Variants", WrongVariant, "Variants one is refused"),
    "a reason for nothing": ("answer", "EQUAL", {"a -> b": "since"}, "EQUAL names `a -> b`"),
    "an answered stub": (
        "probe",
        "STUB",
        "def intersection_over_union(likes):\n    return likes\n",
        "untouched stub is `wrong`",
    ),
    "a need that comes later": ("probe", "NEEDS", ("iou_at_scale",), "does not come before"),
    "a probe that always asks the same": ("probe", "probe", asks_the_same, "passes under seed 0"),
    "a probe that asks nothing": ("probe", "probe", lambda ask, answer: None, "Mistakes dice is accepted"),
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_rule_is_told(case, monkeypatch):
    """Each rule of the linter can fail."""
    part, name, value, words = BROKEN[case]
    assert words in complaints_with(monkeypatch, part, name, value)


@pytest.mark.parametrize("seeds", ["0", "-2"])
def test_no_seeds_are_refused(seeds, capsys):
    """A lint that would try nothing is no pass."""
    status = main(["lint", "iou", "--seeds", seeds])
    assert (status, f"`--seeds {seeds}` would try nothing" in capsys.readouterr().out) == (2, True)


def test_the_readme_states_the_engines_size():
    """The figure in the README is the engine's own, to the hundred."""
    readme = (ENGINE.parent / "README.md").read_text(encoding="utf-8")
    assert f"the exercises, {round(engine_lines(), -2):,} lines" in readme


def test_a_stray_file_is_told(monkeypatch, tmp_path):
    """A file that is neither question nor answer does not belong in the folder."""
    (tmp_path / "iou").mkdir()
    (tmp_path / "iou" / "notes.txt").touch()
    monkeypatch.setattr("grader.desks.author.lint.FOLDER", tmp_path)
    assert "notes.txt is a stray file" in " ".join(complaints(IOU, range(0)))


def test_right_answers_alone_on_many_seeds(monkeypatch):
    """All parts of the seeds are tried, whose first refusal each is told, and an exercise has one result."""
    monkeypatch.setattr(lint, "AT_A_TIME", 2)
    monkeypatch.setattr(IOU.answer, "Variants", WrongVariant)
    IOU.seen.clear()
    [(figures, found)] = lint.fair_each(["iou"], 5, 1)
    IOU.seen.clear()
    told = [line.partition(",")[0] for line in figures.refused if "Variants one" in line]
    assert (told, set(figures.refused)) == ([f"Variants one is refused on seed {n}" for n in (0, 2, 4)], set(found))


def test_the_command_tries_right_answers_alone(capsys):
    """It says how many there are, and counts no wrong one."""
    assert (main(["lint", "--fair", "--seeds", "3", "warm_up"]), "0 wrong" in capsys.readouterr().out) == (0, True)
