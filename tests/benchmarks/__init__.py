"""How fast the course's parts are, each beside its rivals in the same run: `python -m tests.benchmarks`."""
