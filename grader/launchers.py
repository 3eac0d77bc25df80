"""Choose how learners' code is started: inside bubblewrap where it works, else with what limits this system has."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator
from pathlib import Path

from .bubblewrap import Sandbox, sandbox
from .launch import CannotStart, Fresh, Launcher
from .process import kit
from .warm import Warm

CHOICES = ("auto", "bwrap", "none")
NO_SANDBOX = (
    "Learners' code runs without a sandbox ({reason}): it has your rights, and can read, write and send what you can. "
    "Grade strangers' work in a container, or where bubblewrap works."
)


@contextlib.contextmanager
def launcher(choice: str = "auto") -> Iterator[tuple[Launcher, str]]:
    """Give a launcher, and a sentence of warning where there is no sandbox ("" where there is one).

    Args:
        choice: "auto" takes bubblewrap where it works when tried; "bwrap" insists on it; "none" goes without.

    Raises:
        CannotStart: where "bwrap" was asked for and does not work; the text says why.
    """
    with contextlib.ExitStack() as stack:
        folder = stack.enter_context(kit())
        reason = "as you asked"
        if choice != "none":
            box = stack.enter_context(sandbox(folder))
            found, reason = _inside(box, folder, stack)
            if found:
                yield found, ""
                return
            if choice == "bwrap":
                raise CannotStart(reason)
        yield _outside(folder, stack), NO_SANDBOX.format(reason=reason)


def _inside(box: Sandbox | None, folder: Path, stack: contextlib.ExitStack) -> tuple[Launcher | None, str]:
    """Try bubblewrap with a warm parent, else with a new Python for every job; give what worked, or why not."""
    if box is None:
        return None, "bubblewrap is not installed"
    try:
        return stack.enter_context(Warm(folder, box)), ""
    except (CannotStart, OSError) as error:
        reason = f"bubblewrap does not work here: {error}"
    fresh = Fresh(folder, box)
    return (fresh, "") if fresh.works() else (None, reason)


def _outside(folder: Path, stack: contextlib.ExitStack) -> Launcher:
    """Fork a warm parent where that is safe, which it is on Linux alone."""
    if sys.platform == "linux":
        with contextlib.suppress(CannotStart, OSError):
            return stack.enter_context(Warm(folder))
    return Fresh(folder)
