"""The instructor's command: pack the grader as an autograder for Gradescope."""

from __future__ import annotations

import argparse
import re
import sys
import tomllib
import zipfile
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

from ..submissions.files import readable

GRADER = Path(__file__).parents[2]
REPO = GRADER.parent
SCRIPTS = ("setup.sh", "run_autograder")
NOT_THERE = ("jupyterlab",)  # nobody opens a notebook on Gradescope's machine
CACHES = ("__pycache__", ".mypy_cache", ".ruff_cache", ".ipynb_checkpoints")
DATE = (2020, 1, 1, 0, 0, 0)  # the same course gives the same bytes


class NoCourse(RuntimeError):
    """The course's folder is not there; the text says what to do."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what `python -m grader autograder-zip` takes."""
    out = "the archive to write (autograder.zip); upload it to Gradescope as the assignment's autograder"
    parser.add_argument("--out", type=Path, default=Path("autograder.zip"), metavar="FILE", help=out)


def run(args: argparse.Namespace) -> int:
    """Write the archive, and give the exit status: 0, or 2 where it cannot be written."""
    try:
        files = dict(_files())
        args.out.parent.mkdir(parents=True, exist_ok=True)
        with zipfile.ZipFile(args.out, "w", zipfile.ZIP_DEFLATED) as archive:
            for name in sorted(files):
                archive.writestr(_entry(name), files[name])
    except NoCourse as error:
        print(error, file=sys.stderr)
        return 2
    except OSError as error:
        print(f"`{readable(str(args.out))}` cannot be written: {error.strerror or error}.", file=sys.stderr)
        return 2
    print(f"Wrote {readable(str(args.out))}, {len(files)} files: upload it to Gradescope under Configure Autograder.")
    print("It holds the course's answers: give it to nobody but Gradescope.")
    return 0


def _files() -> Iterator[tuple[str, bytes]]:
    """Give every file of the archive: its name and what it holds."""
    lesson = find_spec("lesson")
    if lesson is None or not lesson.origin:
        raise NoCourse("The package `lesson` was not found: run this with the course's own Python, from its folder.")
    for script in SCRIPTS:
        yield script, (GRADER / "templates" / "gradescope" / script).read_bytes().replace(b"\r\n", b"\n")
    yield "requirements.txt", requirements().encode()
    for root, inside in ((GRADER, "grader"), (Path(lesson.origin).parent, "notebooks/lesson")):
        for path in root.rglob("*"):
            if path.is_file() and not set(CACHES) & set(path.parts):
                yield f"{inside}/{path.relative_to(root).as_posix()}", path.read_bytes()


def requirements() -> str:
    """Give the lines of requirements.txt that grading needs: those which the package depends on.

    Raises:
        NoCourse: where the course is installed without its folder.
    """
    try:
        project = tomllib.loads((REPO / "pyproject.toml").read_text(encoding="utf-8"))["project"]
        lines = (REPO / "requirements.txt").read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise NoCourse(
            f"`{readable(str(error.filename))}` was not found: run this from the course's folder."
        ) from error
    needed = {_package(text) for text in project["dependencies"]} - set(NOT_THERE)
    return "".join(f"{line}\n" for line in lines if _package(line) in needed)


def _package(line: str) -> str:
    return re.split(r"[<>=!~\s\[;]", line.strip())[0].casefold()


def _entry(name: str) -> zipfile.ZipInfo:
    """Describe a file as Unix does: the scripts may be run."""
    entry = zipfile.ZipInfo(name, DATE)
    entry.compress_type, entry.create_system = zipfile.ZIP_DEFLATED, 3
    entry.external_attr = (0o100755 if name in SCRIPTS else 0o100644) << 16
    return entry
