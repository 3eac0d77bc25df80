"""The second wall, inside the sandbox: a forked child gets namespaces of its own and gives up all rights."""

from __future__ import annotations

import contextlib
import ctypes
import os
from pathlib import Path

from .forbid import forbid

CLONE_NEWNS, CLONE_NEWIPC, CLONE_NEWUSER = 0x20000, 0x8000000, 0x10000000
CLONE_NEWPID, CLONE_NEWNET = 0x20000000, 0x40000000
MS_NOSUID, MS_NODEV, MS_REC, MS_PRIVATE = 2, 4, 0x4000, 0x40000
PR_CAPBSET_DROP, PR_SET_NO_NEW_PRIVS = 24, 38
CAPABILITY_VERSION = 0x20080522
MOST_CAPABILITIES = 64
SIZE = "256m"
MOST_INODES = "16k"  # each takes memory, whatever its size
NO_MORE_SPACES = Path("/proc/sys/user/max_user_namespaces")


class Confinement:
    """Makes the namespaces of one child; prepared once, before the first fork."""

    def __init__(self) -> None:
        self.libc = ctypes.CDLL(None, use_errno=True)
        self.user, self.group = os.getuid(), os.getgid()
        self.scratch = os.environ["TMPDIR"]

    def try_once(self) -> None:
        """Enter it in a child that does nothing else. Raises OSError where this system does not allow it."""
        reader, writer = os.pipe()
        first = os.fork()
        if first == 0:
            try:
                if self.enter():
                    os.write(writer, b"in")
            except OSError as error:
                os.write(writer, str(error).encode())
            os._exit(0)
        os.close(writer)
        os.waitpid(first, 0)
        said = b"".join(iter(lambda: os.read(reader, 1_000), b""))
        os.close(reader)
        if said != b"in":
            raise OSError(f"no namespaces inside the sandbox: {said.decode(errors='replace') or 'no word'}")

    def enter(self) -> bool:
        """Fork into namespaces of one's own: True in the child inside, False in the go-between, which should end."""
        self._must(self.libc.unshare(CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWIPC | CLONE_NEWPID | CLONE_NEWNET))
        for name, text in (
            ("setgroups", "deny"),
            ("uid_map", f"{self.user} {self.user} 1"),
            ("gid_map", f"{self.group} {self.group} 1"),
        ):
            Path(f"/proc/self/{name}").write_text(text)
        self._must(self.libc.mount(b"none", b"/", None, MS_REC | MS_PRIVATE, None))
        for place in (self.scratch, "/dev/shm", "/dev/pts"):
            self._mount(b"tmpfs", place, f"size={SIZE},nr_inodes={MOST_INODES},mode=1777")
        if os.fork():
            return False
        self._mount(b"proc", "/proc", "")  # shows the processes of this space alone
        NO_MORE_SPACES.write_text("0")  # in one of its own a learner's code would have rights again
        with contextlib.suppress(OSError):  # Linux 5.8: without the counts of the machine, which a neighbour could move
            self._mount(b"proc", "/proc", "subset=pid")
        os.chdir(self.scratch)
        os.setsid()
        self._without_rights()
        return True

    def _mount(self, kind: bytes, place: str, options: str) -> None:
        flags = MS_NOSUID | MS_NODEV
        self._must(self.libc.mount(kind, place.encode(), kind, flags, options.encode() or None))

    def _without_rights(self) -> None:
        """Give up every capability for good."""
        self.libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
        for capability in range(MOST_CAPABILITIES):
            self.libc.prctl(PR_CAPBSET_DROP, capability, 0, 0, 0)
        head = (ctypes.c_uint32 * 2)(CAPABILITY_VERSION, 0)
        self._must(self.libc.capset(head, (ctypes.c_uint32 * 6)()))
        forbid(self.libc)

    @staticmethod
    def _must(status: int) -> None:
        if status:
            raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
