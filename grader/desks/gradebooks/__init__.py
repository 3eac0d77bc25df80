"""Marks as Canvas, Moodle and Gradescope take them."""
