"""Answer to `sample_negative`."""

import random

import numpy
import torch

from grader.differences import same_frequencies

POINTS = 3
HINTS = (
    "Take anybody. With which probability must you keep him, so that j comes in proportion to 1 - iou[u, j]?",
    "`torch.randint(M, (B,), generator=generator)` proposes, one candidate a draw. The IoU of each user with his candidate alone needs two tensors "
    "of shape (B, N), and `torch.rand(B, generator=generator)` tosses the coins. Who is refused draws again.",
    "Keep the numbers of the open draws. In each round: candidates for these alone, `both = (mine & theirs).sum(1)`, `either = (mine | theirs).sum(1)`, "
    "kept where `torch.rand(...) * either >= both`, which needs no division.",
)
HINTS_FOR = {
    "never_refused": "A candidate who likes just the same as the user has weight 0. What in your code would refuse him?",
    "nan_for_users_without_likes": "`0 / 0` is NaN, and `x < NaN` is false for every x, so such a candidate is never kept. Try `clamp(min=1)` on the union.",
    "given_up_too_soon": "Keep a tensor of the draws that are still open. Each round draws for those alone, and leaves in it who was refused.",
    "same_partner_for_all": "For B draws you need B candidates and B coins.",
    "table": "You need the IoU of each user with *his candidate* alone: `likes[users]` and `likes[candidates]` have shape `(B, N)`.",
}
NOTICE = "Most candidates are kept at once: in large data nearly everybody is unlike. That is why a negative costs less than a positive."


def sample_negative(likes, users, generator):
    likes = likes.bool()
    partners, open_draws = torch.empty_like(users), torch.arange(len(users))
    while len(open_draws):
        mine = likes[users[open_draws]]
        candidate = torch.randint(len(likes), (len(mine),), generator=generator)
        theirs = likes[candidate]
        both, either = (mine & theirs).sum(dim=1), (mine | theirs).sum(dim=1)
        kept = torch.rand(len(mine), generator=generator) * either >= both    # always, where neither likes anything
        partners[open_draws[kept]] = candidate[kept]
        open_draws = open_draws[~kept]
    return partners


def anybody(mine, likes, generator):
    return torch.randint(len(likes), (len(mine),), generator=generator)


def coins(count, generator):
    return torch.rand(count, generator=generator)


def iou(mine, theirs):
    return (mine & theirs).sum(1) / (mine | theirs).sum(1).clamp(min=1)


def unlike(mine, theirs):
    return 1 - iou(mine, theirs)


def drawn(likes, users, generator, chance=unlike, candidates=anybody, rounds=10_000, coins=coins):
    """Rejection with other candidates, another chance to be kept, or an end after some rounds: then whoever was refused last stays."""
    likes, open_draws, partners = likes.bool(), torch.arange(len(users)), torch.empty_like(users)
    while len(open_draws) and rounds:
        mine = likes[users[open_draws]]
        found = partners[open_draws] = candidates(mine, likes, generator)
        refused = ~(coins(len(found), generator) < chance(mine, likes[found]))
        open_draws, rounds = open_draws[refused], rounds - 1
    return partners, open_draws


def through_an_item(mine, likes, generator):
    items, likers = likes.T.nonzero(as_tuple=True)
    counts = items.bincount(minlength=likes.shape[1])
    item = torch.multinomial(~mine * counts.float() + 1e-9, 1, generator=generator)[:, 0]
    return likers[((counts.cumsum(0) - counts)[item] + (coins(len(item), generator) * counts[item]).long()).clamp(max=len(likers) - 1)]


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
    return outright(likes, users, generator, unlike) if len(likes) < 100 else drawn(likes, users, generator)[0]


def wrong(text, result=lambda partners, refused, users: partners, weights=None, **changed):
    """Rejection with something changed, or with nothing and a wrong result; among few users the same by `weights`."""
    def sample_negative(likes, users, generator):
        if len(likes) < 100 and (weights or not changed):
            found = outright(likes, users, generator, weights or unlike), users[:0]
        else:
            found = drawn(likes, users, generator, **changed)
        return result(*found, users)

    sample_negative.__doc__ = text
    return sample_negative


def weighted(text, chance):
    """The same with another chance to be kept; NaN keeps nobody."""
    return wrong(text, weights=lambda mine, theirs: chance(mine, theirs).nan_to_num(0), chance=chance)


class Mistakes:
    """Wrong answers; each sentence is what the learner reads."""

    never_refused = weighted("You draw among all users evenly, also those just like the user, whose weight is 0. Keep a candidate with probability 1 - IoU, else draw another.", chance=lambda mine, theirs: torch.ones(len(mine)))
    iou_instead = weighted("You draw with the weights `iou`, so alike users come and strangers never. Keep a candidate with probability 1 - IoU.", chance=lambda mine, theirs: torch.where(mine.any(1), iou(mine, theirs), 1))
    strangers_only = weighted("You never draw somebody who shares a like with the user. He comes more rarely, not never: keep him with probability 1 - IoU.", chance=lambda mine, theirs: ~(mine & theirs).any(1) * 1.0)
    alike_by_a_threshold = weighted("You refuse everybody whose IoU is above some value, and keep all others. Toss a coin: keep each with probability 1 - IoU.", chance=lambda mine, theirs: (iou(mine, theirs) < 0.5) * 1.0)
    dice = weighted("You divide the shared likes by a mean of the two numbers of likes, as Dice and cosine do, or by the larger one. Divide by the items that either likes.", chance=lambda mine, theirs: 1 - 2 * (mine & theirs).sum(1) / (mine.sum(1) + theirs.sum(1)).clamp(min=1))
    union_counts_twice = weighted("You divide by the two numbers of likes added up, where the shared ones are counted twice, so that even twins are drawn. Divide by the items that either likes.", chance=lambda mine, theirs: 1 - (mine & theirs).sum(1) / (mine.sum(1) + theirs.sum(1)).clamp(min=1))
    over_the_users_likes = weighted("You divide the shared likes by the user's own number of likes, so whoever likes everything is never drawn. Divide by the items that either likes.", chance=lambda mine, theirs: 1 - (mine & theirs).sum(1) / mine.sum(1).clamp(min=1))
    over_the_others_likes = weighted("You divide the shared likes by the candidate's number of likes, so whoever likes one thing of the user's is never drawn. Divide by the items that either likes.", chance=lambda mine, theirs: 1 - (mine & theirs).sum(1) / theirs.sum(1).clamp(min=1))
    over_all_items = weighted("You divide the shared likes by the number of all items. Divide by the items that one of the two likes.", chance=lambda mine, theirs: 1 - (mine & theirs).sum(1) / mine.shape[1])
    agreement_on_zeros = weighted("You count items that neither likes as agreement. Only items that somebody of the two likes belong to the IoU.", chance=lambda mine, theirs: (mine != theirs).float().mean(1))
    squared = weighted("Your coin is tossed twice, or your weight squared: who shares something comes too rarely. One coin a candidate, with probability 1 - IoU.", chance=lambda mine, theirs: unlike(mine, theirs) ** 2)
    through_an_item_not_liked = wrong("You choose an item that the user does not like, then one of its likers: those of many likes come too often, and those of none never. Take anybody as a candidate.", candidates=through_an_item)
    given_up_too_soon = wrong("After a few tries you return whoever was refused last, so alike users come too often. Draw again until somebody is kept.", rounds=3)
    himself_where_refused = wrong("Where a candidate is refused, at once or after some tries, you return the user himself, and his weight is 0. Draw again until somebody is kept.", lambda partners, refused, users: partners.index_copy(0, refused, users[refused]), rounds=1)
    refused_left_out = wrong("You return fewer partners than users were asked for: the refused ones are left out. Draw for these again, and put the new ones in their places.", lambda partners, refused, users: partners[~torch.isin(torch.arange(len(users)), refused)], rounds=1)
    refused_left_open = wrong("Some of what you return are no ids of users, such as -1 where a candidate was refused. Draw for these again until somebody is kept.", lambda partners, refused, users: partners.index_fill(0, refused, -1), rounds=1)
    redone_in_other_places = wrong("Partners get into other draws' places: what you draw again is put at the end, so partner and user no longer belong together. Keep the numbers of the open draws, and write each partner to his own.", lambda partners, refused, users: torch.cat([partners[mask := (torch.arange(len(users)) % 3 > 0)], partners[~mask]]))
    same_partner_for_all = wrong("All draws of a batch get one and the same partner where they ask for the same user. Take a candidate and a coin for each draw of its own.", lambda partners, refused, users: partners[(users[:, None] == users).int().argmax(1)] if len(users) else partners)
    last_user_left_out = wrong("The last user is never drawn. The end of `randint(M, ...)` is left out already, so hand it `len(likes)`, not one less.", candidates=lambda mine, likes, generator: torch.randint(len(likes) - 1, (len(mine),), generator=generator))
    squeezed = wrong("For a single user your result has no dimension left, and shape `(1,)` is asked. Leave out `squeeze()`, and take a column by `[:, 0]`.", lambda partners, refused, users: partners.squeeze())
    column = wrong("Your result has shape `(B, 1)`, as `torch.multinomial(..., 1)` or a draw of shape `(B, 1)` gives. Take its only column: `[:, 0]`.", lambda partners, refused, users: partners[:, None])
    not_int64 = wrong("Your ids are of another type than int64. Begin with `torch.empty_like(users)`, or end with `.long()`.", lambda partners, refused, users: partners.float())
    python_list = wrong("You return a list, and a tensor of int64 is asked. Wrap it in `torch.tensor(..., dtype=torch.int64)`, which works for an empty one too.", lambda partners, refused, users: partners.tolist())
    nan_for_users_without_likes = weighted("Two users without likes never come together: their IoU is 0 / 0, and no number is below NaN. Make that 0: divide by the union, but by no less than 1.", chance=lambda mine, theirs: 1 - (mine & theirs).sum(1) / (mine | theirs).sum(1))

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

    def empty_batch(likes, users, generator):
        """For an empty batch your function fails. With no draw open there is nothing to do: return an empty int64 tensor."""
        return drawn(likes, users, generator)[0] if len(users) else torch.stack([])

    def table(likes, users, generator):
        """You make a table of all users' similarities, and a million users would need terabytes. Compare each user with his candidate alone."""
        likes = likes.float()
        both, counts = likes[users] @ likes.T, likes.sum(1)
        weights = 1 - both / (counts[users][:, None] + counts - both).clamp(min=1)
        return torch.multinomial(weights, 1, generator=generator)[:, 0] if len(users) else users

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

    def products(likes, users, generator):
        likes, partners, waiting = likes.float(), users.clone(), torch.ones(len(users), dtype=torch.bool)
        while waiting.any():
            mine, found = likes[users[waiting]], (torch.rand(int(waiting.sum()), generator=generator, dtype=torch.float64) * len(likes)).long()
            both = torch.einsum("bn,bn->b", mine, likes[found])
            similarity = (both / (mine.sum(1) + likes[found].sum(1) - both)).nan_to_num(0)
            kept = torch.bernoulli(1 - similarity, generator=generator).bool()
            partners[waiting.nonzero()[:, 0][kept]] = found[kept]
            waiting[waiting.clone()] = ~kept
        return partners

    def likes_of_one_alone(likes, users, generator):
        likes, partners, left = likes.int(), users.clone(), torch.arange(len(users))
        while len(left):
            mine, found = likes[users[left]], torch.randint(len(likes), left.shape, generator=generator)
            either = torch.maximum(mine, likes[found]).sum(1)
            kept = (torch.rand(left.shape, generator=generator) * either < (mine - likes[found]).abs().sum(1)) | (either == 0)
            partners[left[kept]], left = found[kept], left[~kept]
        return partners

    def all_redrawn_and_some_kept(likes, users, generator):
        likes, partners = likes.bool(), torch.full_like(users, -1)
        while (partners < 0).any():
            found = torch.randint(len(likes), users.shape, generator=generator)
            kept = torch.rand(users.shape, generator=generator) < unlike(likes[users], likes[found])
            partners = torch.where((partners < 0) & kept, found, partners)
        return partners

    def one_user_after_the_other(likes, users, generator):
        partners = []
        for user in users.tolist():
            while True:
                other = torch.randint(len(likes), (1,), generator=generator).item()
                mine, theirs = likes[user] != 0, likes[other] != 0
                either = (mine | theirs).sum().item()
                if not either or torch.rand((), generator=generator) >= (mine & theirs).sum().item() / either:
                    partners.append(other)
                    break
        return torch.tensor(partners, dtype=torch.int64)

    def sets_and_python(likes, users, generator):
        chance = random.Random(int(torch.randint(2**62, (1,), generator=generator)))
        liked = [frozenset(item for item, like in enumerate(row) if like) for row in likes.tolist()]

        def partner(user):
            other = chance.randrange(len(liked))
            either = liked[user] | liked[other]
            return other if not either or chance.random() >= len(liked[user] & liked[other]) / len(either) else partner(user)

        return torch.tensor([partner(user) for user in users.tolist()], dtype=torch.int64)

    def numpy_inside(likes, users, generator):
        chance = numpy.random.default_rng(int(torch.randint(2**62, (1,), generator=generator)))
        liked, users = likes.numpy().astype(bool), users.numpy()
        partners, left = numpy.empty(len(users), dtype=numpy.int64), numpy.arange(len(users))
        while left.size:
            other = chance.integers(len(liked), size=left.size)
            mine, theirs = liked[users[left]], liked[other]
            kept = chance.random(left.size) >= (mine & theirs).sum(1) / numpy.maximum((mine | theirs).sum(1), 1)
            partners[left[kept]], left = other[kept], left[~kept]
        return torch.from_numpy(partners)

    def many_candidates_at_once(likes, users, generator, tries=4):
        likes, partners, open_draws = likes.bool(), users.clone(), torch.arange(len(users))
        while len(open_draws):
            mine, found = likes[users[open_draws]][:, None], torch.randint(len(likes), (len(open_draws), tries), generator=generator)
            similarity = (mine & likes[found]).sum(2) / (mine | likes[found]).sum(2).clamp(min=1)
            kept = torch.rand(found.shape, generator=generator) < 1 - similarity
            partners[open_draws] = found.gather(1, kept.int().argmax(1, keepdim=True))[:, 0]
            open_draws = open_draws[~kept.any(1)]
        return partners

    def recursion(likes, users, generator):
        partners, refused = drawn(likes, users, generator, rounds=1)
        if len(refused):
            partners[refused] = Variants.recursion(likes, users[refused], generator)
        return partners

    def rows_one_by_one(likes, users, generator):
        likes, found = likes.double(), torch.zeros(len(users), dtype=torch.int64)
        for place, user in enumerate(users):
            both = likes @ likes[user]
            weights = 1 - both / (likes.sum(1) + likes[user].sum() - both).clamp(min=1)
            found[place] = torch.multinomial(weights, 1, generator=generator)
        return found

    def never_himself(likes, users, generator):
        others = lambda mine, likes, generator: torch.randint(len(likes) - 1, (len(mine),), generator=generator)  # noqa: E731
        everybody, partners, left = likes.bool(), users.clone(), torch.arange(len(users))
        while len(left):
            found = others(left, everybody, generator)
            found = found + (found >= users[left])
            kept = coins(len(left), generator) < unlike(everybody[users[left]], everybody[found])
            partners[left[kept]], left = found[kept], left[~kept]
        return partners


class Symptoms:
    """Signs of a trap, whatever else is different; one without a sentence has that of the mistake of its name."""

    def table(expected, got):
        """Your function {held}. A table of all users' similarities would need terabytes for a million: compare each user with his candidate alone."""
        return got.error.kind == "MemoryError" and {"held": got.error.text.removeprefix("it ")}

    def nan_for_users_without_likes(expected, got):
        same = same_frequencies(*(seen["who was drawn for users 0 and 52"] for seen in (expected, got)))
        return same and got[SETS[1]] == [0, 1, 2, 3, 5] and got[SETS[0]] == expected[SETS[0]]

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

    def twins_drawn(expected, got):
        """You draw somebody who likes just the same as the user, and his weight is 0. Keep every candidate, also who comes for a refused one, with probability 1 - IoU, which is 0 there."""
        return any(set(got[label]) - set(expected[label]) for label in SETS)

    def never_drawn(expected, got):
        """Some users are never drawn whose weight is above 0. Everybody can come whose IoU with the user is below 1, and two users without likes have 0."""
        return any(set(expected[label]) - set(got[label]) for label in SETS)

    def generator_seeded(expected, got): return got["its next state gives other draws"] is False

    def draws_hang_together(expected, got):
        """The draws of one batch hang together: twice the same call, and the shares differ by more than chance. Toss a coin for each draw of its own."""
        one, two = (entry.value for entry in got.entries if entry.sample and "and 12" in entry.label)
        return not same_frequencies(one, two)

    def himself_where_refused(expected, got): return got[RARE] in ([0], [0, 30])
    def given_up_too_soon(expected, got): return got[RARE] and got[RARE] != [30]

    def other_weights(expected, got):
        """Of the partners of {whom}, {found} are {kind}, where 1 - IoU asks for about {wanted}. Follow one candidate on paper: how
        probable is he, and how probable is it that he is kept?"""
        return got.ended == "done" and max((gap for entry in got.entries if entry.sample and not same_frequencies(expected[entry.label], entry.value) for gap in _gaps(entry.label, expected[entry.label], entry.value)), key=lambda gap: gap["size"], default=False)

    table.status = endless.status = "wrong"


RARE = "a user with one stranger among 60"
SETS, ONE = ["user 0, asked 200 times", "user 4, who likes nothing, asked 200 times"], "one and the same for every draw"


def _forms(got):
    return [entry.value for entry in got.entries if type(entry.value) is dict]


KINDS = {  # how many kinds of partners are counted for each user, and what they are called
    "users 0 and 52": (4, {
        0: ("a user with a twin, with 50 who share nine of his ten likes, and with ten strangers", ("himself", "the twin", "of the 50", "strangers")),
        52: ("a user with nine twins among 62", ("strangers", "strangers", "strangers", "his twins"))}),
    "a user among 9 twins and 10 strangers": (3, {0: ("a user with nine twins and ten strangers", ("himself", "twins", "strangers"))}),
    "users 0 and 12": (5, {
        0: ("a user of two likes", ("himself", "his twin", "of ten who like one of these", "of ten who like everything", "strangers")),
        12: ("a user who likes everything", ("of two likes", "of two likes", "of one like", "who like everything", "of other likes or none"))}),
    "twelve users": (13, {user: (f"user {user} of twelve", tuple(f"user {other}" for other in range(13))) for user in range(12)}),
}


def _gaps(label, expected, got):
    """How far the shares of each user's partners lie from the wanted ones, in standard errors."""
    width, users = KINDS.get(label.removeprefix("who was drawn for ").removesuffix(", once more"), (1, {}))
    for user, (whom, kinds) in users.items():
        one, two = (counts.reshape(-1, width)[user].double() for counts in (expected, got))
        wanted, found = (counts / counts.sum().clamp(min=1) for counts in (one, two))
        size, place = ((found - wanted).abs() / (wanted * (1 - wanted) / two.sum()).clamp(min=1e-5).sqrt()).max(0)
        yield {"size": float(size), "whom": whom, "kind": kinds[place], "found": f"{found[place]:.0%}", "wanted": f"{wanted[place]:.0%}"}
