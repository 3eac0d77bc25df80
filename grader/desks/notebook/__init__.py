"""What a learner calls in a notebook, and what comes back there."""
