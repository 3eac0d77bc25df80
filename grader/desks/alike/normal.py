"""An answer's normal form: what stays of a text when names, notes, annotations and layout are taken away."""

from __future__ import annotations

import ast
import functools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

LEFT_OUT = frozenset({"annotation", "returns", "type_comment", "ctx", "kind", "type_params", "simple"})
OWN = "own"


@dataclass(frozen=True)
class Form:
    """One definition, or one free text, in its normal form.

    Attributes:
        text: what two copies share, whatever their names.
        tokens: its parts, all of the answer's own names alike.
    """

    text: str
    tokens: tuple[str, ...]


@functools.lru_cache(maxsize=4096)
def forms(source: str) -> tuple[Form, ...]:
    """Give the normal form of each function and class in a text; nothing of it is run."""
    try:
        return tuple(form_of(node) for node in ast.parse(source).body if isinstance(node, _DEFINITION))
    except (SyntaxError, ValueError, RecursionError, MemoryError):  # a stranger's text
        return ()


def all_forms(source: str) -> Iterator[Form]:
    """Give the normal form of each function and class in a text of ours, also of those inside others."""
    yield from (form_of(node) for node in ast.walk(ast.parse(source)) if isinstance(node, _DEFINITION))


def form_of(node: ast.stmt) -> Form:
    """Give the normal form of a definition."""
    parts = _Parts()
    parts.add(node)
    return Form(" ".join(parts.numbered()), tuple(OWN if parts.is_own(part) else part for part in parts.found))


def words_of(text: str) -> Form:
    """Give the normal form of a free text: its words."""
    words = tuple(re.findall(r"\w+", text.casefold()))
    return Form(" ".join(words), words)


class _Parts:
    """The parts of a definition in the order written; names start with a colon, attributes with a point."""

    def __init__(self) -> None:
        self.found: list[str] = []
        self.own: set[str] = set()  # what the definition binds itself

    def add(self, node: ast.AST) -> None:
        """Take in a node with all that hangs on it."""
        if isinstance(node, ast.AnnAssign):
            node = ast.Assign([node.target], node.value or ast.Constant(None))
        self._met(node)
        self.found.append(type(node).__name__)
        for field in node._fields:
            if field not in LEFT_OUT:
                self._add_field(node, field, getattr(node, field, None))

    def _add_field(self, node: ast.AST, field: str, value: Any) -> None:
        if isinstance(value, list):
            bare = field == "body" and isinstance(node, _DEFINITION)
            for part in value:
                if not (bare and _is_note(part)):
                    self._add_field(node, field, part)
            self.found.append("end")
        elif isinstance(value, ast.AST):
            self.add(value)
        elif value is not None:
            self.found.append(f"{_sign(node, field)}{value!r}")

    def _met(self, node: ast.AST) -> None:
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            self.own.add(f".{node.attr!r}")
        elif isinstance(node, ast.ClassDef):
            self.own |= {f".{part.name!r}" for part in node.body if isinstance(part, ast.FunctionDef)}
        name = getattr(node, "name", None) or getattr(node, "arg", None) or getattr(node, "id", None)
        if isinstance(node, _BINDS) or (isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)):
            self.own |= {f":{name!r}"}

    def is_own(self, part: str) -> bool:
        """Whether a part is a name that the definition binds itself; those that Python gives a meaning are not."""
        return part in self.own and not part[1:].startswith("'__")

    def numbered(self) -> Iterator[str]:
        """Give all parts, own names numbered in the order in which they come."""
        numbers: dict[str, str] = {}
        for part in self.found:
            name = f".{part[1:]}" if part.startswith(":") and f".{part[1:]}" in self.own else part
            yield numbers.setdefault(name, f"own{len(numbers)}") if self.is_own(part) else part


def _sign(node: ast.AST, field: str) -> str:
    is_name = field in ("id", "name", "names") or (field == "arg" and isinstance(node, ast.arg))
    return ":" if is_name else "." if field == "attr" else ""


def _is_note(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


_DEFINITION = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_BINDS = (*_DEFINITION, ast.arg, ast.ExceptHandler)
