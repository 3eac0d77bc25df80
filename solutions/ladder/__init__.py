"""From the recipe as it was first written to the best recommender that its parts can make, one change at a time."""
