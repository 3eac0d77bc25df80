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
        """Your counts are kept in 8 bits, which start again from below past 255 (or past 127 with a sign). Count in float32 or int64."""
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

    def one_triangle(likes):
        """You count each pair in one order alone, and the other half of your matrix is 0. User v shares with u what u shares with v: fill both places."""
        return intersection(likes).triu()

    def whether_at_all(likes):
        """Your values say whether two users share an item, 1 or 0, and not how many. Sums and products of bools may stay True or False: change the dtype before them."""
        return intersection(likes) > 0

    def shared_dislikes(likes):
        """You count the items that neither of the two users likes. Count those where both entries are 1."""
        return intersection(1 - likes.float())

    def smaller_count(likes):
        """You give the smaller of the two users' counts, which is the most that they could share. Compare them item by item."""
        counts = likes.sum(1)
        return torch.minimum(counts[:, None], counts)

    def counts_added(likes):
        """You add the two users' counts, whatever they like. Compare the two rows item by item, and count where both entries are 1."""
        counts = likes.sum(1)
        return counts[:, None] + counts

    def unshared_likes(likes):
        """You count the items that one of the two likes and the other does not, as `^` does. Count those that both like."""
        return (likes[:, None].bool() ^ likes[None].bool()).sum(-1)

    def first_count_only(likes):
        """Each row repeats one user's own count, whoever the other is. Let both users' rows take part in the product."""
        return likes.float().sum(1, keepdim=True).expand(len(likes), len(likes)).clone()

    def sets_of_entries(likes):
        """Your sets hold the entries 0 and 1 themselves, so none has more than two members. Collect the places of the ones instead."""
        rows = [set(row.tolist()) for row in likes]
        return torch.tensor([[len(a & b) for b in rows] for a in rows])

    def own_counts(likes):
        """You give one count for each user alone. A pair of users asks for two rows at a time, so that the shape is `(M, M)`."""
        return likes.sum(1)

    def never_summed(likes):
        """Your result has the items as its third dimension. Add up over it, so that one number for each pair is left."""
        return likes[:, None] * likes[None]

    def with_itself(likes):
        """You multiply the matrix with itself entry by entry, so nobody meets anybody else. A product of matrices pairs all rows with all columns: look at `@` and at `.T`."""
        return likes * likes


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

    def half_the_triangle_mirrored(likes):
        upper = torch.zeros(len(likes), len(likes), dtype=torch.int16)
        for u in range(len(likes)):
            for v in range(u, len(likes)):
                upper[u, v] = torch.logical_and(likes[u], likes[v]).count_nonzero()
        return torch.maximum(upper, upper.T)

    def bits_of_an_integer(likes):
        bits = [int("".join(str(int(entry)) for entry in row), 2) for row in likes]
        return torch.tensor([[(a & b).bit_count() for b in bits] for a in bits])

    def item_by_item(likes):
        return sum(torch.outer(fans, fans) for fans in likes.long().T)

    def from_distances(likes):
        rows = likes.double()
        counts = rows.sum(1)
        return (counts[:, None] + counts - torch.cdist(rows, rows, p=1)) / 2

    def numpy_counts_less_the_union(likes):
        rows = likes.numpy() > 0
        counts = rows.sum(1)
        return torch.from_numpy(counts[:, None] + counts - (rows[:, None] | rows).sum(-1))


class Symptoms:
    """Families of mistakes."""

    def overflow(expected, got):
        gaps = torch.cat([(two.value - one.value).flatten() for one, two in zip(expected.entries, got.entries, strict=True)])
        return bool(gaps.any() and not (gaps % 256).any())

    def rounded(expected, got):
        """Your large counts are rounded, which is how float16 and bfloat16 hold them. Count in float32 or int64."""
        gaps = [((two.value - one.value).abs() / one.value.clamp(min=1)).max() for one, two in zip(expected.entries, got.entries, strict=True)]
        small = [entry.label for entry, gap in zip(expected.entries, gaps) if gap > 0 and entry.value.max() < 100]
        return 0 < max(gaps) < 0.01 and not small

    def share_of_items(expected, got):
        """Your values are fractions of at most 1, and a count is asked. Add up over the items and do not divide."""
        found = torch.cat([entry.value.flatten() for entry in got.entries])
        return bool(found.max() <= 1 and (found % 1).any())

    def last_user_left_out(expected, got):
        """The {place} of your matrix is 0, and all else is right. `range(m)` ends with the last user by itself, so nothing has to be taken away from it."""
        cut = {"last row": (slice(-1), slice(None)), "last column": (slice(None), slice(-1))}
        return next(({"place": place} for place, kept in cut.items() if filled_alone(expected, got, kept)), False)

    def item_left_out(expected, got):
        """Your counts are right but for the {place} item, which is never counted. `range(n)` runs over all items by itself, from 0 to n - 1."""
        return without_an_item(intersection, got)

    def first_row_alone(expected, got):
        """The first row of your matrix is right, and all others are 0. Look for a `return` that stands inside the loop over the users."""
        return filled_alone(expected, got, (slice(1), slice(None)))

    def one_triangle(expected, got):
        """You count each pair in one order alone, and much of your matrix is 0. The count is the same both ways, and a user meets himself too: fill both places, and the diagonal."""
        pairs = [(one.value, two.value) for one, two in zip(expected.entries, got.entries, strict=True)]
        return any(all(two.equal(cut(one)) for one, two in pairs) for cut in (torch.tril, lambda one: one.tril(-1), lambda one: one.triu(1)))


def without_an_item(count, got):
    """Which item a count was made without, if it was one at an end."""
    pairs = [(entry.inputs["likes"], entry.value) for entry in got.entries]
    ends = {"last": slice(-1), "first": slice(1, None)}
    return next(({"place": place} for place, kept in ends.items() if all(seen.equal(count(likes[:, kept]).double()) for likes, seen in pairs)), False)


def filled_alone(expected, got, kept):
    """Whether the answers are right in one part of each matrix, and 0 in the rest."""
    parts = [torch.zeros_like(entry.value) for entry in expected.entries]
    for part, entry in zip(parts, expected.entries):
        part[kept] = entry.value[kept]
    return len(got.entries) == len(parts) and all(two.value.equal(part) for part, two in zip(parts, got.entries))


Symptoms.overflow.__doc__ = Mistakes.overflow.__doc__
