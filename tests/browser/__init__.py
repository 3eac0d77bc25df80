"""A learner's way through the course in a real browser."""
