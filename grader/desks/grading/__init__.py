"""The instructor's commands: grade a class, and mark what waits for a person."""
