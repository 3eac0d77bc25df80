"""Answer to `iou_at_scale`."""

import math
import re
from dataclasses import replace

import numpy
import torch

from grader.differences import alike
from grader.exercises.intersection.exercise import intersection
from grader.exercises.iou.exercise import Mistakes as Plain
from grader.exercises.iou.exercise import Symptoms as Signs
from grader.exercises.union.exercise import union

POINTS = 2
HINTS = (
    "How many `(M, M)` tensors does each of your lines make, and how many of those do you still need on the next line?",
    "A matrix product counts the shared likes without a third dimension. After that every step can write into a tensor "
    "that is there already, or work on some rows at a time.",
    "Make the result with `torch.empty(M, M)` and fill it block by block: for 500 rows, `block @ likes.T` counts what "
    "is shared, and `counts[rows, None] + counts - both` what either likes.",
)
HINTS_FOR = {
    "one_tensor_too_large": "Where does a third dimension appear? `likes[:, None]` against `likes[None]` has shape `(M, M, N)`; "
    "`likes @ likes.T` sums over the items as it goes.",
    "too_much_at_once": "`a - b` makes a third tensor while both are still there. `a.sub_(b)` writes into `a`; that is fine where "
    "you made `a` yourself and need it no more.",
    "too_slow": "One product of matrices does in about a second what a Python loop over 100 million pairs does in minutes.",
    "blocks_without_the_last": "`range(0, len(likes), size)` also starts the last, shorter block, and a slice that "
    "reaches past the end is cut by itself.",
}
NOTICE = "The result has to be written once; everything beyond that is up to the order of your steps, not to the formula."
EQUAL = {
    "torch.empty(len(likes), len(likes)) -> torch.empty(len(likes), len(likes))": "both arguments are the same",
    "500 -> 499": "blocks that overlap by a row",
    "500 -> 501 (2)": "blocks that overlap by a row",
}


def intersection_over_union_at_scale(likes):
    likes = likes.float()
    counts = likes.sum(dim=1)
    result = torch.empty(len(likes), len(likes))
    for start in range(0, len(likes), 500):  # 500 rows at a time: nothing but the result is large
        rows = slice(start, start + 500)
        both = likes[rows] @ likes.T
        either = counts[rows, None] + counts - both
        result[rows] = both / either.clamp(min=1)
    return result


class Mistakes:
    """Wrong answers; each docstring is what the learner reads."""

    union_counts_twice, dice, cosine, simple_matching = Plain.union_counts_twice, Plain.dice, Plain.cosine, Plain.simple_matching
    intersection_over_items, overlap_coefficient = Plain.intersection_over_items, Plain.overlap_coefficient
    integer_division, distance_instead = Plain.integer_division, Plain.distance_instead
    nan_for_empty_users, one_for_empty_users = Plain.nan_for_empty_users, Plain.one_for_empty_users
    self_is_always_one, agreement_over_union, smoothed = Plain.self_is_always_one, Plain.agreement_over_union, Plain.smoothed
    over_own_count, upside_down, diagonal_left_out = Plain.over_own_count, Plain.upside_down, Plain.diagonal_left_out
    all_zero_for_one_pair, items_instead_of_users = Plain.all_zero_for_one_pair, Plain.items_instead_of_users

    def blocks_without_the_last(likes):
        """The last users are missing from your result: their rows were never filled. Where the number of users is no multiple of the block size, the rest needs a shorter block of its own."""
        result = torch.zeros(len(likes), len(likes))
        for block in range(len(likes) // 100):
            rows = slice(100 * block, 100 * block + 100)
            result[rows] = intersection_over_union_at_scale(likes)[rows]
        return result

    def blocks_beside_the_diagonal(likes):
        """Your blocks compare users with those of the same block alone, and all other pairs are 0. Multiply each block of rows with the likes of everybody."""
        result = torch.zeros(len(likes), len(likes))
        for start in range(0, len(likes), 100):
            rows = slice(start, start + 100)
            result[rows, rows] = intersection_over_union_at_scale(likes[rows])
        return result

    def counts_of_the_first_block(likes):
        """Your first block of rows is right, and later ones are not: they divide by the counts of the first users. Take the counts of the block's own rows."""
        likes = likes.float()
        counts = likes.sum(1)
        blocks = [(block @ likes.T, counts[: len(block), None]) for block in likes.split(100)]
        return torch.cat([both / (own + counts - both).clamp(min=1) for both, own in blocks])

    def upper_triangle(likes):
        """Half of your matrix is 0: each pair is filled in one order alone. The similarity of two users is the same both ways, so fill the other half as well."""
        return intersection_over_union_at_scale(likes).triu()

    def half_precision(likes):
        """Your result is in float16, and float32 is asked. Half the bytes are tempting, but its numbers have three digits alone: save memory by making fewer tensors."""
        return intersection_over_union_at_scale(likes).half()

    def half_precision_inside(likes):
        """Your values are off in the fourth digit, which is where float16 ends. Divide in float32."""
        return intersection_over_union_at_scale(likes).half().float()

    def overflow(likes):
        """Your counts are kept in 8 bits and start again from 0 past 255. Keep at least the counts and what either likes in 16 bits or more."""
        both = (likes.to(torch.uint8)[:, None] * likes.to(torch.uint8)[None]).sum(-1, dtype=torch.uint8)
        counts = both.diagonal()
        return both / (counts[:, None] + counts - both).clamp(min=1)


class Variants:
    """Right answers in other styles."""

    def plain_formula(likes):
        likes = likes.float()
        both = likes @ likes.T
        counts = likes.sum(1)
        return both / (counts[:, None] + counts - both).clamp(min=1)

    def earlier_answers(likes):
        return intersection(likes).float() / union(likes).float().clamp(min=1)

    def in_place(likes):
        likes = likes.float()
        counts = likes.sum(1)
        result = likes @ likes.T
        either = counts[:, None] + counts
        either.sub_(result).clamp_(min=1)
        return result.div_(either)

    def nan_replaced(likes):
        both = torch.einsum("un,vn->uv", likes.float(), likes.float())
        return (both / (likes.sum(1)[:, None] + likes.sum(1)[None] - both)).nan_to_num_(0.0)

    def rows_one_by_one(likes):
        likes = likes.float()
        counts = likes.sum(1)
        result = torch.zeros(len(likes), len(likes))
        for user, row in enumerate(likes):
            both = likes @ row
            result[user] = both / (counts + counts[user] - both).clamp(min=1)
        return result

    def halves_mirrored(likes):
        likes = likes.float()
        counts, result = likes.sum(1), torch.empty(len(likes), len(likes))
        for start in range(0, len(likes), 1000):
            rows, rest = slice(start, start + 1000), slice(start, None)
            both = likes[rows] @ likes[rest].T
            result[rows, rest] = both / (counts[rows, None] + counts[rest] - both).clamp(min=1)
            result[rest, rows] = result[rows, rest].T.clone()
        return result

    def packed_bits(likes):
        bits, ones = numpy.packbits(likes.numpy().astype(bool), axis=1), numpy.array([n.bit_count() for n in range(256)])
        counts = ones[bits].sum(axis=1)
        result = torch.zeros(len(bits), len(bits))
        for user, row in enumerate(bits):
            both = ones[row & bits].sum(axis=1)
            result[user] = torch.from_numpy(both / numpy.maximum(counts + counts[user] - both, 1))
        return result

    def numpy_blocks(likes):
        array = likes.numpy().astype(numpy.float32)
        counts = array.sum(axis=1)
        result = numpy.zeros((len(array), len(array)), dtype=numpy.float32)
        for start in range(0, len(array), 512):
            both = array[start : start + 512] @ array.T
            either = counts[start : start + 512, None] + counts - both
            numpy.divide(both, either, out=result[start : start + 512], where=either > 0)
        return torch.from_numpy(result)


def on_few_users(name, own=None):
    """A sign of the smaller function, `intersection_over_union`, on the small inputs."""
    def symptom(expected, got):
        return getattr(Signs, name)(*(replace(one, entries=one.entries[:6]) for one in (expected, got)))

    symptom.__name__, symptom.__doc__ = own or name, (getattr(Mistakes, own) if own else getattr(Signs, name)).__doc__
    return symptom


SUMS = "the sum of each row"


def right_so_far(expected, got):
    """Whether all values that were given are right."""
    return all(alike(one, two) for one, two in zip(expected.compared, got.compared) if one.label == two.label != "the peak of its memory" and not two.error)


class Symptoms:
    """What shows at full size, and families of wrong formulas."""

    union_counts_twice, dice, cosine = on_few_users("union_counts_twice"), on_few_users("dice"), on_few_users("cosine")
    integer_division, distance_instead = on_few_users("integer_division"), on_few_users("distance_instead")
    overlap_coefficient, over_own_count = on_few_users("overlap_coefficient"), on_few_users("over_own_count")
    divided_by_zero, overflow = on_few_users("divided_by_zero"), on_few_users("uint8_overflow", own="overflow")
    number_added_to_union = on_few_users("number_added_to_union")
    something_for_empty_users = on_few_users("something_for_empty_users")
    alike_without_a_shared_item = on_few_users("alike_without_a_shared_item")

    def one_tensor_too_large(expected, got):
        """For 10,000 users your function asks for {asked} at once, far more than the result's 0.4 GB. Look for a
        tensor of shape `(M, M, N)`, and for an operation that sums over the items without storing it."""
        asked = asked_bytes(got.error)
        return asked > 4e9 and {"asked": f"{asked / 1e9:.0f} GB"}

    one_tensor_too_large.status = "wrong"
    one_tensor_too_large.urgent = True  # whatever else is wrong: this comes first

    def memory_used_up(expected, got):
        """For 10,000 users your function held more than the 4 GiB that it may have. Keep fewer `(M, M)` tensors at a time, in float32 rather than int64, or work on some rows after the other."""
        return "more memory than" in got.note if got.ended == "died" else got.error.kind == "MemoryError"

    def too_much_at_once(expected, got):
        """Your values are right, but at its peak your function held up to {held} times the memory of the result, and six
        times is the limit. Write into tensors that you have, or work on some rows after the other."""
        peak = got["peak memory"]
        return got["the peak of its memory"] == "above the limit" and right_so_far(expected, got) and {"held": math.ceil(peak)}

    def blocks_without_the_last(expected, got):
        pairs = [(one.value[SUMS], two.value[SUMS]) for one, two in zip(expected.entries, got.entries) if type(two.value) is dict]
        return any(one[-1] > 0 and not two[-1] > 0 and bool(two.max() > 0) for one, two in pairs)

    def too_slow(expected, got):
        """Your values are right for a few users, but 10,000 took longer than the limit. Let one tensor operation do the work of a Python loop over pairs."""
        return got.ended == "timed out" and got.entry("173 users") is not None and right_so_far(expected, got)

    def blocks_beside_the_diagonal(expected, got):
        wanted, found = expected["173 users"], got["173 users"]
        return bool((found[found != 0] == wanted[found != 0]).all() and found[0, 1] and not found[0, -20:].any() and not found[-1, :20].any())

    def later_rows_alone_wrong(expected, got):
        """For 173 users your first {rows} rows are right, and later ones are not. Look at what a block takes from the counts or the likes: it needs those of its own rows, not of the first ones."""
        if not all(alike(one, two) for one, two in zip(expected.entries[:6], got.entries[:6], strict=True)):
            return False
        right = (expected["173 users"] - got["173 users"]).abs().amax(dim=1) < 1e-4
        rows = int(right.int().cumprod(0).sum())
        return 8 <= rows < 166 and not right[rows:].all() and {"rows": rows}

    def coarse_numbers(expected, got):
        """Your values are off by up to {gap:.1g}, everywhere a little, which is how float16 and bfloat16 round. Count and divide in float32."""
        gap = max(float((one.value.double() - two.value.double()).abs().nan_to_num(nan=9.0).max()) for one, two in zip(expected.entries[:6], got.entries[:6], strict=True))
        return 1e-4 < gap < 0.005 and {"gap": gap}


Symptoms.blocks_without_the_last.__doc__ = Mistakes.blocks_without_the_last.__doc__


class Advice:
    """A word for those who went further than asked."""

    def under_two_results(expected, got, source):
        """Remember how you did this, for it is very well done: your memory stayed under two results, where six are allowed."""
        return 0 < got["peak memory"] < 2


def asked_bytes(error):
    """Read off an error how much memory was asked for at once, 0 where it does not say."""
    units = {"bytes": 1, "KiB": 2**10, "MiB": 2**20, "GiB": 2**30, "TiB": 2**40}
    found = re.search(r"allocate ([\d.]+) (bytes|[KMGT]iB)", error.text)
    return float(found[1]) * units[found[2]] if found else 0
