"""The code of a notebook's cells: made plain Python, and cut down to what an exercise needs."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Import, ast.ImportFrom)
MAGIC = re.compile(r"^(\s*)(?:[%!].*|\S+.*\?{1,2}\s*|\?{1,2}\S+.*|\w+\s*=\s*[%!].*)$")
BODY_MAGICS = ("%%time", "%%timeit", "%%capture", "%%prun")


@dataclass(frozen=True)
class Statement:
    """One top-level statement: where it stands, what names it binds and which it uses."""

    cell: int
    node: ast.stmt
    binds: frozenset[str] = field(default=frozenset())
    uses: frozenset[str] = field(default=frozenset())


def clean(source: str) -> str:
    """Blank out what only IPython understands; line numbers stay as the learner sees them."""
    lines = source.split("\n")
    first = next((line for line in lines if line.strip()), "")
    if first.startswith("%%") and not first.startswith(BODY_MAGICS):
        return ""
    return "\n".join(MAGIC.sub(r"\1pass", line) if _is_magic(line) else line for line in lines)


def _is_magic(line: str) -> bool:
    text = line.strip()
    return bool(MAGIC.match(line)) and (text[0] in "%!?" or text.endswith("?") or bool(re.match(r"\w+\s*=\s*[%!]", text)))


def statements(cells: list[str]) -> list[Statement]:
    """Parse cells into top-level statements; a cell that is no Python gives none."""
    return [_statement(index, node) for index, source in enumerate(cells) for node in _parse(source)]


def _parse(source: str) -> list[ast.stmt]:
    for text in (source, clean(source)):
        try:
            return ast.parse(text).body
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            continue
    return []


def _statement(cell: int, node: ast.stmt) -> Statement:
    binds, uses = set(), set()
    for part in ast.walk(node):
        if isinstance(part, ast.Name):
            (uses if isinstance(part.ctx, ast.Load) else binds).add(part.id)
        elif isinstance(part, ast.alias):
            binds.add((part.asname or part.name).split(".")[0])
        elif isinstance(part, DEFINITIONS[:3]):
            binds.add(part.name)
    if isinstance(node, DEFINITIONS[:3]):
        binds = {node.name}
    elif isinstance(node, ast.Assign | ast.AugAssign | ast.AnnAssign):
        binds |= set(_roots(node))
    return Statement(cell, node, frozenset(binds), frozenset(uses))


def _roots(node: Any) -> Iterator[str]:
    """Give the names whose attribute or item an assignment sets: `Model.forward = f` changes `Model`."""
    for target in getattr(node, "targets", None) or [node.target]:
        while isinstance(target, ast.Attribute | ast.Subscript):
            target = target.value
        if isinstance(target, ast.Name):
            yield target.id


def needed(found: list[Statement], names: set[str]) -> list[Statement]:
    """Keep definitions, imports, and what the wanted names use, directly or through others.

    What only trains, plots or shows is left out: nothing that an exercise is judged on uses it.
    """
    wanted, kept = set(names), set[int]()
    while True:
        more = {i for i, item in enumerate(found) if i not in kept and _is_needed(item, wanted)}
        if not more:
            return [found[i] for i in sorted(kept)]
        kept |= more
        wanted |= {name for i in more for name in found[i].uses}


def _is_needed(item: Statement, wanted: set[str]) -> bool:
    if isinstance(item.node, DEFINITIONS):
        return bool(item.binds & wanted) or isinstance(item.node, ast.Import | ast.ImportFrom)
    return bool(item.binds & wanted)
