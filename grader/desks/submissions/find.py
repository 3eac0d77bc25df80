"""Find the submissions in a folder and read their notebooks, whatever their files hold."""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from .downloads import own_name, together
from .files import File, files, is_junk, readable
from .ipynb import MOST_BYTES, Notebook, Unreadable, read_notebook

MOST_NOTEBOOKS = 100
MOST_BYTES_IN_ALL = 200 * 10**6
MOST_CODE_IN_ALL = 3 * 10**6
MOST_NAME_BYTES = 200
MOST_WARNINGS = 20


@dataclass(frozen=True)
class Entry:
    """A submission that was found: its name, unique in its folder, and where it stands.

    `parts` are its files and folders where a platform handed them out one by one, under names of its own.
    """

    name: str
    path: Path
    warning: str = ""
    parts: tuple[Path, ...] = ()


@dataclass(frozen=True)
class Submission:
    """What a submission holds: its notebooks, the files that could not be read and why, and what else to know."""

    name: str
    notebooks: tuple[Notebook, ...] = ()
    unread: tuple[tuple[str, str], ...] = ()
    warnings: tuple[str, ...] = ()


def find(folder: Path, *, canvas: bool = False) -> tuple[list[Entry], list[str]]:
    """List the submissions of a folder by name, and the names of the files in it that are none.

    Args:
        folder: holds folders, notebooks and archives.
        canvas: whether Canvas handed them out; that, and whether Moodle did, may show in the names too.
    """
    paths = sorted((path for path in folder.iterdir() if not is_junk(path.name)), key=lambda path: path.name)
    kept = [path for path in paths if path.is_dir() or path.suffix.casefold() in (".ipynb", ".zip")]
    students = together(kept, canvas=canvas)
    parts = {mine[0]: tuple(mine) for mine in students.values()}
    joint = {mine[0]: readable(name) for name, mine in students.items()}
    others = {path for mine in students.values() for path in mine[1:]}
    named = _named([path for path in kept if path not in others], joint)
    entries = [replace(entry, parts=parts.get(entry.path, ())) for entry in named]
    return entries, [readable(path.name) for path in paths if path not in kept]


def _named(paths: list[Path], joint: dict[Path, str]) -> list[Entry]:
    """Name every entry; the first of a name keeps it, whatever the others become."""
    plain = [_name(joint.get(path, readable(path.name))) for path in paths]
    taken = {_folded(name) for name in plain}
    met: set[str] = set()
    return [_entry(path, name, met, taken) for path, name in zip(paths, plain, strict=True)]


def _entry(path: Path, name: str, met: set[str], taken: set[str]) -> Entry:
    if _folded(name) not in met:
        met.add(_folded(name))
        return Entry(name, path)
    number = 2
    while _folded(f"{name}-{number}") in taken:
        number += 1
    taken.add(_folded(f"{name}-{number}"))
    warning = f"`{readable(path.name)}` is called `{name}-{number}` here, since there is another `{name}`."
    return Entry(f"{name}-{number}", path, warning)


def _name(text: str) -> str:
    text = re.sub(r"\.(ipynb|zip)$", "", text, flags=re.IGNORECASE)
    return text.encode()[:MOST_NAME_BYTES].decode(errors="ignore")


def _folded(name: str) -> str:
    """Give what two names share that some file systems take for one."""
    return unicodedata.normalize("NFC", name).casefold()


def read(entry: Entry) -> Submission:
    """Read all notebooks of a submission; nothing is written, and no link is followed out of it."""
    warnings = [entry.warning] if entry.warning else []
    books: list[Notebook] = []
    unread: list[tuple[str, str]] = []
    try:
        for file in _limited(_files(entry, warnings), warnings):
            try:
                books.append(read_notebook(file.name, file.load(), file.modified))
            except Unreadable as error:
                unread.append((file.name, str(error)))
    except Unreadable as error:
        unread.append((readable(entry.path.name), str(error)))
    except Exception as error:  # nothing that one submission holds may stop the others
        unread.append((readable(entry.path.name), f"reading it failed with {type(error).__name__}"))
    books = _within(books, warnings)
    if not books and not unread:
        warnings.append("No notebook was found in this submission.")
    warnings += [f"`{name}` could not be read: {reason}." for name, reason in unread]
    return Submission(entry.name, tuple(books), tuple(unread), tuple(warnings[:MOST_WARNINGS]))


def _files(entry: Entry, warnings: list[str]) -> Iterator[File]:
    """Give the files of a submission; a part that cannot be read leaves the others."""
    if not entry.parts:
        yield from files(entry.path, warnings)
    for part in entry.parts:
        try:
            for file in files(part, warnings):
                loose = file.name == readable(part.name)  # else its owner named it, in a folder or an archive
                yield replace(file, name=own_name(file.name)) if loose else file
        except Unreadable as error:
            if len(entry.parts) == 1:
                raise
            warnings.append(f"`{readable(part.name)}` could not be read: {error}.")


def _within(books: list[Notebook], warnings: list[str]) -> list[Notebook]:
    """Leave out the last notebooks where all together hold more code than can be looked through in seconds."""
    sizes = itertools.accumulate(sum(len(cell.source) for cell in book.cells) for book in books)
    kept = [book for book, size in zip(books, sizes, strict=True) if size <= MOST_CODE_IN_ALL]
    if len(kept) < len(books):
        many = f"{MOST_CODE_IN_ALL:,} characters of code"
        warnings.append(f"The submission holds more than {many}: {len(books) - len(kept)} notebooks were not read.")
    return kept


def _limited(found: Iterator[File], warnings: list[str]) -> Iterator[File]:
    """Stop where a submission holds more than anyone hands in."""
    size = 0
    for number, file in enumerate(found):
        size += min(file.size, MOST_BYTES)
        if number >= MOST_NOTEBOOKS or size > MOST_BYTES_IN_ALL:
            limit = f"{MOST_NOTEBOOKS} notebooks or {MOST_BYTES_IN_ALL / 1e6:.0f} MB"
            warnings.append(f"The submission holds more than {limit}: from `{file.name}` on nothing was read.")
            return
        yield file
