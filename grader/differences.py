"""Compare two observations: whether they agree, and where they do not."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import torch

from .learner.observation import Entry, Error, Observation
from .learner.plain import Opaque

TOLERANCE = 1e-4
FALSE_ALARM = 1e-7  # of one chi-square test; a probe with ten samples stays under the promised 1e-6
ORDER = ("error", "structure", "shape", "dtype", "value", "sample", "changed", "question")


@dataclass(frozen=True)
class Difference:
    """One difference: its kind (see `ORDER`), the two entries, and the path and index inside the value."""

    kind: str
    expected: Entry
    got: Entry
    path: tuple[str, ...] = ()
    one: Any = None
    two: Any = None
    index: tuple[int, ...] = ()


def agree(expected: Observation, got: Observation, *, partly: bool = False) -> bool:
    """Whether two observations are the same answer; with `partly`, as far as `expected` goes.

    Two that were cut off at one place agree: whether an answer is right, only a whole one tells.
    """
    wanted, found = expected.compared, got.compared
    if partly and len(found) > len(wanted):
        found = found[: len(wanted)]
    elif expected.ended != got.ended or len(wanted) != len(found):
        return False
    return not any(_differences(one, two) for one, two in zip(wanted, found, strict=True))


def alike(expected: Entry, got: Entry) -> bool:
    """Whether two entries are the same answer to one question."""
    return not _differences(expected, got)


def as_long_as_alike(got: Observation) -> Callable[[Entry], bool]:
    """Give a question for one `Exercise.followed`: whether an answer of ours still goes the learner's way.

    Asides are no part of the way: whoever writes an observation by hand may put any number of them anywhere.
    """
    way = iter(got.compared)

    def go_on(entry: Entry) -> bool:
        return entry.aside or ((found := next(way, None)) is not None and alike(entry, found))

    return go_on


def most_helpful(expected: Observation, got: Observation) -> Difference | None:
    """Give the difference that helps most: by its kind in the order of `ORDER`, then the one on the smallest input."""
    found = [
        (ORDER.index(difference.kind), _size(one.inputs), place, difference)
        for place, (one, two) in enumerate(zip(expected.compared, got.compared, strict=False))
        for difference in _differences(one, two)
    ]
    return min(found, key=lambda item: item[:3])[3] if found else None


def _size(inputs: dict[str, Any]) -> float:
    """Count the numbers of an input; a single row or column shows little and comes late, an input without any last."""
    tensors = list(_tensors(inputs))
    if not tensors:
        return float("inf")
    degenerate = any(1 in tensor.shape for tensor in tensors)
    return sum(tensor.numel() for tensor in tensors) + (1_000_000 if degenerate else 0)


def _tensors(value: Any) -> Iterator[torch.Tensor]:
    if isinstance(value, torch.Tensor):
        yield value
    elif isinstance(value, dict | list | tuple):
        for item in value.values() if isinstance(value, dict) else value:
            yield from _tensors(item)


def strangeness(expected: Observation, got: Observation) -> float:
    """How far the samples of two observations lie apart: the sum of -log(tail) over their chi-square tests."""
    pairs = zip(expected.compared, got.compared, strict=False)
    return sum(-math.log(max(_tail(one.value, two.value), 1e-300)) for one, two in pairs if one.sample and two.sample)


def _differences(expected: Entry, got: Entry) -> list[Difference]:
    """List what differs between two entries; empty where they agree."""
    if (expected.label, expected.sample) != (got.label, got.sample):
        return [Difference("question", expected, got)]
    if not _same_error(expected.error, got.error):
        return [Difference("error", expected, got)]
    found = _value_difference(expected, got)
    if set(expected.changed) != set(got.changed) and len(expected.changed) != len(got.changed):
        found.append(Difference("changed", expected, got))
    return found


def _value_difference(expected: Entry, got: Entry) -> list[Difference]:
    if expected.sample:
        same = isinstance(got.value, torch.Tensor) and same_frequencies(expected.value, got.value)
        return [] if same else [Difference("sample", expected, got, one=expected.value, two=got.value)]
    found = compare(expected.value, got.value)
    return [] if found is None else [Difference(found[0], expected, got, *found[1:])]


def compare(one: Any, two: Any, path: tuple[str, ...] = ()) -> tuple[Any, ...] | None:
    """Compare plain values: None, or (kind, path, one, two, index). The learner's side is never coerced."""
    if type(one) is not type(two):
        return "structure", path, one, two, ()
    if isinstance(one, torch.Tensor):
        return _compare_tensors(one, two, path)
    if isinstance(one, list | tuple):
        if len(one) != len(two):
            return "structure", path, one, two, ()
        pairs = [(f"item {i}", a, b) for i, (a, b) in enumerate(zip(one, two, strict=True))]
    elif isinstance(one, dict):
        if list(one) != list(two):
            return "structure", path, one, two, ()
        pairs = [(key, one[key], two[key]) for key in one]
    else:
        same = _close(one, two) if isinstance(one, float) else one == two
        return None if same else ("structure" if isinstance(one, Opaque) else "value", path, one, two, ())
    return next((found for key, a, b in pairs if (found := compare(a, b, (*path, key)))), None)


def _compare_tensors(one: torch.Tensor, two: torch.Tensor, path: tuple[str, ...]) -> tuple[Any, ...] | None:
    if one.shape != two.shape:
        return "shape", path, one, two, ()
    if one.dtype != two.dtype:
        return "dtype", path, one, two, ()
    if torch.equal(one, two):
        return None
    far = ~torch.isclose(two.double(), one.double(), rtol=TOLERANCE, atol=TOLERANCE, equal_nan=True)
    return ("value", path, one, two, tuple(far.nonzero()[0].tolist())) if far.any() else None


def _close(one: float, two: float) -> bool:
    near = abs(two - one) <= TOLERANCE + TOLERANCE * abs(one) if math.isfinite(one) else two == one
    return near or (math.isnan(one) and math.isnan(two))


def _same_error(one: Error | None, two: Error | None) -> bool:
    """Errors are the same by class and by the first words of their text, numbers left aside."""
    if one is None or two is None:
        return one is two
    words = [re.sub(r"[\d\W]+", " ", error.text)[:30] for error in (one, two)]
    return one.kind == two.kind and words[0] == words[1]


def same_frequencies(one: torch.Tensor, two: torch.Tensor) -> bool:
    """Test by chi-square that two rows of counts were drawn from the same distribution.

    The two-sample statistic: sum over outcomes of (a sqrt(B/A) - b sqrt(A/B))^2 / (a + b) with totals A and B
    (Press et al., Numerical Recipes, section 14.3), on (outcomes seen - 1) degrees of freedom. Outcomes
    seen fewer than ten times in both are pooled, so that the chi-square tail holds.
    """
    return _tail(one, two) >= FALSE_ALARM


def _are_counts(one: torch.Tensor, two: torch.Tensor) -> bool:
    """Whether `two` may be doubted at all: negative counts and a few draws in place of many agree with everything."""
    return two.dtype == one.dtype and not bool((two < 0).any()) and bool(2 * two.double().sum() >= one.double().sum())


def _tail(one: torch.Tensor, two: torch.Tensor) -> float:
    """How often chance alone brings counts of one distribution at least as far apart as these."""
    if one.dim() != 1 or one.shape != two.shape or not _are_counts(one, two):
        return 0.0
    a, b = one.double(), two.double()
    if a.sum() == 0 or b.sum() == 0:
        return float(a.sum() == b.sum())
    rare = (a + b) < 10
    a, b = (torch.cat([x[~rare], x[rare].sum().reshape(1)]) for x in (a, b))
    seen = (a + b) > 0
    a, b = a[seen], b[seen]
    ratio = (b.sum() / a.sum()).sqrt()
    statistic = ((a * ratio - b / ratio) ** 2 / (a + b)).sum()
    freedom = max(len(a) - 1, 1)
    return float(torch.special.gammaincc(torch.tensor(freedom / 2, dtype=torch.float64), statistic / 2))
