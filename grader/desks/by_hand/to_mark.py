"""The file for marking: what waits for a person, or has changed since he marked it, and room for points."""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path

from ...exercise import ids, load
from ...forms import ESSAY, kind_of
from ..gradebooks.table import csv_row
from ..records.record import FOLDER, Line, Record, number, write
from ..records.results import harmless
from ..submissions.files import readable
from ..view.pages import printable
from .marks import HandMarks, answer_digest, has_changed

NAME = "to_mark.csv"
HEAD = (
    "submission",
    "exercise",
    "question",
    "answer",
    "rubric",
    "max_points",
    "points",
    "comment",
    "changed",
    "answer_id",
)
MOST_IN_A_CELL = 30_000  # spreadsheets cut a cell at 32,767 signs
CUT = "\n[cut here: the rest stands in the learner's notebook]"
FLAG = "changed since it was marked: empty this cell when you have read it again"


def rows(record: Record, hand: HandMarks) -> list[str]:
    """Give the lines of one submission: an exercise each, where there is or was a text to mark, or a person is due."""
    return [_row(record.submission, line, hand) for line in record.lines if _is_for_a_person(record, line, hand)]


def write_to_mark(out: Path, lines: list[str]) -> None:
    """Write the file for marking; what somebody has typed into the old one, and not merged, is kept beside it."""
    _keep_what_was_typed(out)
    if not lines and not (out / NAME).exists():
        return
    data = ("\ufeff" + csv_row(HEAD, newline="\r\n") + "".join(lines)).encode("utf-8", "replace")
    write(out / NAME, data)
    write(_digest_file(out), hashlib.sha256(data).hexdigest())


def merged(out: Path, file: Path) -> None:
    """Note that what was typed into the file for marking is known now."""
    if (out / NAME).exists() and file.resolve() == (out / NAME).resolve():
        write(_digest_file(out), hashlib.sha256(file.read_bytes()).hexdigest())


def _is_for_a_person(record: Record, line: Line, hand: HandMarks) -> bool:
    mark = hand.given(record.submission, line.id)
    if line.id not in ids():
        return False
    if hand.waiting(record.submission, line.id) or (mark and has_changed(line, mark)):
        return True
    is_essay = kind_of(load(line.id)) == ESSAY
    return is_essay and (mark is not None or any(text.strip() for text in line.texts.values()))


def _row(submission: str, line: Line, hand: HandMarks) -> str:
    mark = hand.given(submission, line.id)
    texts = [printable(text).strip() for text in _asked_and_said(line)]
    cells = [submission, line.id, *map(_fitting, texts)]
    points = number(mark.points) if mark else ""
    comment = mark.comment if mark else hand.waiting(submission, line.id)
    flag = FLAG if mark and has_changed(line, mark) else ""
    said = [harmless(cell) for cell in (*cells, comment)]
    row = [
        *said[:-1],
        number(line.max_score),
        points,
        said[-1],
        flag,
        f"x{answer_digest(line)}",
    ]  # no number to a spreadsheet
    return csv_row(row, newline="\r\n")


def _asked_and_said(line: Line) -> tuple[str, str, str]:
    """Give the questions, the learner's texts and the rubric, each under the questions' names; of code, the code."""
    exercise = load(line.id)
    if kind_of(exercise) != ESSAY:
        return exercise.title, line.answer, ""
    answer = exercise.answer
    rubric = {key: "\n".join(f"- {sign}" for sign in signs) for key, signs in getattr(answer, "RUBRIC", {}).items()}
    return _headed(getattr(answer, "QUESTIONS", {})), _headed(line.texts), _headed(rubric)


def _headed(texts: dict[str, str]) -> str:
    return "\n\n".join(f"[{key}]\n{text.strip()}" for key, text in texts.items())


def _fitting(text: str) -> str:
    return text if len(text) <= MOST_IN_A_CELL else text[:MOST_IN_A_CELL] + CUT


def _keep_what_was_typed(out: Path) -> None:
    """Set a file aside that is not as we wrote it."""
    file = out / NAME
    if not file.exists():
        return
    known = _digest_file(out).read_text() if _digest_file(out).exists() else ""
    if hashlib.sha256(file.read_bytes()).hexdigest() == known:
        return
    number = 1
    while (aside := out / f"to_mark_unmerged_{number}.csv").exists():
        number += 1
    file.replace(aside)
    shown = readable(str(aside))
    print(f"`{NAME}` held changes that were not merged: they are in `{shown}` now, for `grader mark`.", file=sys.stderr)


def _digest_file(out: Path) -> Path:
    return out / FOLDER / "to_mark.sha256"
