"""Helpers of the lessons: data, pictures and small interactive pieces, and never the answer to an exercise."""
