"""Scaffold an exercise: its two files, with everything that is asked of them in its place."""

from __future__ import annotations

import argparse
import builtins
import keyword
import re

from ...exercise import FOLDER
from ..notebook.progress import write_whole

TAKEN = ("torch", "grader", "lesson", "likes", "probe", "ask", "answer")
PROBE = '''"""TODO: what is asked, in one sentence."""

import torch

NAMES = ("{id}",)
NEEDS = ()
STUB = \'\'\'
def {id}(likes):
    """TODO: what it returns.

    likes: (M, N) of 0 and 1.  Returns: (M,) float32.
    """
    raise NotImplementedError
\'\'\'


def probe(ask, answer):
    """Small and telling inputs first: the first that differs is what the learner sees."""
    ask.call("three users", answer.{id}, torch.tensor([[1, 1, 0], [0, 1, 1], [0, 0, 0]]))
    ask.call("random likes", answer.{id}, (torch.rand(6, 9, generator=ask.generator) < 0.4).long())
'''
EXERCISE = '''"""Answer to `{id}`."""

import torch

POINTS = 1
HINTS = (
    "TODO: a question that leads the way.",
    "TODO: the idea.",
    "TODO: nearly the answer.",
)
HINTS_FOR = {{}}
NOTICE = "TODO: after a pass, one thing to notice."


def {id}(likes):
    return likes.float().mean(dim=1)


class Mistakes:
    """Wrong answers; each docstring is what the learner reads."""

    def over_users(likes):
        """TODO: what happened. What to try."""
        return likes.float().mean(dim=0)


class Variants:
    """Right answers in other styles."""

    def einsum(likes):
        return torch.einsum("mn->m", likes.float()) / likes.shape[1]
'''


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("id", metavar="ID", help="snake_case id of the new exercise")


def run(arguments: argparse.Namespace) -> int:
    """Write the two files, and say what comes next."""
    folder = FOLDER / arguments.id
    if not re.fullmatch(r"[a-z][a-z0-9_]*", arguments.id):
        print(f"{arguments.id!r} is no exercise id: use lower-case letters, digits and underscores, a letter first.")
        return 2
    if taken := _taken(arguments.id):
        print(f"{arguments.id!r} is {taken}, and a learner's function of that name would hide it: choose another id.")
        return 2
    if folder.exists():
        print(f"{folder} is there already, and nothing was written.")
        return 2
    write_whole(folder / "probe.py", PROBE.format(id=arguments.id))
    write_whole(folder / "exercise.py", EXERCISE.format(id=arguments.id))
    print(
        f"{folder} is written. Fill in what is marked TODO, name the exercise in a stage of grader/course.py,\n"
        f'put a cell with exercise="{arguments.id}" into that stage\'s master, then run\n'
        f"`python -m grader lint {arguments.id}`."
    )
    return 0


def _taken(name: str) -> str:
    """Say what has a name already, "" where nothing has."""
    if keyword.iskeyword(name) or hasattr(builtins, name):
        return "a word of Python's own"
    if name in TAKEN:
        return "a name that the notebooks and the two files use"
    return "a module beside the exercises" if (FOLDER / f"{name}.py").exists() else ""
