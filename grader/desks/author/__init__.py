"""The author's commands: build the notebooks, begin an exercise, and lint them all."""
