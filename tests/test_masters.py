"""The masters: every exercise once, pictures with words, and few outputs that nbval may ignore."""

from __future__ import annotations

import re

import nbformat
import pytest

from grader.course import STAGES
from grader.desks.author.build import MASTERS, REPO, SOLUTIONS
from grader.desks.author.master import notebook
from grader.exercise import load

TAGS = {  # cells whose output differs from run to run or from machine to machine, each with its reason
    "00_start_here": 1,  # the machine report
    "01_autoencoders": 0,
    "02_intersection_over_union": 1,  # seconds
    "03_pair_dataset": 1,  # seconds
    "04_masked_autoencoder": 0,
    "05_losses": 0,
    "06_training": 0,
    "07_recommendation": 0,
    "08_contrastive_and_tied": 0,
    "09_variational": 0,
    "10_simclr": 0,
    "11_matrix_factorisation": 0,
    "12_deeprec": 0,
    "13_a_million_users": 0,
}
stages = pytest.mark.parametrize("stage", STAGES, ids=lambda stage: stage.name)


def text_of(stage):
    """Read a stage's master."""
    return (MASTERS / f"{stage.name}.md").read_text(encoding="utf-8")


@stages
def test_every_exercise_stands_in_its_master_once(stage):
    """The course table and the masters name the same exercises in the same order."""
    assert tuple(re.findall(r'^```python exercise="(\w+)"', text_of(stage), re.M)) == stage.exercises


@stages
def test_every_exercise_has_a_heading_with_its_id(stage):
    """One name from prose to check."""
    assert [i for i in stage.exercises if f"### Exercise: {i}\n" not in text_of(stage)] == []


@stages
def test_every_picture_has_words_and_exists(stage):
    """Each picture has an alternative text of some length, and its file is there."""
    pictures = re.findall(r"!\[([^\]]*)\]\(\.\./([^)]+)\)", text_of(stage))
    assert [path for alt, path in pictures if len(alt) < 20 or not (REPO / path).exists()] == []


@stages
def test_a_question_comes_before_the_code(stage):
    """Each stage has a question to predict first, and a picture."""
    assert ("predict first" in text_of(stage).lower(), "](../images/" in text_of(stage)) == (True, True)


@stages
def test_few_outputs_are_ignored(stage):
    """Only listed cells are hidden from nbval, and never a check."""
    assert text_of(stage).count("nbval-ignore-output") == TAGS[stage.name]


@stages
def test_the_solved_notebook_is_free_of_warnings(stage):
    """What a library grumbles about while the notebook is built does not become a part of the lesson."""
    outputs = [o for cell in nbformat.read(SOLUTIONS / f"{stage.name}.ipynb", 4).cells for o in cell.get("outputs", ())]
    assert [output.text for output in outputs if output.get("name") == "stderr"] == []


@stages
def test_a_notebook_opens_with_its_length_and_goals(stage):
    """Minutes and difficulty stand in the first cell, and a list of goals before the first code."""
    cells = notebook(MASTERS / f"{stage.name}.md", stage, solved=False).cells
    goals = "".join(cell.source for cell in cells[1 : [cell.cell_type for cell in cells].index("code")])
    told = f"{stage.minutes} minutes · difficulty" in cells[0].source
    assert (told, bool(re.search(r"(you will be able to do|you can)\n\n(- .+\n){3,}", goals))) == (True, True)


@stages
def test_a_notebook_ends_with_what_was_learnt_and_the_way_on(stage):
    """What was learnt is a list near the end, and the last cell leads to the next notebook and home."""
    *_, ending, last = notebook(MASTERS / f"{stage.name}.md", stage, solved=False).cells
    after = STAGES[STAGES.index(stage) + 1 :]
    places = [f"{other.name}.ipynb" for other in (*after[:1], STAGES[0])]
    learnt = re.search(r"^## What you learnt\n\n(- .+\n){3,}", ending.source, re.M)
    assert (bool(learnt), re.findall(r"\]\((.+?)\)", last.source)) == (True, places)


def test_whoever_marks_reads_the_same_questions():
    """The questions of the file for marking are those of the notebook."""
    asked = load("essay_contrastive").answer.QUESTIONS
    text = text_of(STAGES[8])
    assert [key for key, question in asked.items() if f"**`{key}`** {question}\n" not in text] == []
