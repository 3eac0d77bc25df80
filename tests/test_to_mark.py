"""The file for marking: questions, texts and rubric of every essay, and nothing that somebody typed is lost."""

from __future__ import annotations

import pytest
from graded import graded_class, record, table

from grader.desks.records.results import FORMULA


@pytest.fixture
def out(tmp_path):
    """Give the results of a class of three, one of whom wrote nothing."""
    texts = dict.fromkeys(("two_words", "relatives", "your_choice"), " ")
    return graded_class(tmp_path / "out", record("=bob"), record("ada"), record("cy", texts=texts))


def test_a_row_each(out):
    """Every submission with a text has a row, and an empty text has none."""
    assert [row["submission"] for row in table(out / "to_mark.csv")] == ["'=bob", "ada"]


def test_what_a_row_shows(out):
    """Question, text and rubric stand in the row, and room for the mark."""
    row = table(out / "to_mark.csv")[1]
    seen = "contractive" in row["question"], "three\nlines" in row["answer"], "- Contrastive:" in row["rubric"]
    assert (*seen, row["max_points"], row["points"]) == (True, True, True, "6", "")


def test_nothing_is_computed(out):
    """No cell of the file is taken for a formula."""
    assert not any(cell.startswith(FORMULA) for row in table(out / "to_mark.csv") for cell in row.values())


def test_a_long_text_is_cut(tmp_path):
    """A text that no spreadsheet's cell can hold is cut, and says so."""
    out = graded_class(tmp_path / "out", record("ada", texts={"two_words": "x" * 10**6}))
    answer = table(out / "to_mark.csv")[0]["answer"]
    assert (len(answer) < 32_767, "cut here" in answer) == (True, True)


def test_what_was_typed_is_kept(out, capsys):
    """Marks that were typed into the file and not merged are set aside by the next run."""
    typed = (out / "to_mark.csv").read_bytes().replace(b",6,,,", b",6,5,,", 1)
    (out / "to_mark.csv").write_bytes(typed)
    graded_class(out, record("ada"))
    kept = (out / "to_mark_unmerged_1.csv").read_bytes() == typed
    assert (kept, "not merged" in capsys.readouterr().err) == (True, True)


def test_no_text_no_file(tmp_path):
    """A class without texts has no file for marking."""
    assert not (graded_class(tmp_path / "out", record("ada", texts={})) / "to_mark.csv").exists()
