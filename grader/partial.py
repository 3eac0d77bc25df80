"""Signs of an answer that is right on some inputs alone, or reduces or counts along the wrong dimension.

Written as those in `symptoms.py`: the name is the diagnosis, the docstring the sentence.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import torch

from .differences import TOLERANCE, alike
from .learner.observation import Entry, Observation

MODE = re.compile(r"\b(eval|training) mode")  # as the probes' labels have it


def wrong_dimension(expected: Observation, got: Observation) -> dict[str, Any] | bool:
    """For {label}, `{name}` gives {found}, and {wanted} is asked. Look at which of the two dimensions you work along."""
    for one, two in _differing(expected, got):
        shapes = [tuple(value.shape) for value in (one.value, two.value) if isinstance(value, torch.Tensor)]
        for rows, columns in _shapes(one, dimensions=2):
            other = {rows: columns, columns: rows}
            if len(other) == len(shapes) == 2 and shapes[0] != shapes[1] == tuple(other.get(n, n) for n in shapes[0]):
                words = [_sides(shape, rows) for shape in shapes]
                return {"label": one.label, "found": words[1], "wanted": words[0]}
    return False


def _sides(shape: tuple[int, ...], rows: int) -> str:
    if len(shape) > 1:
        return f"shape {shape}"
    return f"one number for each of the {shape[0]} {'rows' if shape[0] == rows else 'columns'}"


def off_by_a_constant(expected: Observation, got: Observation) -> dict[str, Any] | bool:
    """Every number of `{name}` is {amount} too {way}. Look for a constant that is added or taken away once too often."""
    pairs = [(one.value, two.value) for one, two in _paired(expected, got) if not one.sample]
    gaps = [gap for one, two in pairs for gap in _gaps(one, two)]
    if len(gaps) < 3 or max(gaps) - min(gaps) > TOLERANCE or abs(gaps[0]) < 0.01:
        return False
    return {"amount": f"{abs(gaps[0]):.4g}", "way": "large" if gaps[0] > 0 else "small"}


def only_square_inputs(expected: Observation, got: Observation) -> bool:
    """`{name}` is right as long as there are as many rows as columns, and only then. Look where the two dimensions are exchanged, such as `shape[0]` for `shape[1]`."""
    return _only(expected, got, lambda entry: [shape[0] == shape[1] for shape in _shapes(entry, dimensions=2)])


def only_two_dimensions(expected: Observation, got: Observation) -> bool:
    """`{name}` is right for data of two dimensions, and wrong for those of more. Reduce over all entries, however many dimensions there are."""
    return _only(expected, got, lambda entry: [len(shape) <= 2 for shape in _shapes(entry)])


def only_without_bools(expected: Observation, got: Observation) -> bool:
    """`{name}` goes wrong just where what it is given comes as bool. Sums and products of bools may stay True or False: turn them into numbers first."""
    return _only(expected, got, lambda entry: [value.dtype != torch.bool for value in _tensors(entry)])


def only_several_rows(expected: Observation, got: Observation) -> bool:
    """`{name}` is right for several rows, and wrong for one alone. Look for `squeeze()` without a dimension, or for a step that needs two."""
    return _only(expected, got, lambda entry: [shape[0] > 1 for shape in _shapes(entry) if shape])


def only_in_one_mode(expected: Observation, got: Observation) -> dict[str, Any] | bool:
    """`{name}` is right in {right} mode, and not in {wrong} mode. Look for what depends on `self.training`, and for `train()` and `eval()`."""
    for right, wrong in (("eval", "training"), ("training", "eval")):
        if _only(expected, got, lambda entry, right=right: [mode == right for mode in MODE.findall(entry.label)]):  # type: ignore[misc]
            return {"right": right, "wrong": wrong}
    return False


PARTIAL = (
    wrong_dimension,
    off_by_a_constant,
    only_square_inputs,
    only_two_dimensions,
    only_without_bools,
    only_several_rows,
    only_in_one_mode,
)


def _paired(expected: Observation, got: Observation) -> Iterator[tuple[Entry, Entry]]:
    return ((one, two) for one, two in zip(expected.compared, got.compared, strict=False) if one.label == two.label)


def _differing(expected: Observation, got: Observation) -> Iterator[tuple[Entry, Entry]]:
    return ((one, two) for one, two in _paired(expected, got) if not alike(one, two))


def _shapes(entry: Entry, dimensions: int | None = None) -> list[tuple[int, ...]]:
    """Give the shapes of the tensors that were handed in."""
    shapes = [tuple(value.shape) for value in _tensors(entry)]
    return [shape for shape in shapes if dimensions in (None, len(shape))]


def _tensors(entry: Entry) -> list[torch.Tensor]:
    return [value for value in entry.inputs.values() if isinstance(value, torch.Tensor)]


def _only(expected: Observation, got: Observation, says: Callable[[Entry], list[bool]]) -> bool:
    """Whether the answers are right just where every input says yes; both kinds have to be there."""
    seen = [(all(said), alike(one, two)) for one, two in _paired(expected, got) if (said := says(one))]
    return {yes for yes, _ in seen} == {True, False} and all(yes == right for yes, right in seen)


def _gaps(one: Any, two: Any) -> list[float]:
    """Give what lies between two values, number by number; where they cannot be taken apart, gaps that differ."""
    if isinstance(one, float) and isinstance(two, float):
        return [two - one]
    if not (isinstance(one, torch.Tensor) and isinstance(two, torch.Tensor) and one.shape == two.shape):
        return [0.0, 1.0]
    return [float(gap) for gap in (two.double() - one.double()).flatten()]
