"""Someone unlike for each user, drawn without the matrix of similarities."""

import random

import torch

NAMES = ("sample_negative",)
NEEDS = ()
STUB = '''
def sample_negative(likes, users, generator):
    """Draw one partner j for each user u, with exactly the weights `1 - iou[u]`, and without making that matrix.

    likes: (M, N) of 0 and 1, as int64, bool or float32.
    users: (B,) int64 ids in any order, some perhaps repeated; B may be 0.
    generator: a `torch.Generator`; every random number comes from it, so the same state gives the same partners.
    Returns: (B,) int64 ids. Every draw is independent of the others, also for a user who is asked twice.
    A user without likes has an IoU of 0 with everybody: all are as probable. Nobody is asked like whom all others are.
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
    draw, chances = answer.sample_negative, torch.Generator().manual_seed(torch.initial_seed())
    if not (ends(ask, draw) and form(ask, draw) and partners(ask, draw)):
        return  # what follows builds on these
    frequencies(ask, draw, chances)
    if chance(ask, draw):
        rare(ask, draw)
        strangers(ask, draw, chances)
        large(ask, draw, chances)


def ends(ask, draw):
    """Ask for one draw, where most candidates are kept, to learn cheaply whether it ends at all."""
    likes = torch.tensor([[1, 1, 0, 0]] + [[0, 1, 1, 1]] * 3 + [[0, 0, 1, 1]] * 4)
    user = torch.zeros(1, dtype=torch.int64)
    few, generator = ask.watched(draw, MOST, FEW), torch.Generator().manual_seed(4)
    return fits(ask.call("user 0, asked once", few, likes.clone(), user, generator, read=shape(user, 8)), user, 8)


def form(ask, draw):
    """Ask for a few draws; tell whether they have the form that the rest builds on."""
    several, repeated = "users 0, 1 and 2 of four", "five draws, out of order"
    batches, good = {several: [0, 1, 2], "nobody": [], repeated: [2, 0, 1, 0, 2]}, True
    for label, users in batches.items():
        users = torch.tensor(users, dtype=torch.int64)
        drawn = ask.call(label, draw, four(), users, torch.Generator().manual_seed(5), read=shape(users, 4))
        good = good and fits(drawn, users, 4)
    return good


def partners(ask, draw):
    """Ask who is drawn at all; tell whether it is somebody else from draw to draw."""
    likes = torch.tensor([
        [1, 1, 0, 0, 0], [0, 1, 1, 0, 0], [1, 1, 1, 0, 0], [0, 0, 0, 1, 1],
        [0, 0, 0, 0, 0], [1, 1, 0, 0, 0], [0, 0, 0, 0, 0],
    ])
    good = True
    for user in ("user 0", 0), ("user 4, who likes nothing", 4):
        users = torch.full((AGAIN,), user[1])
        chances = torch.Generator().manual_seed(6)
        run = draw if user[1] else ask.watched(draw, MOST, 4 * OPERATIONS)
        drawn = ask.call(f"{user[0]}, asked {AGAIN} times", run, likes.clone(), users, chances, read=others(users))
        good = good and fits(drawn, users, 7) and others(users)(drawn) != ONE
    return good


def rare(ask, draw):
    """Ask for the only stranger among many twins, whom whoever gives up after a hundred tries misses now and then."""
    likes, users = torch.eye(2)[[0] * 30 + [1] + [0] * 30], torch.zeros(20, dtype=torch.int64)
    generator, found = torch.Generator().manual_seed(8), lambda drawn: drawn.unique().tolist()
    ask.call("a user with one stranger among 60", draw, likes, users, generator, read=found)


def strangers(ask, draw, generator):
    """Ask for the only stranger, who may be anybody: drawn as he is, there is but one right answer."""
    users = torch.zeros(16, dtype=torch.int64)
    for town, place in enumerate(torch.randint(1, 12, (4,), generator=ask.generator).tolist(), 1):
        likes = torch.eye(2)[(torch.arange(12) == place).long()]

        def seen(drawn, place=place):
            return drawn[:1].tolist() if drawn.eq(place).all() else "others than the stranger"

        ask.call(f"the only stranger in town {town}", draw, likes, users, generator, read=seen)


def chance(ask, draw):
    """Ask whether every random number comes from the generator that is handed in."""
    generator, users = torch.Generator().manual_seed(7), torch.arange(3).repeat(30)
    before = generator.get_state(), torch.get_rng_state(), random.getstate()
    first = ask.call("90 draws", draw, four(), users, generator, read=shape(users, 4))
    same = torch.equal(torch.get_rng_state(), before[1]) and random.getstate() == before[2]
    second = ask.call("90 more draws", draw, four(), users, generator, read=shape(users, 4))
    generator.set_state(before[0])
    torch.rand(11), random.random()
    third = ask.call("the first 90 draws again", draw, four(), users, generator, read=shape(users, 4))
    if not all(fits(drawn, users, 4) for drawn in (first, second, third)):
        return False
    ask.record("the generator's state repeats the draws", torch.equal(first, third), name="sample_negative")
    ask.record("its next state gives other draws", not torch.equal(first, second), name="sample_negative")
    ask.record("torch's own generator is left alone", same, name="sample_negative")
    return True


def frequencies(ask, draw, generator):
    """Count who is drawn, where every other weight gives other shares.

    Five chi-square tests, each with a false alarm in 10 ** 7: together one in 2 * 10 ** 6. Cells of few draws are
    pooled, and the difference of two counts, given their sum, has lighter tails than a normal one.
    """
    near = torch.zeros(62, 20)
    near[:2, :10], near[2:52, 1:11], near[52:, 15:] = 1, 1, 1  # two alike, fifty nearly so, and ten strangers
    kinds = torch.tensor([0, 1] + [2] * 50 + [3] * 10)
    count(ask, draw, "users 0 and 52", near.long(), torch.tensor([0, 0, 0, 52]).repeat(600), kinds, generator)
    half, kinds = torch.eye(2).repeat_interleave(10, dim=0), torch.tensor([0] + [1] * 9 + [2] * 10)
    count(ask, draw, "a user among 9 twins and 10 strangers", half, torch.zeros(600), kinds, generator)
    few = torch.zeros(28, 20)
    few[:2, :2], few[2:12, 0], few[12:22], few[22:, 5:] = 1, 1, 1, 1  # two likes; one of these; all; none
    few[27] = 0
    kinds = torch.tensor([0, 1] + [2] * 10 + [3] * 10 + [4] * 6)
    for again in ("", ", once more"):
        count(ask, draw, f"users 0 and 12{again}", few.bool(), torch.tensor([0, 12]).repeat(600), kinds, generator)
    some = (torch.rand(13, 9, generator=ask.generator) < torch.linspace(0.8, 0.2, 9)).float()
    some[~some.any(dim=1), 0], some[12] = 1, 0  # one who likes nothing, and so is a stranger to all
    count(ask, draw, "twelve users", some, torch.arange(12).repeat(100), torch.arange(13), generator)


def count(ask, draw, label, likes, users, kinds, generator):
    """Count, in one batch, how often each kind of partner is drawn for each user."""
    users, width = users.long(), int(kinds.max()) + 1
    drawn = ask.call(f"draws for {label}", draw, likes, users, generator, read=shape(users, len(likes)))
    pairs = users * width + kinds[drawn] if fits(drawn, users, len(likes)) else torch.zeros(0, dtype=torch.int64)
    counts = torch.bincount(pairs, minlength=int(users.max() + 1) * width)
    ask.sample(f"who was drawn for {label}", counts, name="sample_negative")


def large(ask, draw, generator):
    """Ask for partners among 3,000 users, with an eye on the memory."""
    likes = (torch.rand(MANY, ITEMS, generator=ask.generator) < 0.25).long()
    users = torch.randint(MANY, (ASKED,), generator=ask.generator)
    read = shape(users, MANY)
    both = {"": ask.watched(draw, MOST, ASKED * OPERATIONS), ", once more": ask.traced(draw, MOST)}
    for again, limited in both.items():
        ask.call(f"400 of 3,000 users{again}", limited, likes.clone(), users, generator, read=read)


def four():
    return torch.tensor([[1, 1, 0, 0, 0], [0, 1, 1, 0, 0], [1, 1, 1, 0, 0], [0, 0, 0, 1, 1]])


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
    """Read who was drawn, the user himself left aside: one without likes may be drawn for himself, or never."""

    def read(drawn):
        if drawn.shape != users.shape or drawn.dtype != torch.int64:
            return drawn
        found = drawn.unique().tolist()
        return ONE if len(found) == 1 else [user for user in found if user != users[0]]

    return read
