"""What runs on Gradescope's machine: grade the one submission there, and leave a `results.json` whatever happens."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import traceback
from pathlib import Path
from typing import Any

from ..records.record import write

NAME = "submission"
FOR_LEARNER = (
    "This submission could not be graded, and that is no fault of yours. It is kept, and the staff will grade it again."
)


class Failed(RuntimeError):
    """The grader did not do its work; the text says why to the staff."""


def main(arguments: list[str]) -> int:
    """Grade what lies in a folder such as /autograder, within so many seconds."""
    base, seconds = Path(arguments[0]), float(arguments[1])
    try:
        _tell_staff(base)
        tree = _graded(base, seconds)
    except Failed as error:
        tree = failure(str(error))
    except Exception:
        tree = failure(traceback.format_exc())
    write(base / "results" / "results.json", json.dumps(tree, ensure_ascii=False, indent=1))
    return 0


def failure(reason: str) -> dict[str, Any]:
    """Give the results of a submission that we could not grade.

    The learner reads that it is not his fault. The reason is in a hidden test, for the staff alone; a hidden test also
    hides the total, so that nobody takes its 0 for a mark.
    """
    told = {"name": "For the staff: grading failed", "score": 0, "max_score": 0, "status": "failed"}
    return {
        "score": 0,
        "output": FOR_LEARNER,
        "output_format": "text",
        "visibility": "visible",
        "stdout_visibility": "hidden",
        "tests": [told | {"output": f"{reason}\nRerun the autograder for this submission.", "visibility": "hidden"}],
    }


def _graded(base: Path, seconds: float) -> dict[str, Any]:
    with tempfile.TemporaryDirectory(prefix="grading-", ignore_cleanup_errors=True) as name:
        folder, out = Path(name) / "in", Path(name) / "out"
        folder.mkdir()
        _gather(base / "submission", folder)
        said = _run([str(folder), "--out", str(out), "--timeout", f"{min(180, seconds / 2):g}"], seconds)
        print(said, flush=True)  # the staff alone reads what is printed here
        found = out / "gradescope" / f"{NAME}.json"
        if not found.exists():
            raise Failed(f"`grade` wrote no results. It said:\n{said}")
        print((out / "staff_notes.txt").read_text(encoding="utf-8"), flush=True)
        tree: dict[str, Any] = json.loads(found.read_text(encoding="utf-8"))
        return tree


def _gather(submission: Path, folder: Path) -> None:
    """Lay a submission out as `grade` takes it: a folder, or the archive where there is nothing else."""
    if not submission.is_dir():
        raise Failed(f"There is no folder `{submission}` with a submission.")
    files = [path for path in submission.iterdir() if not path.name.startswith((".", "__"))]
    if len(files) == 1 and files[0].suffix.casefold() == ".zip" and files[0].is_file():
        shutil.copyfile(files[0], folder / f"{NAME}.zip", follow_symlinks=False)
    else:
        shutil.copytree(submission, folder / NAME, symlinks=True)


def _run(arguments: list[str], seconds: float) -> str:
    """Run `grade`, and end it with all that it started when the time is over; give what it said."""
    command = [sys.executable, "-m", "grader", "grade", *arguments, "--jobs", "1", "--not-as-root"]
    command += ["--format", "gradescope"]
    pipe, nothing, same = subprocess.PIPE, subprocess.DEVNULL, subprocess.STDOUT
    popen = subprocess.Popen(command, stdin=nothing, stdout=pipe, stderr=same, start_new_session=True)
    try:
        return popen.communicate(timeout=seconds)[0].decode(errors="replace")
    except subprocess.TimeoutExpired as error:
        more = "give the autograder more time on Gradescope, and as many AUTOGRADER_SECONDS in run_autograder"
        raise Failed(f"Grading took longer than {seconds:g} s: {more}.") from error
    finally:
        if popen.poll() is None and hasattr(os, "killpg"):
            os.killpg(popen.pid, signal.SIGKILL)
            popen.wait()


def _tell_staff(base: Path) -> None:
    """Print whose submission it is; nothing depends on it."""
    try:
        tree = json.loads((base / "submission_metadata.json").read_text(encoding="utf-8"))
        names = [str(user.get("name") or user.get("email")) for user in tree.get("users", ())]
        print(f"Submission {tree.get('id', '')} of {', '.join(names) or 'nobody named'}", flush=True)
    except (OSError, ValueError, AttributeError, TypeError) as error:
        print(f"submission_metadata.json could not be read: {error}", flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
