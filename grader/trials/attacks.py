"""Answers that try to pass without being right: the same tricks for every exercise, made from its stub alone."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any

import torch


def _itself(value: Any, *_: Any, **__: Any) -> Any:
    return value


def _yes(*_: Any) -> bool:
    return True


class Agreeable:
    """Equal to everything, and itself whatever is asked of it."""

    __hash__ = None  # type: ignore[assignment]
    __eq__ = _yes
    __bool__ = _yes
    __call__ = __getitem__ = _itself

    def __len__(self) -> int:
        return 3

    def __getattr__(self, name: str) -> Any:
        """Give itself for any name but Python's own."""
        if name.startswith("__"):
            raise AttributeError(name)
        return self


class Flatterer(torch.Tensor):
    """A tensor that answers every comparison, also torch's own, with yes."""

    @classmethod
    def __torch_function__(cls, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        if func in (torch.equal, torch.allclose):
            return True
        if func in (torch.isclose, torch.eq, torch.Tensor.eq, torch.Tensor.__eq__):
            return torch.ones(3, 3, dtype=torch.bool)
        return super().__torch_function__(func, types, args, kwargs or {})  # type: ignore[no-untyped-call]


class Same(str):
    """A text that equals any text."""

    __slots__ = ()
    __hash__ = str.__hash__

    def __eq__(self, _: object) -> bool:
        return True


def _first(*given: Any, **named: Any) -> Any:
    return next(iter([*given, *named.values()]), None)


def _spoil(*given: Any, **named: Any) -> Any:
    for item in [*given, *named.values()]:
        if isinstance(item, torch.Tensor):
            item.detach().zero_()
    return _first(*given, **named)


def _leave(*_: Any, **__: Any) -> Any:
    raise SystemExit(0)


def _nested(*_: Any, **__: Any) -> Any:
    value: list[Any] = []
    for _step in range(10_000):
        value = [value]
    return value


TRICKS: dict[str, Callable[..., Any]] = {
    "nothing": lambda *_, **__: None,
    "what was given": _first,
    "a word": lambda *_, **__: "correct",
    "yes": lambda *_, **__: True,
    "one number": lambda *_, **__: torch.tensor(float("nan")),
    "agreeable": lambda *_, **__: Agreeable(),
    "flatterer": lambda *_, **__: torch.zeros(3, 3).as_subclass(Flatterer),
    "the same text": lambda *_, **__: Same("no gradient"),
    "a giant": lambda *_, **__: torch.zeros(1).expand(10**6, 10**6),
    "nested": _nested,
    "a pair": lambda *_, **__: (torch.zeros(3), torch.zeros(3, 3)),
    "arguments spoilt": _spoil,
    "leaves": _leave,
}


def attacks(stub: str, names: tuple[str, ...]) -> dict[str, dict[str, Any]]:
    """Give, for each trick, a namespace in which every name of a stub answers by that trick."""
    tree = [node for node in ast.parse(stub).body if getattr(node, "name", None) in names]
    return {trick: {node.name: _trap(node, answer) for node in tree} for trick, answer in TRICKS.items()}  # type: ignore[attr-defined]


def _trap(node: ast.AST, answer: Callable[..., Any]) -> Any:
    if not isinstance(node, ast.ClassDef):
        return answer
    asked = {item.name for item in node.body if isinstance(item, ast.FunctionDef)} - {"__init__"}
    methods = {name: lambda self, *given, **named: answer(*given, **named) for name in asked | {"forward"}}
    return type(node.name, (_Module,), methods)


class _Module(torch.nn.Module):
    """A module that takes whatever it is made with, and has a parameter to train."""

    def __init__(self, *_: Any, **__: Any) -> None:
        super().__init__()
        self.weight = torch.nn.Parameter(torch.ones(1))
