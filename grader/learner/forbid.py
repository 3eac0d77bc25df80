"""System calls that a confined process is refused: for memory that no limit counts, and for what all children share."""

from __future__ import annotations

import ctypes
import errno
import platform
import struct

PR_SET_SECCOMP, MODE_FILTER = 22, 2
LOAD, EQUAL, AT_LEAST, RETURN = 0x20, 0x15, 0x35, 0x06  # of the kernel's filter language
ALLOW, REFUSE = 0x7FFF0000, 0x00050000 | errno.EPERM
NUMBER_AT, ARCHITECTURE_AT, SECOND_ARGUMENT_AT = 0, 4, 24
OTHER_TABLE = 0x40000000
"""From here on x86 counts the same calls once more."""
ARCHITECTURES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
REFUSED = {
    # held by no process's addresses, so neither `RLIMIT_AS` nor a look at the processes finds it
    "memfd_create": (319, 279),
    "memfd_secret": (447, 447),
    "shmget": (29, 194),
    "msgget": (68, 186),
    # one for all children: a line between two submissions
    "add_key": (248, 217),
    "request_key": (249, 218),
    "keyctl": (250, 219),
    "flock": (73, 32),
    "inotify_init": (253, 26),  # aarch64 has the second of the two alone
    "inotify_init1": (294, 26),
    "fanotify_init": (300, 262),
    # each session has a share of the processor of its own, so sixty would leave a neighbour little
    "setsid": (112, 157),
    # far from anything that a notebook needs, and near the kernel
    "io_uring_setup": (425, 425),
    "userfaultfd": (323, 282),
    "bpf": (321, 280),
    "perf_event_open": (298, 241),
}


FCNTL = (72, 25)
LOCKS_AND_NOTICES = (5, 6, 7, 36, 37, 38, 1024, 1025, 1026)
"""What `fcntl` is refused: record locks, leases and notices, another line between two submissions."""


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("code", ctypes.c_char_p))


def forbid(libc: ctypes.CDLL) -> None:
    """Have the kernel refuse these calls to this process and to all that it starts, for good.

    On other processors nothing is refused: their numbers differ.
    """
    machine = platform.machine()
    if machine not in ARCHITECTURES:
        return
    other = machine == "aarch64"
    code = _code(ARCHITECTURES[machine], [numbers[other] for numbers in REFUSED.values()], FCNTL[other])
    program = _Program(len(code) // 8, code)
    if libc.prctl(PR_SET_SECCOMP, MODE_FILTER, ctypes.byref(program), 0, 0):
        raise OSError(ctypes.get_errno(), "no filter for system calls")


def _code(architecture: int, numbers: list[int], fcntl: int) -> bytes:
    """Write the filter: refuse calls by another table and those that are listed, allow all others.

    A line is (operation, lines to skip if true, lines to skip if not, value); the last two lines are the ends.
    """
    tests = [(AT_LEAST, OTHER_TABLE), *((EQUAL, number) for number in numbers)]
    commands = [(EQUAL, command) for command in LOCKS_AND_NOTICES]
    last = 3 + len(tests) + 2 + len(commands)  # where the line stands that allows; the next one refuses
    lines = [(LOAD, 0, 0, ARCHITECTURE_AT), (EQUAL, 0, last - 1, architecture), (LOAD, 0, 0, NUMBER_AT)]
    lines += [(how, last - place, 0, value) for place, (how, value) in enumerate(tests, len(lines))]
    lines += [(EQUAL, 0, last - len(lines) - 1, fcntl), (LOAD, 0, 0, SECOND_ARGUMENT_AT)]
    lines += [(how, last - place, 0, value) for place, (how, value) in enumerate(commands, len(lines))]
    lines += [(RETURN, 0, 0, ALLOW), (RETURN, 0, 0, REFUSE)]
    return b"".join(struct.pack("<HBBI", *line) for line in lines)
