"""What a learner has done so far: one file that survives a crash, and his passed work as text beside it."""

from __future__ import annotations

import contextlib
import json
import os
import tempfile
from pathlib import Path
from typing import Any

VERSION = 1
FLAGS = {"solution_shown": bool, "has_text": bool}
KINDS: dict[str, Any] = {"status": str, "score": (int, float), "hints": int, "diagnosis": str, **FLAGS}
ENVIRONMENT = "GRADER_PROGRESS"


class Progress:
    """The progress folder: `progress.json`, and `<exercise>.py` for passed work.

    What the file holds and this course does not know (a newer course's exercises) is kept as it is.
    What cannot be saved is remembered for as long as the kernel runs, and saved with the next change that can be.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.file = folder / "progress.json"
        self.warning = ""
        self._records: dict[str, Any] = {}  # those that could not be saved
        self._works: dict[str, str | None] = {}  # likewise; None where the work was put aside

    def of(self, exercise_id: str) -> dict[str, Any]:
        """Give what is known of one exercise: status, score, hints, diagnosis, solution_shown, has_text."""
        record = self._read()["exercises"].get(exercise_id)
        if not isinstance(record, dict):
            return {}
        return {key: value for key, value in record.items() if isinstance(value, KINDS.get(key, object))}

    def update(self, exercise_id: str, **changes: Any) -> None:
        """Change what is known of one exercise; the file is replaced whole or not at all."""
        tree = self._read()
        known = tree["exercises"].get(exercise_id)
        tree["exercises"][exercise_id] = record = (known if isinstance(known, dict) else {}) | changes
        if self._write(self.file, json.dumps(tree, indent=1, ensure_ascii=False, sort_keys=True)):
            self._records = {}
        else:
            self._records[exercise_id] = record

    def forget(self, exercise_id: str) -> str | None:
        """Start one exercise anew; the passed work moves to `<exercise>.before.py`, whose name is given."""
        self.update(exercise_id, status=None, score=0, hints=0, diagnosis=None, solution_shown=False)
        aside = self.folder / f"{exercise_id}.before.py"
        try:
            self._works.pop(exercise_id, None)
            self._work(exercise_id).replace(aside)
            return aside.name
        except OSError:
            if self._work(exercise_id).exists():
                self._works[exercise_id] = None
            return None

    def keep(self, exercise_id: str, source: str) -> None:
        """Keep passed work as source text."""
        if self._write(self._work(exercise_id), source):
            self._works.pop(exercise_id, None)
        else:
            self._works[exercise_id] = source

    def kept(self, exercise_id: str) -> str | None:
        """Give passed work as source text, None where there is none."""
        if exercise_id in self._works:
            return self._works[exercise_id]
        try:
            return self._work(exercise_id).read_text(encoding="utf-8")
        except OSError:
            return None

    def _write(self, file: Path, text: str) -> bool:
        """Write a file whole; where the folder cannot be written to, say so and go on."""
        try:
            write_whole(file, text)
        except OSError as error:
            self.warning = (
                f"Your progress could not be saved in {self.folder} ({error.strerror}), and holds only until this "
                f"kernel ends: copy the course to a folder of your own, or set {ENVIRONMENT} to one."
            )
            return False
        return True

    def _work(self, exercise_id: str) -> Path:
        return self.folder / f"{exercise_id}.py"

    def _read(self) -> dict[str, Any]:
        tree = self._saved()
        tree["exercises"] |= self._records
        return tree

    def _saved(self) -> dict[str, Any]:
        try:
            tree = json.loads(self.file.read_text(encoding="utf-8"))
            if isinstance(tree, dict) and isinstance(tree.get("exercises"), dict):
                return tree
        except (FileNotFoundError, NotADirectoryError):
            return {"version": VERSION, "exercises": {}}
        except (OSError, ValueError):
            pass  # damaged from outside: moved aside below, never written over
        self._move_aside()
        return {"version": VERSION, "exercises": {}}

    def _move_aside(self) -> None:
        number = 1
        while (aside := self.folder / f"progress.damaged-{number}.json").exists():
            number += 1
        with contextlib.suppress(OSError):
            self.file.replace(aside)
            self.warning = (
                f"The progress file could not be read. It is kept as {aside.name}, and a new one is begun. Your passed "
                f"answers still lie in {self.folder} as NAME.py: checking one again brings its points back."
            )


def write_whole(file: Path, text: str) -> None:
    """Write a file so that a crash at any moment leaves the old one or the new one."""
    file.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}-")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as out:
            out.write(text)
            out.flush()
            os.fsync(out.fileno())
        Path(name).replace(file)
    except BaseException:
        with contextlib.suppress(OSError):
            Path(name).unlink()
        raise


def find_folder() -> Path:
    """Give the progress folder: that of `GRADER_PROGRESS`, a throw-away one in tests, else `notebooks/.progress`."""
    if ENVIRONMENT in os.environ:
        return Path(os.environ[ENVIRONMENT])
    if "PYTEST_VERSION" in os.environ or "PYTEST_CURRENT_TEST" in os.environ:
        return Path(tempfile.mkdtemp(prefix="progress-"))
    notebooks = Path(__file__).parents[3] / "notebooks"
    return (notebooks if notebooks.is_dir() else Path.cwd()) / ".progress"
