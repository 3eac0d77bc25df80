"""What people call: the notebook's functions, the instructor's and the author's commands."""
