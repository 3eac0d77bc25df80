"""The answers to one exercise that are alike: found in buckets of equal forms and of shared fingerprints."""

from __future__ import annotations

import functools
import itertools
import math
from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from ...exercise import FOLDER, ids, load
from ..records.record import Line
from .fingerprints import WINDOW, fingerprints
from .normal import Form, all_forms, forms, words_of

SHORT = 65  # parts of its tree: the shorter an answer, the fewer ways there are to write it
SHORT_TEXT = 15  # words of a free text
COMMON, COMMON_SHARE, COMMON_MOST = 6, 0.05, 25  # what more than these share is nobody's own
NEARLY = 0.7  # of the smaller answer's fingerprints
FEW = 5  # fingerprints
Pair = tuple[int, int]


@dataclass(frozen=True)
class Likeness:
    """Why two answers to an exercise are alike: equal but for names and layout, or nearly; and how telling that is."""

    exercise: str
    same: bool
    weight: float


@functools.cache
def known(exercise: str) -> tuple[frozenset[str], frozenset[int]]:
    """Give the forms and the fingerprints of all that the course itself writes: answers, mistakes and the stub."""
    if exercise not in ids():
        return frozenset(), frozenset()
    source = (FOLDER / exercise / "exercise.py").read_text(encoding="utf-8")
    ours = [*all_forms(source), *forms(load(exercise).probe.STUB)]
    prints = (fingerprints(form.tokens) for form in ours)
    return frozenset(form.text for form in ours), frozenset(itertools.chain.from_iterable(prints))


class Answers:
    """The answers to one exercise, kept as digests and fingerprints; their texts are not."""

    def __init__(self, exercise: str) -> None:
        self.exercise, self.answered = exercise, 0
        self.people: dict[int, list[int]] = defaultdict(list)  # by digest
        self.worth: dict[int, float] = {}  # by digest: the size, as far as it is not the course's
        self.prints, self.owners = array("Q"), array("I")
        self.sizes: Counter[int] = Counter()  # fingerprints by person

    def add(self, person: int, line: Line) -> None:
        """Take in one person's answer."""
        self.answered += 1
        own: set[int] = set()
        texts, prints = known(self.exercise)
        for form in _long_forms(line):
            if form.text not in texts:
                found = fingerprints(form.tokens)
                own |= found - prints
                self._keep(person, form, len(found - prints) / len(found))
        self.sizes[person] = len(own)
        self.prints.extend(own)
        self.owners.extend(itertools.repeat(person, len(own)))

    def _keep(self, person: int, form: Form, share: float) -> None:
        digest = hash(form.text)
        if share and person not in self.people[digest][-1:]:
            self.people[digest].append(person)
            self.worth[digest] = share * len(form.tokens)

    def alike(self) -> dict[Pair, Likeness]:
        """Give the pairs of people whose answers are alike."""
        nearly = {pair: Likeness(self.exercise, False, weight) for pair, weight in self._nearly()}
        same: dict[Pair, float] = defaultdict(float)
        for digest, people in self.people.items():
            if 2 <= len(people) <= self._most():
                for pair in itertools.combinations(people, 2):
                    same[pair] += self.worth[digest] * self._rarity(len(people))
        return nearly | {pair: Likeness(self.exercise, True, weight) for pair, weight in same.items()}

    def _nearly(self) -> Iterator[tuple[Pair, float]]:
        shared: Counter[Pair] = Counter()
        for people in self._buckets():
            shared.update(itertools.combinations(people, 2))
        for pair, count in shared.items():
            smaller = min(self.sizes[person] for person in pair)
            if smaller >= FEW and count >= NEARLY * smaller:
                yield pair, count * (WINDOW + 1) / 2 * self._rarity(2)  # as large as the runs that they stand for

    def _buckets(self) -> Iterator[list[int]]:
        """Give the people of each fingerprint that a few share."""
        prints, owners = np.array(self.prints), np.array(self.owners)
        order = np.lexsort((owners, prints))
        ends = np.flatnonzero(np.diff(prints[order])) + 1
        starts, stops = np.append(0, ends), np.append(ends, len(order))
        few = (stops - starts >= 2) & (stops - starts <= self._most())
        for start, stop in zip(starts[few], stops[few], strict=True):
            yield owners[order[start:stop]].tolist()

    def _most(self) -> int:
        return int(min(COMMON_MOST, max(COMMON, COMMON_SHARE * self.answered)))

    def _rarity(self, sharing: int) -> float:
        return 1 + math.log2(max(1.0, self.answered / sharing))


def _long_forms(line: Line) -> Iterable[Form]:
    code = (form for form in forms(line.answer) if len(form.tokens) >= SHORT)
    free = (form for form in map(words_of, line.texts.values()) if len(form.tokens) >= SHORT_TEXT)
    return itertools.chain(code, free)
