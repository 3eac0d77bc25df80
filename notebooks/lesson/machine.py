"""Whether this machine is ready for the course: what is there, what is missing, and how to get it."""

from __future__ import annotations

import os
import platform
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

PACKAGES = {
    "torch": ("2.4", "everything runs on it: `pip install torch`"),
    "matplotlib": ("3.8", "the pictures need it: `pip install matplotlib`"),
    "jupyterlab": ("4.2", "not needed in VS Code or Colab; else `pip install jupyterlab`"),
    "ipywidgets": ("8.1", "without it the pictures can't be changed: `pip install ipywidgets`"),
    "anywidget": ("0.9", "without it likes are pressed in a plainer table: `pip install anywidget`"),
}
GIGABYTE = 1024**3


@dataclass(frozen=True)
class Line:
    """One thing, what was found of it, whether that will do, and what to do if not."""

    what: str
    found: str
    ready: bool
    advice: str = ""


@dataclass(frozen=True)
class Report:
    """The lines of a report; a notebook shows them as a table."""

    lines: tuple[Line, ...]

    @property
    def ready(self) -> bool:
        """Whether nothing is missing."""
        return all(line.ready for line in self.lines)

    def __repr__(self) -> str:
        """Return the report as text."""
        return "\n".join([self._headline(), *(f"{_mark(line)} {line.what}: {_told(line)}" for line in self.lines)])

    def _repr_html_(self) -> str:
        left = "style='text-align:left'"
        row = f"<tr><td {left}>{{}}</td><th scope='row' {left}>{{}}</th><td {left}>{{}}</td></tr>"
        rows = "".join(row.format(_mark(line), escape(line.what), _html(_told(line))) for line in self.lines)
        return f"<table><caption {left}>{self._headline()}</caption>{rows}</table>"

    def _headline(self) -> str:
        missing = ", ".join(line.what for line in self.lines if not line.ready)
        return f"Look at: {missing}." if missing else "Your machine is ready."


def machine_report() -> Report:
    """Look at Python, the packages, the cores, the memory and the disk."""
    python = platform.python_version()
    lines = [Line("Python", python, sys.version_info >= (3, 11), "the course needs 3.11 or newer: see python.org")]
    lines += [_package(name, least, advice) for name, (least, advice) in PACKAGES.items()]
    return Report((*lines, *_hardware()))


def _package(name: str, least: str, advice: str) -> Line:
    """Whether a package is installed, and new enough; it is not imported."""
    try:
        found = version(name)
    except PackageNotFoundError:
        return Line(name, "missing", False, advice)
    return Line(name, found, _numbers(found) >= _numbers(least), f"the course needs {least} or newer: {advice}")


def _hardware() -> Iterator[Line]:
    """The cores that Python may use, the memory, and the disk that holds your work."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    yield Line("cores", str(cores), cores >= 2, "it will do, but training takes longer than the notebooks say")
    yield from _memory()
    free = shutil.disk_usage(Path.cwd()).free / GIGABYTE
    yield Line("disk", f"{free:.1f} GB free", free >= 0.5, "make room: half a gigabyte keeps your work safe")


def _memory() -> Iterator[Line]:
    """The memory, where it can be measured."""
    try:
        import psutil
    except ImportError:
        return
    memory = psutil.virtual_memory()
    found = f"{memory.total / GIGABYTE:.1f} GB, {memory.available / GIGABYTE:.1f} GB of them free"
    yield Line("memory", found, memory.available >= 3 * GIGABYTE, "close other programs: a notebook may take 3 GB")


def _numbers(text: str) -> tuple[int, ...]:
    """The first two numbers of a version."""
    return tuple(int("".join(filter(str.isdigit, part)) or 0) for part in text.split("+")[0].split(".")[:2])


def _mark(line: Line) -> str:
    return "✓ ready" if line.ready else "! look"


def _told(line: Line) -> str:
    return line.found if line.ready else f"{line.found} – {line.advice}"


def _html(text: str) -> str:
    """Escape text, and set what stands in backticks as code."""
    pieces = escape(text).split("`")
    return "".join(f"<code>{piece}</code>" if index % 2 else piece for index, piece in enumerate(pieces))
