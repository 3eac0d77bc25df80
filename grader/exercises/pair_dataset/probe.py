"""Users in pairs: for each user another one, drawn anew at every access, who is alike or unlike."""

from collections import namedtuple
from functools import cache

import torch
from torch.utils.data import DataLoader, Dataset

NAMES = ("PairDataset",)
NEEDS = ("iou",)
STUB = '''
class PairDataset(torch.utils.data.Dataset):
    """For every user a partner: an alike one with probability p, else an unlike one.

    likes: (M, N) of 0 and 1, as int64, bool or float32.  p: a number in [0, 1].
    Attributes: data (the likes), p, iou (M, M), iou_inverse (M, M) = 1 - iou.
    ValueError that names the value: p outside [0, 1]; a shape that is not 2-D; an entry other than 0 and 1.
    """

    def __init__(self, likes, p):
        raise NotImplementedError

    def __len__(self):
        """The number of users, M."""
        raise NotImplementedError

    def __getitem__(self, i):
        """Draw a partner j for user i, anew at every access.

        With probability p the weights of j are `iou[i]`, else `iou_inverse[i]`. Where these are all 0, draw
        with the other kind; where both are, the partner is user i himself.

        Returns: (user, other, similarity): the rows of i and j, (N,) float32, which the caller may change without
        changing `data`; and `iou[i, j]`, 0-dim float32, for alike and unlike pairs.
        """
        raise NotImplementedError
'''

AGAIN = 24  # accesses; of two outcomes that are as likely, one stays unseen with probability 2 * (1/2) ** 24 < 2e-7
EACH = 20  # accesses for each of two p; a uniform draw looks right at p = 1 with probability (2/3) ** 20 < 4e-4
LIKE, UNLIKE, KINDS = 120, 80, 500  # accesses that tell wrong weights from right ones
COIN = {80: (17, 31), 220: (32, 104)}  # accesses at p = 0.3, and how many alike pairs are right
# Of 100 right coins 93 pass by 80 accesses, and at most 2 of those that fall at p ** 2 or 1 - (1 - p) ** 2. Beyond the
# limits for 220 lies a right one with probability 3e-8 on either side.
AS_OFTEN = "as often as p says"
ONE, OTHERS = "one and the same partner at every access", "several partners"
Found = namedtuple("Found", "dataset likes i items")


def probe(ask, answer):
    """Ask first what one access or a few decide; many draws come last."""
    make, asked = answer.PairDataset, accesses(answer.PairDataset)
    if not (form(ask, make, asked) and kinds_apart(ask, asked)):
        return  # what follows builds on these
    label = "a user whose rows were masked in place"
    found = ask.call(label, asked, torch.ones(1, 3), 1.0, 0, 1, True, read=different_items)
    few = few_draws(ask, make, asked) if found.items[0][0].any() else None
    if not few:
        return
    rare_users(ask, make, asked)
    for label, likes in like_matrices(ask.generator):
        attributes(ask, make, label, likes)
    loader = DataLoader(make(likes, 0.5), batch_size=4)
    shapes = lambda batch: [f"{tuple(x.shape)} {x.dtype}" for x in batch]  # noqa: E731 - short, and used here alone
    ask.call("a `DataLoader` with batches of 4", next, iter(loader), read=shapes)
    for label, likes, p in unusable():
        ask.call(label, refusal(make), likes, p, aside=True)
    many_draws(ask, asked, few)


def form(ask, make, asked):
    """Ask for the attributes and for one item; say whether they have the form that the rest builds on."""
    three, twins = torch.tensor([[1, 1, 0, 0], [0, 1, 1, 0], [1, 1, 1, 0]]), torch.tensor([[1, 0, 1], [1, 0, 1]])
    dataset = attributes(ask, make, "three users", three)
    ask.record("derived from Dataset", isinstance(dataset, Dataset), name="PairDataset")
    found = ask.call("user 0 of two who like the same", asked, twins, 1.0, 0, read=item)
    held = hasattr(type(dataset), "__len__") and type(getattr(dataset, "iou", None)) is torch.Tensor
    return isinstance(dataset, Dataset) and held and well_formed(found.items[0], twins[0])


def attributes(ask, make, label, likes):
    """Ask for everything that a data set holds: the likes in any dtype, the similarities in any float."""
    dataset = ask.call(label, make, likes, 0.25, read=lambda _: "a data set")
    for name in ("len", "p", "data", "iou", "iou_inverse"):
        ask.call(f"`{name}` of {label}", value, likes, dataset, name)
    return dataset


def kinds_apart(ask, asked):
    """Ask where the alike and the unlike users are known; say whether p = 1 and p = 0 draw them."""
    stranger = torch.tensor([[1, 1, 0, 0], [1, 1, 0, 0], [0, 0, 1, 1]])
    found = [
        ask.call(f"user 0 of two twins and a stranger, p = {p:.0f}", asked, stranger, p, 0, EACH, read=different_items)
        for p in (1.0, 0.0)
    ]
    return len(different_items(found[0])) == len(different_items(found[1])) == 1 or mixed_up(ask, asked)


def mixed_up(ask, asked):
    """Tell apart what draws both kinds where one is due; never true."""
    for p in (1.0, 0.0):
        label = f"user 1 of 2 twins and 8 strangers, asked {KINDS} times at p = {p:.0f}"
        found = ask.call(label, asked, strangers(8), p, 1, KINDS, read=lambda _: "items")
        ask.sample(f"the alike and the unlike pairs at p = {p:.0f}", kinds(found), name=asked.__qualname__)
    return False


@cache
def crowds():
    """Give the users whose partners are counted: name, likes, user, p, accesses.

    Many users who like the same are one outcome. So each outcome is frequent, though the weights lie far apart: 1 and
    1/39, which is what tells their squares, their roots and even draws from them. Four like all that user 2 likes, and
    much beside: they tell an IoU from a number of shared likes.
    """
    liked = [(0, 1), (39, 42), (0, 39), (42, 44), (0, 33), *[(0, 312)] * 4, *[(0, 1)] * 41]  # from, to
    first, last = torch.tensor(liked).T[:, :, None]
    fifty = ((torch.arange(312) >= first) & (torch.arange(312) < last)).float()
    near_twins = torch.ones(41, 40)
    near_twins[:, 38:] = 0
    near_twins[4, 38] = 1
    near_twins[0] = 1 - near_twins[4]
    return (("fifty users", fifty, 2, 1.0, LIKE), ("near twins", near_twins, 4, 0.0, UNLIKE))


def few_draws(ask, make, asked):
    """Ask whether partners vary, belong to their similarities, and are tossed for at each access; None where not so."""
    few = []
    for name, likes, i, p, _ in crowds():
        label = f"user {i} of {name}, asked {AGAIN} times at p = {p:.0f}"
        found = ask.call(label, asked, likes, p, i, AGAIN, read=drawn)
        if drawn(found)["partners"] == ONE:
            others = {int(partners(asked(likes, p, i))) for _ in range(AGAIN)}
            ask.record("new data sets, whose partners differ", len(others) > 1, name="PairDataset")
            return None
        same = torch.equal(*(value(likes, one, "iou") for one in (make(likes, p), found.dataset)))
        ask.record(f"{label}, after which `iou` is as before", same, name="PairDataset")
        if not same or drawn(found)["similarity and iou[i, j]"] != "the same":
            return None
        few.append(found)
    label = f"user 1 of 2 twins and 4 strangers, asked {AGAIN} times at p = 0.5"
    found = ask.call(label, asked, strangers(4), 0.5, 1, AGAIN, read=how_many_kinds)
    return few if 0 not in kinds(found) else None


def strangers(count):
    """Give two users who like the same, and others who share no like with anybody."""
    return torch.block_diag(torch.ones(2, 2), torch.eye(count))


def many_draws(ask, asked, few):
    """Count the partners, those of the few draws among them, and the kinds of pairs."""
    coin(ask, asked)
    for (name, likes, i, p, times), before in zip(crowds(), few, strict=True):
        label = f"user {i} of {name}, asked {times} times at p = {p:.0f}"
        found = ask.call(label, asked, likes, p, i, times - AGAIN, read=lambda _: "items")
        who = partners(found._replace(items=before.items + found.items))
        weights = found.dataset.iou[i] if p else found.dataset.iou_inverse[i]
        ask.record(f"{label}: users of weight 0", [j for j in who.unique().tolist() if j < 0 or weights[j] <= 0])
        counts = torch.bincount(who + 1, minlength=len(likes) + 1)
        ask.sample(f"the draws for {label}", counts, name=asked.__qualname__)


def coin(ask, asked):
    """Count how often pairs are alike where they should be at 3 of 10 accesses."""
    label = "user 1 of 2 twins and 60 strangers, asked again and again at p = 0.3"
    found = ask.call(label, until_clear(asked), strangers(60), 0.3, 1, read=lambda _: "items")
    alike, unlike = kinds(found)
    ask.record("the alike and the unlike pairs at p = 0.3", [alike, unlike], name=asked.__qualname__, aside=True)
    ask.record("how often pairs are alike at p = 0.3", often(alike, alike + unlike), name=asked.__qualname__)


def until_clear(asked):
    """Give a function that accesses a data set, and does so further where a few accesses leave a doubt."""
    few, many = COIN

    def tossed(likes, p, i):
        found = asked(likes, p, i, few)
        more = 0 if often(kinds(found)[0], few) == AS_OFTEN else many - few
        return found._replace(items=found.items + [found.dataset[i] for _ in range(more)])

    tossed.__qualname__ = asked.__qualname__
    return tossed


def often(alike, total):
    """Say in words how often pairs were alike, of a total that stands in `COIN`."""
    fewest, most = COIN[total]
    return "too seldom" if alike < fewest else "too often" if alike > most else AS_OFTEN


def rare_users(ask, make, asked):
    """Ask about users for whom one kind of partner does not exist."""
    likes = torch.tensor([[1, 1, 0], [0, 0, 0]])
    attributes(ask, make, "users of whom one likes nothing", likes)
    ask.call("a user without likes, p = 1", asked, likes, 1.0, 1, AGAIN, read=everybody)
    ask.call("users who all like the same, p = 0", asked, torch.ones(3, 2), 0.0, 0, read=different_items)
    ask.call("users who all like nothing, p = 1", asked, torch.zeros(3, 2), 1.0, 0, read=different_items)
    ask.call("the only user, p = 0", asked, torch.ones(1, 3).bool(), 0.0, 0, read=different_items)


def like_matrices(generator):
    """Give more users than items, other dtypes, not square."""
    yield "likes as int64", (torch.rand(10, 7, generator=generator) < 0.5).long()
    yield "likes as bool", torch.tensor([[True, False, True, True, False], [True, True, False, True, False]])
    yield "likes as float32", (torch.rand(5, 9, generator=generator) < 0.4).float()


def unusable():
    """Give what no data set can be made of."""
    yield from (("p = 1.5", torch.eye(3), 1.5), ("p = -0.25", torch.eye(3), -0.25))
    yield from (("likes of shape (3,)", torch.ones(3), 0.5), ("likes of shape (4, 2, 3)", torch.ones(4, 2, 3), 0.5))
    yield from (("likes with a 7", torch.tensor([[1, 7]]), 0.5), ("likes with a 0.5", torch.tensor([[1, 0.5]]), 0.5))


def refusal(make):
    """Give a function that tells what was said about input that no data set can be made of."""

    def asked(likes, p):
        try:
            make(likes, p)
        except ValueError as error:  # one of a class of his own counts as well
            return f"ValueError: {error}"
        return "no error"

    return asked


def accesses(make):
    """Give a function that makes a data set and accesses `dataset[i]`, after masking its rows in place if told so."""

    def asked(likes, p, i, times=1, mask=False):
        dataset = make(likes.clone(), p)
        for row in dataset[i][:2] if mask else ():
            row.zero_()
        return Found(dataset, likes.float(), i, [dataset[i] for _ in range(times)])

    asked.__qualname__ = "PairDataset.__getitem__"  # the name that a learner knows it by
    return asked


def value(likes, dataset, name):
    if name == "len":
        return len(dataset) if hasattr(type(dataset), "__len__") else "missing"
    held = getattr(dataset, name, "missing")
    if name == "p":
        return float(held) if isinstance(held, int | float | torch.Tensor) else held
    if isinstance(held, torch.Tensor) and (name == "data" or held.is_floating_point()):
        return held.detach().double()
    return held


value.__qualname__ = "PairDataset"  # what a learner has written


def item(found):
    return tuple(found.items[0]) if isinstance(found.items[0], list | tuple) else found.items[0]


def well_formed(first, row):
    """Say whether a `DataLoader` could put an item into batches with others."""
    wanted = [(row.shape, torch.float32), (row.shape, torch.float32), ((), torch.float32)]
    return isinstance(first, list | tuple) and [(x.shape, x.dtype) for x in first if type(x) is torch.Tensor] == wanted


def of_items(read):
    """Read off items; where one is no triple, that is what came."""

    def reading(found):
        odd = [one for one in found.items if not (isinstance(one, list | tuple) and len(one) == 3)]
        return odd[0] if odd else read(found)

    return reading


@of_items
def different_items(found):
    """Give each item that came, once."""
    listed = [{"user": u.tolist(), "other": o.tolist(), "similarity": round(float(s), 4)} for u, o, s in found.items]
    return [listed[place] for _, place in sorted({str(one): place for place, one in enumerate(listed)}.items())]


def partners(found):
    """Give the first user whose row each partner has, -1 where no user has it."""
    rows = torch.stack([other for _, other, _ in found.items])
    nearest = (2 * rows @ found.likes.T - found.likes.sum(dim=1)).argmax(dim=1)
    return torch.where((rows == found.likes[nearest]).all(dim=1), nearest, -1)


@of_items
def drawn(found):
    """Say whether partners vary, and whether the similarities and the first rows belong to them."""
    who, similar = partners(found), torch.stack([similarity for _, _, similarity in found.items])
    return {
        "partners": ONE if len(who.unique()) == 1 else OTHERS,
        "similarity and iou[i, j]": likeness(similar, found.dataset.iou.float()[found.i, who]),
        "each user is row i": all(torch.equal(user, found.likes[found.i]) for user, _, _ in found.items),
    }


@of_items
def everybody(found):
    return {"users drawn": partners(found).unique().tolist(), **drawn(found)}


def likeness(similar, own):
    """Say how the similarities relate to those of the pairs that came."""
    close = lambda one: bool(torch.isclose(similar, one, atol=1e-4).all())  # noqa: E731 - short, and used here alone
    kinds = {
        "the same": own,
        "one for all": similar[:1].round().expand_as(similar),
        "the complement": 1 - own,
        "rounded": own.round(),
        "rounded to a digit": own.round(decimals=1),
        "rounded to two digits": own.round(decimals=2),
    }
    return next((name for name, one in kinds.items() if close(one)), "different")


@of_items
def how_many_kinds(found):
    return f"{2 - kinds(found).count(0)} of 2 kinds"


def kinds(found):
    """Count the pairs of equal rows and the others: where this is asked, these are the alike and the unlike ones."""
    same = sum(torch.equal(user, other) for user, other, _ in found.items)
    return [same, len(found.items) - same]
