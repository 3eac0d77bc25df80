"""Finding and reading submissions: every odd file costs its own submission alone."""

from __future__ import annotations

import json
import os
import zipfile

import pytest
from submitted import notebook

from grader.desks.submissions.find import Entry, find, read
from grader.desks.submissions.ipynb import Unreadable, read_notebook

CELL = notebook((None, "x = 1"))


def put(folder, *names, text=CELL):
    """Write the same text under every name."""
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)


def zipped(path, **members):
    """Write an archive; `_` in a name stands for `/`, and `UP` for `..`."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in members.items():
            archive.writestr(name.replace("_", "/").replace("UP", "..") + ".ipynb", text)
    return Entry("zip", path)


def names(folder):
    """Give the names of the submissions found."""
    return [entry.name for entry in find(folder)[0]]


def reason(data):
    """Give why bytes are no notebook."""
    with pytest.raises(Unreadable) as error:
        read_notebook("x.ipynb", data)
    return str(error.value)


def test_more_cells_than_anybody_writes(monkeypatch):
    """Empty cells cost a few bytes each, and every exercise looks through all of them."""
    monkeypatch.setattr("grader.desks.submissions.ipynb.MOST_CELLS", 3)
    assert reason(notebook(*[(None, "")] * 4).encode()) == "it holds 4 cells of code, and 3 are the most"


@pytest.mark.parametrize(("limit", "why"), [("MOST_MEMBERS", "it holds 2 files"), ("MOST_ARCHIVE", "it is 0 MB large")])
def test_an_archive_beyond_measure(limit, why, tmp_path, monkeypatch):
    """A list of a million files takes a minute to read."""
    monkeypatch.setattr(f"grader.desks.submissions.files.{limit}", 1)
    assert why in str(read(zipped(tmp_path / "a.zip", a=CELL, b=CELL)))


def test_entries(tmp_path):
    """Folders, notebooks and archives are submissions, named without their endings."""
    put(tmp_path, "ada/02.ipynb", "bob.ipynb", "cy.zip")
    assert names(tmp_path) == ["ada", "bob", "cy"]


def test_second_of_a_name(tmp_path):
    """A second submission of a name gets `-2`, the next one `-3`, where nobody else has that name."""
    put(tmp_path, "ada/02.ipynb", "ada.ipynb", "ada.zip", "ADA-2.ipynb")
    assert names(tmp_path) == ["ADA-2", "ada", "ada-3", "ada-4"]


def test_second_of_a_name_is_told(tmp_path):
    """The second of a name is warned about."""
    put(tmp_path, "ada/02.ipynb", "ada.ipynb")
    assert "another `ada`" in find(tmp_path)[0][1].warning


def test_other_files_are_passed_over(tmp_path):
    """Hidden files are no submissions, and other files are named."""
    put(tmp_path, ".DS_Store", "__MACOSX/x.ipynb", "class.csv", "ada.ipynb")
    assert (names(tmp_path), find(tmp_path)[1]) == (["ada"], ["class.csv"])


@pytest.mark.skipif(os.name == "nt", reason="file names are text there")
def test_name_that_is_no_utf8(tmp_path):
    """A file name in Latin-1 is read as such."""
    put(tmp_path, os.fsdecode(b"Jos\xe9.ipynb"))
    assert names(tmp_path) == ["José"]


@pytest.mark.skipif(os.name == "nt", reason="no such file names there")
def test_name_with_control_characters(tmp_path):
    """What cannot be seen in a name becomes an underscore."""
    put(tmp_path, "a\nb\u202ec\\d.ipynb")
    assert names(tmp_path) == ["a_b_c_d"]


def test_long_name(tmp_path):
    """A name leaves room for an ending."""
    put(tmp_path, "é" * 120 + ".ipynb")
    assert len(names(tmp_path)[0].encode()) == 200


def test_folder_at_any_depth(tmp_path):
    """Notebooks are found at any depth, those that a tool left behind are not."""
    put(tmp_path, "a/b/02.ipynb", "a/.ipynb_checkpoints/02-checkpoint.ipynb", "__MACOSX/a/02.ipynb", "a/._02.ipynb")
    assert [book.name for book in read(Entry("x", tmp_path)).notebooks] == ["a/b/02.ipynb"]


def test_links_lead_nowhere(tmp_path):
    """A link out of the submission is not followed, and said so."""
    put(tmp_path, "other/02.ipynb")
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "02.ipynb").symlink_to(tmp_path / "other" / "02.ipynb")
    found = read(Entry("x", tmp_path / "mine"))
    assert (found.notebooks, "not followed" in found.warnings[0]) == ((), True)


def test_a_submission_that_is_a_link(tmp_path):
    """A submission that is itself a link is not followed."""
    put(tmp_path, "other/02.ipynb")
    (tmp_path / "link").symlink_to(tmp_path / "other")
    unread = read(Entry("x", tmp_path / "link")).unread
    assert unread == (("link", "it is a link to somewhere else, which is not followed"),)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes there")
def test_pipe(tmp_path):
    """A pipe with a notebook's name is not waited for."""
    os.mkfifo(tmp_path / "02.ipynb")
    assert read(Entry("x", tmp_path)).unread == (("02.ipynb", "it is no ordinary file"),)


def test_zip(tmp_path):
    """The notebooks of an archive are read, those that a tool left behind are not."""
    entry = zipped(tmp_path / "a.zip", ada_02=CELL, __MACOSX_02="x")
    assert [book.name for book in read(entry).notebooks] == ["ada/02.ipynb"]


def test_zip_that_climbs(tmp_path):
    """Members whose path leads out of the archive are passed over with a warning."""
    found = read(zipped(tmp_path / "a.zip", UP_evil=CELL, _abs_02=CELL, c_02=CELL))
    assert ([book.name for book in found.notebooks], len(found.warnings)) == (["c/02.ipynb"], 2)


def test_zip_writes_nothing(tmp_path):
    """Reading an archive leaves no file behind."""
    read(zipped(tmp_path / "a.zip", UP_evil=CELL, c_02=CELL))
    assert [path.name for path in tmp_path.iterdir()] == ["a.zip"]


def test_zip_bomb(tmp_path):
    """An archive is read up to 200 MB in all."""
    members = {f"n{i:02}": " " * 19_000_000 for i in range(12)}
    assert "200 MB" in read(zipped(tmp_path / "a.zip", **members)).warnings[0]


def test_zip_with_a_large_member(tmp_path):
    """A member of more than 20 MB is not unpacked."""
    found = read(zipped(tmp_path / "a.zip", n=" " * 30_000_000))
    assert found.unread[0][1].startswith("it is 30 MB large")


@pytest.mark.parametrize("way", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_zip_packed_in_another_way(tmp_path, way):
    """A member that would be unpacked whole, however large it says that it is, is not unpacked."""
    with zipfile.ZipFile(tmp_path / "a.zip", "w", way) as archive:
        archive.writestr("02.ipynb", CELL)
    assert read(Entry("a", tmp_path / "a.zip")).unread[0][1].startswith("it is packed in a way that is not unpacked")


def test_broken_zip(tmp_path):
    """A file that is no archive is named as such."""
    put(tmp_path, "a.zip", text="PK no")
    assert read(Entry("a", tmp_path / "a.zip")).unread == (("a.zip", "it is no zip archive, or a broken one"),)


def test_large_notebook(tmp_path):
    """A notebook of 100 MB is refused by its size alone."""
    with (tmp_path / "a.ipynb").open("wb") as file:
        file.truncate(100_000_000)
    assert read(Entry("a", tmp_path / "a.ipynb")).unread[0][1].startswith("it is 100 MB large, and 20 MB are the most")


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "it is empty"),
        (b" \n", "it is empty"),
        (b"{oops", "it is not JSON, as notebooks are"),
        (b"\xff\xfe\x00", "it is no text in UTF-8, as notebooks are"),
        (b"[]", "it is JSON, but holds no cells"),
        (b'{"a": 1}', "it is JSON, but holds no cells"),
        (b"[" * 100_000, "it is nested too deeply"),
    ],
)
def test_no_notebook(data, said):
    """What is no notebook is refused with the reason."""
    assert reason(data) == said


def test_format_three():
    """A notebook of format 3 is read as well."""
    old = {"nbformat": 3, "worksheets": [{"cells": [{"cell_type": "code", "input": ["x\n", "y"]}]}]}
    assert read_notebook("x", json.dumps(old).encode()).cells[0].source == "x\ny"


@pytest.mark.parametrize(
    "cell",
    [
        {"cell_type": "code"},
        {"cell_type": "code", "source": None, "metadata": []},
        {"cell_type": "code", "source": [1, None], "metadata": {"exercise": ["iou"]}},
        {"cell_type": "code", "source": "", "metadata": {"exercise": "no such"}},
    ],
)
def test_odd_cells(cell):
    """A cell with odd parts is an empty cell that is nobody's answer cell."""
    found = read_notebook("x", json.dumps({"cells": [cell]}).encode()).cells[0]
    assert (found.source, found.exercise) == ("", None)


def test_what_is_no_code_cell():
    """Text, and what has no form of a cell, is passed over."""
    cells = [None, 3, {"cell_type": "markdown", "source": "def iou"}, {"source": "x"}]
    assert read_notebook("x", json.dumps({"cells": cells}).encode()).cells == ()


def test_byte_order_mark():
    """A notebook that an editor marked as UTF-8 is read."""
    assert read_notebook("x", b"\xef\xbb\xbf" + CELL.encode()).cells[0].source == "x = 1"


def test_empty_submission(tmp_path):
    """A submission without a notebook says so."""
    assert read(Entry("x", tmp_path)).warnings == ("No notebook was found in this submission.",)


def test_megabytes_of_code():
    """A notebook with more code than anyone writes is not looked through."""
    assert reason(notebook((None, "x = 1\n" * 200_000)).encode()).startswith("it holds more than 1,000,000 characters")


def test_megabytes_of_code_in_all(tmp_path):
    """Of many notebooks as large as they may be, the last ones are left out, with a warning."""
    put(tmp_path, *(f"ada/{number}.ipynb" for number in range(5)), text=notebook((None, "x = 1\n" * 150_000)))
    found = read(Entry("ada", tmp_path / "ada"))
    assert (len(found.notebooks), found.warnings[-1][-26:]) == (3, "2 notebooks were not read.")


ADA, BOB = "lovelaceada_12345_678", "byronbob_999_68"


def handed_out(folder, *files, canvas=False):
    """Put down what Canvas handed out; give each submission's name with the names of its notebooks."""
    put(folder, *files)
    return {entry.name: [book.name for book in read(entry).notebooks] for entry in find(folder, canvas=canvas)[0]}


def test_loose_files_of_one_student(tmp_path):
    """Where every name is Canvas', the files of a student are one submission, late or not, under their own names."""
    found = handed_out(tmp_path, f"{ADA}1_02.ipynb", "lovelaceada_LATE_12345_6789_03-1.ipynb", f"{BOB}_02.ipynb")
    assert found == {"lovelaceada_12345_all": ["02.ipynb", "03-1.ipynb"], "byronbob_999_all": ["02.ipynb"]}


@pytest.mark.parametrize("names", [[f"{ADA}1_02"], [f"{ADA}9_02-1"], [f"{ADA}9_02-1", f"{ADA}8_03"]])
def test_the_name_of_loose_files_stays(tmp_path, names):
    """Whatever a student hands in again, and however often, his submission and its marks keep their name."""
    assert list(handed_out(tmp_path, *(f"{name}.ipynb" for name in names), canvas=True)) == ["lovelaceada_12345_all"]


@pytest.mark.parametrize("canvas", [False, True])
def test_loose_files_beside_others(tmp_path, canvas):
    """Where other names stand beside, files are put together only if Canvas was named."""
    found = handed_out(tmp_path, f"{ADA}1_02.ipynb", f"{ADA}2_03.ipynb", "cy.ipynb", canvas=canvas)
    assert len(found) == (2 if canvas else 3)


@pytest.mark.parametrize("names", [("week_1_2_ada", "week_2_3_ada", "week_1_4_bob"), ("a_1_2_x", "b_1_3_x", "b_2_3_x")])
def test_numbers_that_are_not_of_canvas(tmp_path, names):
    """Names that hold numbers of another kind keep their files apart."""
    assert len(handed_out(tmp_path, *(f"{name}.ipynb" for name in names))) == 3


def test_a_broken_part(tmp_path):
    """A broken archive among a student's files costs that file alone."""
    put(tmp_path, f"{ADA}1_02.ipynb", f"{ADA}2_rest.zip", f"{BOB}_02.ipynb")
    ada = read(find(tmp_path)[0][1])
    assert (len(ada.notebooks), "rest.zip" in ada.warnings[0]) == (1, True)


FILE, TEXT = "assignsubmission_file_", "assignsubmission_onlinetext_"


def test_online_text_of_moodle(tmp_path):
    """What a participant wrote online is no submission beside the one that holds his files."""
    found = handed_out(tmp_path, f"Ada_104_{FILE}/a_1_2_02.ipynb", f"Ada_104_{TEXT}/onlinetext.html", "bob.ipynb")
    assert found == {f"Ada_104_{FILE}": ["a_1_2_02.ipynb"], "bob": ["bob.ipynb"]}


def test_loose_files_of_moodle(tmp_path):
    """The loose files of a participant are one submission, under their own names."""
    found = handed_out(tmp_path, f"Ada_104_{FILE}02.ipynb", f"Ada_104_{FILE}03.ipynb", canvas=True)
    assert found == {f"Ada_104_{FILE}": ["02.ipynb", "03.ipynb"]}


def test_a_file_of_moodle_named_for_another(tmp_path):
    """A number that a participant writes into the name of his file is not his."""
    found = handed_out(tmp_path, f"Ada_104_{FILE}Bob_105_{FILE}02.ipynb", f"Bob_105_{FILE}02.ipynb")
    assert list(found) == [f"Ada_104_{FILE}", f"Bob_105_{FILE}"]
