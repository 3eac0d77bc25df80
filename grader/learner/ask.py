"""What a probe is handed to ask its questions with; it writes down all that comes back."""

from __future__ import annotations

import contextlib
import inspect
import io
import traceback
from collections.abc import Callable, Sequence
from types import FunctionType
from typing import Any

import torch

from .errors import read_error
from .limits import TimeLimit
from .observation import MAX_ENTRIES, NO_GRADIENT, Entry, Error
from .plain import plain, stretched
from .stand_ins import LayerTrace, RecordingSGD
from .watch import traced, watched

MAX_NOTE = 4_000
MOST_OTHERS = 20


class Unanswered(Exception):
    """The learner's code raised, so the questions that build on it cannot be asked."""


class _Printed(io.TextIOBase):
    """Takes what is printed, and keeps only that something was: a flood of output takes no memory."""

    anything = False

    def write(self, text: str) -> int:
        self.anything = self.anything or bool(text)
        return len(text)

    def writable(self) -> bool:
        return True


class Ask:
    """Put questions to a learner's code and record the answers as entries.

    Only an error inside `call` and `gradient` is the learner's; one elsewhere in a probe is ours.

    Attributes:
        seed: the seed of this run; the same for the reference and for every other answer.
        generator: a `torch.Generator` of that seed, for the probe's own inputs.
        at_scale: whether the large inputs of an exercise with `ISOLATED = True` are to be asked now.
        entries: what was recorded so far.
        LayerTrace, RecordingSGD: the stand-ins of `stand_ins.py`; a probe imports nothing of ours.
    """

    LayerTrace, RecordingSGD = LayerTrace, RecordingSGD
    watched, traced = staticmethod(watched), staticmethod(traced)  # limits for a function that is then called

    def __init__(self, seed: int, at_scale: bool = False, go_on: Callable[[Entry], bool] | None = None) -> None:
        """Start with nothing recorded; the probe ends at the first entry for which `go_on` says no."""
        self._go_on = go_on
        self.seed = seed
        self.at_scale = at_scale
        self.generator = torch.Generator().manual_seed(seed)
        self.entries: list[Entry] = []
        self.note = ""
        self._signatures: dict[FunctionType, inspect.Signature] = {}

    def call(
        self,
        label: str,
        function: Callable[..., Any],
        *arguments: Any,
        read: Callable[[Any], Any] | None = None,
        aside: bool = False,
        **keywords: Any,
    ) -> Any:
        """Call the learner's `function`, record what it returns under `label`, and return it.

        `label` is a noun phrase that a learner reads: "three users". `read` turns the output into what
        is compared; where it fails, the output itself is recorded. With `aside=True` the entry is
        evidence for advice alone, and an error does not end the probe.
        """
        given = self._named(function, arguments, keywords)
        before = plain(given)
        output, error, printed = self._guarded(lambda: function(*arguments, **keywords))
        changed = tuple(key for key in given if not _same(before[key], plain(given[key])))
        giant = stretched(output)
        value = None if error else _read(None if giant else read, output)
        self._add(Entry(label, _name(function), value, error, changed, printed, aside, inputs=before))
        if giant or (error and not aside):
            raise Unanswered
        return output

    def record(self, label: str, value: Any, *, name: str = "", aside: bool = False) -> None:
        """Record something that the probe found out, such as what a stand-in was called with."""
        self._add(Entry(label, name, plain(value), aside=aside))

    def sample(self, label: str, counts: torch.Tensor | Sequence[int], *, name: str = "") -> None:
        """Record how often each outcome was drawn: 1-D counts, compared by a chi-square test."""
        self._add(Entry(label, name, torch.as_tensor(counts, dtype=torch.int64).clone(), sample=True))

    def filled_in(self, given: dict[Any, Any], questions: Sequence[str], *, name: str) -> None:
        """Record what stands under each question of a quiz or a text; aside, what stands under names of his own."""
        for question in questions:
            self.record(question, given.get(question), name=name)
        for other in [key for key in given if type(key) is str and key not in questions][:MOST_OTHERS]:
            self.record(other, given[other], name=name, aside=True)

    def gradient(
        self, label: str, output: Any, *inputs: torch.Tensor, name: str = "", read: Callable[[Any], Any] | None = None
    ) -> None:
        """Record d(output.sum())/d(input) for every input; `NO_GRADIENT` where none flows.

        `read` turns the list of them into what is compared, such as whether they are finite.
        """

        def backward() -> Any:
            if not isinstance(output, torch.Tensor) or not output.requires_grad:
                return [NO_GRADIENT] * len(inputs)
            found = torch.autograd.grad(output.sum(), inputs, retain_graph=True, allow_unused=True)
            return [NO_GRADIENT if item is None else item for item in found]

        value, error, printed = self._guarded(backward)
        self._add(Entry(label, name, _read(read, value), error, printed=printed))
        if error:
            raise Unanswered

    def _named(self, function: Any, arguments: Sequence[Any], keywords: dict[str, Any]) -> dict[str, Any]:
        """Pair the arguments with the function's parameter names, or with numbers where it has none."""
        try:
            return dict(self._signature(function).bind(*arguments, **keywords).arguments)
        except BaseException:  # no signature, a hostile one, or arguments that do not fit
            return {f"argument {i + 1}": item for i, item in enumerate(arguments)} | keywords

    def _signature(self, function: Any) -> inspect.Signature:
        """Read a function's signature once: a probe asks the same one many times."""
        if type(function) is not FunctionType:
            return inspect.signature(function)
        if function not in self._signatures:
            self._signatures[function] = inspect.signature(function)
        return self._signatures[function]

    def _guarded(self, run: Callable[[], Any]) -> tuple[Any, Error | None, bool]:
        out = _Printed()
        try:
            with contextlib.redirect_stdout(out), contextlib.redirect_stderr(_Printed()):
                return run(), None, out.anything
        except TimeLimit:
            raise
        except BaseException as error:  # SystemExit and KeyboardInterrupt are the learner's too
            self.note = self.note or _traceback(error)
            return None, read_error(error), out.anything

    def _add(self, entry: Entry) -> None:
        if len(self.entries) >= MAX_ENTRIES:
            raise RuntimeError(f"a probe asked more than {MAX_ENTRIES} questions")
        self.entries.append(entry)
        if self._go_on and not self._go_on(entry):
            raise Unanswered


def _traceback(error: BaseException) -> str:
    try:
        return "".join(traceback.format_exception(error, limit=-8))[-MAX_NOTE:]
    except BaseException:  # a hostile `__str__`
        return type(error).__name__


def _name(function: Any) -> str:
    name = getattr(function, "__qualname__", None) or type(function).__name__
    return name if type(name) is str else "your code"


def _read(read: Callable[[Any], Any] | None, output: Any) -> Any:
    if read is None:
        return plain(output)
    try:
        return plain(read(output))
    except Exception:  # the output is of a kind that `read` was not made for: the judge shall see it
        return plain(output)


def _same(one: Any, two: Any) -> bool:
    if isinstance(one, torch.Tensor) and isinstance(two, torch.Tensor):
        same = torch.equal(one, two)
        return same or (one.shape == two.shape and torch.equal(torch.nan_to_num(one), torch.nan_to_num(two)))
    if isinstance(one, dict | list | tuple):
        pairs = zip(one.values(), two.values(), strict=False) if isinstance(one, dict) else zip(one, two, strict=False)
        return len(one) == len(two) and all(_same(a, b) for a, b in pairs)
    return bool(one == two)
