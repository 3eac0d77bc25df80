"""Answer to `svd_scores`."""

import re

import numpy
import torch

POINTS = 3
HINTS = (
    "The SVD writes the likes as a sum of simple matrices, each of rank 1 and each with a weight. Which of them matter most?",
    "`torch.linalg.svd` gives U, the singular values S with the largest first, and V already transposed. Keep the first `rank` "
    "columns of U, numbers of S and *rows* of the last one. A slice that is longer than what is there does no harm.",
    "With `full_matrices=False` everything fits: scale the kept columns of U by the kept S (broadcasting does it), then multiply by "
    "the kept rows of `Vh`. The SVD wants floats, so turn the likes into float32 first.",
)
HINTS_FOR = {
    "centred_by_items": "Principal components are an SVD of *centred* data. Here the likes are taken as they are: no mean is removed.",
    "rows_of_v_mistaken": "`torch.linalg.svd` gives `Vh`, transposed already: each of its *rows* belongs to one singular value. `torch.svd` gives V: there it is each column.",
}
NOTICE = "The squared error is the sum of the squares of the singular values that you dropped: you know it before you multiply anything."


def svd_scores(likes, rank):
    U, S, Vh = torch.linalg.svd(likes.float(), full_matrices=False)    # S is sorted, the largest first
    return U[:, :rank] * S[:rank] @ Vh[:rank]


def parts(likes):
    return torch.linalg.svd(likes.float(), full_matrices=False)


def centred(likes, rank, dim, back=True):
    likes = likes.float()
    mean = likes.mean(dim=dim, keepdim=True)
    return svd_scores(likes - mean, rank) + mean * back


class Mistakes:
    """Wrong answers; each docstring is what the learner reads."""

    def integers_decomposed(likes, rank):
        """The likes came as whole numbers, and the SVD is made for floats alone. Turn them into float32 first."""
        U, S, Vh = torch.linalg.svd(likes, full_matrices=False)
        return U[:, :rank] * S[:rank] @ Vh[:rank]

    def centred_by_items(likes, rank):
        """You take each item's mean away before the SVD and add it again afterwards, as PCA does, which gives one rank more.
        Decompose the likes as they are."""
        return centred(likes, rank, 0)

    def centred_by_users(likes, rank):
        """You take each user's mean away before the SVD and add it again afterwards, which gives one rank more. Decompose the
        likes as they are."""
        return centred(likes, rank, 1)

    def centred_by_one_mean(likes, rank):
        """You take the mean of all cells away before the SVD and add it again afterwards, which gives one rank more. Decompose the
        likes as they are."""
        return centred(likes, rank, (0, 1))

    def users_normalised(likes, rank):
        """You divide each user's row by its length before the SVD, so it is another matrix that you come near to. Decompose the
        likes as they are."""
        return svd_scores(torch.nn.functional.normalize(likes.float()), rank)

    def mean_never_added_back(likes, rank):
        """Your scores approximate the likes less each item's mean, so popular items lose what makes them popular. Leave the
        centring out."""
        return centred(likes, rank, 0, back=False)

    def singular_values_left_out(likes, rank):
        """You multiply U by V without the singular values between them, so a weak pattern weighs as much as the strongest.
        Scale the columns of U first."""
        U, _, Vh = parts(likes)
        return U[:, :rank] @ Vh[:rank]

    def singular_values_squared(likes, rank):
        """The singular values come in twice, once on each side. Scale one side by them, or both by their square roots."""
        U, S, Vh = parts(likes)
        return U[:, :rank] * S[:rank] ** 2 @ Vh[:rank]

    def roots_on_one_side(likes, rank):
        """The square roots of the singular values come in on one side alone. Put the roots on both sides, or the values themselves on one."""
        U, S, Vh = parts(likes)
        return U[:, :rank] * S[:rank].sqrt() @ Vh[:rank]

    def full_matrices_kept(likes, rank):
        """The SVD gave two square matrices, which do not fit each other where the rank is large. Ask for `full_matrices=False`."""
        U, S, Vh = torch.linalg.svd(likes.float())
        return U[:, :rank] @ S[:rank].diag() @ Vh[:rank]

    def weakest_kept(likes, rank):
        """You keep the smallest singular values and drop the largest. `svd` sorts the largest first, `eigh` last: look which
        end you cut."""
        U, S, Vh = parts(likes)
        return U[:, -rank:] * S[-rank:] @ Vh[-rank:]

    def only_the_last_kept(likes, rank):
        """You keep one singular value, the one at place `rank`. Keep all from the first to that one: a slice, not an index."""
        U, S, Vh = parts(likes)
        place = min(rank, len(S)) - 1
        return S[place] * torch.outer(U[:, place], Vh[place])

    def strongest_dropped(likes, rank):
        """You drop the first `rank` singular values and keep the rest, which gives the error in place of the approximation.
        Keep what comes before the colon."""
        U, S, Vh = parts(likes)
        return U[:, rank:] * S[rank:] @ Vh[rank:]

    def one_rank_too_few(likes, rank):
        """You keep one singular value less than `rank`. A slice's end is left out already, so it needs no `- 1`."""
        return svd_scores(likes, rank - 1)

    def full_rank_never_reached(likes, rank):
        """Where `rank` is min(M, N) or more, you keep one singular value less than there is, and the likes don't come back. All
        min(M, N) of them may be kept."""
        return svd_scores(likes, min(rank, min(likes.shape) - 1))

    def one_rank_too_many(likes, rank):
        """You keep one singular value more than `rank`. Count from 0: the slice that ends at `rank` holds `rank` of them."""
        return svd_scores(likes, rank + 1)

    def rank_ignored(likes, rank):
        """All singular values are kept, so the likes come back as they were whatever the rank. Cut U, S and V at `rank`."""
        return svd_scores(likes, min(likes.shape))

    def rows_of_v_mistaken(likes, rank):
        """You multiply by V where its transpose is asked. `torch.linalg.svd` returns `Vh`, transposed already, so keep its first rows;
        `torch.svd` returns V, so take `V[:, :rank].T`."""
        U, S, Vh = parts(likes)
        return U[:, :rank] * S[:rank] @ Vh[:, :rank].T

    def users_alone(likes, rank):
        """You return U scaled by the singular values, one short row for each user. Multiply by the kept rows of V, and there is
        a score for every item again."""
        U, S, _ = parts(likes)
        return U[:, :rank] * S[:rank]

    def parts_returned(likes, rank):
        """You return the parts of the decomposition. Multiply them, and return the one matrix of scores."""
        U, S, Vh = parts(likes)
        return U[:, :rank], S[:rank], Vh[:rank]

    def rounded(likes, rank):
        """Your scores are rounded to whole likes. Leave them as they are: it is the fractions that make a ranking."""
        return svd_scores(likes, rank).round()

    def clamped(likes, rank):
        """Your scores are cut to lie between 0 and 1. The nearest matrix of that rank may reach a little beyond both: leave it so."""
        return svd_scores(likes, rank).clamp(0, 1)

    def type_of_the_likes(likes, rank):
        """You turn the scores into the type that the likes came with, so whole numbers or yes and no are left of them. Return float32:
        it is the fractions that make a ranking."""
        return svd_scores(likes, rank).to(likes.dtype)

    def cut_at_a_half(likes, rank):
        """You return whether a score is above a half. Return the scores as they are: it is the fractions that make a ranking."""
        return svd_scores(likes, rank) > 0.5

    def liked_items_removed(likes, rank):
        """You put the items that a user likes already to 0. That belongs to ranking: here every cell gets its score."""
        return svd_scores(likes, rank).masked_fill(likes.bool(), 0)

    def too_large_a_rank(likes, rank):
        """A rank above min(M, N) raises, since there are not that many singular values. A slice that is too long does no harm,
        and an index or `topk` needs the smaller of the two numbers."""
        U, S, Vh = parts(likes)
        best = torch.topk(S, rank).indices
        return U[:, best] * S[best] @ Vh[best]

    def divided_by_zero(likes, rank):
        """You find U by dividing through the singular values, and some of them are 0 where users are alike. Project the likes
        on the kept directions of V instead, or let `svd` give U."""
        likes = likes.double()
        values, V = torch.linalg.eigh(likes.T @ likes)
        values, V = values.flip(0)[:rank], V.flip(1)[:, :rank]
        S = torch.where(values < 1e-9, 0.0, values).sqrt()
        return ((likes @ V / S * S) @ V.T).float()


class Variants:
    """Right answers in other styles."""

    def zeros_in_the_middle(likes, rank):
        U, S, Vh = torch.linalg.svd(likes.to(torch.float32))
        middle = torch.zeros(likes.shape)
        for place in range(min(rank, len(S))):
            middle[place, place] = S[place]
        return U @ middle @ Vh

    def numpy_inside(likes, rank):
        U, S, Vh = numpy.linalg.svd(likes.numpy().astype(numpy.float64), full_matrices=False)
        return torch.from_numpy(U[:, :rank] @ numpy.diag(S[:rank]) @ Vh[:rank, :]).float()

    def outer_products(likes, rank):
        U, S, Vh = torch.linalg.svd(likes.double(), full_matrices=False)
        total = torch.zeros(likes.shape, dtype=torch.float64)
        for u, s, v in list(zip(U.T, S, Vh, strict=True))[:rank]:
            total += s * torch.outer(u, v)
        return total.to(torch.float32)

    def projected_on_item_directions(likes, rank):
        likes = likes.float()
        V = torch.linalg.eigh(likes.T @ likes).eigenvectors[:, -rank:]
        return likes @ V @ V.T

    def roots_on_both_sides(likes, rank):
        U, S, V = torch.svd(likes.float())
        users, items = U * S.sqrt(), V * S.sqrt()
        return torch.einsum("ud,id->ui", users[:, :rank], items[:, :rank])

    def one_part_after_the_other(likes, rank):
        rest = likes.float()
        for _ in range(min(rank, *likes.shape)):
            U, S, V = torch.svd(rest)
            rest = rest - S[0] * torch.outer(U[:, 0], V[:, 0])
        return likes.float() - rest

    def lowrank_with_every_direction(likes, rank):
        U, S, V = torch.svd_lowrank(likes.float(), q=min(likes.shape), niter=4)
        return U[:, :rank] @ S[:rank].diag() @ V[:, :rank].T


class Symptoms:
    """Signs in what came back."""

    def too_large_a_rank(expected, got):
        return got.error is not None and "rank 9" in next(entry.label for entry in got.entries if entry.error)

    def singular_values_as_a_vector(expected, got):
        """`S` is one row of numbers, so `@` multiplies by it and sums over the kept parts at once. Scale the columns of U by `*`, or
        put the numbers into a matrix by `torch.diag`."""
        return bool(re.search(r"\(1x(\d+) and 1x\1\)", got.error.text))

    def right_matrix_lies_on_its_side(expected, got):
        """Both of the matrices that meet in your product have one column for each kept singular value. `Vh` of `torch.linalg.svd` has
        one *row* for each already; V of `torch.svd` and `svd_lowrank` needs its transpose."""
        return bool(re.search(r"\(4x(\d+) and 4x\1\)", got.error.text))

    def nothing_below_0(expected, got):
        """None of your scores is below 0, and the others are right. The nearest matrix of that rank may reach a little beyond 0 and 1: leave
        it so."""
        pairs = [(one.value, two.value) for one, two in _floats(expected, got)]
        return len(pairs) == len(expected.compared) and all(not (two < 0).any() and torch.allclose(one[one > 0], two[one > 0], atol=1e-4) for one, two in pairs)

    def nearly_the_best(expected, got):
        """For {case}, your matrix has the right rank, but another one is nearer to the likes. A randomised SVD, or an iteration
        stopped early, is only near: take `torch.linalg.svd`."""
        if Symptoms.likes_not_given_back(expected, got):
            return False
        for one, two in _floats(expected, got):
            likes, rank = one.inputs["likes"].float(), one.inputs["rank"]
            rest, best = likes - two.value, (likes - one.value).norm()
            if best > 0.1 and rest.norm() > best * 1.0001:
                projected = min((rest @ two.value.T).norm(), (rest.T @ two.value).norm()) < 1e-3
                fits = projected and rest.norm() < 0.97 * likes.norm() and _rank(two.value) <= rank
                return fits and {"case": one.label}
        return False

    def another_rank(expected, got):
        """For {case}, your matrix has rank {found}, and at most {rank} is asked. Count the singular values that you keep, and look for what
        you do after the product: a mean added back, numbers cut or rounded."""
        for one, two in _floats(expected, got):
            if _rank(two.value) > one.inputs["rank"]:
                return {"case": one.label, "found": _rank(two.value), "rank": one.inputs["rank"]}
        return False

    def likes_not_given_back(expected, got):
        """With rank 9 there is more than enough to give the likes themselves back, and you give {found:.2f} where the like is {wanted:.0f}. Try what is
        left of your function there: a mean taken away, another scale, or parts that don't belong together change the likes."""
        for one, two in _floats(expected, got):
            off = (two.value - one.inputs["likes"].float()).abs()
            if one.inputs["rank"] == 9 and off.max() > 1e-3:
                place = off.argmax()
                return {"found": two.value.flatten()[place].item(), "wanted": one.inputs["likes"].float().flatten()[place].item()}
        return False


def _floats(expected, got):
    """The pairs of answers that are matrices of the right shape and type."""
    pairs = zip(expected.compared, got.compared, strict=False)
    return [(one, two) for one, two in pairs if torch.is_tensor(two.value) and two.value.shape == one.value.shape and two.value.dtype == one.value.dtype]


def _rank(matrix):
    return int(torch.linalg.matrix_rank(matrix, rtol=1e-3))
