"""The warm parent's memory in huge pages: which memory that is, and that nothing in it changes."""

from __future__ import annotations

import os

import pytest

from grader.learner import huge_pages
from grader.learner.huge_pages import HUGE, places, use_huge_pages

MAPS = """\
7f0000000000-7f0000500000 rw-p 00000000 00:00 0
7f0001100000-7f0001500000 rw-p 00000000 00:00 0     [heap]
7f0002000000-7f0002500000 rw-p 00000000 00:00 0     [stack]
7f0003000000-7f0003500000 rw-s 00000000 00:01 42    /dev/shm/a file
7f0004000000-7f0004500000 r-xp 00000000 08:01 43    /usr/lib/libtorch.so
7f0005000000-7f0005500000 rw-p 00000000 08:01 43    /usr/lib/libtorch.so
7f0006000000-7f00061ff000 rw-p 00000000 00:00 0
"""


def test_whole_huge_pages_of_its_own_memory():
    """Only what is private, written and of no file counts, from an address that a huge page may have."""
    assert [hex(place) for place in places(MAPS)] == ["0x7f0000000000", "0x7f0000200000", "0x7f0001200000"]


def test_memory_keeps_what_it_holds():
    """What was written is there afterwards, and a child's writing stays its own."""
    data = bytearray(os.urandom(4 * HUGE))
    before = bytes(data)
    gathered = use_huge_pages()
    if not gathered:
        pytest.skip("this system gathers no huge pages: Linux does from 6.1 on")
    child = os.fork()
    if child == 0:
        data[:] = bytes(len(data))
        os._exit(0 if not any(data) else 1)
    assert (os.waitpid(child, 0)[1], bytes(data)) == (0, before)


def test_a_system_without_them(monkeypatch, tmp_path):
    """Where no maps can be read, nothing is done."""
    monkeypatch.setattr(huge_pages, "MAPS", tmp_path / "maps")
    assert use_huge_pages() == 0
