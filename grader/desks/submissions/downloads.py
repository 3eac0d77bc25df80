"""Canvas hands out every file of a class side by side: their names tell which are of one student."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

DOWNLOADED = re.compile(r"(?P<person>.+?)_(?:LATE_)?(?P<number>\d+)_(?:\d+_|all$)")
"""A name that Canvas gave, or that several files of a student have together here."""


def by_student(paths: Sequence[Path], *, asked: bool) -> dict[str, list[Path]]:
    """Put the files of each student together, by the name that they have as one submission; {} where none are Canvas'.

    Args:
        paths: files, no folders.
        asked: whether Canvas was named; else the names of all files have to say so.
    """
    forms = {path: DOWNLOADED.match(path.name) for path in paths}
    found: dict[str, list[Path]] = defaultdict(list)
    people: dict[str, set[str]] = defaultdict(set)
    for path, form in forms.items():
        if form:
            found[f"{form['person']}_{form['number']}_all"].append(path)
            people[form["number"]].add(form["person"])
    if any(len(names) > 1 for names in people.values()):
        return {}  # a number is one student's with Canvas, so these are other numbers
    told = all(forms.values()) and len(set().union(*people.values())) > 1
    return dict(found) if asked or told else {}


def own_name(name: str) -> str:
    """Give the name that a student's file had before Canvas put its numbers before it."""
    return DOWNLOADED.sub("", name, count=1) or name
