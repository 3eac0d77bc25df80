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


@pytest.fixture
def blocked(tmp_path):
    """Give a progress folder that cannot be written to: a file stands in its place."""
    (tmp_path / "file").touch()
    return Progress(tmp_path / "file")


def test_a_folder_that_cannot_be_written_is_named_with_a_cure(blocked):
    """The learner reads where, and what to do."""
    blocked.update("iou", score=2)
    wanted = (str(blocked.folder), "copy the course to a folder of your own, or set GRADER_PROGRESS")
    assert [words in blocked.warning for words in wanted] == [True, True]


def test_what_cannot_be_saved_is_remembered(blocked):
    """Hints go on, a pass is known and its work is there until the kernel ends."""
    blocked.update("iou", status="correct", hints=1)
    blocked.update("iou", hints=2)
    blocked.keep("iou", "x = 1\n")
    assert (blocked.of("iou"), blocked.kept("iou")) == ({"status": "correct", "hints": 2}, "x = 1\n")


def test_what_was_remembered_is_saved_when_it_can_be(blocked):
    """The next change that can be saved brings along those that could not."""
    blocked.update("iou", score=2)
    blocked.folder.unlink()
    blocked.update("union", score=1)
    again = Progress(blocked.folder)
    assert (again.of("iou"), again.of("union")) == ({"score": 2}, {"score": 1})


def test_reset_claims_no_kept_work_where_none_is(blocked, progress):
    """Only work that was moved aside is named."""
    progress.keep("iou", "x = 1\n")
    blocked.keep("iou", "x = 1\n")
    assert [p.forget("iou") for p in (progress, progress, blocked)] == ["iou.before.py", None, None]


def test_a_damaged_file_leaves_a_way_back(progress):
    """Passed work is not in that file, and the warning says so."""
    write_whole(progress.file, "{")
    progress.of("iou")
    assert f"still lie in {progress.folder} as NAME.py: checking one again" in progress.warning


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
