"""Answer to `recall_at_k`."""

import numpy
import torch

POINTS = 1
HINTS = (
    "Ten items are hidden and you may recommend three. How many can you find at best, and what should that score?",
    "Count the hidden items among `ranked[:k]`, then divide by the smaller one of k and the number of hidden items. "
    "What do you divide by when nothing is hidden?",
    "With both as lists, `hits = sum(item in held_out for item in ranked[:k])`; divide by `min(k, len(held_out))`, "
    "and return 0.0 early where that is 0.",
)
HINTS_FOR = {
    "set_of_tensors": "Try `torch.tensor(3) in {torch.tensor(3)}`: it is False. `tensor.tolist()` gives plain numbers, "
    "and those compare by their value.",
}
NOTICE = "Dividing by `min(k, number held out)` lets a perfect ranking reach 1 for every user, however few items are hidden."
EQUAL = {
    "set(torch.as_tensor(held_out).tolist()) -> torch.as_tensor(held_out).tolist()": "a list knows its members as well",
    "max(1, min(k, len(wanted))) -> max(min(k, len(wanted)), 1)": "the larger of two has no order",
    "min(k, len(wanted)) -> min(len(wanted), k)": "the smaller of two has no order",
}


def recall_at_k(ranked, held_out, k):
    ranked, wanted = torch.as_tensor(ranked).tolist(), set(torch.as_tensor(held_out).tolist())
    hits = sum(item in wanted for item in ranked[:k])
    return hits / max(1, min(k, len(wanted)))


def _hits(ranked, held_out):
    wanted = torch.as_tensor(held_out).tolist()
    return sum(item in wanted for item in torch.as_tensor(ranked).tolist())


class Mistakes:
    """Wrong answers; each docstring is what the learner reads."""

    def divides_by_k(ranked, held_out, k):
        """You divide by k, which is the precision: with fewer than k items hidden even a perfect ranking stays below
        1. Divide by the most hits that are possible."""
        return _hits(ranked[:k], held_out) / k

    def divides_by_the_larger(ranked, held_out, k):
        """You divide by the larger one of k and the number of hidden items, which nobody could reach. Divide by the smaller."""
        return _hits(ranked[:k], held_out) / max(k, len(held_out), 1) if len(held_out) else 0.0

    def divides_by_all_held_out(ranked, held_out, k):
        """You divide by the number of hidden items also where k is smaller, so nobody could reach 1. Divide by the
        smaller one of the two."""
        return _hits(ranked[:k], held_out) / max(1, len(held_out))

    def divides_by_the_items_shown(ranked, held_out, k):
        """You divide by the number of items shown, so a short ranking is rewarded. Divide by the smaller one of k and
        the number of hidden items."""
        return _hits(ranked[:k], held_out) / max(1, min(len(ranked[:k]), len(held_out)))

    def precision_of_the_items_shown(ranked, held_out, k):
        """You divide by the number of items shown, which is the precision. Divide by the smaller one of k and the number of hidden items."""
        return _hits(ranked[:k], held_out) / max(1, len(ranked[:k]))

    def hidden_items_cut(ranked, held_out, k):
        """You cut the hidden items at k, but they stand in no order, so some hits are lost. Cut the ranking alone."""
        return _hits(ranked[:k], held_out[:k]) / max(1, min(k, len(held_out)))

    def hidden_items_cut_alone(ranked, held_out, k):
        """You cut the hidden items at k, which stand in no order, and look through the whole ranking. Cut the ranking, and nothing else."""
        return _hits(ranked, held_out[:k]) / max(1, min(k, len(held_out)))

    def intersection_over_union(ranked, held_out, k):
        """You divide by the items that were shown or hidden, each counted once: that is intersection over union. Divide by the smaller one of k and the number of hidden items."""
        union = set(torch.as_tensor(ranked[:k]).tolist()) | set(torch.as_tensor(held_out).tolist())
        return _hits(ranked[:k], held_out) / max(1, len(union))

    def per_cent(ranked, held_out, k):
        """You return per cent, so 100 is the best. Leave out the factor of 100: a share between 0 and 1 is asked."""
        return 100 * recall_at_k(ranked, held_out, k)

    def counts_beyond_k(ranked, held_out, k):
        """You count hits in the whole ranking. Only its first k items were shown to the user."""
        return _hits(ranked, held_out) / max(1, min(k, len(held_out)))

    def one_place_too_few(ranked, held_out, k):
        """You look at one place too few: the item at place k counts too. `ranked[:k]` has the first k items."""
        return _hits(ranked[: k - 1], held_out) / max(1, min(k, len(held_out)))

    def last_k_items(ranked, held_out, k):
        """You look at the last k items of the ranking. It is given with the best item first."""
        return _hits(ranked[-k:], held_out) / max(1, min(k, len(held_out)))

    def hit_or_miss(ranked, held_out, k):
        """You give 1 for a single hit, which is the hit rate. Count the hits and divide."""
        return float(_hits(ranked[:k], held_out) > 0)

    def hits_not_divided(ranked, held_out, k):
        """You return the number of hits. Divide it by the most hits that are possible."""
        return float(_hits(ranked[:k], held_out))

    def misses_counted(ranked, held_out, k):
        """You count the hidden items that were not found. Count those that were."""
        return 1 - recall_at_k(ranked, held_out, k)

    def compares_place_by_place(ranked, held_out, k):
        """You compare the two rows place by place, but the hidden items stand in no order. Ask for each
        recommended item whether it is among the hidden ones."""
        pairs = zip(torch.as_tensor(ranked).tolist()[:k], torch.as_tensor(held_out).tolist())
        return sum(one == two for one, two in pairs) / max(1, min(k, len(held_out)))

    def set_of_tensors(ranked, held_out, k):
        """Nothing is ever found: a set of tensors compares the objects, not the numbers in them. Turn the tensors
        into lists by `tolist()` first."""
        return len(set(ranked[:k]) & set(held_out)) / max(1, min(k, len(held_out)))

    def integer_division(ranked, held_out, k):
        """Your division drops the fraction, so only a perfect ranking scores. Use `/`, not `//`."""
        return _hits(ranked[:k], held_out) // max(1, min(k, len(held_out)))

    def division_by_zero(ranked, held_out, k):
        """Where nothing is hidden you divide by 0. Return 0 for such a user."""
        return _hits(ranked[:k], held_out) / min(k, len(held_out))

    def nan_where_nothing_is_hidden(ranked, held_out, k):
        """Where nothing is hidden you return NaN, from 0 / 0. Return 0 for such a user, or the mean over all users
        is lost."""
        return torch.tensor(_hits(ranked[:k], held_out)) / min(k, len(held_out))

    def one_where_nothing_is_hidden(ranked, held_out, k):
        """Where nothing is hidden you return 1, as if everything had been found. Return 0 for such a user."""
        return recall_at_k(ranked, held_out, k) if len(held_out) else 1.0


class Variants:
    """Right answers in other styles."""

    def isin(ranked, held_out, k):
        ranked, held_out = torch.as_tensor(ranked), torch.as_tensor(held_out)
        if len(held_out) == 0:
            return torch.tensor(0.0)
        return torch.isin(ranked[:k], held_out).sum() / min(k, len(held_out))

    def sets(ranked, held_out, k):
        if len(held_out) == 0 or len(ranked) == 0:
            return 0
        shown = {int(item) for item in ranked[:k]}
        return len(shown & {int(item) for item in held_out}) / min(k, len(held_out))

    def broadcast(ranked, held_out, k):
        ranked, held_out = torch.as_tensor(ranked).long()[:k], torch.as_tensor(held_out).long()
        same = (ranked[:, None] == held_out[None, :]).double()
        return same.sum() / max(min(k, len(held_out)), 1)

    def numpy_inside(ranked, held_out, k):
        hits = numpy.isin(numpy.asarray(ranked)[:k], numpy.asarray(held_out))
        return numpy.float64(hits.sum()) / max(1, min(k, len(held_out)))

    def loop(ranked, held_out, k):
        hits = 0.0
        for place, item in enumerate(ranked):
            for hidden in held_out:
                if place < k and int(item) == int(hidden):
                    hits += 1
        return hits / min(k, len(held_out)) if hits else 0.0


class Symptoms:
    """Signs in what came back; each docstring is what the learner reads."""

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
