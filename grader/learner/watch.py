"""A watch over one call: how many bytes it holds at once, and how many tensor operations it takes."""

import functools
import tracemalloc
from collections.abc import Callable
from typing import Any

import torch
from torch.multiprocessing.reductions import StorageWeakRef
from torch.utils._python_dispatch import TorchDispatchMode


class StillBusy(Exception):
    """The call took more operations than it may, as a loop without an end does."""


class Watch(TorchDispatchMode):  # type: ignore[no-untyped-call]
    """Raise `MemoryError`, naming how much, where tensors hold more than `most`; `StillBusy` after `operations`."""

    def __init__(self, most: float, operations: float) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.most, self.left, self.held = most, operations, 0
        self.alive: list[tuple[Any, int]] = []

    @classmethod
    def _should_skip_dynamo(cls) -> bool:
        """Leave torch's compiler out of this: to load it takes a second."""
        return False

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        """Count an operation, and the storage that it made."""
        self.left -= 1
        if self.left < 0:
            raise StillBusy("it was still busy when it was stopped")
        output = func(*args, **(kwargs or {}))
        given = {item.untyped_storage()._cdata for item in _tensors((args, kwargs))}
        made = [item.untyped_storage() for item in _tensors(output)]
        new = [(StorageWeakRef(one), one.nbytes()) for one in made if one._cdata not in given]  # type: ignore[no-untyped-call]
        self.alive += new
        self.held += sum(size for _, size in new)
        if self.held > self.most:  # leave out what was given back meanwhile
            self.alive = [(reference, size) for reference, size in self.alive if not reference.expired()]
            self.held = sum(size for _, size in self.alive)
            if self.held > self.most:
                self.exceeded()
        return output

    def exceeded(self) -> None:
        """Say how much is held, which is too much."""
        refuse(self.held, self.most)


def _tensors(tree: Any) -> list[torch.Tensor]:
    found: list[torch.Tensor] = []
    parts = [tree]
    while parts:  # no call for each part: this runs at every operation
        part = parts.pop()
        if isinstance(part, torch.Tensor):
            found.append(part)
        elif isinstance(part, (list, tuple)):
            parts.extend(part)
        elif isinstance(part, dict):
            parts.extend(part.values())
    return found


def refuse(held: int, most: float) -> None:
    """Say how much is held, where that is too much."""
    if held > most:
        raise MemoryError(f"it held {held / 1e6:.1f} MB at once, where {most / 1e6:.1f} MB are plenty")


def watched(function: Callable[..., Any], most: float, operations: float) -> Callable[..., Any]:
    """Give the function with a watch over the tensors of each call."""

    @functools.wraps(function)
    def run(*arguments: Any, **keywords: Any) -> Any:
        with Watch(most, operations):
            return function(*arguments, **keywords)

    return run


def traced(function: Callable[..., Any], most: float) -> Callable[..., Any]:
    """Give the function with a look, after each call, at the most that its arrays, lists and sets held."""

    @functools.wraps(function)
    def run(*arguments: Any, **keywords: Any) -> Any:
        tracemalloc.start()
        before = tracemalloc.get_traced_memory()[0]
        try:
            output = function(*arguments, **keywords)
            refuse(tracemalloc.get_traced_memory()[1] - before, most)
        finally:
            tracemalloc.stop()
        return output

    return run
