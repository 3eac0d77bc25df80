"""Fingerprints of a text that two near-copies share: winnowing, after Schleimer, Wilkerson and Aiken (SIGMOD 2003)."""

from __future__ import annotations

import zlib
from collections.abc import Sequence

GRAM = 14  # tokens: a shorter run in common is chance
WINDOW = 8  # of every run of GRAM + WINDOW - 1 tokens in common, one fingerprint at least is kept


def fingerprints(tokens: Sequence[str]) -> frozenset[int]:
    """Choose the least of the hashes in every window of runs of tokens."""
    runs = (" ".join(tokens[i : i + GRAM]) for i in range(len(tokens) - GRAM + 1))
    hashes = [zlib.crc32(run.encode("utf-8", "replace")) for run in runs]
    return frozenset(min(hashes[i : i + WINDOW]) for i in range(max(1, len(hashes) - WINDOW + 1)) if hashes)
