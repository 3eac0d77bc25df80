"""Quizzes and texts: what is filled in, and what is said of it."""

from __future__ import annotations

import dataclasses

import pytest

from grader import exercise, forms
from grader.course import stage_of
from grader.desks.author.build import MASTERS
from grader.judge import judge
from grader.learner.observe import observe

QUIZ = exercise.load("quiz_similarity")
RIGHT = forms.questions(QUIZ)
QUIZZES = [i for i in exercise.ids() if forms.kind_of(exercise.load(i)) == forms.QUIZ]


def verdict_of(filled, loaded=QUIZ):
    """Judge one filled-in quiz."""
    return judge(loaded, observe(loaded.probe, {"quiz_similarity": filled}, seed=0), seed=0)


FILLED = {
    "right": (RIGHT, "correct", 4, None),
    "right in capitals": ({q: f" {letter.upper()} " for q, letter in RIGHT.items()}, "correct", 4, None),
    "one wrong": (RIGHT | {"superset": "b"}, "wrong", 3, "superset_b"),
    "one left out": ({q: v for q, v in RIGHT.items() if q != "memory"}, "wrong", 3, "memory_open"),
    "no letter": (RIGHT | {"zeros": "x"}, "wrong", 3, "zeros_open"),
    "no text": (RIGHT | {"zeros": 3}, "wrong", 3, "zeros_open"),
    "a list": (RIGHT | {"zeros": ["a"]}, "wrong", 3, "zeros_open"),
    "a dict": (RIGHT | {"zeros": {"x": 1}}, "wrong", 3, "zeros_open"),
    "empty": (dict.fromkeys(RIGHT, ""), "missing", 0, None),
    "no dict": ([1, 2], "wrong", 0, None),
}


@pytest.mark.parametrize("case", FILLED)
def test_a_filled_in_quiz(case):
    """Each question counts by itself, and the first that is not right is the diagnosis."""
    filled, status, score, diagnosis = FILLED[case]
    found = verdict_of(filled)
    assert (found.status, found.score, found.diagnosis) == (status, score, diagnosis)


def test_a_wrong_letter_is_explained():
    """The sentence says why that very option is wrong."""
    assert "That is Dice" in verdict_of(RIGHT | {"superset": "b"}).message


def test_a_text_waits_for_a_person(monkeypatch):
    """What is marked by hand is neither right nor wrong."""
    monkeypatch.setattr(QUIZ.probe, "KIND", "essay")
    assert verdict_of({"zeros": "I think that ..."}).status == "to mark"


@pytest.mark.parametrize("exercise_id", QUIZZES)
def test_every_option_of_the_master_is_known(exercise_id):
    """The letters that a quiz explains, and the right one, are those that its master offers."""
    loaded = exercise.load(exercise_id)
    text = (MASTERS / f"{stage_of(exercise_id).name}.md").read_text(encoding="utf-8")
    offered = {
        q: {
            line[2]
            for line in text.split(f"**`{q}`**")[1].split("\n**`")[0].splitlines()
            if line[:2] == "- " and line[3:4] == ")"
        }
        for q in forms.questions(loaded)
    }
    assert offered == {q: {right, *loaded.answer.EXPLANATIONS[q]} for q, right in forms.questions(loaded).items()}


def test_a_wrong_option_without_an_explanation_is_told(monkeypatch):
    """The linter wants a word for every wrong letter."""
    monkeypatch.setitem(QUIZ.answer.EXPLANATIONS, "zeros", {"a": ""})
    assert "question `zeros` needs explanations" in " ".join(forms.complaints(dataclasses.replace(QUIZ)))
