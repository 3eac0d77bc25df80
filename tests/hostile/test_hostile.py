"""Every attack gets what it earned at most, and nobody else is harmed: in the sandbox, and where it can be without."""

from __future__ import annotations

import contextlib
import functools
import os
import sys

import pytest

from grader.launch import CannotStart

from .classroom import GROUPS, grade, marked_launcher, tried

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the attacks are written for Linux")
CHOICES = ("bwrap", "none")
SAMPLE = {"forged", "lost"} if os.environ.get("CI") else set(GROUPS)  # of what is also tried without a sandbox
RUNS = [(choice, group) for choice in CHOICES for group in GROUPS if tried(group, choice)]
RUNS = [(choice, group) for choice, group in RUNS if choice == "bwrap" or group in SAMPLE]
CASES = [(*run, attack) for run in RUNS for attack in tried(run[1], run[0])]
each_attack = pytest.mark.parametrize(("choice", "group", "attack"), CASES, ids=lambda it: getattr(it, "name", it))


@pytest.fixture(scope="module")
def launchers():
    """Give the launcher of a choice, started once; skip what needs bubblewrap where it does not work."""
    known = {}
    with contextlib.ExitStack() as stack:

        def give(choice):
            if choice not in known:
                try:
                    known[choice] = stack.enter_context(marked_launcher(choice))
                except CannotStart as error:
                    known[choice] = error
            if isinstance(known[choice], CannotStart):
                pytest.skip(f"bubblewrap does not work here: {known[choice]}")
            return known[choice]

        yield give


@pytest.fixture(scope="module")
def graded(launchers, tmp_path_factory):
    """Grade a group, once, when it is first asked for."""

    @functools.cache
    def give(choice, group):
        return grade(tried(group, choice), tmp_path_factory.mktemp(group), launchers(choice))

    return give


@each_attack
def test_no_more_marks_than_earned(graded, choice, group, attack):
    """An attack gets at most the marks that its right answers earn."""
    assert graded(choice, group).marks[attack.name] <= attack.earns


@each_attack
def test_gets_hold_of_nothing(graded, choice, group, attack):
    """An attack finds nothing that it looks for, and no amount that it asks for."""
    assert graded(choice, group).holes[attack.name] == ""


@pytest.mark.parametrize(("choice", "group"), RUNS)
def test_nobody_is_harmed(graded, choice, group):
    """Every row is there, the honest keep their marks, no file was changed, and no process is left."""
    assert graded(choice, group).harm == ()
