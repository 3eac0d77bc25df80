"""Answer to `union`."""

import torch

from grader.exercises.intersection.exercise import intersection

POINTS = 1
HINTS = (
    "Ada likes 3 items, Ben likes 4, and they share 2. How many different items do they like between them?",
    "Add the two users' counts and take away what was counted twice. Whose counts stand on the diagonal of the "
    "intersection?",
    "With `counts = likes.sum(dim=1)`, the sum for every pair is `counts[:, None] + counts[None, :]`; take "
    "`intersection(likes)` away.",
)
HINTS_FOR = {}
NOTICE = "Inclusion and exclusion: |A or B| = |A| + |B| - |A and B|, here for all pairs of users at once."


def union(likes):
    counts = likes.float().sum(dim=1)
    return counts[:, None] + counts[None, :] - intersection(likes)


class Mistakes:
    """Wrong answers; each docstring is what the learner reads."""

    def overlap_counted_twice(likes):
        """You add the two users' counts, so an item that both like counts twice. Take the intersection away once."""
        counts = likes.float().sum(1)
        return counts[:, None] + counts

    def overlap_left_out(likes):
        """Items that both users like are missing from your counts: they belong to the union too, once. You took the
        intersection away twice."""
        counts = likes.float().sum(1)
        return counts[:, None] + counts - 2 * intersection(likes)

    def counts_the_intersection(likes):
        """You count the items that both users like. The union counts those that at least one of them likes."""
        return intersection(likes)

    def all_items(likes):
        """You count every item, also those that neither user likes. Count an item where at least one entry is 1."""
        return torch.full((len(likes), len(likes)), likes.shape[1])

    def one_count_only(likes):
        """Each row repeats one user's own count, and the other user is missing. Add both counts: one along the rows,
        one along the columns."""
        counts = likes.float().sum(1)
        return counts[:, None].expand(len(likes), len(likes)).clone()

    def overflow(likes):
        """Your counts are kept in 8 bits and start again from 0 past 255. Count in float32 or int64."""
        small = likes.to(torch.uint8)
        return (small[:, None] | small[None]).sum(-1, dtype=torch.uint8)


class Variants:
    """Right answers in other styles."""

    def broadcast_or(likes):
        likes = likes.bool()
        return (likes[:, None] | likes[None]).sum(-1)

    def what_neither_likes(likes):
        unliked = 1 - likes.long()
        return likes.shape[1] - unliked @ unliked.T

    def loops(likes):
        rows = [set(row.nonzero().flatten().tolist()) for row in likes]
        return torch.tensor([[len(a | b) for b in rows] for a in rows])
