"""Verdicts on attempts at `iou`: status, diagnosis, and the exact sentence."""

from __future__ import annotations

import pytest
import torch

from grader.exercise import load
from grader.judge import judge
from grader.learner.observe import observe

IOU = load("iou")
right = IOU.answer.intersection_over_union


def verdict_of(answer, seed=0):
    """Judge one attempt at `iou`."""
    seen = observe(IOU.probe, {"intersection_over_union": answer}, seed=seed, seconds=0.3)
    return judge(IOU, seen, seed=seed)


def prints(likes):
    """Print in place of returning."""
    print(right(likes))


def changes(likes):
    """Answer rightly and spoil the argument."""
    answer = right(likes)
    likes[:] = 0
    return answer


def loops(likes):
    """Never answer."""
    while True:
        pass


def leaves(likes):
    """Leave Python."""
    raise SystemExit


def asks(likes):
    """Wait for a person."""
    return input()


def unwritten(likes):
    """Stay a stub."""
    raise NotImplementedError


ATTEMPTS = {
    "right": (right, "correct", None),
    "with keyword and prints": (lambda likes: [print("hello"), right(likes)][1], "correct", None),
    "printed": (prints, "wrong", "printed_instead_of_returned"),
    "nothing": (lambda likes: None, "wrong", "forgotten_return"),
    "float64": (lambda likes: right(likes).double(), "wrong", "float64_result"),
    "numpy": (lambda likes: right(likes).numpy(), "wrong", "numpy_array"),
    "method": (lambda likes: likes.float().sum, "wrong", "function_returned"),
    "doubled": (lambda likes: 2 * right(likes), "wrong", "constant_factor"),
    "changed": (changes, "wrong", "argument_changed"),
    "scalar": (lambda likes: torch.tensor(0.5), "wrong", None),
    "loop": (loops, "timed out", None),
    "exit": (leaves, "raised", None),
    "input": (asks, "raised", None),
    "stub": (unwritten, "missing", None),
    "number": (3, "wrong", None),
}


@pytest.mark.parametrize("attempt", ATTEMPTS)
def test_status_and_diagnosis(attempt):
    """Every kind of attempt gets its status and, where the cause is known, its name."""
    answer, status, diagnosis = ATTEMPTS[attempt]
    found = verdict_of(answer)
    assert (found.status, found.diagnosis) == (status, diagnosis)


def test_a_name_that_is_not_there_is_missing():
    """No name, no attempt."""
    assert judge(IOU, observe(IOU.probe, {}, seed=0), seed=0).status == "missing"


def test_an_error_is_read_out():
    """The line of the learner's cell, the error's own words and the likely cause."""
    message = verdict_of(lambda likes: likes.bool() @ likes.bool().T).message
    assert message.endswith("turn them into float32 by `.float()` first.")


@pytest.mark.parametrize("seed", range(5))
def test_a_verdict_does_not_hang_on_the_seed(seed):
    """A mistake keeps its name on every seed."""
    assert verdict_of(IOU.group("Mistakes")["dice"], seed).diagnosis == "dice"


def test_our_own_fault_is_ours(monkeypatch):
    """A probe that breaks on the right answer costs the learner nothing."""
    monkeypatch.setattr(IOU.probe, "probe", lambda ask, answer: 1 / 0)
    IOU.seen.clear()
    found = verdict_of(right, seed=99)
    IOU.seen.clear()
    assert found.status == "broken exercise"


def test_a_stub_given_out_broken_is_missing_and_told_why():
    """The untouched class of stage 01 raises; the trap's sentence is the next step."""
    exercise = load("first_autoencoder")
    namespace = {"torch": torch, "__name__": "stub"}
    exec(exercise.probe.STUB, namespace)
    found = judge(exercise, observe(exercise.probe, namespace, seed=0), seed=0, source=exercise.probe.STUB)
    assert (found.status, "super().__init__()" in found.message) == ("missing", True)


def test_a_permitted_value_counts_as_the_references():
    """Several pairs of activation and loss are right for one kind of data."""
    exercise = load("choose_loss")
    answer = exercise.group("Variants")["a_match_with_logits"]
    seen = observe(exercise.probe, {"output_and_loss": answer}, seed=0)
    assert judge(exercise, seen, seed=0).status == "correct"


class Mistyped(torch.utils.data.Dataset):
    """One of its methods has another name than asked."""

    def __init__(self, likes, p):
        self.data, self.p, self.iou, self.iou_inverse = likes, p, right(likes), 1 - right(likes)

    def __len__(self):
        return len(self.data)

    def _getitem_(self, i):
        return self.data[i]


def test_a_class_that_is_written_is_no_stub():
    """Torch says in the stub's own error that a method is not there; no line of the learner's says so."""
    pairs = load("pair_dataset")
    found = judge(pairs, observe(pairs.probe, {"PairDataset": Mistyped}, seed=0), seed=0)
    assert (found.status, "has no method `__getitem__`" in found.message) == ("raised", True)
