"""Signs that any exercise may show: pure questions about the wanted and the seen observation.

Each function's name is the diagnosis, its docstring the sentence that the learner reads.
`{name}` stands for the function that was called.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import torch

from .differences import TOLERANCE, compare
from .learner.observation import NO_GRADIENT, Entry, Observation
from .learner.plain import Opaque


def printed_instead_of_returned(expected: Observation, got: Observation) -> bool:
    """`{name}` printed something and returned None. Put `return` where you print."""
    return any(two.printed and _only_none(one, two) for one, two in _pairs(expected, got))


def forgotten_return(expected: Observation, got: Observation) -> bool:
    """`{name}` returned None. Did you forget a `return`?"""
    return any(_only_none(one, two) for one, two in _pairs(expected, got))


def numpy_array(expected: Observation, got: Observation) -> bool:
    """`{name}` returned a NumPy array where a tensor is asked. Turn it into one by `torch.from_numpy`."""
    return any(two.value == Opaque("ndarray") for _, two in _values(expected, got) if isinstance(two.value, Opaque))


def function_returned(expected: Observation, got: Observation) -> bool:
    """`{name}` returned a function and no value: you named it and did not call it. Add `()`, with what it takes."""
    kinds = [Opaque(kind) for kind in ("builtin_function_or_method", "method", "function")]
    return any(two.value in kinds for _, two in _values(expected, got) if isinstance(two.value, Opaque))


def swapped_order(expected: Observation, got: Observation) -> bool:
    """`{name}` returned the right values in the wrong order. Swap the two items of the tuple."""
    return _every(
        expected,
        got,
        lambda one, two: (
            isinstance(one, tuple) and isinstance(two, tuple) and len(one) == 2 and compare(one, two[::-1]) is None
        ),
    )


def transposed(expected: Observation, got: Observation) -> bool:
    """`{name}` returned the right values with rows and columns exchanged. Look at which dimension comes first."""
    return _every(expected, got, lambda one, two: _matrices(one, two) and compare(one, two.T) is None)


def float64_result(expected: Observation, got: Observation) -> bool:
    """`{name}` returned float64 where float32 is asked. Turn the result into float32 by `.float()`."""
    return _every(
        expected,
        got,
        lambda one, two: (
            _tensors(one, two)
            and two.dtype == torch.float64
            and one.dtype == torch.float32
            and compare(one, two.float()) is None
        ),
    )


def constant_factor(expected: Observation, got: Observation) -> dict[str, Any] | bool:
    """Every value of `{name}` is {factor} times what is asked. Look for {cause}."""
    ratios = [ratio for one, two in _values(expected, got) if (ratio := _ratio(one.value, two.value)) is not None]
    if len(ratios) < 3 or not max(ratios) - min(ratios) <= TOLERANCE or abs(ratios[0] - 1) < 0.01 or ratios[0] < 0.001:
        return False
    per_cent = abs(ratios[0] - 100) < 0.01
    cause = "a share that is given in per cent" if per_cent else "a sum in place of a mean, or a missing 2"
    return {"factor": f"{ratios[0]:.4g}", "cause": cause}


def result_without_gradient(expected: Observation, got: Observation) -> dict[str, Any] | bool:
    """No gradient flows back through `{name}`{where}, so nothing could learn from it. Leave out `detach`, `item`, `no_grad` and copies."""
    if any(isinstance(one.value, torch.Tensor) and not _tensors(one.value, two.value) for one, two in _values(expected, got)):
        return False  # what is no tensor has no gradient, and that is not what is wrong with it
    for one, two in _values(expected, got):
        lost = _without_gradient(two.value) - _without_gradient(one.value)
        if lost:
            some = len(two.value) > len(_without_gradient(two.value))
            places = " and ".join(("first", "second", "third")[place] for place in sorted(lost) if place < 3)
            return {"where": f" to the {places} of the inputs that carry one" if some else ""}
    return False


def argument_changed(expected: Observation, got: Observation) -> dict[str, Any] | bool:
    """`{name}` changed {what} that it was given. Work on a copy, or use operations without a trailing `_`."""
    for one, two in _pairs(expected, got):
        if len(two.changed) > len(one.changed):
            names = [name for name in two.changed if name not in one.changed and name.isidentifier()]
            return {"what": f"the values of `{names[0]}`" if names else "the values of the tensor"}
    return False


def not_a_number(expected: Observation, got: Observation) -> dict[str, Any] | bool:
    """For {label}, `{name}` returned NaN. Look for 0 / 0, a logarithm or a root of 0, and what should come out there."""
    labels = [one.label for one, two in _values(expected, got) if _has_nan(two.value) and not _has_nan(one.value)]
    return {"label": labels[0]} if labels else False


printed_instead_of_returned.status = forgotten_return.status = "wrong"  # type: ignore[attr-defined]

GENERAL = (
    printed_instead_of_returned,
    forgotten_return,
    numpy_array,
    function_returned,
    swapped_order,
    transposed,
    float64_result,
    constant_factor,
    result_without_gradient,
    argument_changed,
    not_a_number,
)


def _pairs(expected: Observation, got: Observation) -> Iterator[tuple[Entry, Entry]]:
    for one, two in zip(expected.compared, got.compared, strict=False):
        if one.label == two.label and one.error is None and two.error is None:
            yield one, two


def _values(expected: Observation, got: Observation) -> Iterator[tuple[Entry, Entry]]:
    return ((one, two) for one, two in _pairs(expected, got) if not one.sample)


def _every(expected: Observation, got: Observation, holds: Any) -> bool:
    """Whether every pair of values agrees as it is or in the way `holds` tells, and some pair only in that way."""
    pairs = [(one.value, two.value) for one, two in _values(expected, got)]
    odd = [pair for pair in pairs if compare(*pair) is not None]
    return bool(odd) and all(holds(*pair) for pair in odd)


def _only_none(one: Entry, two: Entry) -> bool:
    return two.value is None and one.value is not None


def _tensors(one: Any, two: Any) -> bool:
    return isinstance(one, torch.Tensor) and isinstance(two, torch.Tensor)


def _matrices(one: Any, two: Any) -> bool:
    return _tensors(one, two) and one.dim() == two.dim() == 2


def _without_gradient(value: Any) -> set[int]:
    """Give the places in a list of gradients where there is none."""
    items = value if isinstance(value, list) else []
    return {place for place, item in enumerate(items) if type(item) is str and item == NO_GRADIENT}


def _has_nan(value: Any) -> bool:
    return isinstance(value, torch.Tensor) and value.is_floating_point() and bool(value.isnan().any())


def _ratio(one: Any, two: Any) -> float | None:
    """Give the one factor between two tensors, None where there is none or nothing to tell it by."""
    if isinstance(one, float) and isinstance(two, float):
        one, two = torch.tensor(one), torch.tensor(two)
    if not _tensors(one, two) or one.shape != two.shape or not bool((one != 0).any()):
        return None
    one, two = one.double(), two.double()
    factor = float(two.abs().sum() / one.abs().sum())
    return factor if bool(torch.isclose(two, factor * one, atol=TOLERANCE, rtol=TOLERANCE).all()) else float("inf")
