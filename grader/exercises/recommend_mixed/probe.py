"""Both kinds of recommendations in one list, taking turns."""

import functools

import torch

NAMES = ("recommend_mixed",)
NEEDS = ("recommend_collaborative", "recommend_content")
STUB = '''
def recommend_mixed(autoencoder, likes, user, k, n):
    """Let the two recommenders take turns: the content-based list first, then the collaborative one, item by item.

    Each list has up to n items, the content-based one with threshold 0; where one has ended, the other goes on.
    Of an item that comes twice only the first place is kept, and the whole is cut at n last.
    autoencoder, likes, user, k, n: as for `recommend_collaborative`.
    Returns: 1-D int64 ids of up to n different items.  Raises: ValueError as the two do.
    """
    raise NotImplementedError
'''
NOTHING = [0, 0, 0, 0, 0, 0, 0, 0]
VOTERS = [[0, 0, 1, 1, 0, 1, 0, 1], [0, 0, 1, 1, 0, 1, 0, 0], [0, 0, 1, 0, 0, 0, 0, 0], [1, 0, 0, 0, 0, 0, 1, 0]]
SCORES = [0.9, 0.8, 0.1, 0.6, 0.7, 0.2, 0.5, 0.3]
FEW = [-0.9, 0.8, -0.1, -0.6, 0.7, -0.2, -0.5, -0.3]


def probe(ask, answer):
    asked = functools.partial(put, ask, answer.recommend_mixed)
    asked("the lists 0 1 4 3 and 2 3 5 7", NOTHING, VOTERS, SCORES, 3, 4)
    asked("the lists 0 1 4 3 6 7 5 and 2 3 5 7", NOTHING, VOTERS, SCORES, 3, 7)
    asked("the lists 1 4 and 2 3 5 7", NOTHING, VOTERS, FEW, 3, 5)
    asked("the lists 0 1 4 3 and 2", NOTHING, VOTERS[2:3], SCORES, 1, 4, dtype=torch.bool)
    asked("the lists 1 3 2 and 2 3 1", [1, 0, 0, 0], [[0, 1, 1, 1], [0, 0, 1, 1], [0, 0, 1, 0]], [0.7, 0.9, 0.4, 0.5],
          3, 4)
    asked("the lists 1 2 3 and 1 3", [1, 0, 0, 0], [[0, 1, 0, 1], [0, 1, 0, 0]], [0.1, 0.9, 0.8, 0.2], 2, 3)
    asked("the lists 0 and 2, of which one item is wanted", NOTHING, VOTERS, SCORES, 3, 1)
    asked("an empty list and 2 3 5", NOTHING, VOTERS, [-1.0] * 8, 2, 3, dtype=torch.float32)
    asked("no votes, and scores down to 0", NOTHING, torch.zeros(2, 8), [0.3, -0.1, 0, -0.2, 0.6, 0.01, -0.5, -1], 2, 6)
    asked("a user who likes everything", [1] * 8, VOTERS, SCORES, 3, 4)
    for index in range(4):
        voters = torch.rand(6, 14, generator=ask.generator) < 0.4
        scores = (torch.randperm(14, generator=ask.generator) - 4) / 8
        liked = torch.rand(14, generator=ask.generator) < 0.2
        asked(f"seven users, drawn anew {index + 1}", liked.long(), voters.long(), scores, 3, 3 + index)
    refused = functools.partial(put, ask, refusing(answer.recommend_mixed))
    for label, user, k, n in (("n = 0", 0, 3, 0), ("k = 0", 0, 0, 4), ("user -1 of five", -1, 3, 4),
                              ("user 5 of five", 5, 3, 4)):
        refused(label, NOTHING, VOTERS, SCORES, k, n, user=user)


def put(ask, function, label, liked, voters, scores, k, n, user=0, dtype=torch.int64):
    """Ask for user 0, to whom the voters are the less alike the later they come."""
    likes = torch.cat([torch.as_tensor(liked)[None], torch.as_tensor(voters)]).to(dtype)
    ask.call(label, function, StandIn(likes, torch.as_tensor(scores)), likes, user, k, n)


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
    """An autoencoder that puts the users on a line, by their number, and rebuilds the same for each of them."""

    def __init__(self, likes, scores):
        super().__init__()
        self.rows = likes.float()
        self.entry = torch.nn.Linear(likes.shape[1], likes.shape[1], bias=False)  # refuses other dtypes, as layers do
        torch.nn.init.eye_(self.entry.weight)
        self.scores = torch.nn.Parameter(scores)
        self.latents = torch.nn.Parameter(torch.arange(float(len(likes)))[:, None])

    def encode(self, x):
        known = (self.entry(x).unsqueeze(-2) == self.rows).all(dim=-1)
        return self.latents[known.float().argmax(dim=-1)].clone()

    def forward(self, x, mask):
        scores = self.scores.roll(1) if mask else self.scores
        return self.encode(x), scores.expand_as(x).clone()
