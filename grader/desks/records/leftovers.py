"""What an earlier run left among the results, and the last one did not bring up to date: said, and left where it is."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path

from ..submissions.files import readable
from .record import FOLDER

MOST_NAMES = 5
RECORD = ".record.json"
SIMILAR = "similar.html and similar.csv are of an earlier run: grade with `--similar` to bring them up to date."


def leftovers(out: Path, submissions: Collection[str], *, similar: bool) -> Iterator[str]:
    """Say what in a folder of results is of earlier runs, a sentence each.

    Args:
        out: the folder.
        submissions: the names of the last run.
        similar: whether it looked for look-alikes.
    """
    if not similar and (out / "similar.csv").exists():  # `similar.html` alone may be a learner's page
        yield SIMILAR
    gone = _gone(out, submissions)
    if gone:
        many = f"{len(gone)} submission{'s that are' if len(gone) != 1 else ' that is'} not in this run"
        yield f"`{readable(str(out))}` still holds pages of {many}: {_listed(gone)}. {_next(gone)}"


def _gone(out: Path, submissions: Collection[str]) -> list[str]:
    """List the submissions of earlier runs whose files are there; no other file of ours has the name of their JSON."""
    known = {path.name.removesuffix(RECORD) for path in (out / FOLDER).glob(f"*{RECORD}")}
    return sorted(name for name in known - set(submissions) if (out / f"{name}.json").exists())


def _listed(names: list[str]) -> str:
    more = f" and {len(names) - MOST_NAMES} more" if len(names) > MOST_NAMES else ""
    return ", ".join(f"`{name}`" for name in names[:MOST_NAMES]) + more


def _next(names: list[str]) -> str:
    whose = "their .html and .json files" if len(names) != 1 else "its .html and its .json file"
    return f"Delete {whose} there where nobody needs them."
