"""Answer to `ndcg_at_k`."""

import math

import numpy
import torch

POINTS = 2
HINTS = (
    "The hidden item stands at place 1, 3 or 7. With the credit 1 / log2(place + 1), what is each worth, and which "
    "sum would a perfect ranking collect?",
    "Make one row of credits for the places 1 to k. Add up those at which a hit stands, and divide by the sum of the "
    "first min(k, number held out) of them.",
    "`credit = 1 / torch.log2(torch.arange(k) + 2.0)`, since `arange` starts at 0. With `hit` 0 or 1 for each place, "
    "divide `(credit[:len(hit)] * hit).sum()` by `credit[:len(held_out)].sum()`.",
)
HINTS_FOR = {
    "first_place_divides_by_zero": "Python counts from 0 and people count places from 1: the item `ranked[i]` stands "
    "at place i + 1, and its credit is 1 / log2(i + 2).",
    "ideal_of_k_hits": "With one hidden item and k = 10, the best ranking has one hit, at the top. Its sum is 1, not "
    "the sum of all ten credits.",
}
NOTICE = ("The base of the logarithm cancels, since the ideal is divided by it too. And the credit falls slowly: place 3 is "
          "worth half of place 1, place 10 still 29 %.")
EQUAL = {
    "float(item in wanted) -> item in wanted": "True counts as 1",
    "torch.as_tensor(ranked).tolist() -> torch.as_tensor(ranked)": "a 0-dim tensor is found in a list of numbers",
    "1 -> 2": "a factor of all credits cancels",
    "float((credit[:len(hit)] * hit).sum() / ideal) -> (credit[:len(hit)] * hit).sum() / ideal": "a 0-dim tensor is allowed",
}


def ndcg_at_k(ranked, held_out, k):
    wanted = torch.as_tensor(held_out).tolist()
    hit = torch.tensor([float(item in wanted) for item in torch.as_tensor(ranked).tolist()[:k]])
    credit = 1 / torch.log2(torch.arange(k) + 2.0)  # the places 1, 2, ..., k
    ideal = credit[: len(wanted)].sum()
    return float((credit[: len(hit)] * hit).sum() / ideal) if wanted else 0.0


def _hits(ranked, held_out, k):
    """Give 1 or 0 for each of the first k places."""
    wanted = torch.as_tensor(held_out).tolist()
    return [int(item in wanted) for item in torch.as_tensor(ranked).tolist()[:k]]


def _gain(hits, credit=lambda place: 1 / math.log2(place + 1)):
    return sum(hit * credit(place) for place, hit in enumerate(hits, start=1))


def _ratio(gain, best):
    return gain / best if best else 0.0


def _best(held_out, k):
    return _gain([1] * min(k, len(held_out)))


class Mistakes:
    """Wrong answers; each docstring is what the learner reads."""

    def ideal_missing(ranked, held_out, k):
        """You add up the credits and do not divide by the ideal, so a value can pass 1 and users cannot be compared.
        Divide by the sum of the best ranking there can be."""
        return float(_gain(_hits(ranked, held_out, k)))

    def ideal_of_k_hits(ranked, held_out, k):
        """Your ideal has k hits also where fewer items are hidden, so a perfect ranking stays below 1. Sum its
        credits over min(k, number held out) places."""
        return _ratio(_gain(_hits(ranked, held_out, k)), _gain([1] * k) if len(held_out) else 0)

    def ideal_beyond_k(ranked, held_out, k):
        """Your ideal counts all hidden items, also more than k of them, so nobody could reach 1. Sum its credits over
        min(k, number held out) places."""
        return _ratio(_gain(_hits(ranked, held_out, k)), _gain([1] * len(held_out)))

    def ideal_of_the_hits_found(ranked, held_out, k):
        """Your ideal only moves the hits that you found to the top, so a ranking that finds one item of ten can
        score 1. The best ranking finds min(k, number held out) of them."""
        hits = _hits(ranked, held_out, k)
        return _ratio(_gain(hits), _gain(sorted(hits, reverse=True)))

    def ideal_of_the_items_shown(ranked, held_out, k):
        """Your ideal has no more hits than the ranking has items, so a short ranking is rewarded. Sum its credits over
        min(k, number held out) places."""
        return _ratio(_gain(_hits(ranked, held_out, k)), _best(held_out, min(k, len(ranked))))

    def hidden_items_cut(ranked, held_out, k):
        """You cut the hidden items at k, but they stand in no order, so some hits are lost. Cut the ranking alone."""
        return _ratio(_gain(_hits(ranked, held_out[:k], k)), _best(held_out, k))

    def divided_by_the_count(ranked, held_out, k):
        """You divide the credits by the number of possible hits. Divide by the credits that those hits would collect."""
        return _ratio(_gain(_hits(ranked, held_out, k)), min(k, len(held_out)))

    def first_hit_alone(ranked, held_out, k):
        """Only the first hit gets credit in your answer. Add up the credits of all hits among the first k items."""
        hits = _hits(ranked, held_out, k)
        return _ratio(_gain(hits[: hits.index(1) + 1] if any(hits) else []), _best(held_out, k))

    def worst_place_first(ranked, held_out, k):
        """You number the places from the end, so the last item shown counts most. The best item comes first: it has place 1."""
        return _ratio(_gain(_hits(ranked, held_out, k)[::-1]), _best(held_out, k))

    def integer_division(ranked, held_out, k):
        """Your division drops the fraction, so only a perfect ranking scores. Use `/`, not `//`."""
        return float(_ratio(_gain(_hits(ranked, held_out, k)), _best(held_out, k)) > 1 - 1e-9)

    def per_cent(ranked, held_out, k):
        """You return per cent, so 100 is the best. Leave out the factor of 100: a share between 0 and 1 is asked."""
        return 100 * ndcg_at_k(ranked, held_out, k)

    def order_ignored(ranked, held_out, k):
        """Each hit counts the same in your answer, which is the recall. Give a hit at a later place less credit."""
        return _ratio(float(sum(_hits(ranked, held_out, k))), min(k, len(held_out)))

    def places_counted_from_two(ranked, held_out, k):
        """Your first place gets the credit of the second, 1 / log2(3). The first place is place 1, with the credit
        1 / log2(2) = 1."""
        def late(place):
            return 1 / math.log2(place + 2)
        return _ratio(_gain(_hits(ranked, held_out, k), late), _gain([1] * min(k, len(held_out)), late))

    def hits_one_place_late(ranked, held_out, k):
        """Your hits get the credit of the place after theirs, and only the ideal starts at 1 / log2(2). Start both
        at place 1."""
        return _ratio(_gain(_hits(ranked, held_out, k), lambda place: 1 / math.log2(place + 2)), _best(held_out, k))

    def first_place_divides_by_zero(ranked, held_out, k):
        """The first place divides by log2(1), which is 0. Count the places from 1, so that the first gets
        1 / log2(1 + 1)."""
        def early(place):
            return 1 / math.log2(place)
        return _ratio(_gain(_hits(ranked, held_out, k), early), _gain([1] * min(k, len(held_out)), early))

    def credit_one_over_place(ranked, held_out, k):
        """Your credit is 1 / place, which falls too fast. Divide by the logarithm: 1 / log2(place + 1)."""
        best = _gain([1] * min(k, len(held_out)), lambda place: 1 / place)
        return _ratio(_gain(_hits(ranked, held_out, k), lambda place: 1 / place), best)

    def logarithm_as_credit(ranked, held_out, k):
        """Your credit grows with the place: the logarithm stands on top. Divide by it instead."""
        def rising(place):
            return math.log2(place + 1)
        return _ratio(_gain(_hits(ranked, held_out, k), rising), _gain([1] * min(k, len(held_out)), rising))

    def hits_times_the_logarithm(ranked, held_out, k):
        """Your hits are multiplied by the logarithm, so late ones gain. Divide each by it, as your ideal does."""
        return _ratio(_gain(_hits(ranked, held_out, k), lambda place: math.log2(place + 1)), _best(held_out, k))

    def hits_beyond_k(ranked, held_out, k):
        """You give credit to hits beyond place k, which the user never saw. Look at the first k items alone."""
        return _ratio(_gain(_hits(ranked, held_out, len(ranked))), _best(held_out, k))

    def place_among_the_hits(ranked, held_out, k):
        """You number the hits among themselves, so the first hit counts as place 1 wherever it stands. Take its place
        in the ranking."""
        return _ratio(_gain([1] * sum(_hits(ranked, held_out, k))), _best(held_out, k))

    def place_among_the_hidden(ranked, held_out, k):
        """You take a hit's place among the hidden items, and those stand in no order. Take its place in the
        ranking."""
        shown = torch.as_tensor(ranked).tolist()[:k]
        return _ratio(_gain([int(item in shown) for item in torch.as_tensor(held_out).tolist()]), _best(held_out, k))

    def set_of_tensors(ranked, held_out, k):
        """Nothing is ever found: a set of tensors compares the objects, not the numbers in them. Turn the tensors
        into lists by `tolist()` first."""
        wanted = set(held_out)
        return _ratio(float(_gain([int(item in wanted) for item in ranked[:k]])), _best(held_out, k))

    def division_by_zero(ranked, held_out, k):
        """Where nothing is hidden you divide by 0, for the ideal is 0 too. Return 0 for such a user."""
        return float(_gain(_hits(ranked, held_out, k))) / float(_best(held_out, k))

    def nan_where_nothing_is_hidden(ranked, held_out, k):
        """Where nothing is hidden you return NaN, from 0 / 0. Return 0 for such a user, or the mean over all users
        is lost."""
        return torch.tensor(float(_gain(_hits(ranked, held_out, k)))) / _best(held_out, k)

    def one_where_nothing_is_hidden(ranked, held_out, k):
        """Where nothing is hidden you return 1, as if everything had been found. Return 0 for such a user."""
        return ndcg_at_k(ranked, held_out, k) if len(held_out) else 1.0


class Variants:
    """Right answers in other styles."""

    def natural_logarithm(ranked, held_out, k):
        if not len(held_out):
            return 0
        gain = sum(1 / math.log(place + 2) for place, item in enumerate(ranked[:k]) if int(item) in list(held_out))
        return gain / sum(1 / math.log(place + 2) for place in range(min(k, len(held_out))))

    def isin(ranked, held_out, k):
        ranked, held_out = torch.as_tensor(ranked)[:k], torch.as_tensor(held_out)
        if held_out.numel() == 0:
            return torch.zeros(())
        credit = torch.log2(torch.arange(2, k + 2)).reciprocal()
        return credit[: len(ranked)][torch.isin(ranked, held_out)].sum() / credit[: min(k, len(held_out))].sum()

    def exponential_gain(ranked, held_out, k):
        relevance = [1 if int(item) in {int(i) for i in held_out} else 0 for item in ranked][:k]
        gain = sum((2**r - 1) / math.log2(i + 2) for i, r in enumerate(relevance))
        ideal = sum((2**1 - 1) / math.log2(i + 2) for i in range(min(k, len(held_out))))
        return 0.0 if ideal == 0 else gain / ideal

    def numpy_inside(ranked, held_out, k):
        held_out = numpy.asarray(held_out)
        hit = numpy.isin(numpy.asarray(ranked)[:k], held_out).astype(float)
        credit = 1 / numpy.log2(numpy.arange(2, 2 + k))
        best = credit[: len(held_out)].sum()
        return (hit * credit[: len(hit)]).sum() / best if best > 0 else numpy.float64(0)

    def double_precision(ranked, held_out, k):
        ranked, held_out = (torch.as_tensor(ids).long() for ids in (ranked, held_out))
        credit = 1 / torch.log2(torch.arange(1, k + 1, dtype=torch.float64) + 1)
        hit = (ranked[:k, None] == held_out).any(1)
        best = credit[: len(held_out)].sum()
        return torch.where(best > 0, (credit[: len(hit)] * hit).sum() / best.clamp(min=1e-9), best)


class Symptoms:
    """Signs in what came back; each docstring is what the learner reads."""

    def infinite_credit(expected, got):
        """The first place of `{name}` divides by log2(1), which is 0. Count the places from 1, so that the first
        gets 1 / log2(1 + 1)."""
        one = got.entries[1] if len(got.entries) > 1 else got.entries[0]
        broken = isinstance(one.value, float) and one.value != one.value
        return broken or bool(got.entries[0].error and got.entries[0].error.kind == "ZeroDivisionError")

    def two_bases(expected, got):
        """A single hit at the first place gives {found:.4g} in your answer, and 1 is asked. Take the same credits, with the same
        logarithm, for the hits and for the ideal."""
        first, third = (got[f"one hidden item at the {place} place"] for place in ("first", "third"))
        return abs(first - 2 * third) < 1e-3 and abs(first - 1) > 0.01 and {"found": first}

    def another_credit(expected, got):
        """A hit at place 3 is worth {found:.3g} of one at place 1 in your answer, and 1 / log2(3 + 1) = 0.5 is asked. Work
        out your credits of the places 1, 2 and 3 by hand."""
        first, third = (got[f"one hidden item at the {place} place"] for place in ("first", "third"))
        return first > 0 and abs(third / first - 0.5) > 1e-3 and {"found": third / first}

    def not_one_number(expected, got):
        """`{name}` returns a tensor of shape {shape}, and one number is asked. Sum over the places, or read it by `.item()`."""
        return next(({"shape": tuple(e.value.shape)} for e in got.entries if type(e.value) is torch.Tensor), False)

    def fails_past_the_end(expected, got):
        """`{name}` fails where the ranking has fewer than k items. Go through `ranked[:k]`: a slice ends where the items end."""
        return any(entry.error and entry.error.kind != "ZeroDivisionError" and entry.label.startswith(("a ranking", "an empty ranking")) for entry in got.entries)

    def lists_not_taken(expected, got):
        """`{name}` works for tensors and fails for lists. Turn both into one kind at its start, by `torch.as_tensor`
        or `list`."""
        return any(entry.error and "list" in entry.label for entry in got.entries)

    def fails_without_hidden_items(expected, got):
        """`{name}` fails where nothing is hidden. Return 0 for such a user before you divide."""
        return any(entry.error and entry.label.startswith(("no hidden", "neither")) for entry in got.entries)
