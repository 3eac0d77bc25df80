"""The page of a whole class: scores, exercises, mistakes, slow runs, whom to talk to, and what waits for a person."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from ...course import STAGES
from ...verdict import Status
from ..records.record import Record, number, write
from ..view.pages import free_name, page
from .class_counts import BARS, COLUMNS, Counts, Person, middle
from .report import MARKS
from .talk import to_talk_to

MOST_MISTAKES = 25
MOST_TALKS = 30
MOST_SLOW = 10
SLOW = 2.0  # times the class's median
HEADS = {outcome: f"{symbol} {outcome}" for outcome, symbol in MARKS.items()}


class ClassPage:
    """Reads the records of a class, one at a time, and writes its page.

    Args:
        titles: what each exercise asks, by id.
        note: one sentence on how the class was graded, "" where there is nothing to say.
    """

    def __init__(self, titles: Mapping[str, str], note: str = "") -> None:
        self.titles, self.note = titles, note
        self.counts = Counts()

    def add(self, record: Record) -> None:
        """Take one submission into account."""
        self.counts.add(record)

    def write(self, out: Path) -> None:
        """Write `class.html`."""
        write(out / free_name("class", [person.name for person in self.counts.people]), self.text())

    def text(self) -> str:
        """Write the page as text."""
        people = self.counts.people
        talks = to_talk_to(self.counts)
        return page(
            "class.html",
            note=self.note,
            people=sorted(people, key=lambda person: person.name.casefold()),
            **_scores(self.counts),
            columns=[(str(column), HEADS[column]) for column in self._columns()],
            stages=list(self._stages()),
            mistakes=self.counts.commonest(MOST_MISTAKES),
            talks=talks[:MOST_TALKS],
            more_talks=len(talks) - MOST_TALKS,
            slow=_slow(people),
            to_mark=sorted((p for p in people if p.to_mark), key=lambda person: person.name.casefold()),
        )

    def _columns(self) -> list[str]:
        """Leave out the column of our own faults where there are none."""
        met = {column for counts in self.counts.exercises.values() for column in counts}
        return [column for column in COLUMNS if column != Status.BROKEN or column in met]

    def _stages(self) -> Iterator[dict[str, Any]]:
        """Give the table's rows by stage; a stage without any is left out."""
        for stage in STAGES:
            found = [exercise for exercise in stage.exercises if exercise in self.counts.exercises]
            if found:
                yield {"stage": stage, "exercises": [self._row(exercise) for exercise in found]}

    def _row(self, exercise: str) -> dict[str, Any]:
        counts = self.counts.exercises[exercise]
        rate = round(100 * counts[Status.CORRECT] / max(1, counts.total()))
        cells = [counts[column] for column in self._columns()]
        return {"id": exercise, "title": self.titles.get(exercise, ""), "cells": cells, "rate": rate}


def _scores(counts: Counts) -> dict[str, Any]:
    scores = [person.score for person in counts.people]
    bars = counts.bars()
    labels = [f"{100 * i // BARS} to {100 * (i + 1) // BARS} %" for i in range(BARS)]
    return {
        "max_score": max((person.max_score for person in counts.people), default=0),
        "mean": number(round(sum(scores) / max(1, len(scores)), 1)),
        "median": number(round(middle(scores), 1)),
        "least": number(min(scores, default=0)),
        "best": number(max(scores, default=0)),
        "bars": [(label, count, 100 * count / max(1, *bars)) for label, count in zip(labels, bars, strict=True)],
    }


def _slow(people: list[Person]) -> list[Person]:
    """List what took far longer than is usual here, or had to be started again; the slowest first."""
    usual = SLOW * middle([person.seconds for person in people])
    found = [person for person in people if person.restarts or person.seconds > usual > 0]
    return sorted(found, key=lambda person: (-person.seconds, -person.restarts, person.name))[:MOST_SLOW]
