"""Which of the files that Canvas and Moodle hand out side by side are of one student: their names tell."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

DOWNLOADED = re.compile(r"(?P<person>.+?)_(?:LATE_)?(?P<number>\d+)_(?:\d+_|all$)")
"""A name that Canvas gave, or that the files of a student have together here."""
MOODLE = re.compile(r"(?P<person>.+?)_(?P<number>\d+)_assignsubmission_(?:file_|onlinetext_)?")
"""A name that Moodle gave."""


def together(paths: Sequence[Path], *, canvas: bool) -> dict[str, list[Path]]:
    """Put what is of one student together, by the name that it has as one submission; what nobody named is left out.

    Args:
        paths: files, and folders, which Moodle alone hands out.
        canvas: whether Canvas was named; else the names of all files have to say so.
    """
    found = _by_number(paths, MOODLE, "assignsubmission_file_")
    taken = {path for mine in found.values() for path in mine}
    files = [path for path in paths if path not in taken and not path.is_dir()]
    forms = [DOWNLOADED.match(path.name) for path in files]
    told = all(forms) and len({form["person"] for form in forms if form}) > 1
    return found | (_by_number(files, DOWNLOADED, "all") if canvas or told else {})


def _by_number(paths: Sequence[Path], form: re.Pattern[str], ending: str) -> dict[str, list[Path]]:
    found: dict[str, list[Path]] = defaultdict(list)
    people: dict[str, set[str]] = defaultdict(set)
    for path in paths:
        if match := form.match(path.name):
            found[f"{match['person']}_{match['number']}_{ending}"].append(path)
            people[match["number"]].add(match["person"])
    if any(len(names) > 1 for names in people.values()):
        return {}  # a number is one student's there, so these are other numbers
    return dict(found)


def own_name(name: str) -> str:
    """Give the name that a student's file had before a platform put its numbers before it."""
    match = MOODLE.match(name) or DOWNLOADED.match(name)
    return name[match.end() :] or name if match else name
