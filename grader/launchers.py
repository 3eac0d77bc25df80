"""Choose how learners' code is started: inside bubblewrap where it works, else with what limits this system has."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator
from pathlib import Path

from .bubblewrap import NOBODY, Sandbox, is_root, sandbox
from .launch import CannotStart, Fresh, Launcher, Started
from .process import kit
from .warm import Warm

CHOICES = ("auto", "bwrap", "none")
NO_SANDBOX = (
    "Learners' code runs without a sandbox ({reason}): it has the rights of {whose}, and can read, write and send what "
    "these allow. Grade strangers' work in a container, or where bubblewrap works."
)
NO_BWRAP = (
    "`--sandbox bwrap` cannot be had: {reason}. Grade where bubblewrap works (`apt install bubblewrap` on Debian and "
    "Ubuntu), or with `--sandbox auto`, which goes without one where it must, and says so."
)


ONLY_ROOT = (
    "Learners' code would run as root, who can write any mark: there is no sandbox ({reason}), and the user nobody "
    "may not run this Python. Put Python and its packages where every user may read them, such as /opt."
)


class Idle:
    """Stands where nothing is to be graded: to make a warm parent ready takes ten seconds."""

    def start(self) -> Started:
        """Start nothing."""
        raise CannotStart("nothing was to be graded when this run began")


@contextlib.contextmanager
def launcher(choice: str = "auto", *, as_root: bool = True) -> Iterator[tuple[Launcher, str]]:
    """Give a launcher, and a sentence of warning where there is no sandbox ("" where there is one).

    Args:
        choice: "auto" takes bubblewrap where it works when tried; "bwrap" insists on it; "none" goes without.
        as_root: whether learners' code may run as root where it must, without a sandbox.

    Raises:
        CannotStart: where "bwrap" was asked for and does not work, or only root is left; the text says why.
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
                raise CannotStart(NO_BWRAP.format(reason=reason))
        user = NOBODY if is_root() and Fresh(folder, user=NOBODY).works() else None
        if is_root() and user is None and not as_root:
            raise CannotStart(ONLY_ROOT.format(reason=reason))
        found, whose = _outside(folder, user, stack)
        yield found, NO_SANDBOX.format(reason=reason, whose=whose)


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


def _outside(folder: Path, user: int | None, stack: contextlib.ExitStack) -> tuple[Launcher, str]:
    """Fork a warm parent where that is safe, on Linux alone; root becomes nobody, where nobody can run Python."""
    whose = "nobody" if user is not None else "root, who grades," if is_root() else "whoever grades"
    if sys.platform == "linux":
        with contextlib.suppress(CannotStart, OSError):
            return stack.enter_context(Warm(folder, user=user)), whose
    return Fresh(folder, user=user), whose
