"""Answers that look alike: how they are found, and how they are shown."""
