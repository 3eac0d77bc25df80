"""Answer to `recommend_collaborative`."""

from collections import Counter

import torch

from grader.exercises import id_lists as signs
from grader.exercises.similar_users.exercise import similar_users

POINTS = 3
HINTS = (
    "Three neighbours like a book that you have not read. How many votes does it have, and which items must never be "
    "recommended, however many votes they have?",
    "The rows `likes[neighbours]` are the ballots: their sum over the users counts the votes. Sort all items by "
    "votes, then keep the new ones that have a vote, and only then cut at n.",
    "`votes = likes[neighbours].float().sum(dim=0)`, set `votes[likes[user].bool()] = 0`, then `order = "
    "votes.argsort(descending=True, stable=True)`; keep those of `order` whose votes are above 0.",
)
HINTS_FOR = {
    "shortened_list": "Keep all N items in the row of votes, those of the user at 0: a place in it then is the item's id.",
    "cut_before_the_filter": "With `[:n]` as the very last step, whatever is taken out makes room for the next.",
    "ties_left_to_topk": "`topk` promises nothing about equal values; a stable sort keeps them in the order of their ids.",
}
NOTICE = "Nothing about the items was used: the neighbours lead a user to things that are unlike anything he knows."
EQUAL = {
    "likes[neighbours].float().sum(dim=0) -> likes[neighbours].float().mean(dim=0)": "a mean ranks as its sum does",
    "likes[neighbours].float() -> likes[neighbours]": "a sum of bools or integers counts as well",
    "0 -> -1": "what lies below one vote is left out",
}


def recommend_collaborative(autoencoder, likes, user, k, n):
    if n < 1:
        raise ValueError(f"n must be at least 1, but is {n}")
    neighbours = similar_users(autoencoder, likes, user, k)
    votes = likes[neighbours].float().sum(dim=0)
    votes[likes[user].bool()] = 0  # he knows these already
    order = votes.argsort(descending=True, stable=True)
    return order[votes[order] > 0][:n]


def _votes(autoencoder, likes, user, k, n):
    """Give every item's votes, with those of the items that the user knows set to 0."""
    if not n >= 1:
        raise ValueError("n is too small")
    votes = likes.long()[similar_users(autoencoder, likes, user, k)].sum(dim=0)
    return votes * (1 - likes[user].long())


def _most(votes, n, floor=0):
    order = votes.argsort(descending=True, stable=True)
    return order[votes[order] > floor][:n]


class Mistakes:
    """Wrong answers; each docstring is what the learner reads."""

    def known_items_too(autoencoder, likes, user, k, n):
        """You recommend items that the user likes already. Take their votes away before you sort."""
        _votes(autoencoder, likes, user, k, n)
        return _most(likes[similar_users(autoencoder, likes, user, k)].float().sum(0), n)

    def shortened_list(autoencoder, likes, user, k, n):
        """You return places in the shortened list of new items. Look up which item stands at each place."""
        votes = _votes(autoencoder, likes, user, k, n)
        return _most(votes[~likes[user].bool()], n)

    def fewest_votes_first(autoencoder, likes, user, k, n):
        """The items with the fewest votes come first in your answer. Sort with `descending=True`."""
        votes = _votes(autoencoder, likes, user, k, n)
        order = votes.argsort(stable=True)
        return order[votes[order] > 0][:n]

    def himself_among_the_voters(autoencoder, likes, user, k, n):
        """One neighbour too few votes, for the user himself takes the place of one. Take k others."""
        _votes(autoencoder, likes, user, k, n)
        voters = similar_users(autoencoder, likes, user, k)[: k - 1]
        return _most(likes[voters].float().sum(dim=0) * (1 - likes[user].float()), n)

    def everybody_votes(autoencoder, likes, user, k, n):
        """All users vote in your answer, which is the popularity. Only the k most alike users have a vote."""
        _votes(autoencoder, likes, user, k, n)
        return _most(likes.float().sum(dim=0) * (1 - likes[user].float()), n)

    def summed_over_the_items(autoencoder, likes, user, k, n):
        """You add up each neighbour's likes, one number for a user. Add up over the neighbours, one number for each item: `sum(dim=0)`."""
        _votes(autoencoder, likes, user, k, n)
        counts = likes[similar_users(autoencoder, likes, user, k)].float().sum(dim=1)
        return counts.argsort(descending=True, stable=True)[:n]

    def votes_of_the_reconstruction(autoencoder, likes, user, k, n):
        """You add up what is rebuilt for the neighbours. A vote is a like of theirs: add up their rows of `likes`."""
        _votes(autoencoder, likes, user, k, n)
        rebuilt = autoencoder(likes.float(), mask=False)[1][similar_users(autoencoder, likes, user, k)]
        return _most(rebuilt.sum(dim=0) * (1 - likes[user].float()), n)

    def nearest_alone_votes(autoencoder, likes, user, k, n):
        """Only the most alike user votes in your answer. Add up the likes of all k neighbours."""
        return _most(_votes(autoencoder, likes, user, 1 if k > 0 else k, n), n)

    def all_must_like_it(autoencoder, likes, user, k, n):
        """You keep only what all neighbours like. One vote is enough to be recommended, and more votes come first."""
        _votes(autoencoder, likes, user, k, n)
        voters = likes[similar_users(autoencoder, likes, user, k)].bool()
        return (voters.all(dim=0) & ~likes[user].bool()).nonzero().flatten()[:n]

    def one_neighbour_too_many(autoencoder, likes, user, k, n):
        """k + 1 users vote in your answer. `similar_users` has left the user himself out already: ask it for k."""
        return _most(_votes(autoencoder, likes, user, k and k + 1, n), n)

    def n_neighbours_asked(autoencoder, likes, user, k, n):
        """You ask for n neighbours: n is the number of items, k that of the neighbours who vote."""
        return _most(_votes(autoencoder, likes, user, n, n), n)

    def neighbours_returned(autoencoder, likes, user, k, n):
        """You return the neighbours. They are the voters: return the items that they like and the user does not."""
        _votes(autoencoder, likes, user, k, n)
        return similar_users(autoencoder, likes, user, k)[:n]

    def likes_shared_out(autoencoder, likes, user, k, n):
        """A neighbour who likes little has more weight in your answer. Each of his likes is one vote, however many there are."""
        _votes(autoencoder, likes, user, k, n)
        ballots = likes[similar_users(autoencoder, likes, user, k)].float()
        return _most((ballots / ballots.sum(dim=1, keepdim=True).clamp(min=1)).sum(dim=0) * (1 - likes[user].float()), n)

    def weighted_votes(autoencoder, likes, user, k, n):
        """Your nearer neighbours have more weight. Here each of the k has one vote, as the statement asks."""
        _votes(autoencoder, likes, user, k, n)
        ids = similar_users(autoencoder, likes, user, k)
        latents = autoencoder.encode(likes.float()).detach()
        weight = 1 / (1 + (latents[ids] - latents[user]).norm(dim=1))
        return _most(weight @ likes[ids].float() * (1 - likes[user].float()), n)

    def votes_not_counted(autoencoder, likes, user, k, n):
        """You take the items in the order of their ids and count no votes. Add the votes up and sort by them."""
        return (_votes(autoencoder, likes, user, k, n) > 0).nonzero().flatten()[:n]

    def items_without_a_vote(autoencoder, likes, user, k, n):
        """You fill the list up with items that no neighbour likes. Keep those with a vote, even if they are fewer."""
        votes = _votes(autoencoder, likes, user, k, n)
        order = votes.argsort(descending=True, stable=True)
        return order[~likes[user].bool()[order]][:n]

    def cut_before_the_filter(autoencoder, likes, user, k, n):
        """You cut at n first and leave out what the user knows afterwards, so too few remain. Filter first."""
        _votes(autoencoder, likes, user, k, n)
        order = _most(likes[similar_users(autoencoder, likes, user, k)].float().sum(dim=0), n)
        return order[~likes[user].bool()[order]]

    def k_and_n_exchanged(autoencoder, likes, user, k, n):
        """You ask n neighbours for k items. k is the number of neighbours, n that of items."""
        return recommend_collaborative(autoencoder, likes, user, n, k)

    def ties_to_the_higher_id(autoencoder, likes, user, k, n):
        """Of two items with as many votes yours puts the higher id first. Sort with `descending=True, stable=True`."""
        votes = _votes(autoencoder, likes, user, k, n)
        order = votes.argsort(stable=True).flip(0)
        return order[votes[order] > 0][:n]

    def ties_left_to_topk(autoencoder, likes, user, k, n):
        """`topk` breaks ties at will, so items with as many votes come in no order. A stable sort keeps the lower id first."""
        votes = _votes(autoencoder, likes, user, k, n)
        return votes.topk(min(n, int((votes > 0).sum()))).indices

    def votes_not_ids(autoencoder, likes, user, k, n):
        """You return the numbers of votes. Return the ids of the items that got them, by `argsort`."""
        votes = _votes(autoencoder, likes, user, k, n)
        return votes[_most(votes, n)]

    def empty_is_float(autoencoder, likes, user, k, n):
        """Where there is nothing to recommend your empty tensor is float32. Say `dtype=torch.int64` when you make it."""
        return torch.tensor(recommend_collaborative(autoencoder, likes, user, k, n).tolist())

    def n_not_tested(autoencoder, likes, user, k, n):
        """An n below 1 gets an answer. Test it first and raise a `ValueError`."""
        return _most(_votes(autoencoder, likes, user, k, 1), n)


class Variants:
    """Right answers in other styles."""

    def counter(autoencoder, likes, user, k, n):
        if n <= 0:
            raise ValueError("n")
        others, ballots = similar_users(autoencoder, likes, user, k).tolist(), Counter()
        known = set(likes[user].nonzero().flatten().tolist())
        for other in others:
            ballots.update(item for item in likes[other].nonzero().flatten().tolist() if item not in known)
        return torch.tensor(sorted(ballots, key=lambda item: (-ballots[item], item))[:n], dtype=torch.int64)

    def ids_of_new_items(autoencoder, likes, user, k, n):
        if n < 1:
            raise ValueError(f"n is {n}")
        ballots = likes[similar_users(autoencoder, likes, user, k)]
        new = (likes[user] == 0).nonzero()[:, 0]
        votes = ballots[:, new].sum(dim=0)
        new, votes = new[votes > 0], votes[votes > 0]
        return new[votes.sort(descending=True, stable=True).indices[:n]]

    def id_as_tie_break(autoencoder, likes, user, k, n):
        votes, items = _votes(autoencoder, likes, user, k, n).double(), likes.shape[1]
        keys = votes - torch.arange(items) / items
        ranked = keys.topk(items).indices
        return ranked[: min(n, int(votes.count_nonzero()))]

    def matrix_product(autoencoder, likes, user, k, n):
        chosen, _ = torch.zeros(len(likes)), _votes(autoencoder, likes, user, k, n)
        chosen[similar_users(autoencoder, likes, user=user, k=k)] = 1
        votes = (chosen @ likes.float()).masked_fill(likes[user] != 0, -1)
        return torch.argsort(-votes, stable=True)[: min(n, int((votes >= 1).sum()))]

    def most_votes_to_fewest(autoencoder, likes, user, k, n):
        votes, found = _votes(autoencoder, likes, user, k, n), []
        for count in range(int(votes.max()), 0, -1):
            found += [item for item, given in enumerate(votes.tolist()) if given == count]
        return torch.tensor(found[:n]).long()

    def counted_by_bins(autoencoder, likes, user, k, n):
        _votes(autoencoder, likes, user, k, n)
        new = likes[similar_users(autoencoder, likes, user, k)].bool() & ~likes[user].bool()
        votes = torch.bincount(new.nonzero()[:, 1], minlength=likes.shape[1])
        return (-votes).argsort(stable=True)[: min(n, int(votes.count_nonzero()))]


class Symptoms:
    """Signs in what came back; each docstring is what the learner reads."""

    def good_input_refused(expected, got):
        """For {case}, you raise a `ValueError`, and an answer is asked. Refuse an n below 1, and leave k and the user to `similar_users`: there
        may be fewer items than n, or none."""
        *before, last = expected.entries[: len(got.entries)]
        user_0 = last.inputs["user"] == 0 and not any(entry.inputs["user"] == 0 for entry in before)
        return got.error.kind == "ValueError" and "raise" in got.error.code and not user_0 and {"case": last.label}

    def nothing_to_stack(expected, got):
        """For {case} there is nothing to return, and `stack` and `cat` make no tensor of nothing. Return an empty int64 tensor there."""
        return "non-empty" in got.error.text and {"case": expected.entries[len(got.entries) - 1].label}

    def no_such_item(expected, got):
        """For {case}, you answer {found}, and {id} is no item. Fewer than n ids are fine: nothing has to fill the row up."""
        for entry, _, found in signs.lists(expected, got):
            strange = [item for item in found if type(item) is int and not 0 <= item < entry.inputs["likes"].shape[1]]
            if strange:
                return {"case": entry.label, "found": found, "id": strange[0]}

    def places_among_the_new(expected, got):
        """For {case}, you answer {found}, which are places in the shortened list of new items. Look up which item stands at each place."""
        odd = list(signs.lists(expected, got))
        new = [(one.inputs["likes"][one.inputs["user"]] == 0).nonzero().flatten().tolist() for one, _, _ in odd]
        same = [[ids.index(item) for item in asked] == found for ids, (_, asked, found) in zip(new, odd)]
        told = [(one.label, found) for one, _, found in odd if found]    # an empty answer holds no places
        return {"case": told[0][0], "found": told[0][1]} if told and all(same) else False

    def known_items_left(expected, got):
        """For {case}, items that the user likes already are in your answer. Take them out before you cut at n: votes of 0 alone
        leave them in the order."""
        odd = [(one, two.value) for one, two in signs.differing(expected, got) if type(two.value) is type(one.value) is torch.Tensor]
        found = [one.label for one, value in odd if one.inputs["likes"][one.inputs["user"]][value].any()]
        return {"case": found[0]} if found else False

    def item_twice(expected, got):
        """For {case}, the id {id} comes twice in your answer, {found}. Count an item's votes first, then name it once."""
        for entry, _, found in signs.lists(expected, got):
            if len(set(found)) < len(found):
                return {"case": entry.label, "found": found, "id": next(item for item in found if found.count(item) > 1)}

    def near_outweighs_far(expected, got):
        """In your answer one near neighbour outweighs two far ones. Each of the k has one vote, and the votes are added up."""
        town = [seen["users at 9, 1, 0 and 2 on the latent line"].tolist()[:2] for seen in (expected, got)]
        return town[0] == town[1] and got["a far item that two like and a near one that one likes"].tolist() == [0, 1]

    def one_too_few(expected, got):
        """Your answers end one item too early: for {case}, with {found}. Look at where you cut: `[:n]` keeps n items."""
        full = [(one, two.value) for one, two in zip(expected.entries, got.entries) if len(one.value) == one.inputs["n"]]
        short = all(torch.equal(one.value[:-1], found) for one, found in full)
        return {"case": full[0][0].label, "found": full[0][1].tolist()} if short else False

    def more_than_one_vote_asked(expected, got):
        """For {case}, your answer ends after {found}, and more items have a vote. One vote is enough to be recommended."""
        odd = [part for part in signs.lists(expected, got) if not part[0].label.startswith(("ten users", "many items"))]
        if odd and all(len(found) < len(asked) and asked[: len(found)] == found for _, asked, found in odd):
            return {"case": odd[0][0].label, "found": odd[0][2]}

    def ties_left_to_chance(expected, got):
        """Your order is right but where items have equally many votes: there the lower id comes first, whatever else is known of them. Sort
        with `stable=True`: `topk` and a plain sort break ties at will."""
        odd = [one.label for one, _ in signs.differing(expected, got) if type(one.value) is not str]
        return odd != [] and all("equally many" in label for label in odd)

    def bad_input_taken(expected, got):
        """For {case}, `{name}` raises no `ValueError`. Test `n`, and call `similar_users` before you index the likes:
        it tests `k` and `user`."""
        odd = [one for one, _ in signs.differing(expected, got)]
        return odd[:1] != [] and all(type(one.value) is str for one in odd) and {"case": odd[0].label}

    no_ids, not_one_row, user_0_refused = signs.no_ids, signs.not_one_row, signs.user_0_refused
    too_many_ids, worst_first, other_order = signs.too_many_ids, signs.worst_first, signs.other_order
    id_out_of_place, id_left_out = signs.id_out_of_place, signs.id_left_out
    bad_input_taken.status = "wrong"
