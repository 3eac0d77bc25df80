"""Stands in for `grader` in the process that runs a learner's cells: check cells do nothing there."""

from __future__ import annotations

from typing import Any

LACKS = "this submission holds no"
_earlier: dict[str, Any] = {}


class NotThere:
    """Earlier work that this submission does not hold; whoever uses it gets a clear error."""

    def __init__(self, exercise: str) -> None:
        self.__dict__["exercise"] = exercise

    def __call__(self, *_: Any, **__: Any) -> Any:
        """Say what is missing."""
        raise LookupError(f"{LACKS} `{self.__dict__['exercise']}`")

    def __getattr__(self, name: str) -> Any:
        """Say what is missing; Python's own questions get the usual answer."""
        if name.startswith("__"):
            raise AttributeError(name)
        return self()

    def __iter__(self) -> Any:
        """Say what is missing, also where several names are unpacked."""
        return self()

    def __mro_entries__(self, _: Any) -> Any:
        """Say what is missing, also where a class is built on it."""
        return self()


def earlier(exercise: str) -> Any:
    """Give the learner's own earlier answer, or what was handed in for this exercise."""
    return _earlier.get(exercise, NotThere(exercise))


def check(*_: Any, **__: Any) -> None:
    """Do nothing: the judge asks by itself."""


hint = solution = progress = reset = check
