"""The progress file: nothing is lost, whatever happens to it."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from grader.course import STAGES, exercise_ids
from grader.desks.notebook.progress import Progress, find_folder, write_whole
from grader.desks.notebook.progress_view import progress_html


@pytest.fixture
def progress(tmp_path):
    """A fresh progress folder."""
    return Progress(tmp_path)


def test_an_update_is_kept(progress):
    """What is written is read again by another process's eyes."""
    progress.update("iou", status="correct", score=2)
    assert Progress(progress.folder).of("iou") == {"status": "correct", "score": 2}


def test_a_crash_in_mid_write_leaves_the_old_file(progress, monkeypatch):
    """The file is replaced whole or not at all, and no scrap is left."""
    progress.update("iou", score=2)
    monkeypatch.setattr(Path, "replace", lambda *_: (_ for _ in ()).throw(RuntimeError("power cut")))
    with pytest.raises(RuntimeError, match="power cut"):
        progress.update("iou", score=0)
    assert ([f.name for f in progress.folder.iterdir()], Progress(progress.folder).of("iou")) == (
        ["progress.json"],
        {"score": 2},
    )


def test_a_newer_course_is_left_alone(progress):
    """Unknown exercises and fields survive an update by this course."""
    newer = {"version": 9, "theme": "x", "exercises": {"future": {"stars": 5}, "iou": {"stars": 1}}}
    write_whole(progress.file, json.dumps(newer))
    progress.update("iou", score=2)
    assert json.loads(progress.file.read_text()) == {
        "version": 9,
        "theme": "x",
        "exercises": {"future": {"stars": 5}, "iou": {"stars": 1, "score": 2}},
    }


@pytest.mark.parametrize("damage", ["", "{", "[]", '{"exercises": 3}', "\x00"])
def test_a_damaged_file_is_kept_aside(progress, damage):
    """A file that cannot be read is moved, never written over, and a new one begins."""
    write_whole(progress.file, damage)
    progress.update("iou", score=1)
    assert ((progress.folder / "progress.damaged-1.json").read_text(), progress.of("iou")) == (damage, {"score": 1})


@pytest.mark.parametrize("field", ["status", "score", "hints", "diagnosis"])
def test_a_field_of_the_wrong_kind_is_as_if_not_there(progress, field):
    """A file that somebody has edited does no harm."""
    write_whole(progress.file, json.dumps({"exercises": {"iou": {field: ["odd"]}}}))
    assert progress.of("iou") == {}


def test_a_folder_that_cannot_be_written_is_said(tmp_path):
    """The verdict goes on, with a warning above it."""
    (tmp_path / "file").touch()
    blocked = Progress(tmp_path / "file")
    blocked.update("iou", score=2)
    assert "could not be saved" in blocked.warning


def test_reset_keeps_the_passed_work_aside(progress):
    """Starting anew loses nothing."""
    progress.keep("iou", "x = 1\n")
    progress.forget("iou")
    assert (progress.kept("iou"), (progress.folder / "iou.before.py").read_text()) == (None, "x = 1\n")


def test_tests_use_a_throw_away_folder(monkeypatch):
    """Under pytest and nbval no progress of a learner is touched."""
    monkeypatch.delenv("GRADER_PROGRESS")
    assert ".progress" not in str(find_folder())


def test_progress_leads_to_the_notebooks():
    """Each stage's name opens it, and so does the name of the stage that comes next."""
    links = re.findall(r'href="(\w+)\.ipynb"', progress_html({item: {} for item in exercise_ids()}))
    assert links == [*(stage.name for stage in STAGES), STAGES[0].name]
