"""The sentences of the judge, where no mistake's or symptom's own docstring speaks.

Second person, at most two sentences: what happened, then what to try. Names in backticks.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from typing import Any

import torch

from .causes import cause_of
from .differences import Difference
from .learner.observation import Error, Observation
from .learner.observe import wanted
from .learner.plain import Opaque

WORDS = {"NoneType": "None", "int": "an int", "float": "a float", "bool": "a bool", "str": "a string", "list": "a list",
         "tuple": "a tuple", "dict": "a dict", "ndarray": "a NumPy array"}


def called(name: str) -> str:
    """Show a function's name as a learner writes it: `PairDataset[...]` rather than `__getitem__`."""
    for method, form in {".__getitem__": "[i]", ".__len__": "", ".__call__": "", ".__init__": "", ".forward": ".forward"}.items():
        if name.endswith(method):
            return name.removesuffix(method).split("<locals>.")[-1] + form
    return name.split("<locals>.")[-1]


def missing(names: tuple[str, ...], others: tuple[str, ...] = ()) -> str:
    """Say that names are not there; `others` are those that one of them may have been misspelt as."""
    near = next(((name, other) for name in names for other in alike(name, others)), None)
    if near:
        article = "an" if near[1][0].lower() in "aeio" else "a"
        return f"There is no `{near[0]}` here yet. There is {article} `{near[1]}`: is that it?"
    return f"There is no {listed(names)} here yet. Write your answer in its cell, run the cell, then check again."


def alike(name: str, others: Iterable[str]) -> list[str]:
    """List the names that differ from `name` by a slip or by capitals, the nearest first."""
    known = {other.casefold(): other for other in others}
    return [known[near] for near in difflib.get_close_matches(name.casefold(), known, cutoff=0.8)]


def not_written(names: tuple[str, ...], error: Error) -> str:
    """Say that the stub is as it was."""
    where = f" (line {error.line}: `{error.code}`)" if error.line and "NotImplementedError" not in error.code else ""
    return f"{listed(names)} {'is' if len(names) == 1 else 'are'} still to be written{where}. Replace `raise NotImplementedError` with your own lines and run the cell."


def misfit(stub: str, found: tuple[str, str]) -> str:
    """Say that a name is bound to the wrong kind of thing."""
    return f"`{found[0]}` is {kind_word(found[1])}, and a {wanted(stub)[found[0]]} of that name is asked. Is the name used for something else further down?"


def timed_out(name: str, limit: str) -> str:
    """Say which limit was hit."""
    return f"`{name}` was {limit or 'stopped: it took too long'}. Look for a loop that never ends, or for one that grows with the square of its input."


def died(name: str, note: str) -> str:
    """Say that the whole process ended."""
    return f"The process that ran `{name}` ended before it answered ({note or 'no reason is known'}). Look for a call that leaves Python or takes all the memory."


def cut_short(name: str) -> str:
    """Say that nothing was asked of the answer, though its process says that all went well."""
    return f"The questions about `{name}` never reached it. Hand in code that leaves alone what runs around it."


def broken(exercise: str) -> str:
    """Say that the fault is ours."""
    return f"The check of `{exercise}` itself failed: that is our fault and costs you nothing. Please report it with the staff note."


def raised(expected: Observation, got: Observation) -> str:
    """Read out an error in the learner's own code."""
    error = got.error
    assert error is not None
    label, name = next((entry.label, entry.name) for entry in got.entries if entry.error is error)
    asked = expected.entry(label)
    name = called(asked.name if asked else name)
    where, what = error.place, f": {_plainly(error.text)}" if error.text else ""
    if error.kind == "MemoryError":
        return f"`{name}` asked for more memory than there is{where}{_asked(error.text)}. Look for a tensor with one dimension too many."
    if error.kind in ("SystemExit", "KeyboardInterrupt"):
        return f"`{name}` stopped the program by {error.kind}{where}. Let it return its answer instead."
    return f"`{name}` raised {error.kind}{where}{what.rstrip('.')}. {cause_of(f'{error.kind}: {error.text}')}"


def _plainly(text: str) -> str:
    """Leave out what torch adds for its own developers: lists of signatures, and where in C++ it happened."""
    first = re.split(r", but expected one of|\n|Exception raised from", text, maxsplit=1)[0]
    return first.strip()[:200]


def in_part(mistake: str) -> str:
    """Say a listed mistake that explains a part of what differs."""
    return f"On some of the inputs you get just what this mistake gives: {mistake}"


def _asked(text: str) -> str:
    found = re.search(r"allocate (\d+) bytes", text)
    return f": {int(found[1]) / 1e9:.1f} GB at once" if found else ""


def difference(found: Difference) -> str:
    """Say the first difference in one sentence, with the learner's own numbers."""
    name, one, two = called(found.expected.name) or "your code", found.one, found.two
    case = f"For {found.expected.label}, `{name}`"
    place = f" as {' of '.join(reversed(found.path))}" if found.path else ""
    match found.kind:
        case "error":
            return f"{case} gives {kind_of(found.got.value)} where an error is asked. Test the input and raise it."
        case "structure":
            return f"{case} gives {kind_of(two)}{place}, and {kind_of(one)} is asked. {_next_structure(one, two)}"
        case "shape":
            return f"{case} gives shape {_shape(two)}{place}, and {_shape(one)} is asked. Check which dimension you reduce, and what you stack."
        case "dtype":
            return f"{case} gives {_dtype(two)}{place}, and {_dtype(one)} is asked. {_next_dtype(one)}"
        case "value":
            return f"{case} gives {_number(two, found.index)}{_at(found.index)}{place}, and {_number(one, found.index)} is asked. {_next_value(two)}"
        case "sample":
            return f"{case} draws with other frequencies than asked. Compare the weights that you draw with, one by one."
        case "question":
            return f"{case} could not be asked in the usual way, since what it gave before has another form. Compare its results with the stub's docstring."
    return f"{case} changes what it is given. Work on a copy."


def _next_structure(wanted: Any, value: Any) -> str:
    if value is None:
        return "Did you forget a `return`?"
    if not isinstance(wanted, torch.Tensor):
        return "Compare your last line with the stub's docstring."
    if isinstance(value, tuple):
        return "Return the one tensor" + (", without a comma behind it." if len(value) == 1 else ", and nothing beside it.")
    if isinstance(value, list):
        return "Turn it into a tensor by `torch.tensor`, or by `torch.stack` where it holds tensors."
    if isinstance(value, bool | int | float):
        return "Stay with tensors to the end: leave out `item()`, `float()` and the like."
    return "Compare your last line with the stub's docstring."


def _next_dtype(wanted: torch.Tensor) -> str:
    into = {"float32": "float", "int64": "long", "bool": "bool"}.get(_dtype(wanted))
    return f"Turn the result into {_dtype(wanted)} by `.{into}()`." if into else "Convert the result, not the input."


def _next_value(value: Any) -> str:
    words = isinstance(value, str)
    return "Compare that with the stub's docstring." if words else "Work that one number out by hand and compare."


def kind_of(value: Any) -> str:
    """Say what kind of thing a plain value is."""
    if isinstance(value, torch.Tensor):
        return f"a tensor of shape {_shape(value)}"
    if isinstance(value, list | tuple):
        return f"a {type(value).__name__} of {len(value)}"
    if isinstance(value, Opaque):
        return kind_word(value.kind)
    if isinstance(value, dict) and value:
        return f"a dict with {listed(tuple(map(str, value))[:4])}"
    if isinstance(value, bool | str | int | float):
        return f"`{value!r:.60}`"
    return kind_word(type(value).__name__)


def kind_word(kind: str) -> str:
    """Put an article before the name of a type."""
    return WORDS.get(kind) or (kind if kind.startswith(("a ", "an ")) else f"a `{kind}`")


def listed(names: tuple[str, ...]) -> str:
    """Join names in backticks."""
    return " and ".join(f"`{name}`" for name in names)


def _shape(value: torch.Tensor) -> str:
    return str(tuple(value.shape))


def _dtype(value: torch.Tensor) -> str:
    return str(value.dtype).removeprefix("torch.")


def _at(index: tuple[int, ...]) -> str:
    names = {0: (), 1: ("index",), 2: ("row", "column")}.get(len(index))
    if names is None:
        return f" at {list(index)}"
    return " at " + ", ".join(f"{name} {i}" for name, i in zip(names, index, strict=True)) if index else ""


def _number(value: Any, index: tuple[int, ...]) -> str:
    if isinstance(value, torch.Tensor):
        value = value[index].item()
    return f"{value:.4g}" if isinstance(value, float) else f"{value!r:.60}"
