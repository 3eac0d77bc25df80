"""Pairs of submissions that look alike, as a page and a table: a place to look, and no verdict."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ..records.record import Line, Record, Records, write
from ..records.results import csv_line, harmless
from ..view.pages import free_name, page
from .likeness import Answers, Likeness

MOST_ROWS = 5_000
MOST_PAIRS = 100  # on the page
MOST_EXERCISES = 6  # of a pair on the page
MOST_TEXT = 6_000
HEAD = ("evidence", "submission", "other", "exercises", "same", "nearly")


@dataclass(frozen=True)
class Pair:
    """Two submissions, and the exercises that speak of a common source; the most telling first."""

    one: str
    two: str
    likenesses: tuple[Likeness, ...]

    @property
    def weight(self) -> float:
        """How much evidence there is: over all exercises, the answers' size times their rarity."""
        return sum(likeness.weight for likeness in self.likenesses)

    def exercises(self, *, same: bool) -> list[str]:
        """List the exercises whose answers are the same, or nearly."""
        return [likeness.exercise for likeness in self.likenesses if likeness.same == same]


class LookAlikes:
    """Reads the records of a class, one at a time, and keeps of their answers digests and fingerprints alone."""

    def __init__(self) -> None:
        self.names: list[str] = []
        self.answers: dict[str, Answers] = {}

    def add(self, record: Record) -> None:
        """Take in one submission."""
        for line in record.lines:
            if line.answer or line.texts:
                self.answers.setdefault(line.id, Answers(line.id)).add(len(self.names), line)
        self.names.append(record.submission)

    def pairs(self) -> list[Pair]:
        """List the pairs by how much evidence there is."""
        found: dict[tuple[int, int], list[Likeness]] = defaultdict(list)
        for answers in self.answers.values():
            for pair, likeness in answers.alike().items():
                found[pair].append(likeness)
        pairs = [Pair(self.names[one], self.names[two], _ranked(parts)) for (one, two), parts in found.items()]
        return sorted(pairs, key=lambda pair: (-pair.weight, pair.one, pair.two))

    def write(self, out: Path) -> None:
        """Write `similar.csv`, and `similar.html` with both texts of the first pairs."""
        pairs = self.pairs()
        write(out / "similar.csv", "\ufeff" + csv_line(HEAD) + "".join(map(_row, pairs[:MOST_ROWS])))
        records = Records(out)
        shown = [(pair, list(_beside(pair, records))) for pair in pairs[:MOST_PAIRS]]
        text = page("similar.html", pairs=shown, count=len(pairs), people=len(self.names), rows=MOST_ROWS)
        write(out / free_name("similar", self.names), text)


def _ranked(likenesses: list[Likeness]) -> tuple[Likeness, ...]:
    return tuple(sorted(likenesses, key=lambda likeness: -likeness.weight))


def _row(pair: Pair) -> str:
    same, nearly = pair.exercises(same=True), pair.exercises(same=False)
    names = harmless(pair.one), harmless(pair.two)
    return csv_line([round(pair.weight), *names, len(same) + len(nearly), " ".join(same), " ".join(nearly)])


def _beside(pair: Pair, records: Records) -> Iterator[tuple[Likeness, tuple[str, str]]]:
    """Give both texts of the most telling exercises."""
    lines = [{line.id: line for line in record.lines} for record in map(records.get, (pair.one, pair.two)) if record]
    for likeness in pair.likenesses[:MOST_EXERCISES] if len(lines) == 2 else ():
        one, two = (_text(by_id[likeness.exercise]) for by_id in lines)
        yield likeness, (one, two)


def _text(line: Line) -> str:
    text = line.answer or "\n\n".join(line.texts.values())
    return text if len(text) <= MOST_TEXT else f"{text[:MOST_TEXT]}\n..."
