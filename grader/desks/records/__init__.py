"""What is kept of a graded submission and of a run, from which every other file is written."""
