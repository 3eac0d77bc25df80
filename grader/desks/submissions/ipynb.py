"""Read the code cells of one notebook from bytes that nobody vouches for."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ...course import exercise_ids

MOST_BYTES = 20 * 10**6
MOST_CODE = 10**6
MOST_CELLS = 20_000


class Unreadable(ValueError):
    """A file cannot be read; the text goes on after "`file` could not be read:"."""


@dataclass(frozen=True)
class Cell:
    """The text of a code cell, and the exercise whose answer cell it is by its metadata."""

    source: str
    exercise: str | None = None


@dataclass(frozen=True)
class Notebook:
    """A notebook's code: its file name inside the submission, its cells, and when it was last changed."""

    name: str
    cells: tuple[Cell, ...]
    modified: float = 0


def too_large(size: int) -> Unreadable:
    """Say how large a file is and how large it may be."""
    return Unreadable(f"it is {size / 1e6:.0f} MB large, and {MOST_BYTES / 1e6:.0f} MB are the most; clear its outputs")


def read_notebook(name: str, data: bytes, modified: float = 0) -> Notebook:
    """Read a notebook of format 3 or 4.

    Raises:
        Unreadable: where the bytes are no notebook.
    """
    if len(data) > MOST_BYTES:
        raise too_large(len(data))
    if not data.strip():
        raise Unreadable("it is empty")
    cells = tuple(_code(_tree(data)))
    if len(cells) > MOST_CELLS:
        raise Unreadable(f"it holds {len(cells):,} cells of code, and {MOST_CELLS:,} are the most")
    if sum(len(cell.source) for cell in cells) > MOST_CODE:
        raise Unreadable(f"it holds more than {MOST_CODE:,} characters of code, which nobody writes")
    return Notebook(name, cells, modified)


def _tree(data: bytes) -> dict[str, Any]:
    try:
        tree = json.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise Unreadable("it is no text in UTF-8, as notebooks are") from error
    except RecursionError as error:
        raise Unreadable("it is nested too deeply") from error
    except ValueError as error:
        raise Unreadable("it is not JSON, as notebooks are") from error
    if not isinstance(tree, dict) or not ("cells" in tree or "worksheets" in tree):
        raise Unreadable("it is JSON, but holds no cells")
    return tree


def _code(tree: dict[str, Any]) -> Iterator[Cell]:
    """Give the code cells; whatever is not formed like one is passed over."""
    sheets = [tree, *_dicts(tree.get("worksheets"))]
    for cell in (cell for sheet in sheets for cell in _dicts(sheet.get("cells"))):
        if cell.get("cell_type") == "code":
            yield Cell(_text(cell.get("source", cell.get("input"))), _exercise(cell.get("metadata")))


def _dicts(items: Any) -> list[dict[str, Any]]:
    return [item for item in items if isinstance(item, dict)] if isinstance(items, list) else []


def _text(source: Any) -> str:
    if isinstance(source, list):
        return "".join(line for line in source if isinstance(line, str))
    return source if isinstance(source, str) else ""


def _exercise(metadata: Any) -> str | None:
    found = metadata.get("exercise") if isinstance(metadata, dict) else None
    return found if isinstance(found, str) and found in exercise_ids() else None
