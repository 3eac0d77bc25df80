"""Answers as text: what the solved notebooks show, and what is handed in for follow-through."""

from __future__ import annotations

import ast
import functools
import textwrap
from collections.abc import Iterable, Iterator
from pathlib import Path

from .exercise import FOLDER, GROUPS, load

COURSE = f"{__package__}.exercises."


def solution(exercise_id: str) -> str:
    """Give the reference's definitions, as they stand in the solved notebook's answer cell."""
    return "\n\n\n".join(text for _, text in _definitions(exercise_id))


def answer_source(exercise_id: str) -> str:
    """Give the reference as a source of its own: its imports, and the answers that it builds on, first."""
    imports, parts = _collect(exercise_id, {})
    return "\n".join([*sorted(imports), *parts.values()]) + "\n"


def implementation_source(exercise_id: str, group: str, name: str) -> str:
    """Give another answer of ours, such as one of its variants, as a source of its own, under the learner's name."""
    text, tree = _parsed(exercise_id)
    members = next(node.body for node in tree.body if isinstance(node, ast.ClassDef) and node.name == group)
    own = next(_segment(text, node) for node in members if getattr(node, "name", "") == name)
    before = [answer_source(wanted) for wanted in (*load(exercise_id).needs, exercise_id)]
    bound = "\n".join(f"{wanted} = {name}" for wanted in load(exercise_id).names)
    return "\n".join([*before, textwrap.dedent(own), bound]) + "\n"


def is_stub(source: str, stub: str) -> bool:
    """Tell whether a text defines just what the stub does, imports and comments left aside."""
    try:
        one, two = ([ast.dump(node) for node in _defined(text)] for text in (source, stub))
    except (SyntaxError, ValueError, RecursionError, MemoryError):  # a stranger's text
        return False
    return one == two


def _defined(text: str) -> list[ast.stmt]:
    return [node for node in ast.parse(text).body if isinstance(node, ast.FunctionDef | ast.ClassDef)]


def _collect(exercise_id: str, parts: dict[str, str]) -> tuple[set[str], dict[str, str]]:
    imports: set[str] = set()
    for node, text in _imports(exercise_id):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(COURSE):
            imports |= _collect((node.module or "").split(".")[2], parts)[0]
        else:
            imports.add(text)
    parts[exercise_id] = solution(exercise_id)
    return imports, parts


def _definitions(exercise_id: str) -> list[tuple[str, str]]:
    """Give (name, text) of what the reference's names use, in the order written."""
    text, tree = _parsed(exercise_id)
    bound = {name: node for node in tree.body for name in _binds(node)}
    wanted = _closure(load(exercise_id).names, bound)
    nodes = [node for node in tree.body if any(name in wanted for name in _binds(node))]
    return [(next(iter(_binds(node))), _segment(text, node)) for node in nodes]


def _imports(exercise_id: str) -> list[tuple[ast.stmt, str]]:
    """Give the imports that the reference uses."""
    text, tree = _parsed(exercise_id)
    used = {
        part.id
        for _, source in _definitions(exercise_id)
        for part in ast.walk(ast.parse(source))
        if isinstance(part, ast.Name)
    }
    nodes = [node for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)]
    return [
        (node, _segment(text, node))
        for node in nodes
        if used & {(alias.asname or alias.name).split(".")[0] for alias in node.names}
    ]


def _closure(names: Iterable[str], bound: dict[str, ast.stmt]) -> set[str]:
    wanted, todo = set(names), list(names)
    while todo:
        node = bound.get(todo.pop())
        uses = {part.id for part in ast.walk(node) if isinstance(part, ast.Name)} if node else set()
        more = (uses & bound.keys()) - wanted
        wanted |= more
        todo += more
    return wanted


def _binds(node: ast.stmt) -> Iterator[str]:
    if isinstance(node, ast.FunctionDef | ast.ClassDef) and node.name not in GROUPS:
        yield node.name
    elif isinstance(node, ast.Assign):
        yield from (target.id for target in node.targets if isinstance(target, ast.Name))


def _segment(text: str, node: ast.stmt) -> str:
    """Give a statement's text, its decorators included."""
    first = min([node.lineno, *(d.lineno for d in getattr(node, "decorator_list", []))])
    return "\n".join(text.splitlines()[first - 1 : node.end_lineno])


@functools.cache
def _parsed(exercise_id: str) -> tuple[str, ast.Module]:
    text = Path(FOLDER / exercise_id / "exercise.py").read_text(encoding="utf-8")
    return text, ast.parse(text)
