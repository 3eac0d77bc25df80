"""Answer to `union`."""

import torch

from grader.exercises.intersection.exercise import Symptoms as Counts
from grader.exercises.intersection.exercise import intersection, without_an_item

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
EQUAL = {"likes.float() -> likes": "a sum of int64 or bool likes is exact as well"}


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
        """Items that both users like are missing from your counts: they belong to the union too, once. `^` leaves them out, and so does taking the intersection away twice."""
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
        """Your counts are kept in 8 bits, which start again from below past 255 (or past 127 with a sign). Count in float32 or int64."""
        small = likes.to(torch.uint8)
        return (small[:, None] | small[None]).sum(-1, dtype=torch.uint8)

    def overlap_added(likes):
        """You add the intersection to the two counts, so what both users like counts three times. Take it away once instead."""
        counts = likes.float().sum(1)
        return counts[:, None] + counts + intersection(likes)

    def one_user_twice(likes):
        """You add one user's count to itself, and the other user's is missing. Let one of the two counts run along the rows, and the other along the columns."""
        counts = likes.float().sum(1, keepdim=True)
        return counts + counts - intersection(likes)

    def one_without_the_other(likes):
        """You count what one user likes and the other does not. The union also holds the other's likes, and those that they share."""
        return likes.float().sum(1)[:, None] - intersection(likes)

    def not_both(likes):
        """You count the items that the two do not share, whether or not anybody likes them. Count an item where at least one entry is 1."""
        return likes.shape[1] - intersection(likes)

    def neither(likes):
        """You count the items that neither of the two likes. The union holds all the others."""
        return intersection(1 - likes.float())

    def sets_of_entries(likes):
        """Your sets hold the entries 0 and 1 themselves, so none has more than two members. Collect the places of the ones instead."""
        rows = [set(row.tolist()) for row in likes]
        return torch.tensor([[len(a | b) for b in rows] for a in rows])

    def larger_count(likes):
        """You give the larger of the two users' counts, and what the other one likes beside is missing. Compare them item by item."""
        counts = likes.sum(1)
        return torch.maximum(counts[:, None], counts)

    def agreement(likes):
        """You count the items on which two users agree, those that neither likes among them. Count an item where at least one entry is 1."""
        return (likes[:, None] == likes[None]).sum(-1)

    def at_least_one(likes):
        """Your count is never below 1, and two users without likes have a union of 0. Avoid the division by 0 where you divide, not here."""
        return union(likes).clamp(min=1)

    def whether_at_all(likes):
        """Your values say whether one of two users likes anything, 1 or 0, and not how many items. Sums of bools by `|` or `any` stay True or False: count with `sum`."""
        return union(likes) > 0

    def items_instead_of_users(likes):
        """You count for every pair of items, so the result is `(N, N)`. Sum over the items, and compare rows, which are the users."""
        return union(likes.T)

    def diagonal_left_out(likes):
        """Your diagonal is 0, and a user's union with himself holds all his likes. Leave the diagonal as the count gives it."""
        return union(likes).fill_diagonal_(0)

    def one_triangle(likes):
        """You count each pair in one order alone, and the other half of your matrix is 0. The union is the same both ways: fill both places."""
        return union(likes).triu()

    def never_summed(likes):
        """Your result has the items as its third dimension. Add up over it, so that one number for each pair is left."""
        return likes[:, None].bool() | likes[None].bool()


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

    def bits_of_an_integer(likes):
        bits = [int("".join(str(int(entry)) for entry in row), 2) for row in likes]
        return torch.tensor([[(a | b).bit_count() for b in bits] for a in bits], dtype=torch.int16)

    def pairs_listed(likes):
        users = torch.arange(len(likes))
        one, two = torch.cartesian_prod(users, users).T
        return (likes[one].bool() | likes[two].bool()).sum(1).view(len(likes), len(likes))

    def chances(likes):
        rows = likes.double()
        return (1 - (1 - rows[:, None]) * (1 - rows)).sum(-1)

    def maxima(likes):
        return torch.stack([torch.maximum(likes.long(), row.long()).sum(1) for row in likes])

    def shared_and_different(likes):
        rows = likes.double()
        return rows @ rows.T + torch.cdist(rows, rows, p=1)


def mirrored(name, expected, got):
    """Whether an answer is a listed mistake's with rows and columns exchanged."""
    wrong = getattr(Mistakes, name)
    return all(two.value.equal(wrong(one.inputs["likes"]).T.double()) for one, two in zip(expected.entries, got.entries, strict=True))


class Symptoms:
    """Families of mistakes."""

    overflow, rounded = Counts.overflow, Counts.rounded
    last_user_left_out, first_row_alone, one_triangle = Counts.last_user_left_out, Counts.first_row_alone, Counts.one_triangle

    def item_left_out(expected, got):
        return without_an_item(union, got)

    item_left_out.__doc__ = Counts.item_left_out.__doc__

    def one_user_twice(expected, got):
        return mirrored("one_user_twice", expected, got)

    def one_without_the_other(expected, got):
        return mirrored("one_without_the_other", expected, got)

    def share_of_items(expected, got):
        """Your values are fractions of at most 1, and a count is asked. Add up over the items and do not divide."""
        return Counts.share_of_items(expected, got)
