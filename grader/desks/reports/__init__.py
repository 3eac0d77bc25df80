"""The pages of a graded class: one for each learner, and one for the instructor."""
