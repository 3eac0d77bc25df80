"""Answer to `sample_positive`."""

import random

import numpy
import torch

from grader.differences import same_frequencies

POINTS = 4
HINTS = (
    "Choose one of the user's items, then one of those who like it. How often does that give user j, if each pair of an item and a liker "
    "of it is equally probable? And what must you multiply that by to get the IoU?",
    "Taken like this, j comes in proportion to the likes that the two share. Keep him with probability |u| / |u or j|, and draw both the "
    "item and the liker again for every user whose candidate was not kept, until nobody is left.",
    "`items, likers = likes.bool().T.nonzero(as_tuple=True)` lists the likers item by item, and `bincount` counts them. An item comes "
    "from `torch.multinomial(mine * counts, 1, generator=generator)`, its liker from a place between 0 and `counts[item]`. Loop over the "
    "numbers of the draws that are still open.",
)
HINTS_FOR = {
    "item_of_any_number_of_likers": "An item with two likers and one with a thousand: if both are chosen as often, each of the two likers "
    "comes five hundred times as often as each of the thousand.",
    "never_refused": "Somebody who likes everything shares a lot with everybody. What does the IoU divide by, that your draw does not?",
    "given_up_too_soon": "Keep a tensor of the draws that are still open. Each round draws for those alone, and leaves in it who was refused.",
    "same_partner_for_all": "For B draws you need B items, B places and B coins: `torch.rand(B, generator=generator)`.",
    "table": "You need the union of each user with *his candidate* alone: `likes[users] | likes[candidates]` has shape `(B, N)`.",
}
NOTICE = "The weights were never added up, and still each draw is exact. That is what rejection is for: it needs the ratios alone."

EQUAL = {
    "torch.rand(len(item), generator=generator, dtype=torch.float64) -> torch.rand(len(item), generator=generator)": "float32 tells the places of a few thousand likers apart",
    "0 -> -1": "the counts have one dimension",
    "0 -> -1 (2)": "the only column is the last one too",
    "1 -> 2 (2)": "of two items that are drawn, the first comes as if it were alone",
    "torch.rand(len(item), generator=generator) * either < mine.sum(dim=1) -> torch.rand(len(item), generator=generator) * either <= mine.sum(dim=1)": "a draw is never just the edge",
}


def sample_positive(likes, users, generator):
    likes = likes.bool()
    items, likers = likes.T.nonzero(as_tuple=True)    # who likes item 0, then who likes item 1, ...
    counts = items.bincount(minlength=likes.shape[1])
    first = counts.cumsum(dim=0) - counts             # where each item's likers begin
    partners, open_draws = torch.empty_like(users), torch.arange(len(users))
    while len(open_draws):
        mine = likes[users[open_draws]]
        item = torch.multinomial(mine * counts.float(), 1, generator=generator)[:, 0]
        place = torch.rand(len(item), generator=generator, dtype=torch.float64) * counts[item]
        candidate = likers[first[item] + place.long()]
        either = (mine | likes[candidate]).sum(dim=1)
        kept = torch.rand(len(item), generator=generator) * either < mine.sum(dim=1)
        partners[open_draws[kept]] = candidate[kept]
        open_draws = open_draws[~kept]                # who was refused draws again, from the start
    return partners


def propose(mine, likes, generator, weigh=lambda mine, counts: mine * counts, short=0):
    """One candidate a row, through an item drawn with the weights that `weigh` gives; the last `short` likers never come."""
    items, likers = likes.T.nonzero(as_tuple=True)
    counts = items.bincount(minlength=likes.shape[1])
    item = torch.multinomial(weigh(mine, counts.float()).float(), 1, generator=generator)[:, 0]
    place = torch.rand(len(item), generator=generator) * (counts[item] - short).clamp(min=1)
    return likers[(counts.cumsum(0) - counts)[item] + place.long()]


def ratio(mine, theirs):
    return mine.sum(1) / (mine | theirs).sum(1)


def anybody(mine, likes, generator):
    return torch.randint(len(likes), (len(mine),), generator=generator)


def coins(count, generator):
    return torch.rand(count, generator=generator)


def drawn(likes, users, generator, chance=ratio, candidates=propose, rounds=10_000, coins=coins):
    """Rejection with other candidates, another chance to be kept, or an end after some rounds: then whoever was refused last stays."""
    likes, open_draws, partners = likes.bool(), torch.arange(len(users)), torch.empty_like(users)
    while len(open_draws) and rounds:
        mine = likes[users[open_draws]]
        found = partners[open_draws] = candidates(mine, likes, generator)
        refused = coins(len(found), generator) >= chance(mine, likes[found])
        open_draws, rounds = open_draws[refused], rounds - 1
    return partners, open_draws


def iou(mine, theirs):
    return (mine & theirs).sum(1) / (mine | theirs).sum(1).clamp(min=1)


def outright(likes, users, generator, weights):
    """The partners by weights that are written out, which costs less than refusing; for few users."""
    asked, place = users.unique(return_inverse=True)
    every = likes.bool()
    rows = weights(every[asked].repeat_interleave(len(every), dim=0), every.repeat(len(asked), 1))
    ends = rows.double().reshape(len(asked), len(every)).cumsum(dim=1)
    ends = ends / ends[:, -1:].clamp(min=1e-9) + torch.arange(len(asked))[:, None]    # one row of numbers for all who ask
    chances = place + torch.rand(len(users), generator=generator, dtype=torch.float64)
    found = torch.searchsorted(ends.flatten(), chances, right=True) - place * len(every)
    return found.clamp(0, len(every) - 1)


def right(likes, users, generator):
    """What a mistake does right: the partners as asked."""
    return outright(likes, users, generator, iou) if len(likes) < 100 else drawn(likes, users, generator)[0]


def wrong(text, result=lambda partners, refused, users: partners, weights=None, **changed):
    """Rejection with something changed, or with nothing and a wrong result; among few users the same by `weights`."""
    def sample_positive(likes, users, generator):
        if len(likes) < 100 and (weights or not changed):
            found = outright(likes, users, generator, weights or iou), users[:0]
        else:
            found = drawn(likes, users, generator, **changed)
        return result(*found, users)

    sample_positive.__doc__ = text
    return sample_positive


def weighted(text, chance):
    """The same with another chance to be kept."""
    return wrong(text, weights=lambda mine, theirs: (mine & theirs).sum(1) * chance(mine, theirs), chance=chance)


def always(mine, theirs):
    return torch.ones(len(mine))


def sharing(mine, theirs):
    return (mine & theirs).any(1).float()


def unlike(mine, theirs):
    return 1 - iou(mine, theirs)


def by_rarity(mine, theirs):
    """What remains of the IoU where each of the user's items is as probable as another; `theirs` are some times all users."""
    return ((mine & theirs) / theirs.sum(0).clamp(min=1)).sum(1) * ratio(mine, theirs).nan_to_num()


class Mistakes:
    """Wrong answers; each sentence is what the learner reads."""

    never_refused = weighted("Your partners come in proportion to the likes that they share with the user: nobody is refused, or who is comes back all the same. Keep a candidate with probability |u| / |u or j|, else draw a new item and a new liker.", chance=always)
    item_of_any_number_of_likers = wrong("You choose the user's item evenly, so somebody who shares a rare item comes too often. Weigh each of his items by how many users like it.", weights=by_rarity, candidates=lambda *given: propose(*given, weigh=lambda mine, counts: mine))
    accepted_by_iou = weighted("Your candidates come in proportion to what they share already, and you keep them by the IoU, which has that in it once more. Keep them with probability |u| / |u or j|.", chance=iou)
    accepted_by_the_other = weighted("You keep a candidate by *his* number of likes over the union, so those who like much come too often. Put the user's own number there: it is the same for all his candidates.", chance=lambda mine, theirs: theirs.sum(1) / (mine | theirs).sum(1))
    union_counts_twice = weighted("You divide by the two numbers of likes added up, where the shared ones are counted twice, or by their mean, as Dice does. Divide by the items that either likes.", chance=lambda mine, theirs: mine.sum(1) / (mine.sum(1) + theirs.sum(1)))
    over_the_larger = weighted("You divide by the larger of the two numbers of likes, where some items that only one of them likes are missing. Divide by the items that either likes.", chance=lambda mine, theirs: mine.sum(1) / torch.maximum(mine.sum(1), theirs.sum(1)))
    over_the_others_likes = weighted("You keep a candidate by 1 over his own number of likes, so the items that only the user likes are missing. Divide by the items that either likes.", chance=lambda mine, theirs: 2 / theirs.sum(1).clamp(min=1))
    user_counts_twice = weighted("You divide by the user's likes and all items that just one of the two likes, where some of his are counted twice. Divide by the items that either likes, each once.", chance=lambda mine, theirs: mine.sum(1) / (mine.sum(1) + (mine ^ theirs).sum(1)))
    squared = weighted("Your coin is tossed twice, or its chance squared: who likes much comes too rarely. One coin a candidate, with probability |u| / |u or j|.", chance=lambda mine, theirs: ratio(mine, theirs) ** 2)
    item_of_anybody = wrong("Your item may be one that the user does not like, so that strangers come as candidates. Set the weights of all items but his own to 0.", weights=lambda mine, theirs: theirs.sum(1) * ratio(mine, theirs).nan_to_num(), candidates=lambda *given: propose(*given, weigh=lambda mine, counts: counts.expand(mine.shape)))
    evenly = wrong("You draw among all users evenly. Someone who shares nothing with the user has weight 0, and the others come in proportion to their IoU.", weights=always, candidates=anybody, chance=always)
    evenly_among_sharers = wrong("You draw evenly among those who share a like with the user. Draw in proportion to the IoU: at twice the IoU, twice as often.", weights=sharing, candidates=anybody, chance=sharing)
    unlike_instead = wrong("You draw with the weights 1 - IoU, which are the other exercise's. Here alike users come often, and strangers never.", weights=unlike, candidates=anybody, chance=unlike)
    given_up_too_soon = wrong("After a few tries you return whoever was refused last, so those who like much come too often. Draw again until somebody is kept.", rounds=3)
    himself_where_refused = wrong("Where a candidate is refused, at once or after some tries, you return the user himself, so he comes too often. Draw again until somebody is kept.", lambda partners, refused, users: partners.index_copy(0, refused, users[refused]), rounds=1)
    refused_left_out = wrong("You return fewer partners than users were asked for: the refused ones are left out. Draw for these again, and put the new ones in their places.", lambda partners, refused, users: partners[~torch.isin(torch.arange(len(users)), refused)], rounds=1)
    refused_left_open = wrong("Some of what you return are no ids of users, such as -1 where a candidate was refused. Draw for these again until somebody is kept.", lambda partners, refused, users: partners.index_fill(0, refused, -1), rounds=1)
    redone_in_other_places = wrong("Partners get into other draws' places, as where `users` are sorted or what you draw again is put at the end, so partner and user no longer belong together. Keep each draw's number, and write its partner there.", lambda partners, refused, users: torch.cat([partners[mask := (torch.arange(len(users)) % 3 > 0)], partners[~mask]]))
    same_partner_for_all = wrong("All draws of a batch get one and the same partner where they ask for the same user. Draw an item, a liker and a coin for each draw of its own.", lambda partners, refused, users: partners[(users[:, None] == users).int().argmax(1)] if len(users) else partners)
    last_liker_left_out = wrong("The last liker of an item is never drawn. A place below `counts[item]` is `(torch.rand(B) * counts[item]).long()`, and the end of `randint` is left out already.", candidates=lambda *given: propose(*given, short=1))
    squeezed = wrong("For a single user your result has no dimension left, and shape `(1,)` is asked. Leave out `squeeze()`, and take a column by `[:, 0]`.", lambda partners, refused, users: partners.squeeze())
    column = wrong("Your result has shape `(B, 1)`, as `torch.multinomial(..., 1)` gives. Take its only column: `[:, 0]`.", lambda partners, refused, users: partners[:, None])
    not_int64 = wrong("Your ids are of another type than int64. Begin with `torch.empty_like(users)`, or end with `.long()`.", lambda partners, refused, users: partners.float())
    python_list = wrong("You return a list, and a tensor of int64 is asked. Wrap it in `torch.tensor(..., dtype=torch.int64)`, which works for an empty one too.", lambda partners, refused, users: partners.tolist())

    def global_randomness(likes, users, generator):
        """Some of your random numbers don't come from `generator`, so its state does not repeat the draws. Hand `generator=generator` to every function that draws."""
        return drawn(likes, users, generator, coins=lambda count, generator: torch.rand(count))[0]

    def generator_seeded(likes, users, generator):
        """You set the generator's seed yourself, or make one of your own, so every call gives the same draws. Use the one handed in as it comes."""
        return right(likes, users, torch.Generator().manual_seed(generator.initial_seed()))

    def global_seed(likes, users, generator):
        """You set the seed of torch's own generator, which everybody else draws from too. Draw from `generator` itself."""
        torch.manual_seed(int(torch.randint(2**31, (), generator=generator)))
        return drawn(likes, users, None)[0]

    def place_instead_of_user(likes, users, generator):
        """You return the place of the liker among his item's likers, and not who stands there. Read his id off the list at that place."""
        counts = likes.bool().sum(0)
        item = torch.multinomial(likes[users] * counts.float(), 1, generator=generator)[:, 0] if len(users) else users
        return (coins(len(item), generator) * counts[item]).long()

    def item_instead_of_user(likes, users, generator):
        """You return the item, and not one of those who like it. Draw one of its likers, and compare him with the user."""
        return torch.multinomial(likes[users] * likes.bool().sum(0).float(), 1, generator=generator)[:, 0] if len(users) else users

    def empty_batch(likes, users, generator):
        """For an empty batch your function fails. With no draw open there is nothing to do: return an empty int64 tensor."""
        return drawn(likes, users, generator)[0] if len(users) else torch.stack([])

    def table(likes, users, generator):
        """You make a table of all users' similarities, and a million users would need terabytes. Compare each user with his candidate alone."""
        likes = likes.float()
        both, counts = likes[users] @ likes.T, likes.sum(1)
        return torch.multinomial(both / (counts[users][:, None] + counts - both), 1, generator=generator)[:, 0] if len(users) else users

    def likes_changed(likes, users, generator):
        """You change the likes that you are given, and everybody's later draws with them. Work on a copy, or on the rows that you pick."""
        partners = drawn(likes, users, generator)[0]
        likes[users] = 0
        return partners

    def endless(likes, users, generator):
        """Your loop does not end, or only once all draws of a batch are kept in the same round. Take those who are kept out of the open draws each time, and look whether your coin keeps where it should refuse."""
        while True:
            coins(len(users), generator)


class Variants:
    """Right answers in other styles."""

    def anybody_kept_by_iou(likes, users, generator):
        return drawn(likes, users, generator, candidates=anybody, chance=iou)[0]

    def smaller_constant(likes, users, generator):
        return drawn(likes, users, generator, chance=lambda mine, theirs: 1 / (mine | theirs).sum(1))[0]

    def through_an_item_that_anybody_likes(likes, users, generator):
        def through(mine, likes, generator):
            item = torch.multinomial(mine.float(), 1, generator=generator)[:, 0]
            return (found := anybody(mine, likes, generator)).where(likes[found, item], torch.tensor(-1))

        chance = lambda mine, theirs: ratio(mine, theirs)  # noqa: E731
        likes, partners, open_draws = likes.bool(), torch.empty_like(users), torch.arange(len(users))
        while len(open_draws):
            mine = likes[users[open_draws]]
            found = through(mine, likes, generator)
            kept = (found >= 0) & (torch.rand(len(found), generator=generator) < mine.any(1) * chance(mine, likes[found]))
            partners[open_draws[kept]] = found[kept]
            open_draws = open_draws[~kept]
        return partners

    def one_user_after_the_other(likes, users, generator):
        likers = [likes[:, item].nonzero()[:, 0] for item in range(likes.shape[1])]
        counts, partners = torch.tensor([float(len(found)) for found in likers]), []
        for user in users.tolist():
            mine = likes[user] != 0
            while True:
                item = int(torch.multinomial(mine * counts, 1, generator=generator))
                other = likers[item][torch.randint(len(likers[item]), (1,), generator=generator)].item()
                if torch.rand(1, generator=generator) < mine.sum() / (mine | (likes[other] != 0)).sum():
                    partners.append(other)
                    break
        return torch.tensor(partners, dtype=torch.int64)

    def sets_and_python(likes, users, generator):
        chance = random.Random(int(torch.randint(2**62, (1,), generator=generator)))
        liked = [{item for item, like in enumerate(row) if like} for row in likes.tolist()]
        likers = [[user for user, items in enumerate(liked) if item in items] for item in range(likes.shape[1])]

        def partner(user):
            pool = [item for item in liked[user] for _ in likers[item]] if len(liked) < 50 else None
            while True:
                mine = sorted(liked[user])
                item = chance.choice(pool) if pool else chance.choices(mine, [len(likers[item]) for item in mine])[0]
                other = chance.choice(likers[item])
                if chance.random() < len(liked[user]) / len(liked[user] | liked[other]):
                    return other

        return torch.tensor([partner(user) for user in users.tolist()], dtype=torch.int64)

    def numpy_inside(likes, users, generator):
        chance = numpy.random.default_rng(int(torch.randint(2**62, (1,), generator=generator)))
        liked, users = likes.numpy().astype(bool), users.numpy()
        counts, order = liked.sum(0), [numpy.flatnonzero(column) for column in liked.T]
        joined, partners, left = numpy.concatenate(order), numpy.empty(len(users), dtype=numpy.int64), numpy.arange(len(users))
        while left.size:
            ends = (liked[users[left]] * counts).cumsum(1)
            item = (ends <= (chance.random(left.size) * ends[:, -1])[:, None]).sum(1)
            other = joined[(counts.cumsum() - counts)[item] + (chance.random(left.size) * counts[item]).astype(int)]
            kept = chance.random(left.size) < liked[users[left]].sum(1) / (liked[users[left]] | liked[other]).sum(1)
            partners[left[kept]], left = other[kept], left[~kept]
        return torch.from_numpy(partners)

    def many_candidates_at_once(likes, users, generator, tries=8):
        likes, partners, open_draws = likes.bool(), users.clone(), torch.arange(len(users))
        while len(open_draws):
            mine = likes[users[open_draws]]
            found = torch.stack([propose(mine, likes, generator) for _ in range(tries)], dim=1)
            kept = coins(found.shape, generator) < mine.sum(1)[:, None] / (mine[:, None] | likes[found]).sum(2)
            partners[open_draws] = found.gather(1, kept.int().argmax(1, keepdim=True))[:, 0]
            open_draws = open_draws[~kept.any(1)]
        return partners

    def recursion(likes, users, generator):
        partners, refused = drawn(likes, users, generator, rounds=1)
        if len(refused):
            partners[refused] = Variants.recursion(likes, users[refused], generator)
        return partners

    def gumbel_in_a_row(likes, users, generator):
        likes, found = likes.float(), torch.zeros_like(users)
        for place, user in enumerate(users):
            both = (likes * likes[user]).sum(1)
            weights = both / ((likes + likes[user]) > 0).sum(1).clamp(min=1)
            noise = -(-torch.rand(len(likes), generator=generator, dtype=torch.float64).log()).log()
            found[place] = (weights.log() + noise).argmax()
        return found

    def rows_one_by_one(likes, users, generator):
        likes, found = likes.double(), []
        for user in users:
            both = likes @ likes[user]
            found.append(torch.multinomial(both / (likes.sum(1) + likes[user].sum() - both), 1, generator=generator))
        return torch.cat(found) if found else torch.empty(0, dtype=torch.int64)


class Readings:
    """Another reading of the statement that is accepted."""

    def himself_left_out(likes, users, generator):
        """Right: partners come as asked. You never pair a user with himself, which is a permitted reading."""
        likes, partners, left = likes.bool(), users.clone(), users.unique() if len(likes) < 100 else torch.arange(len(users))
        while len(likes) > 100 and len(left):
            partners[left] = drawn(likes, users[left], generator)[0]
            left = left[partners[left] == users[left]]
        for user in left:
            asked, weights = users == user, iou(likes[user], likes).index_fill(0, user, 0)
            if weights.any():
                partners[asked] = torch.multinomial(weights, int(asked.sum()), replacement=True, generator=generator)
        return partners


class Symptoms:
    """Signs of a trap, whatever else is different; one without a sentence has that of the mistake of its name."""

    def table(expected, got):
        """Your function {held}. A table of all users' similarities would need terabytes for a million: compare each user with his candidate alone."""
        return got.error.kind == "MemoryError" and {"held": got.error.text.removeprefix("it ")}

    def endless(expected, got): return got.error.kind == "StillBusy"
    def likes_changed(expected, got): return any("likes" in entry.changed for entry in got.entries)
    def same_partner_for_all(expected, got): return any(entry.value == ONE for entry in got.entries)
    def global_randomness(expected, got): return got["the generator's state repeats the draws"] is False
    def global_seed(expected, got): return got["torch's own generator is left alone"] is False
    def empty_batch(expected, got): return got.error and got.compared[-1].label == "nobody"
    def squeezed(expected, got): return any(form["shape"] == [] for form in _forms(got))
    def refused_left_out(expected, got): return any(form["shape"] == "fewer than asked" for form in _forms(got))
    def refused_left_open(expected, got): return any(not form["ids of users"] for form in _forms(got))
    def column(expected, got): return any(form["shape"] == [3, 1] for form in _forms(got))
    def not_int64(expected, got): return any(form["dtype"] != "torch.int64" for form in _forms(got))
    for sign in (table, endless, likes_changed, same_partner_for_all, global_randomness, global_seed, empty_batch, squeezed,
                 refused_left_out, refused_left_open, not_int64):
        sign.urgent = True    # it decides, so the mistake of its name need not be run, and none of the others
    del sign
    likes_changed.causes_errors = True    # what is drawn later is drawn with them

    def redone_in_other_places(expected, got):
        counts = got["who was drawn for users 0 and 39"].reshape(-1, 7)
        return all(got[label] == expected[label] for label in SETS) and bool(counts[0, 4:].sum() + counts[39, :4].sum() > 0)

    def strangers(expected, got):
        """Some of your partners share nothing with their user, whose IoU with him is 0. Take candidates from those who like one of his items."""
        return any(set(got[label]) - set(expected[label]) for label in SETS) or any(not form.get("each shares a like", True) for form in _forms(got))

    def never_drawn(expected, got):
        """Some who share a like with the user are never drawn. All of them can come: whoever likes one of his items is a candidate."""
        return any(set(expected[label]) - set(got[label]) for label in SETS)

    def generator_seeded(expected, got): return got["its next state gives other draws"] is False

    def draws_hang_together(expected, got):
        """The draws of one batch hang together: the same is asked again, and the shares differ by more than chance. Toss a coin for each draw of its own."""
        one, *two = (got[label] for label in TABLES)
        first = [one, *(counts.reshape(-1, 7)[0, :4] for counts in two)]
        return not all(same_frequencies(*pair) for pair in (two, first[:2], first[::2]))

    def himself_where_refused(expected, got):
        one, two = (seen["who was drawn for users 0 and 39"].reshape(-1, 7)[[0, 39]] for seen in (expected, got))
        others = same_frequencies(one[:, [1, 2, 3, 5, 6]].flatten(), two[:, [1, 2, 3, 5, 6]].flatten())
        return others and bool((two[:, [0, 4]].sum() > one[:, [0, 4]].sum()))

    def other_weights(expected, got):
        """Of the partners of {whom}, himself left aside, {found} are {kind}, where the IoU asks for about {wanted}. Follow one candidate on paper: how
        probable is he, and how probable is it that he is kept?"""
        return got.ended == "done" and max((gap for entry in got.entries if entry.sample and not same_frequencies(expected[entry.label], entry.value) for gap in _gaps(entry.label, expected[entry.label], entry.value)), key=lambda gap: gap["size"], default=False)

    table.status = endless.status = "wrong"


TABLES = [f"who was drawn for {whom}" for whom in ("user 0", "users 0 and 39", "users 0 and 39, once more")]
SETS, ONE = [f"user {user}, asked 200 times" for user in (0, 5)], "one and the same for every draw"


def _forms(got):
    return [entry.value for entry in got.entries if type(entry.value) is dict]


TEN = ("a user of ten likes with two twins, and with 36 who share one like with him", {1: "twins", 2: "users of ten likes", 3: "users of two likes"})
TWO = ("a user of two likes with one twin, and with ten users of twenty likes", {5: "the twin", 6: "users of twenty likes"})
KINDS = {  # how many kinds of partners are counted for each user, and what they are called; the user himself is left aside
    "user 0": (4, {0: TEN}), "users 0 and 39": (7, {0: TEN, 39: TWO}),
    "twelve users": (12, {user: (f"user {user} of twelve", {other: f"user {other}" for other in range(12) if other != user}) for user in range(12)}),
}


def _gaps(label, expected, got):
    """How far the shares of each user's partners lie from the wanted ones, the user himself left aside, in standard errors."""
    width, users = KINDS.get(label.removeprefix("who was drawn for ").removesuffix(", once more"), (1, {}))
    for user, (whom, kinds) in users.items():
        one, two = (counts.reshape(-1, width)[user][list(kinds)].double() for counts in (expected, got))
        wanted, found = (counts / counts.sum().clamp(min=1) for counts in (one, two))
        size, place = ((found - wanted).abs() / (wanted * (1 - wanted) / two.sum()).clamp(min=1e-5).sqrt()).max(0)
        yield {"size": float(size), "whom": whom, "kind": list(kinds.values())[place], "found": f"{found[place]:.0%}", "wanted": f"{wanted[place]:.0%}"}
