"""What an exercise is tried with before a learner meets it: answers changed by machine, tricks, and the figures."""
