"""Items that the most alike users like, by their votes."""

import functools

import torch

NAMES = ("recommend_collaborative",)
NEEDS = ("similar_users",)
STUB = '''
def recommend_collaborative(autoencoder, likes, user, k, n):
    """Recommend what the k most alike users like: each has one vote for everything that he likes.

    autoencoder, likes, user, k: as for `similar_users`.  n: at least 1.
    Returns: 1-D int64 ids of up to n items that the user has not liked, most votes first, ties by the lower id;
        no item without a vote, so there may be fewer than n, or none.
    Raises: ValueError for a k or an n below 1 and for a user out of range.
    """
    raise NotImplementedError
'''
TOWN = [[0, 0, 1, 1, 1], [1, 1, 0, 1, 0], [1, 0, 0, 0, 0], [0, 1, 0, 0, 0]], [9, 1, 0, 2]
EQUAL = [[0, 0, 1, 0, 1, 0], [0, 1, 1, 0, 0, 1], [0, 0, 0, 0, 0, 1], [1, 0, 0, 0, 0, 0]], [2, 1, 3, 0]


def probe(ask, answer):
    asked = functools.partial(put, ask, answer.recommend_collaborative)
    asked("users at 9, 1, 0 and 2 on the latent line", *TOWN, 2, 2, 3)
    asked("fewer items than were voted for", *TOWN, 2, 2, 1)
    asked("a far item that two like and a near one that one likes",
          [[0, 1, 0], [1, 0, 0], [0, 1, 1], [0, 0, 1]], [3, 1, 4, 0], 3, 3, 2)
    asked("an item of two who like much, one of a third who likes nothing else",
          [[0] * 8, [1, 1, 1, 1, 0, 0, 0, 0], [1, 0, 0, 0, 1, 1, 1, 0], [0] * 7 + [1]], [0, 1, 2, 3], 0, 3, 1)
    asked("a user who likes everything", [[1, 0, 1], [1, 1, 0], [1, 1, 1]], [2, 1, 0], 2, 2, 2)
    asked("a user who likes nothing", [[1, 0, 1], [0, 0, 1], [0, 0, 0]], [2, 1, 0], 2, 5, 2, dtype=torch.bool)
    asked("neighbours who like nothing", [[1, 0, 1], [0, 0, 0], [0, 0, 0]], [0, 1, 1], 0, 2, 2, dtype=torch.float32)
    asked("one user alone", [[1, 0, 1]], [4], 0, 1, 2)
    for index, dtype in enumerate((torch.int64, torch.bool, torch.float32)):
        asked(f"ten users, drawn anew {index + 1}", *planted(ask.generator), dtype=dtype)
    asked("items with equally many votes", *EQUAL, 3, 3, 4)
    crowd = torch.rand(30, 50, generator=ask.generator) < torch.linspace(0.05, 0.3, 30)[:, None]
    asked("many items with equally many votes", crowd, torch.arange(30), 0, 7, 30)
    refused = functools.partial(put, ask, refusing(answer.recommend_collaborative))
    for label, user, k, n in (("n = 0", 2, 2, 0), ("n = -1", 2, 2, -1), ("k = 0", 2, 0, 3),
                              ("user -1 of four", -1, 2, 3), ("user 4 of four", 4, 2, 3)):
        refused(label, *TOWN, user, k, n)


def put(ask, function, label, likes, line, user, k, n, dtype=torch.int64):
    likes = torch.as_tensor(likes).to(dtype)
    ask.call(label, function, StandIn(likes, torch.as_tensor(line)[:, None].float()), likes, user, k, n)


def planted(generator, users=10, k=6):
    """Draw likes in which the k nearest users give each new item another number of votes, from 0 to k."""
    user, *others = torch.randperm(users, generator=generator).tolist()
    line = torch.zeros(users)
    line[others] = torch.arange(1.0, users)
    likes = (torch.rand(users, k + 5, generator=generator) < 0.6).long()
    likes[user] = torch.tensor([0] * (k + 1) + [1] * 4)
    for votes in range(k + 1):
        likes[others[:k], votes] = (torch.randperm(k, generator=generator) < votes).long()
    return likes[:, torch.randperm(k + 5, generator=generator)], line, user, k, k - 2


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
    """An autoencoder that knows the latent of every row; masked, it takes all users for the same. It rebuilds badly."""

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
        return (latent * 0 if mask else latent), x.roll(1, dims=-1) * 0.5
