"""A learner's definitions as a source text that stands on its own."""

from __future__ import annotations

import ast
import builtins
import functools
import inspect
import linecache
import sys
import textwrap
from types import FunctionType, ModuleType
from typing import Any

import torch

from ...learner.cells import statements
from ...messages import kind_word


class NotText(ValueError):
    """A definition cannot be written down as text."""


def own_source(namespace: dict[str, Any], names: tuple[str, ...]) -> str:
    """Collect the text of `names` and of everything in `namespace` that they use.

    Modules become imports, functions and classes their text, plain constants their `repr`.

    Raises:
        NotText: where something they use is none of these, such as a tensor made in another cell.
    """
    imports: dict[str, str] = {}
    parts: dict[str, str] = {}
    for name in names:
        _collect(name, namespace, imports, parts)
    return "\n".join([*imports.values(), *parts.values()]) + "\n"


def cell_text(value: Any) -> str | None:
    """Give the text of a function or class as the learner wrote it, None where it is not known."""
    code = _code(value)
    if code is None:
        return None
    lines = linecache.getlines(code.co_filename)
    if not lines:
        return None
    text = "".join(lines)
    node: Any
    for node in ast.walk(_parse(text)):
        first = min([getattr(node, "lineno", 0), *(d.lineno for d in getattr(node, "decorator_list", []))])
        if _defines(node, value.__name__) and first <= code.co_firstlineno <= node.end_lineno:
            return textwrap.dedent("\n".join(text.splitlines()[first - 1 : node.end_lineno]))
    return None


def _parse(text: str) -> ast.Module:
    try:
        return ast.parse(text)
    except SyntaxError:  # a cell with magics in it
        return ast.Module([], [])


def _defines(node: Any, name: str) -> bool:
    if isinstance(node, ast.Assign):
        return name == "<lambda>" and isinstance(node.value, ast.Lambda)
    return isinstance(node, ast.FunctionDef | ast.ClassDef | ast.AsyncFunctionDef) and node.name == name


def _code(value: Any) -> Any:
    """Find the code of a function under its decorators, or that of a class's first method."""
    if isinstance(value, type):
        members = [getattr(member, "__func__", member) for member in vars(value).values()]
        value = next(
            (
                member
                for member in members
                if isinstance(member, FunctionType) and member.__qualname__.startswith(value.__qualname__ + ".")
            ),
            None,
        )
    return getattr(inspect.unwrap(value), "__code__", None) if callable(value) else None


def _collect(name: str, namespace: dict[str, Any], imports: dict[str, str], parts: dict[str, str]) -> None:
    if name in parts or name in imports or name not in namespace:
        return
    value = namespace[name]
    if isinstance(value, ModuleType):
        imports[name] = f"import {value.__name__} as {name}"
    elif _is_imported(value, name):
        imports[name] = f"from {value.__module__} import {value.__name__} as {name}"
    elif isinstance(value, torch.dtype):
        imports[name] = f"from torch import {str(value).removeprefix('torch.')} as {name}"
    elif _is_literal(value):
        parts[name] = f"{name} = {value!r}"
    elif type(value) is functools.partial and all(map(_is_literal, [*value.args, *value.keywords.values()])):
        _collect_partial(name, value, namespace, imports, parts)
    else:
        _collect_definition(name, value, namespace, imports, parts)


def _collect_definition(
    name: str, value: Any, namespace: dict[str, Any], imports: dict[str, str], parts: dict[str, str]
) -> None:
    text = cell_text(value)
    if text is None:
        raise NotText(f"`{name}` is {kind_word(type(value).__name__)}, which cannot be written down as text")
    if value.__name__ not in (name, "<lambda>"):
        text += f"\n{name} = {value.__name__}"
    own = getattr(inspect.unwrap(value), "__globals__", namespace)
    used = sorted({use for part in statements([text]) for use in part.uses} - {name, "__name__"} - set(vars(builtins)))
    parts[name] = ""  # what comes back here through another name is on its way already
    for other in used:
        _collect(other, own if other in own else namespace, imports, parts)
    parts.pop(name)
    parts[name] = text


def _collect_partial(
    name: str, value: Any, namespace: dict[str, Any], imports: dict[str, str], parts: dict[str, str]
) -> None:
    inner = value.func.__name__
    parts[name] = ""  # as above
    _collect(inner, namespace | {inner: value.func}, imports, parts)
    parts.pop(name)
    imports["functools"] = "import functools"
    given = [*map(repr, value.args), *(f"{key}={item!r}" for key, item in value.keywords.items())]
    parts[name] = f"{name} = functools.partial({', '.join([inner, *given])})"


def _is_literal(value: Any) -> bool:
    """Whether a value's `repr` is a literal that gives it back."""
    try:
        return bool(ast.literal_eval(repr(value)) == value)
    except Exception:  # a stranger's value: its `repr` and its `==` may do anything
        return False


def _is_imported(value: Any, name: str) -> bool:
    """Whether a value can be had again by an import."""
    module = sys.modules.get(getattr(value, "__module__", None) or "")
    if module is None or module.__name__ in ("__main__", "builtins") or not hasattr(value, "__name__"):
        return False
    return getattr(module, value.__name__, None) is value
