"""The rule: the answer knows the question, the question never knows the answer."""

from __future__ import annotations

import shutil
import subprocess
import sys

import pytest

from grader import exercise, sources
from grader.course import exercise_ids
from grader.job import Job, Task
from grader.launch import Fresh
from grader.process import kit, observe_all

IMPORT_ALL = """
import importlib, pathlib, sys
sys.path.insert(0, sys.argv[1])
for file in sorted(pathlib.Path(sys.argv[1], "probes").glob("*.py")):
    importlib.import_module("probes." + file.stem)
print(*sorted(sys.modules), sep="\\n")
"""
ALLOWED = ("learner", "probes")


def loaded_by_probes(folder):
    """Import every probe in a fresh process and list the modules that it then holds."""
    done = subprocess.run(
        [sys.executable, "-I", "-c", IMPORT_ALL, str(folder)], capture_output=True, text=True, check=True
    )
    return done.stdout.split()


def answers_among(modules):
    """Pick what must not be there: an answer, the judge, or anything else of the trusted side."""
    return [m for m in modules if m.endswith(".exercise") or m.split(".")[0] == "grader" or m == "exercise"]


def test_probes_load_no_answer():
    """Importing every probe in a fresh process loads no answer and nothing of the trusted side."""
    with kit() as folder:
        assert answers_among(loaded_by_probes(folder)) == []


def test_the_border_test_can_fail():
    """A probe that imports an answer is seen by the test above."""
    with kit() as folder:
        (folder / "probes" / "leak.py").write_text("import exercise\n")
        shutil.copyfile(exercise.FOLDER / "intersection" / "exercise.py", folder / "exercise.py")
        assert answers_among(loaded_by_probes(folder)) == ["exercise"]


def test_the_kit_holds_no_answer():
    """No file of the learner's process is an answer."""
    with kit() as folder:
        assert [
            str(f) for f in folder.rglob("*.py") if f.name == "exercise.py" or "class Mistakes" in f.read_text()
        ] == []


def test_the_kit_holds_no_reference_text():
    """No reference stands in a file of the learner's process."""
    with kit() as folder:
        text = "".join(file.read_text() for file in folder.rglob("*.py"))
        assert [i for i in exercise.ids() if sources.solution(i) in text] == []


@pytest.mark.parametrize("exercise_id", exercise.ids())
def test_what_is_handed_in_answers_nothing_else(exercise_id):
    """The right answers that are handed in for follow-through do not define what the exercise asks."""
    loaded, handed = exercise.load(exercise_id), {}
    for need in loaded.needs:
        exec(sources.answer_source(need), handed)
    assert [name for name in loaded.names if name in handed] == []


@pytest.mark.parametrize(("package", "error"), [("ladder", "ModuleNotFoundError"), ("lesson.data", None)])
def test_a_submission_may_import_the_lesson_alone(package, error):
    """Whoever asks for the ladder's measures and rivals gets an error; the lesson's helpers are there."""
    source = f"import torch\ndef intersection(likes):\n    import {package}\n    return (likes @ likes.T).long()\n"
    book = {"stage": "any", "cells": [{"source": source, "exercise": "intersection"}]}
    with kit() as folder:
        job = Job((book,), (Task(exercise.load("intersection"), 0),), seed=0)
        seen = observe_all(job, Fresh(folder))["intersection"]
    assert (seen.entries[0].error and seen.entries[0].error.kind) == error


def test_importing_grader_loads_no_answer():
    """`import grader` alone loads neither torch nor any answer."""
    code = "import grader, sys; print([m for m in sys.modules if m.startswith('grader.') or m == 'torch'])"
    assert (
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == "[]"
    )


def test_every_exercise_of_the_course_has_its_folder():
    """The course table and the folders name the same exercises."""
    assert sorted(exercise_ids()) == sorted(exercise.ids())
