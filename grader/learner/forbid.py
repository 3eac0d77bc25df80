"""System calls that a learner's process is refused: memory that no limit counts, lines to others, and helpers."""

from __future__ import annotations

import ctypes
import errno
import platform
import struct
import sys

PR_SET_SECCOMP, MODE_FILTER, PR_SET_NO_NEW_PRIVS = 22, 2, 38
LOAD, EQUAL, AT_LEAST, HAS, RETURN = 0x20, 0x15, 0x35, 0x45, 0x06  # of the kernel's filter language
ALLOW, REFUSE, UNKNOWN = 0x7FFF0000, 0x00050000 | errno.EPERM, 0x00050000 | errno.ENOSYS
NUMBER_AT, ARCHITECTURE_AT, FIRST_ARGUMENT_AT, SECOND_ARGUMENT_AT = 0, 4, 16, 24
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
SEEN_BY_OTHERS = (5, 36, 37, 38, 1024, 1025, 1026, 1036, 1038)
"""What `fcntl` is refused: to ask who locks, locks of open files, leases, notices and hints, one more line between two
submissions. A plain lock on what all may only read is seen by nobody who may not ask."""
CLONE, CLONE_THREAD = (56, 220), 0x10000
FORKS = (57, 58)  # `fork` and `vfork` of x86; aarch64 has neither
CLONE3 = 435


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("code", ctypes.c_char_p))


def forbid(libc: ctypes.CDLL) -> None:
    """Have the kernel refuse these calls to this process and to all that it starts, for good.

    On other processors nothing is refused: their numbers differ.
    """
    machine = platform.machine()
    if machine in ARCHITECTURES:
        other = machine == "aarch64"
        numbers = [numbers[other] for numbers in REFUSED.values()]
        _install(libc, _code(ARCHITECTURES[machine], numbers, FCNTL[other]))


def forbid_processes() -> None:
    """Have the kernel refuse this process any other one, for good, as far as it can (Linux); threads are its own."""
    machine = platform.machine()
    if sys.platform == "linux" and machine in ARCHITECTURES:
        libc = ctypes.CDLL(None, use_errno=True)
        libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
        _install(libc, _threads_alone(ARCHITECTURES[machine], CLONE[machine == "aarch64"]))


def _install(libc: ctypes.CDLL, code: bytes) -> None:
    program = _Program(len(code) // 8, code)
    if libc.prctl(PR_SET_SECCOMP, MODE_FILTER, ctypes.byref(program), 0, 0):
        raise OSError(ctypes.get_errno(), "no filter for system calls")


def _threads_alone(architecture: int, clone: int) -> bytes:
    """Write the filter that refuses processes: `clone3`, whose flags no filter can read, is said to be unknown."""
    forks = FORKS if clone == CLONE[0] else (clone, clone)  # no other numbers where there are no such calls
    lines = [(LOAD, 0, 0, ARCHITECTURE_AT), (EQUAL, 0, 8, architecture), (LOAD, 0, 0, NUMBER_AT)]
    lines += [(EQUAL, 4, 0, clone), (EQUAL, 5, 0, forks[0]), (EQUAL, 4, 0, forks[1]), (EQUAL, 4, 0, CLONE3)]
    lines += [(RETURN, 0, 0, ALLOW), (LOAD, 0, 0, FIRST_ARGUMENT_AT), (HAS, 2, 0, CLONE_THREAD)]
    lines += [(RETURN, 0, 0, REFUSE), (RETURN, 0, 0, UNKNOWN), (RETURN, 0, 0, ALLOW)]
    return b"".join(struct.pack("<HBBI", *line) for line in lines)


def _code(architecture: int, numbers: list[int], fcntl: int) -> bytes:
    """Write the filter: refuse calls by another table and those that are listed, allow all others.

    A line is (operation, lines to skip if true, lines to skip if not, value); the last two lines are the ends.
    """
    tests = [(AT_LEAST, OTHER_TABLE), *((EQUAL, number) for number in numbers)]
    commands = [(EQUAL, command) for command in SEEN_BY_OTHERS]
    last = 3 + len(tests) + 2 + len(commands)  # where the line stands that allows; the next one refuses
    lines = [(LOAD, 0, 0, ARCHITECTURE_AT), (EQUAL, 0, last - 1, architecture), (LOAD, 0, 0, NUMBER_AT)]
    lines += [(how, last - place, 0, value) for place, (how, value) in enumerate(tests, len(lines))]
    lines += [(EQUAL, 0, last - len(lines) - 1, fcntl), (LOAD, 0, 0, SECOND_ARGUMENT_AT)]
    lines += [(how, last - place, 0, value) for place, (how, value) in enumerate(commands, len(lines))]
    lines += [(RETURN, 0, 0, ALLOW), (RETURN, 0, 0, REFUSE)]
    return b"".join(struct.pack("<HBBI", *line) for line in lines)
