"""Say that Python runs where it was started: how a sandbox is tried before learners' code is."""

import sys


def main(_: str) -> None:
    """Write one word."""
    sys.stdout.write("here")
