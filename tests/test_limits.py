"""Time limits, and the steady state around a learner's code."""

from __future__ import annotations

import gc
import importlib
import random
import sys
import time

import pytest
import torch

from grader.learner import limits
from grader.learner.limits import TimeLimit, no_collection, steady, time_limit


def plain_loop():
    """Never end."""
    while True:
        pass


def swallowing_loop():
    """Never end, and swallow every exception."""
    while True:
        try:  # noqa: SIM105 - the mistake under test
            time.sleep(0.01)
        except:  # noqa: E722 - the mistake under test
            pass


@pytest.mark.parametrize("hang", [plain_loop, swallowing_loop])
def test_an_endless_loop_is_left(hang):
    """A loop is stopped, also one that catches everything."""
    with pytest.raises(TimeLimit), time_limit(0.2):
        hang()


@pytest.fixture
def slow_module(tmp_path, monkeypatch):
    """A module that takes half a second to import."""
    (tmp_path / "slow_module.py").write_text("import time\nfor _ in range(50): time.sleep(0.01)\nwhole = True\n")
    monkeypatch.syspath_prepend(tmp_path)
    yield "slow_module"
    sys.modules.pop("slow_module", None)


def slow_import(name):
    """Import a module, and never end after that."""
    importlib.import_module(name)
    plain_loop()


@pytest.mark.parametrize(("seconds", "there"), [(4.0, True), (0.0, False)])
def test_an_import_is_not_cut_off(seconds, there, slow_module, monkeypatch):
    """What was being imported is whole when the limit is told; one that takes too long is cut off all the same."""
    monkeypatch.setattr(limits, "IMPORT_SECONDS", seconds)
    with pytest.raises(TimeLimit), time_limit(0.1):
        slow_import(slow_module)
    assert (slow_module in sys.modules) == there


def test_no_limit_no_alarm():
    """A block that ends in time is not disturbed afterwards."""
    with time_limit(0.05):
        pass
    time.sleep(0.1)


def test_the_state_is_given_back():
    """Default dtype, grad mode, seeds and generators are as they were."""
    before = torch.get_rng_state(), random.getstate()
    with steady(3):
        torch.set_default_dtype(torch.float64)
        torch.set_grad_enabled(False)
        torch.rand(3), random.random()
    after = torch.get_rng_state(), random.getstate()
    assert (
        torch.equal(before[0], after[0]),
        before[1] == after[1],
        torch.get_default_dtype(),
        torch.is_grad_enabled(),
    ) == (True, True, torch.float32, True)


@pytest.mark.parametrize("before", [gc.enable, gc.disable])
def test_the_collection_of_garbage_is_put_off(before):
    """Nothing is collected inside, and afterwards it is as it was."""
    before()
    wanted = gc.isenabled()
    with no_collection():
        inside = gc.isenabled()
    found = gc.isenabled()
    gc.enable()
    assert (inside, found) == (False, wanted)


def test_nobody_answers_input():
    """`input()` raises instead of waiting for ever."""
    with pytest.raises(EOFError, match="nobody can answer"), steady(0):
        input()


def test_memory_that_was_never_written_is_nan():
    """What `torch.empty` gives does not hang on what ran before; afterwards all is as it was."""
    with steady(0):
        empty = torch.empty(30, 30)
    assert (bool(empty.isnan().all()), torch.are_deterministic_algorithms_enabled()) == (True, False)
