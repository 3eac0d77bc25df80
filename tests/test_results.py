"""The notes for the staff."""

from __future__ import annotations

import pytest

from grader.desks.records.record import Line, Record
from grader.desks.records.results import staff_note

HIT = "Limits of time or memory were hit by iou.\n"


def note(status="wrong", message="m", **details):
    """Write the note on one answer."""
    return staff_note(Record("ada", (Line("iou", status, 0, 2, message),), **details))


def test_nothing_to_say():
    """A usual submission has no note."""
    assert note(seconds=9) == ""


@pytest.mark.parametrize(
    ("details", "said"),
    [
        ({"status": "timed out", "seconds": 21.4}, f"{HIT}It took 21 s.\n"),
        ({"message": "`f` asked for more memory than there is."}, f"{HIT}It took 0 s.\n"),
        ({"seconds": 40, "restarts": 1}, "It took 40 s, with 1 process started again.\n"),
        ({"seconds": 170}, "It took 170 s.\n"),
    ],
)
def test_effort(details, said):
    """Limits that were hit, time and restarts are noted where they matter."""
    assert note(**details) == f"## ada\n{said}"
