"""Free texts reach the person who marks them, whatever became of their cells."""

from __future__ import annotations

import json

import pytest
from graded import table
from submitted import IMPORT, notebook

from grader.__main__ import main
from grader.exercise import load

ESSAY = "essay_contrastive"
STUB = load(ESSAY).probe.STUB
QUOTES = f'{ESSAY} = {{"two_words": "a "quoted" word"}}'
AS_IT_STANDS = "[the cell as it stands]\n"
CELLS = {  # name -> (the cell, how its row begins or "" for none, how the message begins)
    "quotes": (QUOTES, AS_IT_STANDS + QUOTES, f"The cell that defines `{ESSAY}` did not run"),
    "no-name": (f'{ESSAY} = {{"two_words": mine}}', AS_IT_STANDS, f"The cell that defines `{ESSAY}` did"),
    "string": (f'{ESSAY} = "one long text"', AS_IT_STANDS, f"`{ESSAY}` is a str"),
    "list": (f'{ESSAY} = {{"two_words": ["a"]}}', AS_IT_STANDS, f"Your text in `{ESSAY}` could not be"),
    "misspelt": ('esay = {"two_words": "a"}', AS_IT_STANDS, f"There is no `{ESSAY}` in what you"),
    "own-key": (f'{ESSAY} = {{"yourchoice": "tied"}}', "[yourchoice]\ntied", "Your text is in"),
    "good": (f'{ESSAY} = {{"two_words": "a"}}', "[two_words]\na", "Your text is in"),
    "stub": (STUB, "", f"`{ESSAY}` is still empty"),
}


@pytest.fixture(scope="module")
def out(tmp_path_factory):
    """Grade a submission for each cell; give the folder with the results."""
    folder = tmp_path_factory.mktemp("class")
    (folder / "in").mkdir()
    for name, (cell, _, _) in CELLS.items():
        go_on = (None, f"{ESSAY} = grader.earlier('{ESSAY}')")
        (folder / "in" / f"{name}.ipynb").write_text(notebook(IMPORT, (ESSAY, cell), go_on))
    assert main(["grade", str(folder / "in"), "--out", str(folder / "out"), "--jobs", "2"]) == 0
    return folder / "out"


def line_of(out, name):
    """Read what the JSON file says of the essay."""
    tree = json.loads((out / f"{name}.json").read_text(encoding="utf-8"))
    return next(item for item in tree["exercises"] if item["id"] == ESSAY)


@pytest.mark.parametrize("name", CELLS)
def test_a_text_reaches_whoever_marks(out, name):
    """A text that was read has its row, and so has a cell that could not be."""
    answers = {row["submission"]: row["answer"] for row in table(out / "to_mark.csv")}
    begin = CELLS[name][1]
    assert (name in answers, answers.get(name, "").startswith(begin)) == (bool(begin), True)


@pytest.mark.parametrize("name", CELLS)
def test_the_learner_is_told(out, name):
    """What is wrong with the cell is said, and that it waits for a person, where it does."""
    line = line_of(out, name)
    status = "to mark" if CELLS[name][1] else "missing"
    assert (line["status"], line["message"][: len(CELLS[name][2])]) == (status, CELLS[name][2])


def test_a_key_of_ones_own_is_told(out):
    """A text under the name of no question says so."""
    assert "`yourchoice` is the name of no question" in line_of(out, "own-key")["message"]


def test_the_staff_is_told(out):
    """A cell that did not run stands in the notes for the staff."""
    assert f"{ESSAY} (to mark):\n    SyntaxError" in (out / "staff_notes.txt").read_text(encoding="utf-8")
