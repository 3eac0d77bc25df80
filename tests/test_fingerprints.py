"""What near-copies share, and what they do not."""

from __future__ import annotations

from grader.desks.alike.fingerprints import GRAM, WINDOW, fingerprints

TEXT = [f"token{number}" for number in range(60)]


def test_a_run_in_common():
    """Two texts that share a run of the promised length share a fingerprint."""
    run = TEXT[: GRAM + WINDOW - 1]
    assert fingerprints(["a", "b", *run, "c"]) & fingerprints(["d", *run, "e", "f"])


def test_one_token_changed():
    """A change of one token leaves most of the fingerprints."""
    one, two = fingerprints(TEXT), fingerprints([*TEXT[:30], "other", *TEXT[31:]])
    assert len(one & two) > len(one) / 2


def test_nothing_in_common():
    """Texts without a common run share nothing."""
    assert not fingerprints(TEXT) & fingerprints(TEXT[::-1])


def test_too_short():
    """A text shorter than a run has no fingerprint."""
    assert fingerprints(TEXT[: GRAM - 1]) == frozenset()
