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


@pytest.mark.parametrize("form", ["{}) 0", "({})", "{})", " {}.", "{}: so", "({}) 1"])
def test_an_option_written_out_is_its_letter(form):
    """The options are printed as "b) 0", and that is what many type."""
    assert verdict_of({q: form.format(letter.upper()) for q, letter in RIGHT.items()}).status == "correct"


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ("", "`zeros` is not answered yet"),
        ("1/2", "`zeros` holds `'1/2'`, and one letter alone is asked"),
        ("a b", "`zeros` holds `'a b'`, and one letter alone is asked"),
        (["a"], "`zeros` holds a list of 1, and one letter alone is asked"),
        (object(), "`zeros` holds a `object`, and one letter alone is asked"),
        ("x", "`zeros` holds `'x'`, and that is none of the letters"),
    ],
)
def test_what_is_no_letter_is_named(given, words):
    """Only what is left empty is called not answered."""
    assert words in verdict_of(RIGHT | {"zeros": given}).message


def test_a_letter_under_another_name_is_named():
    """Beside the question that is open stands where the letter may have gone."""
    filled = {q: v for q, v in RIGHT.items() if q != "zeros"} | {"zero": "b"}
    said = "`zero` is the name of no question. Asked are `zeros`, `superset`, `empty_row`, `memory`."
    assert (verdict_of(filled).message[:30], verdict_of(filled).advice) == ("`zeros` is not answered yet. W", (said,))


def essay(**texts):
    """Give the notes on an essay."""
    loaded = exercise.load("essay_contrastive")
    return judge(loaded, observe(loaded.probe, {"essay_contrastive": texts}, seed=0), seed=0).advice


def test_the_empty_parts_of_a_text_are_named():
    """Each question without an answer, blanks being none."""
    assert essay(relatives="x", two_words=" ") == ("`two_words` is empty so far.", "`your_choice` is empty so far.")


def test_names_of_no_question_are_named_once():
    """All in one note."""
    (note,) = essay(two_words="a", relatives="b", your_choice="c", one="d", two="e")
    assert "`one` and `two` are names of no question, and your texts under them are read all the same" in note


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
