"""Answer to `recommend_content`."""

import numpy
import torch

from grader.exercises import id_lists as signs

from .probe import BELOW, SCORES

POINTS = 3
HINTS = (
    "The decoder rebuilds a value for every item, also for those that the user never liked. What does a high value "
    "there say, and which items must not be in the answer all the same?",
    "Rebuild the user's row with mask=False and sort all N items by their values. Then keep, in that order, what is "
    "new and at least the threshold, and cut at n last.",
    "`order = scores.argsort(descending=True, stable=True)`, `new = ~likes[user].bool()`, then "
    "`order[new[order] & (scores[order] >= threshold)][:n]`.",
)
HINTS_FOR = {
    "shortened_list": "`order[new[order]]` filters the ids themselves, so each stays the id that it was.",
    "seen_set_to_zero": "Minus infinity is below every value: `scores.masked_fill(liked, -torch.inf)`.",
    "cut_before_the_filter": "With `[:n]` as the very last step, whatever is taken out makes room for the next.",
    "ties_left_to_topk": "`topk` promises nothing about equal values; a stable sort keeps them in the order of their ids.",
}
NOTICE = "One user's own likes went in, and nobody else's. Yet the weights that ranked the items were learnt from all users."
EQUAL = {
    "1 -> 2 (2)": "the user's row still comes first",
    "0 -> -1": "the first row is the last too",
}


def recommend_content(autoencoder, likes, user, n, threshold=0.0):
    if n < 1 or not 0 <= user < len(likes):
        raise ValueError(f"n must be at least 1 and user a row of the likes, but they are {n} and {user}")
    with torch.no_grad():
        _, scores = autoencoder(likes[user : user + 1].float(), mask=False)
    scores, new = scores[0], ~likes[user].bool()
    order = scores.argsort(descending=True, stable=True)
    return order[new[order] & (scores[order] >= threshold)][:n]


def _asked(autoencoder, likes, user, n, mask=False):
    """Give the reconstruction and where the user has no like."""
    if n < 1 or user < 0 or user >= len(likes):
        raise ValueError("n or user")
    return autoencoder(likes[user].float(), mask)[1].detach(), ~likes[user].bool()


def _highest(scores, wanted, n, largest=True):
    order = scores.argsort(descending=largest, stable=True)
    return order[wanted[order]][:n]


class Mistakes:
    """Wrong answers; each docstring is what the learner reads."""

    def known_items_too(autoencoder, likes, user, n, threshold=0.0):
        """You recommend items that the user likes already: the decoder rebuilds just those highest. Leave them out
        before you cut."""
        scores, _ = _asked(autoencoder, likes, user, n)
        return _highest(scores, scores >= threshold, n)

    def shortened_list(autoencoder, likes, user, n, threshold=0.0):
        """You return places in the shortened list of new items. Look up which item stands at each place, or leave the
        row as long as it was."""
        scores, new = _asked(autoencoder, likes, user, n)
        return _highest(scores[new], scores[new] >= threshold, n)

    def lowest_first(autoencoder, likes, user, n, threshold=0.0):
        """The items with the lowest reconstruction come first in your answer. Sort with `descending=True`."""
        scores, new = _asked(autoencoder, likes, user, n)
        return _highest(scores, new & (scores >= threshold), n, largest=False)

    def ranked_by_distance_from_0(autoencoder, likes, user, n, threshold=0.0):
        """You rank by the absolute value, so an item rebuilt as -2 comes before one rebuilt as 0.5. A negative reconstruction is a low one:
        leave out `abs`."""
        scores, new = _asked(autoencoder, likes, user, n)
        return _highest(scores.abs(), new & (scores >= threshold), n)

    def absolute_values(autoencoder, likes, user, n, threshold=0.0):
        """You rank by the absolute value and hold it against the threshold, so an item rebuilt as -2 looks like a high one. Take the
        reconstruction as it comes, without `abs`."""
        scores, new = _asked(autoencoder, likes, user, n)
        return _highest(scores.abs(), new & (scores.abs() >= threshold), n)

    def not_sorted(autoencoder, likes, user, n, threshold=0.0):
        """Your items come in the order of their ids. Sort them by their reconstruction, the highest first."""
        scores, new = _asked(autoencoder, likes, user, n)
        return (new & (scores >= threshold)).nonzero().flatten()[:n]

    def dropout_left_on(autoencoder, likes, user, n, threshold=0.0):
        """You rebuild from a masked input, so a part of the user's likes is lost and every call gives another answer.
        Pass mask=False."""
        scores, new = _asked(autoencoder, likes, user, n, mask=True)
        return _highest(scores, new & (scores >= threshold), n)

    def seen_set_to_zero(autoencoder, likes, user, n, threshold=0.0):
        """You set the liked items to 0, which is above every negative reconstruction, so they come back. Set them to
        minus infinity, or take them out."""
        scores, new = _asked(autoencoder, likes, user, n)
        return _highest(scores * new, scores * new >= threshold, n)

    def cut_before_the_filter(autoencoder, likes, user, n, threshold=0.0):
        """You cut at n first and leave out what the user likes afterwards, so too few remain. Filter first."""
        scores, new = _asked(autoencoder, likes, user, n)
        return (top := _highest(scores, scores >= threshold, n))[new[top]]

    def threshold_ignored(autoencoder, likes, user, n, threshold=0.0):
        """Items below the threshold are in your answer. Keep only those whose reconstruction is at least the
        threshold, even if fewer than n remain."""
        return _highest(*_asked(autoencoder, likes, user, n), n)

    def threshold_of_its_own(autoencoder, likes, user, n, threshold=0.0):
        """You compare with 0 whatever `threshold` is. Compare with the parameter: 0 is only what it is by default."""
        return recommend_content(autoencoder, likes, user, n)

    def another_default(autoencoder, likes, user, n, threshold=0.5):
        """Called without a threshold, you leave out what is rebuilt low. Let `threshold=0.0` stand in the first line."""
        return recommend_content(autoencoder, likes, user, n, threshold)

    def threshold_itself_left_out(autoencoder, likes, user, n, threshold=0.0):
        """An item exactly at the threshold is missing. At least the threshold means `>=`, not `>`."""
        scores, new = _asked(autoencoder, likes, user, n)
        return _highest(scores, new & (scores > threshold), n)

    def sigmoid_added(autoencoder, likes, user, n, threshold=0.0):
        """You put a sigmoid on top of the reconstruction, so it meets the threshold as another number. Compare it as
        the autoencoder gives it."""
        scores, new = _asked(autoencoder, likes, user, n)
        return _highest(scores.sigmoid(), new & (scores.sigmoid() >= threshold), n)

    def ranks_the_latent(autoencoder, likes, user, n, threshold=0.0):
        """You rank the latent: the autoencoder returns (latent, reconstruction), in that order. Take the second."""
        _, new = _asked(autoencoder, likes, user, n)
        scores = autoencoder.encode(likes[user].float())
        return _highest(scores, new[: len(scores)] & (scores >= threshold), n)

    def row_of_the_first_user(autoencoder, likes, user, n, threshold=0.0):
        """You rank the reconstruction of user 0, the first row of the batch. Take the row of the user asked for."""
        _, new = _asked(autoencoder, likes, user, n)
        scores, _ = _asked(autoencoder, likes, 0, n)
        return _highest(scores, new & (scores >= threshold), n)

    def mean_of_all_users(autoencoder, likes, user, n, threshold=0.0):
        """You rank the mean of all users' reconstructions. Take the row of the user asked for."""
        _, new = _asked(autoencoder, likes, user, n)
        scores = autoencoder(likes.float(), mask=False)[1].mean(dim=0)
        return _highest(scores, new & (scores >= threshold), n)

    def nothing_without_likes(autoencoder, likes, user, n, threshold=0.0):
        """A user who likes nothing gets nothing in your answer. The decoder rebuilds a row for him too: rank that."""
        found = recommend_content(autoencoder, likes, user, n, threshold)
        return found if likes[user].any() else found[:0]

    def ties_to_the_higher_id(autoencoder, likes, user, n, threshold=0.0):
        """Of two equally high items yours puts the higher id first, as a reversed ascending sort does. Sort with
        `descending=True, stable=True`."""
        scores, new = _asked(autoencoder, likes, user, n)
        order = scores.argsort(stable=True).flip(0)
        return order[new[order] & (scores[order] >= threshold)][:n]

    def ties_left_to_topk(autoencoder, likes, user, n, threshold=0.0):
        """`topk` breaks ties at will, so equally high items come in no order. Use a stable sort: `argsort(...,
        stable=True)` keeps the lower id first."""
        scores, new = _asked(autoencoder, likes, user, n)
        scores = scores.masked_fill(~new | (scores < threshold), -torch.inf)
        return scores.topk(min(n, int(scores.isfinite().sum()))).indices

    def values_not_ids(autoencoder, likes, user, n, threshold=0.0):
        """You return the reconstruction itself. Return the ids of the items, by `argsort`."""
        return _asked(autoencoder, likes, user, n)[0][recommend_content(autoencoder, likes, user, n, threshold)]

    def empty_is_float(autoencoder, likes, user, n, threshold=0.0):
        """Where there is nothing to recommend your empty tensor is float32. Say `dtype=torch.int64` when you make it."""
        return torch.tensor(recommend_content(autoencoder, likes, user, n, threshold).tolist())

    def likes_not_converted(autoencoder, likes, user, n, threshold=0.0):
        """The likes go into the autoencoder as they came, and its layers take float32 alone. Turn them into float32
        by `.float()` first."""
        return autoencoder(likes[user], mask=False)[1].argsort(descending=True)[:n]

    def nothing_refused(autoencoder, likes, user, n, threshold=0.0):
        """An n below 1, or a user who is not there, gets some answer or another error. Test both first and raise a
        `ValueError`."""
        scores = autoencoder(likes[user].float(), mask=False)[1]
        return _highest(scores, ~likes[user].bool() & (scores >= threshold), n)


class Variants:
    """Right answers in other styles."""

    def minus_infinity(autoencoder, likes, user, n, threshold=0.0):
        scores, new = _asked(autoencoder.eval(), likes, user, n)
        scores = torch.where(new & (scores >= threshold), scores, -torch.inf)
        return scores.sort(descending=True, stable=True).indices[: min(n, int((scores > -torch.inf).sum()))]

    def all_users_at_once(autoencoder, likes, user, n, threshold=0.0):
        if n < 1 or user not in range(likes.shape[0]):
            raise ValueError("n or user")
        _, scores = autoencoder(likes.to(torch.float32), False)
        ids = torch.nonzero((likes[user] == 0) & (scores[user] >= threshold)).squeeze(1)
        return ids[(-scores[user, ids]).argsort(stable=True)][:n]

    def sorted_in_python(autoencoder, likes, user, n, threshold=0.0):
        values, new = (row.tolist() for row in _asked(autoencoder, likes, user, n))
        ids = [item for item in range(len(values)) if new[item] and values[item] >= threshold]
        return torch.tensor(sorted(ids, key=lambda item: (-values[item], item))[:n], dtype=torch.long)

    def numpy_inside(autoencoder, likes, user, n, threshold=0.0):
        scores, new = (row.numpy() for row in _asked(autoencoder, likes, user, n))
        order = numpy.lexsort((numpy.arange(len(scores)), -scores.astype(numpy.float64)))
        return torch.from_numpy(order[new[order] & (scores[order] >= threshold)][:n])

    def best_one_after_another(autoencoder, likes, user, n, threshold=0.0):
        scores, new = _asked(autoencoder, likes, user, n)
        left, found = (new & (scores >= threshold)).nonzero().flatten().tolist(), []
        while left and len(found) < n:
            found.append(left.pop(left.index(max(left, key=lambda item: float(scores[item])))))
        return torch.tensor(found, dtype=torch.int64)

    def counted_who_is_above(autoencoder, likes, user, n, threshold=0.0):
        scores, new = _asked(autoencoder, likes, user, n)
        ids = (new & (scores >= threshold)).nonzero().flatten()
        above = (scores[ids] > scores[ids, None]) | (scores[ids] == scores[ids, None]).tril(-1)
        return ids[above.sum(dim=1).argsort()][:n]


def _rebuilt(expected, got):
    """Give, for each list that differs and whose reconstructions are known, its question, what is asked, what came, and those."""
    for entry, asked, found in signs.lists(expected, got):
        if "rebuilt as" in entry.label or "the same items" in entry.label:
            yield entry, asked, found, BELOW if "-" in entry.label else SCORES


class Symptoms:
    """Signs in what came back; each docstring is what the learner reads."""

    def nothing_to_stack(expected, got):
        """For {case} there is nothing to return, and `stack` and `cat` make no tensor of nothing. Return an empty int64 tensor there."""
        return "non-empty" in got.error.text and {"case": expected.entries[len(got.entries) - 1].label}

    def mask_left_out(expected, got):
        """You call the autoencoder without its `mask`. Say that nothing is to be masked: `mask=False`."""
        return "missing" in got.error.text and "'mask'" in got.error.text

    def no_such_item(expected, got):
        """For {case}, you answer {found}, and {id} is no item. Fewer than n ids are fine: nothing has to fill the row up."""
        for entry, _, found in signs.lists(expected, got):
            strange = [item for item in found if type(item) is int and not 0 <= item < entry.inputs["likes"].shape[1]]
            if strange:
                return {"case": entry.label, "found": found, "id": strange[0]}

    def known_items_left(expected, got):
        """For {case}, items that the user likes already are in your answer. Take them out whatever their value is:
        neither 0 nor -1 is below every reconstruction."""
        for one, two in signs.differing(expected, got):
            if type(two.value) is type(one.value) is torch.Tensor and one.inputs["likes"][one.inputs["user"]][two.value].any():
                return {"case": one.label}

    def good_input_refused(expected, got):
        """For {case}, you raise a `ValueError`, and an answer is asked. Refuse an n below 1 and a user who is not there, and nothing else."""
        *before, last = expected.entries[: len(got.entries)]
        user_0 = last.inputs["user"] == 0 and not any(entry.inputs["user"] == 0 for entry in before)
        return got.error.kind == "ValueError" and "raise" in got.error.code and not user_0 and {"case": last.label}

    def below_the_threshold(expected, got):
        """For {case}, the item {id} is in your answer: it is rebuilt as {score}, and the threshold is {least}. Hold each item's own
        reconstruction against `threshold`, as it comes."""
        for entry, _, found, scores in _rebuilt(expected, got):
            low = [item for item in found if scores[item] < entry.inputs.get("threshold", 0)]
            if low:
                return {"case": entry.label, "id": low[0], "score": scores[low[0]], "least": f"{entry.inputs.get('threshold', 0):g}"}

    def left_out_above_the_threshold(expected, got):
        """For {case}, the item {id} is missing: it is rebuilt as {score}, and the threshold is {least}. Whatever is at least the threshold
        may be recommended."""
        for entry, asked, found, scores in _rebuilt(expected, got):
            lost = [item for item in asked if item not in found]
            if lost and len(found) < len(asked):
                return {"case": entry.label, "id": lost[0], "score": scores[lost[0]], "least": f"{entry.inputs.get('threshold', 0):g}"}

    def not_from_high_to_low(expected, got):
        """For {case}, you answer {found}, which are rebuilt as {scores}. These should go down from the highest."""
        odd = list(_rebuilt(expected, got))
        for entry, asked, found, scores in odd if any(asked[::-1] != found for _, asked, found, _ in odd) else ():
            if sorted(asked) == sorted(found):
                return {"case": entry.label, "found": found, "scores": ", ".join(f"{scores[item]:g}" for item in found)}

    def ties_left_to_chance(expected, got):
        """Your order is right but where items are rebuilt equally high, and there the lower id comes first. Sort with
        `stable=True`: `topk` and a plain sort break ties at will."""
        return {one.label for one, _ in signs.differing(expected, got) if type(one.value) is not str} == {"many items rebuilt equally high"}

    def bad_input_taken(expected, got):
        """For {case}, `{name}` raises no `ValueError`. Test `n` and `user` before you index the likes: Python counts
        negative ones from the end."""
        odd = [one for one, _ in signs.differing(expected, got)]
        return odd[:1] != [] and all(type(one.value) is str for one in odd) and {"case": odd[0].label}

    no_ids, not_one_row, user_0_refused = signs.no_ids, signs.not_one_row, signs.user_0_refused
    too_many_ids, worst_first, other_order = signs.too_many_ids, signs.worst_first, signs.other_order
    id_out_of_place, id_left_out = signs.id_out_of_place, signs.id_left_out
    bad_input_taken.status = "wrong"
