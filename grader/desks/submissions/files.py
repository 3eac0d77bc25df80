"""The notebook files of one submission, in a folder or an archive, each loaded only when it is wanted."""

from __future__ import annotations

import os
import re
import stat
import unicodedata
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from .ipynb import MOST_BYTES, Unreadable, too_large

MOST_ARCHIVE, MOST_MEMBERS = 250 * 10**6, 20_000
JUNK = frozenset({"__MACOSX", "__pycache__", "node_modules"})
UNPACKED = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # of all others Python unpacks a piece whole, however large
DECEIVING = re.compile("[\u202a-\u202e\u2066-\u2069\\\\]")  # turns the reading direction, or splits a path


@dataclass(frozen=True)
class File:
    """A notebook's file: its path inside the submission, its size, its age, and how to get its bytes."""

    name: str
    size: int
    modified: float
    load: Callable[[], bytes]


def files(path: Path, warnings: list[str]) -> Iterator[File]:
    """Give the notebook files of a folder, an archive, or a file that is one; add to `warnings` what is passed over.

    Raises:
        Unreadable: where `path` itself cannot be read.
    """
    if path.is_symlink():
        raise Unreadable("it is a link to somewhere else, which is not followed")
    if path.is_dir():
        yield from _in_folder(path, warnings)
    elif path.suffix.casefold() == ".zip":
        yield from _in_zip(path, warnings)
    else:
        yield _file(path, path.name)


def is_junk(name: str) -> bool:
    """Whether a file or folder is no work of the learner's: hidden, or left behind by a tool."""
    return name in JUNK or name.startswith(".")


def readable(name: str) -> str:
    """Show any file name as text: bytes that are no UTF-8 are read as Latin-1, what cannot be seen becomes `_`."""
    try:
        text = os.fsencode(name).decode()
    except UnicodeDecodeError:
        text = os.fsencode(name).decode("latin-1")
    hidden = ("Cc", "Cs", "Zl", "Zp")
    return DECEIVING.sub("_", "".join("_" if unicodedata.category(sign) in hidden else sign for sign in text))


def _in_folder(folder: Path, warnings: list[str]) -> Iterator[File]:
    inside = os.path.realpath(folder) + os.sep
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not is_junk(name))
        for name in sorted(names):
            path = Path(place, name)
            if path.suffix.casefold() != ".ipynb" or is_junk(name):
                continue
            if path.is_symlink() and not os.path.realpath(path).startswith(inside):
                warnings.append(f"`{readable(name)}` is a link that leads out of the submission, and was not followed.")
            else:
                yield _file(path, path.relative_to(folder).as_posix())


def _file(path: Path, name: str) -> File:
    try:
        info = path.stat()
        return File(readable(name), info.st_size, info.st_mtime, lambda: _load(path))
    except OSError:
        return File(readable(name), 0, 0, lambda: _load(path))


def _load(path: Path) -> bytes:
    try:
        info = path.stat()
        if not stat.S_ISREG(info.st_mode):
            raise Unreadable("it is no ordinary file")
        if info.st_size > MOST_BYTES:
            raise too_large(info.st_size)
        with path.open("rb") as file:
            return file.read(MOST_BYTES + 1)
    except OSError as error:
        raise Unreadable(f"the system says: {error.strerror or 'no reason'}") from error


def _in_zip(path: Path, warnings: list[str]) -> Iterator[File]:
    """Give the notebooks of an archive; all is read in memory, and nothing is ever written."""
    try:
        size = path.stat().st_size
        if size > MOST_ARCHIVE:
            raise Unreadable(f"it is {size / 1e6:.0f} MB large, and {MOST_ARCHIVE / 1e6:.0f} MB are the most")
        with zipfile.ZipFile(path) as archive:
            if len(archive.infolist()) > MOST_MEMBERS:
                raise Unreadable(f"it holds {len(archive.infolist()):,} files, and {MOST_MEMBERS:,} are the most")
            for info in sorted(archive.infolist(), key=lambda info: info.filename):
                name = info.filename.replace("\\", "/")
                if _leads_out(name):
                    warnings.append(f"`{readable(info.filename)}` leads out of its archive, and was passed over.")
                elif name.casefold().endswith(".ipynb") and not any(map(is_junk, PurePosixPath(name).parts)):
                    yield File(readable(name), info.file_size, _seconds(*info.date_time), _loader(archive, info))
    except Unreadable:
        raise
    except Exception as error:  # a broken archive may break its reader in any way
        raise Unreadable("it is no zip archive, or a broken one") from error


def _leads_out(name: str) -> bool:
    return name.startswith("/") or ".." in PurePosixPath(name).parts or bool(re.match(r"[A-Za-z]:", name))


def _seconds(year: int, month: int, day: int, hour: int, minute: int, second: int) -> float:
    """Put dates in order, also those that no calendar knows."""
    return ((((year * 12 + month) * 31 + day) * 24 + hour) * 60 + minute) * 60 + second


def _loader(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Callable[[], bytes]:
    def load() -> bytes:
        if stat.S_ISLNK(info.external_attr >> 16):
            raise Unreadable("it is a link, which is not followed")
        if info.compress_type not in UNPACKED:
            raise Unreadable("it is packed in a way that is not unpacked here; pack it as an ordinary zip archive")
        if info.file_size > MOST_BYTES:
            raise too_large(info.file_size)
        try:
            with archive.open(info) as file:
                return file.read(MOST_BYTES + 1)
        except Exception as error:  # encrypted, damaged, or packed in a way that Python cannot read
            raise Unreadable("it cannot be unpacked: it is damaged, or locked by a password") from error

    return load
