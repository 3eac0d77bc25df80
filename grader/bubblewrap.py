"""The sandbox: what a learner's process sees of this machine under bubblewrap, and how it loses root before it."""

from __future__ import annotations

import contextlib
import ctypes
import os
import shutil
import sys
from collections.abc import Iterable, Iterator
from importlib.util import find_spec
from pathlib import Path

from .scratch import Scratch

NOBODY = 65534
SYSTEM = ("/usr", "/lib", "/lib32", "/lib64", "/bin", "/etc/ld.so.cache", "/etc/alternatives", "/etc/fonts")
HOLD_ANSWERS = ("grader", "ladder")
KIT = Path("/kit")
"""Where the kit stands inside."""
CLONE_NEWNS, MS_BIND, MS_REC, MS_PRIVATE = 0x20000, 0x1000, 0x4000, 0x40000


class Sandbox:
    """Bubblewrap around a learner's process: no network, no other process, nothing to read but Python and the kit.

    Root becomes nobody *before* bubblewrap starts, since the limits on processes do not bind root. What nobody may not
    reach, such as a Python in root's home, is shown to it at another place, the view, by mounts that this process
    tree alone has.
    """

    def __init__(self, program: str, kit: Path, view: Path) -> None:
        shown = {place: place for place in _python_folders()} | {KIT: kit}
        self.program, self.shown = program, shown
        self.scratch = Path("/tmp") if not _any_in(shown, Path("/tmp")) else Path("/scratch")
        self.reached = {inside: view / str(number) for number, inside in enumerate(shown)} if is_root() else shown

    def command(self) -> list[str]:
        """Give what has to stand before the command that is to run inside."""
        words = [self.program, "--unshare-all", "--die-with-parent", "--new-session"]
        words += ["--uid", str(NOBODY), "--gid", str(NOBODY), "--hostname", "sandbox"]
        for folder in SYSTEM:
            words += ["--ro-bind-try", folder, folder]
        words += ["--proc", "/proc", "--dev", "/dev", "--tmpfs", "/tmp", "--tmpfs", str(self.scratch)]
        for inside, source in self.reached.items():
            words += ["--ro-bind", str(source), str(inside)]
        for place in self._answers():
            words += ["--tmpfs", str(place), "--remount-ro", str(place)]
        shared = [place for place in ("/dev", "/tmp", "/") if place != str(self.scratch)]
        words += [word for place in shared for word in ("--remount-ro", place)]  # no child may write what all see
        return [*words, "--chdir", str(self.scratch)]

    def before_it_starts(self) -> None:
        """Make the view and leave root behind; runs in the new process, before bubblewrap does."""
        if not is_root():
            return
        libc = ctypes.CDLL(None, use_errno=True)
        _must(libc.unshare(CLONE_NEWNS))
        _must(libc.mount(b"none", b"/", None, MS_REC | MS_PRIVATE, None))
        for inside, place in self.shown.items():
            target = os.fsencode(self.reached[inside])
            _must(libc.mount(os.fsencode(place), target, None, MS_BIND | MS_REC, None))
        os.setgroups([])
        os.setgid(NOBODY)
        os.setuid(NOBODY)

    def _answers(self) -> list[Path]:
        """Find our own packages among what is shown, where they stand when they were installed."""
        found = (find_spec(name) for name in HOLD_ANSWERS)
        folders = [Path(spec.origin).resolve().parent for spec in found if spec and spec.origin]
        shown = [*self.shown, *map(Path, SYSTEM)]
        return [folder for folder in folders if any(folder.is_relative_to(place) for place in shown)]


@contextlib.contextmanager
def sandbox(kit: Path) -> Iterator[Sandbox | None]:
    """Give the sandbox for a kit, None where there is no bubblewrap; whether it works shows when it is tried."""
    program = shutil.which("bwrap")
    if program is None:
        yield None
        return
    with Scratch("view") as view:
        found = Sandbox(program, kit, view)
        view.chmod(0o755)
        for number in range(len(found.shown)):
            (view / str(number)).mkdir(mode=0o755)
        yield found


def _any_in(places: Iterable[Path], folder: Path) -> bool:
    """Whether something that is shown stands in a folder, which a child then cannot have for its own files."""
    return any(place.is_relative_to(folder) for place in places)


def _python_folders() -> list[Path]:
    """List the folders that Python and its packages live in, less what the system's folders hold already."""
    found = dict.fromkeys(Path(place).resolve() for place in (sys.prefix, sys.base_prefix))
    return [place for place in found if not any(place.is_relative_to(system) for system in SYSTEM)]


def is_root() -> bool:
    """Whether this process may do anything here."""
    return hasattr(os, "geteuid") and os.geteuid() == 0


def _must(status: int) -> None:
    if status:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
