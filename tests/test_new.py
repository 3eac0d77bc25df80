"""A new exercise: two files that run at once, and a linter that says what is left to do."""

from __future__ import annotations

import argparse

import pytest

from grader.desks.author import new


def scaffold(monkeypatch, folder, exercise_id):
    """Run the command in a folder of its own."""
    monkeypatch.setattr(new, "FOLDER", folder)
    return new.run(argparse.Namespace(id=exercise_id))


def test_two_files_are_written(monkeypatch, tmp_path):
    """The question and the answer, and nothing else."""
    scaffold(monkeypatch, tmp_path, "my_idea")
    assert sorted(path.name for path in (tmp_path / "my_idea").iterdir()) == ["exercise.py", "probe.py"]


@pytest.mark.parametrize("file", ["probe.py", "exercise.py"])
def test_the_files_are_python(monkeypatch, tmp_path, file):
    """What is scaffolded runs as it stands."""
    scaffold(monkeypatch, tmp_path, "my_idea")
    namespace = {}
    exec((tmp_path / "my_idea" / file).read_text(), namespace)
    assert ("probe" in namespace) != ("Mistakes" in namespace)


@pytest.mark.parametrize("exercise_id", ["My-Idea", "9lives", "../x", ""])
def test_an_odd_id_is_refused(monkeypatch, tmp_path, exercise_id):
    """An id is a Python name in lower case: it becomes a folder, a column and a file name."""
    assert (scaffold(monkeypatch, tmp_path, exercise_id), list(tmp_path.iterdir())) == (2, [])


@pytest.mark.parametrize("exercise_id", ["class", "sum", "torch", "likes", "grader"])
def test_a_name_that_is_taken_is_refused(monkeypatch, tmp_path, capsys, exercise_id):
    """A word of Python's, or a name that the course itself uses, is no id, and is named."""
    status = scaffold(monkeypatch, tmp_path, exercise_id)
    assert (status, list(tmp_path.iterdir()), f"'{exercise_id}' is " in capsys.readouterr().out) == (2, [], True)


def test_a_module_is_not_hidden(monkeypatch, tmp_path):
    """What the exercises share beside their folders keeps its name."""
    (tmp_path / "id_lists.py").touch()
    assert scaffold(monkeypatch, tmp_path, "id_lists") == 2


def test_nothing_is_written_over(monkeypatch, tmp_path):
    """A folder that is there stays as it is."""
    scaffold(monkeypatch, tmp_path, "my_idea")
    (tmp_path / "my_idea" / "probe.py").write_text("mine")
    assert (scaffold(monkeypatch, tmp_path, "my_idea"), (tmp_path / "my_idea" / "probe.py").read_text()) == (2, "mine")
