"""Tables: whatever a spreadsheet wrote is read, and what was read is written back the same."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.desks.gradebooks.table import BadTable, Table, decoded, read_table, tame, untamed
from grader.desks.records.results import FORMULA, harmless

CELLS = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\x00"), max_size=12)
ODD = ["Müller, Jörg", 'a "b"', "=1+1", "李 雷", "a\nb", "a\rb", "\ta", "Zoë\r\nx", "-", "'", "'=x", "''-x"]
NAMES = CELLS | st.sampled_from(ODD)
SIGNS = st.text("'=+-@\t\rx3 ", max_size=5) | NAMES
HEAD = ("name", "mark")
ROWS = st.lists(st.tuples(NAMES, NAMES), max_size=5)


@given(
    ROWS, st.sampled_from(",;\t"), st.sampled_from(["\n", "\r\n"]), st.sampled_from(["utf-8", "utf-8-sig", "utf-16"])
)
def test_cells_survive_a_round_trip(rows, delimiter, newline, encoding):
    """Commas, quotes, line ends and other scripts come back as they were, in every form of file."""
    table = Table((HEAD, *rows), (), encoding, delimiter, newline)
    assert decoded(table.encoded()).rows == table.rows


@given(ROWS)
def test_files_survive_a_round_trip(rows):
    """A file that is read and written again is the same, byte by byte."""
    data = Table((HEAD, *rows), newline="\r\n").encoded()
    assert decoded(data).encoded() == data


@given(NAMES)
def test_a_name_is_never_computed(name):
    """Whatever a name is, no spreadsheet takes it for a formula, unless it is a number."""
    assert not tame(name).startswith(FORMULA) or tame(name).strip("+-.,%eE0123456789") == ""


@given(NAMES)
def test_what_was_defused_is_known_again(name):
    """A defused cell that comes back from a spreadsheet is the name that it was."""
    assert untamed(tame(name)) == untamed(name)


@given(SIGNS)
def test_what_was_made_harmless_comes_back(text):
    """The way out and back is exact, also for a text that begins like one that was defused."""
    assert untamed(harmless(text)) == text


@given(SIGNS, SIGNS)
def test_no_two_texts_are_one_when_harmless(one, other):
    """Two texts never look the same in a file: a mark for one of them cannot go to the other."""
    assert (harmless(one) == harmless(other)) == (one == other)


@given(SIGNS)
def test_once_is_enough(text):
    """A roster's cell that goes round several times gathers no quotes."""
    assert tame(tame(text)) == tame(text)


@pytest.mark.parametrize("mark", ["-3", "+2.5", "-1,5", "12", "-", "1e3", "-50%"])
def test_numbers_are_left_alone(mark):
    """A negative number is no formula."""
    assert tame(mark) == mark


def test_western_windows_encoding():
    """A file in the encoding of an old Excel is read, and written in it."""
    data = "name;mark\r\nJörg;2\r\n".encode("cp1252")
    assert (decoded(data).rows[1][0], decoded(data).encoded()) == ("Jörg", data)


def test_a_sign_that_the_encoding_lacks():
    """Where the file's encoding has no such sign, it becomes UTF-8 with a mark rather than lose it."""
    assert Table((("李",),), encoding="cp1252").encoded() == b"\xef\xbb\xbf" + "李\n".encode()


def test_place_counts_lines_and_rows():
    """Behind a cell of two lines, a row is named both as an editor and as a spreadsheet counts."""
    assert decoded(b'a,b\n"x\ny",1\nz,2\n').place(2) == "line 4 (row 3 in a spreadsheet)"


@pytest.mark.parametrize(("data", "says"), [(b"", "is empty"), (b'a,b\n"x,1\n', "is no CSV file")])
def test_no_table(data, says, tmp_path):
    """What is no table is refused with the file's name and the reason."""
    (tmp_path / "x.csv").write_bytes(data)
    with pytest.raises(BadTable, match=says):
        read_table(tmp_path / "x.csv")
