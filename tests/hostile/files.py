"""Files that no notebook should be: bombs, links, paths that climb, and notebooks of a form that nobody writes."""

from __future__ import annotations

import json
import os
import stat
import zipfile
from pathlib import Path

from .attack import HARMED, LEAKED, LOST, RIGHT, Attack, notebook

IMPORT = "import torch\n"
HONEST = notebook(IMPORT, RIGHT)


def _zip(folder: Path, name: str, *members: tuple[str | zipfile.ZipInfo, str]) -> None:
    with zipfile.ZipFile(folder / f"{name}.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for member, text in members:
            archive.writestr(member, text)


def bomb(folder: Path) -> None:
    """Pack thirty megabytes of spaces three times over."""
    _zip(folder, "zip-bomb", *((f"{n}.ipynb", " " * 30_000_000) for n in range(3)), ("02.ipynb", HONEST))


def lying(folder: Path) -> None:
    """Say in the directory of the archive that a large file is small."""
    _zip(folder, "lying-zip", ("02.ipynb", " " * 19_000_000))
    path = folder / "lying-zip.zip"
    path.write_bytes(path.read_bytes().replace((19_000_000).to_bytes(4, "little"), (100).to_bytes(4, "little")))


def other_bomb(folder: Path) -> None:
    """Pack three hundred megabytes by bzip2, which is unpacked whole, and say that they are a thousand bytes."""
    size = 300_000_000
    with zipfile.ZipFile(folder / "bzip2-bomb.zip", "w", zipfile.ZIP_BZIP2) as archive:
        archive.writestr("02.ipynb", " " * size)
    path = folder / "bzip2-bomb.zip"
    path.write_bytes(path.read_bytes().replace(size.to_bytes(4, "little"), (1000).to_bytes(4, "little")))


def climbing(folder: Path) -> None:
    """Name files that lie above the archive, at the root and on another drive."""
    names = ("../up.ipynb", "/tmp/up.ipynb", "a/../../up.ipynb", "..\\up.ipynb", "C:\\up.ipynb")
    _zip(folder, "climbing-zip", *((name, HONEST) for name in names), ("02.ipynb", HONEST))


def linked_zip(folder: Path) -> None:
    """Pack a link to another's work."""
    link = zipfile.ZipInfo("02.ipynb")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    _zip(folder, "zip-of-links", (link, str(folder / "honest.ipynb")))


def symlinks(folder: Path) -> None:
    """Link to another's work, to a device, and around in a circle."""
    inside = folder / "symlinks"
    inside.mkdir()
    honest = folder / "honest.ipynb"
    for name, target in (("02.ipynb", honest), ("03.ipynb", "/dev/zero"), ("04.ipynb", "04.ipynb"), ("up", "..")):
        (inside / name).symlink_to(target)


def pipe(folder: Path) -> None:
    """Make a pipe in place of a notebook."""
    (folder / "pipe").mkdir()
    os.mkfifo(folder / "pipe" / "02.ipynb")


def hundred_megabytes(folder: Path) -> None:
    """Leave a hole in the file: it takes no disk."""
    with (folder / "hundred-megabytes.ipynb").open("wb") as file:
        file.write(HONEST.encode())
        file.truncate(100 * 10**6)


def code_flood(folder: Path) -> None:
    """Write 18 MB of statements, which every exercise would be looked for in."""
    names = "# intersection union intersection_over_union\n"
    (folder / "code-flood.ipynb").write_text(notebook(IMPORT, names + "iou=1\n" * 3_000_000, RIGHT))


def many_code_floods(folder: Path) -> None:
    """Write the same in files that are each small enough."""
    (folder / "code-floods").mkdir()
    text = notebook(IMPORT, "# intersection union\n" + "iou=1\n" * 15_000, RIGHT)
    for number in range(60):
        (folder / "code-floods" / f"02 ({number}).ipynb").write_text(text)


def many_cells(folder: Path) -> None:
    """Write 10,000 answers, the last one right."""
    cells = ["def intersection(likes):\n    return 1"] * 10_000
    (folder / "many-cells.ipynb").write_text(notebook(IMPORT, *cells, RIGHT))


def odd_form(folder: Path) -> None:
    """Write metadata of every wrong type, ids that are given twice, and cells that are none."""
    cell = {"cell_type": "code", "id": "same", "source": IMPORT, "metadata": []}
    odd = [cell, cell | {"metadata": {"exercise": {}}}, cell | {"source": {"a": 1}}, 3, None, [], {"cell_type": []}]
    right = cell | {"source": [RIGHT, 3, None], "metadata": {"exercise": "intersection", "tags": 7}}
    tree = {"nbformat": "four", "nbformat_minor": None, "metadata": "none", "cells": [*odd, right], "worksheets": 5}
    (folder / "odd-form.ipynb").write_text(json.dumps(tree))


def deep_json(folder: Path) -> None:
    """Nest brackets."""
    (folder / "deep-json.ipynb").write_text('{"cells": ' + "[" * 1_000_000 + "]" * 1_000_000 + "}")


def deep_code(folder: Path) -> None:
    """Hand in code that breaks a reader which calls itself for every level."""
    deep = ("a" + ".a" * 45_000, "-" * 90_000 + "1", "1+" * 45_000 + "1", "(" * 90_000, "f" + "()" * 45_000)
    cells = [f"def union(likes):\n    return {text}\n" for text in deep]
    (folder / "deep-code.ipynb").write_text(notebook(IMPORT, *cells, RIGHT))


def odd_names(folder: Path) -> None:
    """Name a file so that a spreadsheet would compute it."""
    (folder / "=cmd|' ,\"\n.ipynb").write_text(HONEST)


def file(name: str, aim: str, tries: str, make: object, earns: int = 0) -> Attack:
    """Make an attack by files."""
    return Attack(name, aim, tries, (), earns, False, make)  # type: ignore[arg-type]


ATTACKS = (
    file("zip-bomb", LOST, "an archive that unpacks to a hundred times its size", bomb, 1),
    file("bzip2-bomb", LOST, "an archive of another method that lies about what it unpacks to", other_bomb),
    file("lying-zip", LOST, "an archive that lies about the size of its files", lying),
    file("climbing-zip", HARMED, "an archive with paths that climb out of it", climbing, 1),
    file("zip-of-links", LEAKED, "an archive with a link to another's work", linked_zip),
    file("symlinks", LEAKED, "links to another's work, to an endless device, and to itself", symlinks),
    file("pipe", LOST, "a pipe in place of a notebook, that nobody writes to", pipe),
    file("hundred-megabytes", LOST, "a notebook of 100 MB", hundred_megabytes),
    file("code-flood", LOST, "a notebook of three million statements", code_flood),
    file("code-floods", LOST, "sixty notebooks of a hundred thousand statements in all", many_code_floods, 1),
    file("many-cells", LOST, "a notebook of 10,000 cells", many_cells, 1),
    file("odd-form", LOST, "bad metadata, cell ids given twice, and cells that are none", odd_form, 1),
    file("deep-json", LOST, "JSON nested a million deep", deep_json),
    file("deep-code", LOST, "code nested tens of thousands deep", deep_code, 1),
    file("'=cmd|' ,\"_", HARMED, "a name that is a formula, with a quote, a comma and a new line", odd_names, 1),
)
