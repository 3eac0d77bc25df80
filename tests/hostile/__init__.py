"""Hostile submissions, graded beside honest ones: `python -m tests.hostile` writes what came of each."""
