"""Answer to `intersection`."""

import torch

POINTS = 1
HINTS = (
    "When is the product of two zeros and ones equal to 1? What does the sum of such products over all items count?",
    "The sum over items of `likes[u] * likes[v]` is a dot product of two rows. Which single operation gives the dot "
    "products of all pairs of rows?",
    "Multiply the matrix by its transpose: `likes @ likes.T`, after a change of dtype that survives bool and large counts.",
)
HINTS_FOR = {}
NOTICE = "The diagonal holds each user's own number of likes: you will want it for the union."


def intersection(likes):
    likes = likes.float()
    return likes @ likes.T


class Mistakes:
    """Wrong answers; each docstring is what the learner reads."""

    def items_instead_of_users(likes):
        """You count for every pair of items, so the result is `(N, N)`. Turn the product round to compare rows,
        which are the users."""
        likes = likes.float()
        return likes.T @ likes

    def agreement_on_zeros(likes):
        """Items that neither user likes are counted as shared. Count an item only where both entries are 1."""
        return (likes[:, None] == likes[None]).sum(-1)

    def counts_the_union(likes):
        """You count the items that either user likes. Count those that both like."""
        return (likes.bool()[:, None] | likes.bool()[None]).sum(-1)

    def overflow(likes):
        """Your counts are kept in 8 bits and start again from 0 past 255. Count in float32 or int64."""
        small = likes.to(torch.uint8)
        return (small[:, None] * small[None]).sum(-1, dtype=torch.uint8)

    def share_of_items(likes):
        """You return a share of the items where a count is asked. Add up the shared likes and do not divide."""
        likes = likes.float()
        return likes @ likes.T / likes.shape[1]

    def diagonal_left_out(likes):
        """A user shares all his likes with himself, but your diagonal is 0. Leave the diagonal as the count gives
        it."""
        return intersection(likes).fill_diagonal_(0)


class Variants:
    """Right answers in other styles."""

    def broadcast_and(likes):
        likes = likes.bool()
        return (likes[:, None] & likes[None]).sum(-1)

    def loops(likes):
        rows = [set(row.nonzero().flatten().tolist()) for row in likes]
        return torch.tensor([[len(a & b) for b in rows] for a in rows])

    def einsum_in_int64(likes):
        return torch.einsum("un,vn->uv", likes.long(), likes.long())
