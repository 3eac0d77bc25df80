"""Notebooks built from masters: what is in them, and that drift is seen."""

from __future__ import annotations

import argparse
import dataclasses
import re

import nbformat
import pytest

from grader.course import STAGES, Stage
from grader.desks.author import build

STAGE = Stage("99_test", "A test", 5, 1, ("iou",))
MASTER = """## Goals

Text.

```python exercise="iou"
```

```python
print(6 * 7)
```
"""
TRAINING = """from lesson.train_view import LiveCurve
with LiveCurve(steps=2) as view:
    view.add(loss=1.0)
    view.add(loss=0.5)
"""


@pytest.fixture
def repo(tmp_path, monkeypatch):
    """A small repository with one master."""
    for name in ("MASTERS", "NOTEBOOKS", "SOLUTIONS"):
        folder = tmp_path / name.lower()
        folder.mkdir()
        monkeypatch.setattr(build, name, folder)
    monkeypatch.setattr(build, "REPO", tmp_path)
    monkeypatch.setattr(build.course, "STAGES", (STAGE,))
    monkeypatch.setattr(build, "executed", lambda book: book)
    (tmp_path / "masters" / "99_test.md").write_text(MASTER)
    return tmp_path


def sources_of(solved):
    """Give the sources of the built cells."""
    return [cell.source for cell in build.notebook(STAGE, solved).cells]


def test_an_exercise_becomes_its_stub_and_its_check(repo):
    """The learner's notebook has the stub, the check after it, and a title that the course table gives."""
    title, _, stub, check, *_ = sources_of(solved=False)
    assert (title[:13], stub[:27], check) == ("# 99 · A test", "def intersection_over_union", 'grader.check("iou")')


def test_the_solved_notebook_has_the_answer(repo):
    """The reference stands where the stub did."""
    assert "NotImplementedError" not in sources_of(solved=True)[2]


def test_building_twice_gives_the_same(repo):
    """Cell ids and metadata are fixed, so nothing drifts by itself."""
    assert build._text(build.notebook(STAGE, False)) == build._text(build.notebook(STAGE, False))


def test_the_answer_cell_is_marked(repo):
    """The metadata tells whose answer cell it is; the check cell cannot be deleted by a slip."""
    cells = build.notebook(STAGE, False).cells
    assert (cells[2].metadata, cells[3].metadata) == (
        {"exercise": "iou"},
        {"check": "iou", "editable": False, "deletable": False},
    )


def test_no_drift_after_a_build(repo):
    """What was built is what the master gives."""
    build.build(STAGE)
    assert build.drift(STAGE) == []


@pytest.mark.parametrize("folder", ["notebooks", "solutions"])
def test_drift_is_seen(repo, folder):
    """An edit of a built notebook is told, with the command that mends it."""
    build.build(STAGE)
    file = repo / folder / "99_test.ipynb"
    file.write_text(file.read_text().replace("6 * 7", "6 * 8"))
    assert build.drift(STAGE) == [
        f"{folder}/99_test.ipynb is not what its master gives: run `python -m grader build 99`."
    ]


@pytest.mark.parametrize("stage", STAGES, ids=lambda stage: stage.name)
def test_the_committed_notebooks_have_not_drifted(stage):
    """Both notebooks of every stage are what the master gives, and show the course as it is."""
    assert build.drift(stage) + build.outdated(stage) == []


def test_points_of_another_course_are_seen(monkeypatch):
    """What the solved notebooks show of the whole course changes with any stage of it."""
    more = dataclasses.replace(STAGES[2], exercises=STAGES[2].exercises[1:])
    monkeypatch.setattr(build.course, "STAGES", (*STAGES[:2], more, *STAGES[3:]))
    found = [line for stage in STAGES for line in build.outdated(stage)]
    assert [line.split(": run ")[1] for line in found] == ["`python -m grader build 00`."]


def test_a_build_tells_of_other_stages(repo, capsys, monkeypatch):
    """Whoever builds one stage reads which others show the course as it was before."""
    monkeypatch.setattr(build, "outdated", lambda stage: ["99 is of old"])
    status = build.run(argparse.Namespace(stages=["99"], check=False))
    assert (status, "99 is of old" in capsys.readouterr().out) == (0, True)


IOU_CELL = '```python exercise="iou"'
BROKEN = {
    "a typing error": ('"iuo"', "masters/99_test.md, line 5: There is no exercise `iuo`. Did you mean `iou`"),
    "another stage's": ('"union"', "masters/99_test.md, line 5: name `union` in its stage in grader/course.py first."),
    "none": ("", 'masters/99_test.md has 0 cells for `iou`: put in one, ```python exercise="iou".'),
    "two": (f'"iou"\n```\n\n{IOU_CELL}', "masters/99_test.md has 2 cells for `iou`: put in one"),
}


@pytest.mark.parametrize("check", [True, False])
@pytest.mark.parametrize("case", BROKEN)
def test_a_master_that_is_not_the_courses(repo, capsys, case, check):
    """An exercise that is misspelt, forgotten or too many is told with its place, and nothing is built."""
    cell, words = BROKEN[case]
    master = MASTER.replace(IOU_CELL, f"```python exercise={cell}" if cell else "```python")
    (repo / "masters" / "99_test.md").write_text(master)
    status = build.run(argparse.Namespace(stages=[], check=check))
    assert (status, words in capsys.readouterr().out, list((repo / "notebooks").iterdir())) == (1, True, [])


def test_exercises_in_another_order(repo):
    """The cells stand in the order of the course table."""
    (repo / "masters" / "99_test.md").write_text(f'```python exercise="union"\n```\n\n{IOU_CELL}\n```\n')
    stage = Stage("99_test", "A test", 5, 1, ("iou", "union"))
    found = list(build.master.complaints(repo / "masters" / "99_test.md", stage))
    assert found == ["masters/99_test.md has `union`, `iou`; grader/course.py has `iou`, `union`. Make it one order."]


def test_a_training_run_is_built_as_it_ends():
    """A solved notebook keeps the image alone, and nbval leaves images out: no number in what is compared."""
    book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(TRAINING)])
    outputs = build.executed(book).cells[0].outputs
    assert [re.sub("<img [^>]*>", "PICTURE", output.data["text/html"]) for output in outputs] == ["<div>PICTURE</div>"]
