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
EQUAL = {
    "intersection(likes).float() -> intersection(likes)": "it is float32 already, and `/` would make it so",
    "union(likes).float() -> union(likes)": "it is float32 already, and `/` would make it so",
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
        """Your values are whole numbers: the fraction is lost, so nearly every value is 0. Divide with `/` rather than `//`, and keep the result a float."""
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
        """Your values are right for short rows, and wrong where users share thousands of likes: counts of 8 bits start again from below past 255 or 127. Count in float32 or int64."""
        small = likes.to(torch.uint8)
        both = (small[:, None] * small[None]).sum(-1, dtype=torch.uint8)
        either = (small[:, None] | small[None]).sum(-1, dtype=torch.uint8)
        return both.float() / either.float().clamp(min=1)

    def agreement_over_union(likes):
        """You count the items on which two users agree, those that neither likes among them, so values pass 1. Above the line stand only items that both like."""
        return (likes[:, None] == likes[None]).sum(-1) / union(likes).clamp(min=1)

    def smoothed(likes):
        """You add 1 above and below the line, so that even two users who share nothing are somewhat alike. Divide the counts as they are, and treat a union of 0 by itself."""
        return (intersection(likes) + 1) / (union(likes) + 1)

    def over_own_count(likes):
        """You divide by one user's own count, so the matrix is not symmetric. Divide by the union of the two."""
        counts = likes.float().sum(1, keepdim=True)
        return intersection(likes) / counts.clamp(min=1)

    def over_number_of_users(likes):
        """You divide by the number of users. Divide by the number of items that one of the two users likes, which differs from pair to pair."""
        return intersection(likes).float() / len(likes)

    def over_larger_count(likes):
        """You divide by the longer of the two lists of likes, and what the other user likes beside is missing below the line. Divide by the union."""
        counts = likes.float().sum(1)
        return intersection(likes) / torch.maximum(counts[:, None], counts).clamp(min=1)

    def over_the_difference(likes):
        """You divide by the items that one of the two likes and the other does not, so values pass 1. The shared ones belong below the line as well."""
        return intersection(likes) / (union(likes) - intersection(likes)).clamp(min=1)

    def shares_of_a_row(likes):
        """Your rows add up to 1, as you divide each by its sum. Leave the similarities as the division by the union gives them."""
        similarity = intersection_over_union(likes)
        return similarity / similarity.sum(1, keepdim=True).clamp(min=1)

    def upside_down(likes):
        """You divide the union by the intersection, so values pass 1 where users have little in common. Turn the fraction round."""
        return union(likes) / intersection(likes)

    def all_zero_for_one_pair(likes):
        """As soon as one pair has no likes, your whole matrix is 0. Treat that pair alone, such as by `torch.where` or `clamp`."""
        return intersection_over_union(likes) * (union(likes) > 0).all()

    def items_instead_of_users(likes):
        """You compare every pair of items, so the result is `(N, N)`. Compare rows, which are the users."""
        return intersection_over_union(likes.T)

    def diagonal_left_out(likes):
        """Your diagonal is 0, and whoever likes something is fully alike to himself. Leave the diagonal as the division gives it."""
        return intersection_over_union(likes).fill_diagonal_(0)

    def one_triangle(likes):
        """Half of your matrix is 0: each pair is filled in one order alone. The similarity of two users is the same both ways, so fill both places."""
        return intersection_over_union(likes).triu()

    def empty_users_dropped(likes):
        """You leave out the users without likes, so everybody below moves up into another's place. Keep every row, and let theirs be 0."""
        return intersection_over_union(likes[likes.sum(1) > 0])


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

    def some_places_alone(likes):
        result = torch.zeros(len(likes), len(likes))
        known = union(likes) > 0
        result[known] = intersection(likes)[known].float() / union(likes)[known]
        return result

    def difference_of_logarithms(likes):
        return torch.exp(intersection(likes).double().log() - union(likes).double().clamp(min=1).log()).float()

    def smallest_over_largest(likes):
        rows = likes.float()
        return torch.minimum(rows[:, None], rows).sum(-1) / (torch.maximum(rows[:, None], rows).sum(-1) + 1e-8)

    def by_differences(likes):
        rows = likes.double()
        different = torch.cdist(rows, rows, p=1)
        sizes = rows.sum(1)[:, None] + rows.sum(1)
        return ((sizes - different) / (sizes + different).clamp_min(1)).float()


def like(name):
    """The sign of a formula: a listed mistake's numbers, whatever the dtype, apart from NaN for empty unions."""
    def symptom(expected, got):
        return all(_same_numbers(getattr(Mistakes, name)(one.inputs["likes"]), two.value)
                   for one, two in zip(expected.entries, got.entries, strict=True))

    symptom.__name__, symptom.__doc__ = name, getattr(Mistakes, name).__doc__
    return symptom


def _same_numbers(one, two):
    known = ~two.isnan()
    return one.shape == two.shape and bool(known.any() and torch.allclose(one[known].double(), two[known].double(), atol=1e-4))


def _far(expected, got, many):
    """How far the values lie apart, over the inputs with many likes or over the others."""
    pairs = [(one, two) for one, two in zip(expected.entries, got.entries, strict=True) if one.label.startswith("users with ") is many]
    return max(float((one.value - two.value).abs().nan_to_num(nan=9.0).max()) for one, two in pairs)


def _where(expected, got, holds):
    """The wanted and the seen values of the pairs of users of whose union and intersection something holds."""
    likes = [entry.inputs["likes"] for entry in expected.entries]
    places = [holds(union(one), intersection(one)) for one in likes]
    return [torch.cat([entry.value[place] for entry, place in zip(one.entries, places, strict=True)]) for one in (expected, got)]


class Symptoms:
    """Families of mistakes."""

    union_counts_twice, dice, cosine = like("union_counts_twice"), like("dice"), like("cosine")
    overlap_coefficient, over_own_count = like("overlap_coefficient"), like("over_own_count")
    integer_division, distance_instead = like("integer_division"), like("distance_instead")

    def divided_by_zero(expected, got):
        """You divide whole numbers, and the union of two users without likes is 0. Divide floats, and let that pair give 0."""
        return "ZeroDivisionError" in got.error.text or got.error.kind == "ZeroDivisionError"

    def uint8_overflow(expected, got):
        return _far(expected, got, many=True) > 0.005 > 1e-4 > _far(expected, got, many=False)

    def number_added_to_union(expected, got):
        """Your values are too small by what you add to the union of every pair, which is {amount}. Change a union of 0 alone, and leave the others as they are."""
        wanted, found = _where(expected, got, lambda either, both: both > 0)
        unions, shared = (torch.cat([count(e.inputs["likes"])[intersection(e.inputs["likes"]) > 0] for e in expected.entries]) for count in (union, intersection))
        added = (shared / found - unions)[unions < 100]
        return bool((added - added.mean()).abs().max() < 1e-3 < added.mean()) and {"amount": f"{added.mean():.3g}"}

    def something_for_empty_users(expected, got):
        """Two users without likes get {value:.3g}, and everything else is right. Nothing is known about either of them, so give the pair 0."""
        wanted, found = _where(expected, got, lambda either, both: either > 0)
        values = _where(expected, got, lambda either, both: either == 0)[1].double()
        value = values[values.abs().argmax()].item()
        return _same_numbers(wanted, found) and abs(value) > 1e-4 and {"value": value}

    def upside_down(expected, got):
        wanted, found = _where(expected, got, lambda either, both: both > 0)
        return _same_numbers(1 / wanted, found)

    def another_distance(expected, got):
        """Your values are a distance: 0 for the very same likes, and 1 where nothing is shared. The similarity is asked, which is 1 and 0 there."""
        far, near = (_where(expected, got, where)[1] for where in (lambda either, both: (both == 0) & (either > 0), lambda either, both: (both == either) & (both > 0)))
        return bool((far == 1).all() and (near == 0).all())

    def alike_without_a_shared_item(expected, got):
        """Two users who share no like get {value:.3g}, and 0 is asked. Above the line stand only items that both of them like."""
        found = _where(expected, got, lambda either, both: (both == 0) & (either > 0))[1].double()
        return bool(found.min() > 1e-3) and {"value": found.max().item()}


Symptoms.uint8_overflow.__doc__ = Mistakes.uint8_overflow.__doc__
