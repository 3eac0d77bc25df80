"""What an exercise gives of its two files."""

from __future__ import annotations

from grader.exercise import load


def test_a_cheaper_variant_is_what_others_are_compared_with():
    """Adam's 640 steps are the answer to show; the judge asks a descent by hand, which looks the same from outside."""
    exercise = load("train_matrix_factorisation")
    assert exercise.expected(0) is exercise.observed("Variants", "by_hand_on_the_sum", 0)


def test_the_reference_is_what_others_are_compared_with():
    """Where nothing else is said."""
    exercise = load("union")
    assert exercise.expected(0) is exercise.observed("", "", 0)
