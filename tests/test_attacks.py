"""Tricks instead of answers: none is accepted, and none breaks a check."""

import pytest

from grader import exercise
from grader.trials.attacks import TRICKS, attacks
from grader.trials.figures import verdict_of


@pytest.mark.parametrize("exercise_id", ["iou", "pair_dataset", "augment", "vae"])
def test_no_trick_is_accepted(exercise_id):
    """Each is refused as the learner's own fault (the linter tries all exercises)."""
    loaded = exercise.load(exercise_id)
    tricks = attacks(loaded.probe.STUB, loaded.names)
    told = {trick: verdict_of(loaded, namespace, 0, 5).status for trick, namespace in tricks.items()}
    assert {trick: status for trick, status in told.items() if status in ("correct", "broken exercise")} == {}


def test_every_name_of_a_stub_is_taken():
    """Functions and classes alike, with their methods."""
    namespace = attacks(exercise.load("vae").probe.STUB, exercise.load("vae").names)["a word"]
    made = namespace["VariationalAutoEncoder"](10, 3)
    assert (made.forward(1), made.sample(3), set(TRICKS) > {"a giant"}) == ("correct", "correct", True)
