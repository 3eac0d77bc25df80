"""The users whose latents lie nearest to a user's own."""

import functools

import torch

NAMES = ("similar_users",)
NEEDS = ("euclidean_similarity",)
STUB = '''
def similar_users(autoencoder, likes, user, k):
    """Find the users most alike to one user, by `EuclideanSimilarity` of their latents.

    autoencoder: `autoencoder.encode(x)` turns (B, N) float32 likes into (B, D) latents, and masks nothing.
    likes: (M, N) of 0 and 1, int64, bool or float32.  user: his row, 0 to M - 1.  k: at least 1.
    Returns: 1-D int64 ids, the most alike first, ties by the lower id; min(k, M - 1) of them, never the user himself.
    Raises: ValueError for a k below 1 and for a user out of range, negative ones too.
    """
    raise NotImplementedError
'''
PLANE = [[9, 1], [6, 5], [4, 4], [4, 10], [12, 5], [4, 3], [4, 60], [-4, -4]]
STEPS = ((1, 0), (1, 1), (2, 0), (2, 1), (2, 2), (3, 0), (3, 1), (3, 2), (4, 0), (4, 1), (4, 2), (4, 3), (4, 4), (5, 2))


def probe(ask, answer):
    line = [[5], [0], [1], [3]]
    asked = functools.partial(put, ask, answer.similar_users)
    asked("users at 5, 0, 1 and 3 on the latent line", line, 1, 2)
    asked("latents in the plane", PLANE, 2, 3)
    asked("a second user with the very same latent", [[2, 2], [7, 7], [2, 2], [3, 2]], 2, 2)
    asked("a second user with the very same likes", [[2, 2], [7, 7], [2, 2], [3, 2]], 2, 1, twins=(0, 2))
    asked("a user who likes nothing", line, 0, 2)
    asked("more neighbours asked than there are", line, 2, 9, dtype=torch.bool)
    asked("one user alone", [[4]], 0, 1)
    asked("likes as float32", *scattered(ask.generator, 12), dtype=torch.float32)
    asked("likes as bool", *scattered(ask.generator, 9), dtype=torch.bool)
    asked("latents between whole numbers", *scattered(ask.generator, 11, parts=4))
    crowd = torch.tensor([[0, 0], [3, 4], [9, 12]])[torch.randint(3, (40,), generator=ask.generator)]
    asked("many equally alike users", crowd, 21, 25)
    for label, user, k in (("k = 0", 0, 0), ("k = -2", 0, -2), ("user -1 of four", -1, 2), ("user 4 of four", 4, 2)):
        put(ask, refusing(answer.similar_users), label, line, user, k)


def put(ask, function, label, latents, user, k, dtype=torch.int64, twins=(0, 0)):
    latents = torch.as_tensor(latents).float()
    likes = own_likes(len(latents), ask.generator).to(dtype)
    likes[twins[0]] = likes[twins[1]]
    ask.call(label, function, StandIn(likes, latents), likes, user, k)


def scattered(generator, users, parts=1):
    """Give latents, multiples of 1 / parts, whose distances from one user all differ, that user and a k."""
    user = int(torch.randint(users, (), generator=generator))
    steps = torch.tensor(STEPS)[torch.randperm(len(STEPS), generator=generator)[:users]]
    steps = steps * (torch.randint(2, (users, 2), generator=generator) * 2 - 1)
    steps[user] = 0
    return (torch.randint(-3, 4, (2,), generator=generator) + steps) / parts, user, users - 3


def own_likes(users, generator):
    """Draw likes of 7 items in which no two users have the same row; the first user likes nothing."""
    numbers = torch.randperm(127, generator=generator)[:users] + 1
    numbers[0] = 0
    return numbers[:, None] >> torch.arange(7) & 1


def refusing(function):
    """Make an error an answer like any other: the kind of it."""
    @functools.wraps(function)
    def asked(*arguments):
        try:
            return function(*arguments)
        except Exception as error:
            return "ValueError" if isinstance(error, ValueError) else type(error).__name__
    return asked


class StandIn(torch.nn.Module):
    """An autoencoder that knows the latent of every row of the likes; masked, it takes all users for the same."""

    def __init__(self, likes, latents):
        super().__init__()
        self.rows = likes.float()
        self.entry = torch.nn.Linear(likes.shape[1], likes.shape[1], bias=False)  # refuses other dtypes, as layers do
        torch.nn.init.eye_(self.entry.weight)
        self.latents = torch.nn.Parameter(latents)

    def encode(self, x):
        known = (self.entry(x).unsqueeze(-2) == self.rows).all(dim=-1)
        return self.latents[known.float().argmax(dim=-1)].clone()

    def forward(self, x, mask):
        latent = self.encode(x)
        return (latent * 0 if mask else latent), x * 0.5
