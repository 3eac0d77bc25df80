"""Someone alike for each user, drawn without the matrix of similarities."""

import random

import torch

NAMES = ("sample_positive",)
NEEDS = ()
STUB = '''
def sample_positive(likes, users, generator):
    """Draw one partner j for each user u, with exactly the weights `iou[u]`, and without making that matrix.

    likes: (M, N) of 0 and 1, as int64, bool or float32.
    users: (B,) int64 ids in any order, some perhaps repeated; B may be 0.
    generator: a `torch.Generator`; every random number comes from it, so the same state gives the same partners.
    Returns: (B,) int64 ids. Every draw is independent of the others, also for a user who is asked twice.
    The user himself may be drawn, with his weight of 1, or never. Nobody is asked who likes nothing.
    Memory: nothing of shape (M, M) or (B, M).
    """
    raise NotImplementedError
'''

MANY, ITEMS, ASKED = 3_000, 10, 400
MOST = 4e6  # bytes: less than (ASKED, MANY) in float32, and 16 times the likes in int64
OPERATIONS = 20_000  # for one small batch: a right answer takes a few hundred at most
FEW = 600  # for one draw where most candidates are kept: some twenty rounds
AGAIN = 200  # draws of one user; the rarest partner is drawn in one of nine, and stays unseen once in 10 ** 10
ONE = "one and the same for every draw"


def probe(ask, answer):
    draw, chances = answer.sample_positive, torch.Generator().manual_seed(torch.initial_seed())
    if not (ends(ask, draw) and form(ask, draw) and partners(ask, draw)):
        return  # what follows builds on these
    twins(ask, draw, chances)
    frequencies(ask, draw, chances)
    if chance(ask, draw):
        large(ask, draw, chances)


def ends(ask, draw):
    """Ask for one draw, where most candidates are kept, to learn cheaply whether it ends at all."""
    user = torch.zeros(1, dtype=torch.int64)
    few, generator = ask.watched(draw, MOST, FEW), torch.Generator().manual_seed(4)
    return fits(ask.call("user 0, asked once", few, alike(), user, generator, read=shape(user, 8)), user, 8)


def form(ask, draw):
    """Ask for a few draws; tell whether they have the form that the rest builds on."""
    several, repeated = "users 0, 1 and 2 of three", "five draws, out of order"
    batches, good = {several: [0, 1, 2], "nobody": [], repeated: [2, 0, 1, 0, 2]}, True
    for label, users in batches.items():
        users = torch.tensor(users, dtype=torch.int64)
        drawn = ask.call(label, draw, three(), users, torch.Generator().manual_seed(5), read=shape(users, 3))
        good = good and fits(drawn, users, 3)
    return good


def partners(ask, draw):
    """Ask who is drawn at all; tell whether it is somebody else from draw to draw."""
    likes = torch.tensor([
        [1, 1, 0, 0, 0], [0, 1, 1, 0, 0], [1, 1, 1, 0, 0], [0, 0, 0, 1, 1],
        [0, 0, 0, 0, 0], [0, 1, 0, 1, 0],
    ])
    good = True
    for user, given, run in ((0, alike(), ask.watched(draw, MOST, 4 * OPERATIONS)), (5, likes, draw)):
        users, chances = torch.full((AGAIN,), user), torch.Generator().manual_seed(6)
        drawn = ask.call(f"user {user}, asked {AGAIN} times", run, given, users, chances, read=others(users))
        good = good and fits(drawn, users, len(given)) and others(users)(drawn) != ONE
    return good


def twins(ask, draw, generator):
    """Ask who is drawn beside himself where everybody has one twin; one of twelve stays unseen once in 10 ** 8."""
    order, users = torch.randperm(12, generator=ask.generator) // 2, torch.arange(12).repeat(30)
    twin = ((order[:, None] == order) & ~torch.eye(12).bool()).long().argmax(dim=1)

    def seen(drawn):
        if not fits(drawn, users, 12):
            return shape(users, 12)(drawn)
        met = drawn == twin[users]
        if not bool((met | (drawn == users)).all()):
            return "others than himself and his twin"
        return [j for i, j in enumerate(twin.tolist()) if met[i::12].any()]

    ask.call("six pairs of twins, all asked 30 times", draw, torch.eye(6)[order].long(), users, generator, read=seen)


def chance(ask, draw):
    """Ask whether every random number comes from the generator that is handed in."""
    generator, users = torch.Generator().manual_seed(7), torch.arange(3).repeat(30)
    before = generator.get_state(), torch.get_rng_state(), random.getstate()
    first = ask.call("90 draws", draw, three(), users, generator, read=shape(users, 3))
    same = torch.equal(torch.get_rng_state(), before[1]) and random.getstate() == before[2]
    second = ask.call("90 more draws", draw, three(), users, generator, read=shape(users, 3))
    generator.set_state(before[0])
    torch.rand(11), random.random()
    third = ask.call("the first 90 draws again", draw, three(), users, generator, read=shape(users, 3))
    if not all(fits(drawn, users, 3) for drawn in (first, second, third)):
        return False
    ask.record("the generator's state repeats the draws", torch.equal(first, third), name="sample_positive")
    ask.record("its next state gives other draws", not torch.equal(first, second), name="sample_positive")
    ask.record("torch's own generator is left alone", same, name="sample_positive")
    return True


def frequencies(ask, draw, generator):
    """Count who is drawn, where every other weight gives other shares.

    Five chi-square tests, each with a false alarm in 10 ** 7: together one in 2 * 10 ** 6. Cells of few draws are
    pooled, and the difference of two counts, given their sum, has lighter tails than a normal one.
    """
    likes = torch.zeros(51, 39)  # users 0 to 38 like other items than users 39 to 50
    likes[:3, :10], likes[3:39, :4] = 1, torch.eye(4).repeat(9, 1)
    likes[3:23, 10:19], likes[23:39, 10], likes[39:, 19:21], likes[41:, 21:] = 1, 1, 1, 1
    kinds = torch.tensor([0] + [1] * 2 + [2] * 20 + [3] * 16 + [4, 5] + [6] * 10)  # for either half
    count(ask, draw, "user 0", likes[:39, :19].float(), torch.zeros(4000), kinds[:39], generator)
    for again, given in (("", likes.long()), (", once more", likes.bool())):
        count(ask, draw, f"users 0 and 39{again}", given, torch.tensor([0, 39, 39]).repeat(400), kinds, generator)
    three = torch.eye(3)[[0, 0, 1]]
    count(ask, draw, "a user, his only twin and a stranger", three, torch.zeros(400), torch.arange(3), generator)
    some = (torch.rand(12, 9, generator=ask.generator) < torch.linspace(0.8, 0.2, 9)).float()
    some[:, 0], some[:2, :2] = 1, torch.tensor([[0, 1], [1, 1]])  # user 0 has somebody to share with
    count(ask, draw, "twelve users", some, torch.arange(12).repeat(100), torch.arange(12), generator)


def count(ask, draw, label, likes, users, kinds, generator):
    """Count, in one batch, how often each kind of partner is drawn for each user."""
    users, width = users.long(), int(kinds.max()) + 1
    drawn = ask.call(f"draws for {label}", draw, likes, users, generator, read=shape(users, len(likes)))
    pairs = users * width + kinds[drawn] if fits(drawn, users, len(likes)) else torch.zeros(0, dtype=torch.int64)
    counts = torch.bincount(pairs, minlength=int(users.max() + 1) * width)
    ask.sample(f"who was drawn for {label}", counts, name="sample_positive")


def large(ask, draw, generator):
    """Ask for partners among 3,000 users, with an eye on the memory."""
    likes = (torch.rand(MANY, ITEMS, generator=ask.generator) < 0.25).long()
    likes[:, 0] |= ~likes.any(dim=1)
    users = torch.randint(MANY, (ASKED,), generator=ask.generator)

    def alike(drawn):
        found = shape(users, MANY)(drawn)
        if fits(drawn, users, MANY):
            found["each shares a like"] = bool((likes[users] * likes[drawn]).any(dim=1).all())
        return found

    both = {"": ask.watched(draw, MOST, ASKED * OPERATIONS), ", once more": ask.traced(draw, MOST)}
    for again, limited in both.items():
        ask.call(f"400 of 3,000 users{again}", limited, likes.clone(), users, generator, read=alike)


def alike():
    """Users most of whom are much like the first: his candidates are kept nine times in ten."""
    return torch.tensor([[1, 1, 1, 1, 0]] * 3 + [[1, 1, 1, 1, 1]] * 3 + [[0, 1, 1, 1, 0], [0, 0, 0, 0, 1]])


def three():
    return torch.tensor([[1, 1, 0, 0], [0, 1, 1, 0], [1, 1, 1, 0]])


def fits(drawn, users, count):
    """Say whether there is one id of a user for each draw."""
    if type(drawn) is not torch.Tensor or drawn.dtype != torch.int64 or drawn.shape != users.shape:
        return False
    return bool(((drawn >= 0) & (drawn < count)).all())


def shape(users, count):
    """Read the form of what was drawn; who it is is chance."""

    def read(drawn):
        if type(drawn) is not torch.Tensor:
            return drawn
        size = list(drawn.shape)
        if len(size) == 1 and size[0] != len(users):
            size = "fewer than asked" if size[0] < len(users) else "more than asked"
        return {"shape": size, "dtype": str(drawn.dtype), "ids of users": bool(((drawn >= 0) & (drawn < count)).all())}

    return read


def others(users):
    """Read who was drawn, the user himself left aside: he may be, or never."""

    def read(drawn):
        if drawn.shape != users.shape or drawn.dtype != torch.int64:
            return drawn
        found = drawn.unique().tolist()
        return ONE if len(found) == 1 else [user for user in found if user != users[0]]

    return read
