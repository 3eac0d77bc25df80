"""Huge pages for the warm parent: a fork copies one entry of its page table for each, where it copied 512."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from pathlib import Path

HUGE = 2**21  # bytes
MADV_COLLAPSE = 25  # since Linux 6.1; an older one refuses it, and all stays as it was
MAPS = Path("/proc/self/maps")


def use_huge_pages() -> int:
    """Gather what this process holds for itself into huge pages; give how many it has got."""
    if not MAPS.exists():
        return 0
    madvise, size = ctypes.CDLL(None).madvise, ctypes.c_size_t(HUGE)
    results = [madvise(ctypes.c_void_p(place), size, MADV_COLLAPSE) for place in places(MAPS.read_text())]
    return results.count(0)


def places(maps: str) -> Iterator[int]:
    """Read off a process's maps the addresses where a huge page of its own memory, and of no file, may begin."""
    for line in maps.splitlines():
        span, rights, _, _, _, *name = line.split(maxsplit=5)
        if rights == "rw-p" and name in ([], ["[heap]"]):
            first, end = (int(part, 16) for part in span.split("-"))
            yield from range(-(-first // HUGE) * HUGE, end - HUGE + 1, HUGE)
