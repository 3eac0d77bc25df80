"""What an attack is: a submission that tries something, and the most marks that it earns honestly."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field

FORGED, LEAKED, HARMED = "forged marks", "leaked inputs or answers", "harmed neighbour"
LOST, ESCAPED, RESOURCES = "lost run", "escaped process", "resources"
RIGHT = "def intersection(likes):\n    likes = likes.float()\n    return likes @ likes.T\n"
WRONG = "def intersection(likes):\n    return likes.float() @ likes.float().T + 1\n"
PRELUDE = """
import json, os, signal, socket, sys, time
import torch
import grader

places = json.loads({places!r})
end = time.monotonic() + 20
tried = []
line = next((n for n in range(3, 64) if os.path.exists("/proc/self/fd/%d" % n)
             and os.readlink("/proc/self/fd/%d" % n).startswith("socket:")), -1)

def goes_on():
    return time.monotonic() < end

def hole(what):
    raise RuntimeError("HO" + "LE: " + what)

def leave_session():
    try:
        os.setsid()
    except OSError:
        pass

def first_time():
    tried.append(1)
    return len(tried) == 1

def right(likes):
    return likes.float() @ likes.float().T
"""


@dataclass(frozen=True)
class Attack:
    """A hostile submission.

    Attributes:
        name: of the submission.
        aim, tries: what it is after, and how.
        cells: the code of its notebook, the prelude aside.
        earns: the most marks that it may get.
        free: whether it is tried without a sandbox too; not what may read and write there, nor what never gets as far.
        make: writes its files where they are no single notebook: given the folder of submissions.
    """

    name: str
    aim: str
    tries: str
    cells: tuple[str, ...] = ()
    earns: int = 0
    free: bool = True
    make: Callable[..., None] | None = field(default=None, compare=False)


def notebook(*sources: str, **more: object) -> str:
    """Write a notebook of these code cells."""
    cells = [{"cell_type": "code", "metadata": {}, "source": source} for source in sources]
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells} | more)


def prelude(places: dict[str, str]) -> str:
    """Write the first cell of an attack: what it is told of the machine, its deadline, and how it tells of a hole."""
    return PRELUDE.format(places=json.dumps(places))
