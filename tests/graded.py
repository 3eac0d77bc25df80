"""A graded class without any grading: records put down by hand, for the tests of what is written from them."""

from __future__ import annotations

import csv
import io

from grader import course
from grader.__main__ import main
from grader.desks.by_hand.marks import HandMarks
from grader.desks.grading.class_files import rewrite
from grader.desks.records.last_run import Books, LastRun
from grader.desks.records.record import Line, Record, Records

TEXTS = {"two_words": "=one of two", "relatives": 'three\nlines, "quoted"', "your_choice": ""}


def record(name, score=2, texts=TEXTS, **details):
    """Make a submission: a right answer, a wrong one, an essay and a challenge; what is missing takes no points."""
    known = (
        Line("iou", "correct", score, 4, "Right."),
        Line("union", "wrong", 0, 2, "Count `<once>`.", "overlap_counted_twice"),
        Line("essay_contrastive", "to mark", 0, 6, "Your text is in.", texts=texts),
        Line("vae", "correct", 3, 5, "Right."),
    )
    by_id = {line.id: line for line in known}
    lines = (by_id.get(key, Line(key, "missing", 0, 0, "")) for key in course.exercise_ids())
    return Record(name, tuple(lines), **details)


def graded_class(out, *records, formats=(), column=""):
    """Put records down as a run would, and write all files; give the folder."""
    out.mkdir(exist_ok=True)
    kept = Records(out)
    for one in records:
        kept.put(one)
    last = LastRun(7, True, submissions=tuple(one.submission for one in records), books=Books(formats, column))
    last.save(out)
    rewrite(out, last, kept.all(last.submissions), HandMarks(out))
    return out


def table(path):
    """Read a CSV file as a list of dicts."""
    return list(csv.DictReader(io.StringIO(path.read_bytes().decode("utf-8-sig"), newline="")))


def merge(out, text, name="marks.csv"):
    """Merge a file of marks; give the exit status."""
    file = out.parent / name
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return main(["mark", str(out), str(file)])


def points(out, submission="ada", exercise="essay_contrastive"):
    """Read the points of one exercise in `grades.csv`."""
    return next(row[exercise] for row in table(out / "grades.csv") if row["submission"].strip("'") == submission)
