"""What the interactive pieces share: names, the choice of a user, and chance of their own."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import torch

from lesson.controls import Choice, Number

Names = Sequence[str] | None


@contextmanager
def own_chance(seed: int = 0) -> Iterator[None]:
    """Let the learner's code draw from chance that is the same at each visit, and put his own back."""
    before = random.getstate()
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        random.setstate(random.Random(seed).getstate())
        try:
            yield
        finally:
            random.setstate(before)


def names_of(names: Names, number: int, kind: str) -> list[str]:
    """The names, or numbers in their place."""
    return list(names) if names is not None else [f"{kind} {index}" for index in range(number)]


def pick(users: Names, number: int, first: int) -> Choice | Number:
    """Choose a user by name where there are names, else by number."""
    if users is None:
        return Number("user", 0, number - 1, first)
    return Choice("user", {name: index for index, name in enumerate(users)}, first)
