"""The code of a notebook's cells: made plain Python, and cut down to what an exercise needs."""

from __future__ import annotations

import ast
import dis
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from types import CodeType
from typing import Any

IMPORTS = (ast.Import, ast.ImportFrom)
DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
HELP = re.compile(r"\?{1,2}[%\w.*]+|[%\w.*]+\?{1,2}")
SHELL = re.compile(r"\w+\s*=\s*[%!]")
HEAD = re.compile(r"^(?:async[ \t]+)?(?:def|class)[ \t]+(\w+)", re.MULTILINE)
BOUND = re.compile(
    r"^([A-Za-z_]\w*(?:[ \t]*,[ \t]*[A-Za-z_]\w*)*)[ \t]*(?::[^=\n]*)?=(?!=)(?![ \t]*(?:grader\.)?earlier\()",
    re.MULTILINE,
)  # an assignment at the margin: neither a comparison nor a call, and earlier work is no definition
BODY_MAGICS = ("%%time", "%%timeit", "%%capture", "%%prun")
LOADS = frozenset({"LOAD_NAME", "LOAD_GLOBAL", "LOAD_FROM_DICT_OR_GLOBALS"})
STORES = frozenset({"STORE_NAME", "STORE_GLOBAL"})


@dataclass(frozen=True)
class Statement:
    """One top-level statement: where it stands, its code (None where it has an error), what it binds and uses."""

    cell: int
    node: ast.stmt
    code: CodeType | None = None
    binds: frozenset[str] = field(default=frozenset())
    uses: frozenset[str] = field(default=frozenset())


def clean(source: str) -> str:
    """Blank out what only IPython understands; line numbers stay as the learner sees them."""
    lines = source.split("\n")
    first = next((line for line in lines if line.strip()), "")
    if first.startswith("%%") and not first.startswith(BODY_MAGICS):
        return ""
    return "\n".join(line[: len(line) - len(line.lstrip())] + "pass" if _is_magic(line) else line for line in lines)


def _is_magic(line: str) -> bool:
    text = line.strip()
    return text.startswith(("%", "!")) or bool(HELP.fullmatch(text) or SHELL.match(text))


def file_name(stage: str, cell: int) -> str:
    """Name the cell of a stage as Python names the file of a code; cells count from 0 here, from 1 for a learner."""
    return f"<{stage}, cell {cell + 1}>"


def statements(cells: list[str], stage: str = "") -> list[Statement]:
    """Parse cells into top-level statements; a cell that is no Python gives none."""
    parsed = ((index, node) for index, source in enumerate(cells) for node in _parse(source))
    return [_statement(index, node, file_name(stage, index)) for index, node in parsed]


def _parse(source: str) -> list[ast.stmt]:
    for text in (source, clean(source)):
        try:
            return ast.parse(text).body
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            continue
    return []


def names_at_margin(source: str) -> list[str]:
    """List the names that a text defines at its left margin, whether it is Python or not."""
    bound = [name for targets in BOUND.findall(source) for name in re.findall(r"\w+", targets)]
    return [*HEAD.findall(source), *bound]


def unparsed(source: str, names: set[str]) -> dict[str, str]:
    """Give the names that a cell would define if it were Python, and what is wrong with it."""
    heads = set(names_at_margin(source)) & names
    if not heads or _parse(source):
        return {}
    try:
        ast.parse(clean(source))
    except SyntaxError as error:
        return dict.fromkeys(heads, f"SyntaxError: {error.msg} (line {error.lineno})")
    except (ValueError, RecursionError, MemoryError) as error:
        return dict.fromkeys(heads, type(error).__name__)
    return {}


def _statement(cell: int, node: ast.stmt, filename: str) -> Statement:
    """Read the names off the compiled code, which knows a function's own variables from the notebook's."""
    try:
        code = compile(ast.Module([node], []), filename, "exec", dont_inherit=True)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return Statement(cell, node, None, frozenset(_names(node)))  # it is run all the same, and says what is wrong
    binds = set(_named(code, STORES)) | set(_roots(node))
    uses = {name for part in _codes(code) for name in _named(part, LOADS)}
    return Statement(cell, node, code, frozenset(binds), frozenset(uses))


def _names(node: ast.stmt) -> set[str]:
    """Give the names that a statement would bind at its own level."""
    targets: list[ast.expr] = getattr(node, "targets", [])
    named = {part.id for target in targets for part in ast.walk(target) if isinstance(part, ast.Name)}
    return named | ({node.name} if isinstance(node, DEFINITIONS) else set())


def _named(code: CodeType, operations: frozenset[str]) -> Iterator[str]:
    """Give the names that some operations of a code object name; `dis.get_instructions` finds out much besides."""
    arguments = zip(code.co_code[::2], code.co_code[1::2], strict=True)
    high = 0
    for operation, low in arguments:
        number, name = high << 8 | low, dis.opname[operation]
        high = number if name == "EXTENDED_ARG" else 0
        if name in operations:
            yield code.co_names[number >> 1 if name == "LOAD_GLOBAL" else number]


def _codes(code: CodeType) -> Iterator[CodeType]:
    """Give a code object and all those inside it."""
    todo = [code]
    while todo:
        code = todo.pop()
        yield code
        todo += [part for part in code.co_consts if isinstance(part, CodeType)]


def _roots(node: ast.stmt) -> Iterator[str]:
    """Give the names whose attribute or item an assignment sets: `Model.forward = f` changes `Model`."""
    if not isinstance(node, ast.Assign | ast.AugAssign | ast.AnnAssign):
        return
    targets: list[Any] = node.targets if isinstance(node, ast.Assign) else [node.target]
    for target in targets:
        while isinstance(target, ast.Attribute | ast.Subscript):
            target = target.value
        if isinstance(target, ast.Name):
            yield target.id


def needed(found: list[Statement], names: set[str]) -> list[Statement]:
    """Keep imports, and what binds the wanted names or what those use, directly or through others.

    What only trains, plots or shows is left out: nothing that an exercise is judged on uses it.
    """
    binders: dict[str, list[int]] = {}
    for index, item in enumerate(found):
        for name in item.binds:
            binders.setdefault(name, []).append(index)
    kept = {index for index, item in enumerate(found) if isinstance(item.node, IMPORTS)}
    todo, met = list(names), set(names)
    while todo:
        new = set(binders.get(todo.pop(), ())) - kept
        kept |= new
        used = {name for index in new for name in found[index].uses} - met
        met |= used
        todo += used
    return [found[index] for index in sorted(kept)]
