"""What learners hand in: found in a folder, read, and told apart by exercise."""
