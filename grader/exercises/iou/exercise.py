"""Answer to `iou`."""

import numpy
import torch

from grader.exercises.intersection.exercise import intersection
from grader.exercises.union.exercise import union

POINTS = 2
HINTS = (
    "Which two counts do you have already for every pair of users, and which of them is never the smaller one?",
    "Divide the `(M, M)` intersection by the `(M, M)` union, element by element. What is 0 / 0 in PyTorch, and "
    "which pairs of users meet it?",
    "Divide `both = intersection(likes).float()` by `either = union(likes)`, with the zeros of `either` raised to 1 "
    "first: `either.clamp(min=1)`.",
)
HINTS_FOR = {
    "nan_for_empty_users": "A pair without any likes has union 0, and 0 / 0 is NaN. Raising the union to at least 1 "
    "leaves every other pair as it was.",
}
NOTICE = "The matrix is symmetric, and its diagonal is 1 for everybody who likes something: a quick test for any similarity."


def intersection_over_union(likes):
    both = intersection(likes).float()
    either = union(likes).float()
    return both / either.clamp(min=1)


class Mistakes:
    """Wrong answers; each docstring is what the learner reads."""

    def union_counts_twice(likes):
        """You divide by the two users' counts added up, so the likes that they share are counted twice.
        Take the shared ones away once."""
        counts = likes.float().sum(1)
        return intersection(likes).float() / (counts[:, None] + counts).clamp(min=1)

    def dice(likes):
        """Your values are the Dice coefficient: twice the shared likes over the two counts added up. Divide the
        shared likes by the union instead."""
        counts = likes.float().sum(1)
        return 2 * intersection(likes).float() / (counts[:, None] + counts).clamp(min=1)

    def cosine(likes):
        """Your values are the cosine similarity, which divides by the root of the two counts' product. Divide by
        the number of items that either user likes."""
        counts = likes.float().sum(1)
        return intersection(likes).float() / (counts[:, None] * counts).sqrt().clamp(min=1)

    def simple_matching(likes):
        """Items that neither user likes count as agreement in your values. Leave them out: only items that somebody
        of the two likes belong to the union."""
        return (likes[:, None, :] == likes[None, :, :]).float().mean(-1)

    def intersection_over_items(likes):
        """You divide by the number of all items. Divide by the number of items that one of the two users likes,
        which differs from pair to pair."""
        return intersection(likes).float() / likes.shape[1]

    def overlap_coefficient(likes):
        """You divide by the shorter of the two lists of likes, so a user with one like is fully alike to everybody
        who shares it. Divide by the union."""
        counts = likes.float().sum(1)
        return intersection(likes).float() / torch.minimum(counts[:, None], counts).clamp(min=1)

    def integer_division(likes):
        """Your division drops the fraction, so nearly every value is 0. Use `/`, which gives floats, not `//`."""
        return (intersection(likes).long() // union(likes).long().clamp(min=1)).float()

    def distance_instead(likes):
        """Your values are 1 minus the intersection over union, a distance: alike users get 0. Return the similarity
        itself."""
        return 1 - intersection_over_union(likes)

    def nan_for_empty_users(likes):
        """Two users without likes get NaN, since their intersection and their union are both 0. Make that 0, as
        nothing says that they are alike."""
        return intersection(likes).float() / union(likes).float()

    def one_for_empty_users(likes):
        """Two users without likes come out as fully alike. Nothing is known about either of them, so give the pair
        0."""
        return torch.where(union(likes) == 0, 1.0, intersection_over_union(likes))

    def self_is_always_one(likes):
        """Your diagonal is 1 for everybody, also for a user without likes. For him it is 0, like every pair whose
        union is empty."""
        return intersection_over_union(likes).fill_diagonal_(1)

    def uint8_overflow(likes):
        """Your counts are kept in 8 bits and start again from 0 past 255. Count in float32 or int64."""
        small = likes.to(torch.uint8)
        both = (small[:, None] * small[None]).sum(-1, dtype=torch.uint8)
        either = (small[:, None] | small[None]).sum(-1, dtype=torch.uint8)
        return both.float() / either.float().clamp(min=1)


class Variants:
    """Right answers in other styles."""

    def broadcast(likes):
        likes = likes.bool()
        both = (likes[:, None] & likes[None]).sum(-1)
        either = (likes[:, None] | likes[None]).sum(-1)
        return torch.where(either > 0, both / either, torch.zeros(()))

    def loops(likes):
        rows = [set(row.nonzero().flatten().tolist()) for row in likes]
        values = [[len(a & b) / len(a | b) if a | b else 0.0 for b in rows] for a in rows]
        return torch.tensor(values)

    def numpy_inside(likes):
        array = likes.numpy().astype(numpy.float64)
        both = array @ array.T
        either = array.shape[1] - (1 - array) @ (1 - array).T
        return torch.from_numpy(numpy.divide(both, either, out=numpy.zeros_like(both), where=either > 0)).float()

    def double_with_nan_replaced(likes):
        both = torch.einsum("un,vn->uv", likes.double(), likes.double())
        counts = both.diagonal()
        return (both / (counts[:, None] + counts[None] - both)).nan_to_num(0.0).to(torch.float32)
