"""Items that a user's own likes speak for, ranked by what the decoder rebuilds."""

import functools

import torch

NAMES = ("recommend_content",)
NEEDS = ()
STUB = '''
def recommend_content(autoencoder, likes, user, n, threshold=0.0):
    """Recommend what the autoencoder rebuilds highest from the user's own likes.

    autoencoder: `autoencoder(x, mask)` turns (B, N) float32 likes into (latent, reconstruction), (B, D) and (B, N).
    likes: (M, N) of 0 and 1, int64, bool or float32.  user: his row, 0 to M - 1.  n: at least 1.
    Returns: 1-D int64 ids of up to n items that the user has not liked, highest reconstruction first, ties by the
        lower id; only items whose reconstruction, made with mask=False, is at least the threshold.
    Raises: ValueError for an n below 1 and for a user out of range, negative ones too.
    """
    raise NotImplementedError
'''
SCORES = [0.5, 0.75, 0.25, 1.0, 0.0]
BELOW = [-2.0, 0.5, -0.25, 1.5, 0.25]


def probe(ask, answer):
    asked = functools.partial(put, ask, answer.recommend_content)
    asked("items rebuilt as 0.5, 0.75, 0.25, 1 and 0", [0, 1, 0, 0, 0], SCORES, 3)
    asked("the same items and threshold 0.5", [0, 1, 0, 0, 0], SCORES, 3, threshold=0.5)
    asked("items rebuilt as -2, 0.5, -0.25, 1.5 and 0.25", [0, 1, 0, 0, 0], BELOW, 4)
    asked("the same items and threshold -10", [0, 1, 0, 1, 0], BELOW, 3, threshold=-10.0)
    asked("two likes with the highest values", [0, 1, 0, 1, 0], SCORES, 2, dtype=torch.bool)
    asked("the single best item", [0, 0, 1, 0, 0], SCORES, 1)
    asked("more items asked than there are", [0, 0, 1, 0, 0], SCORES, 9, dtype=torch.float32)
    asked("a user who likes everything", [1, 1, 1, 1, 1], SCORES, 2)
    asked("a user who likes nothing", [0, 0, 0, 0, 0], SCORES, 2)
    asked("user 0 of four", [1, 0, 0, 1, 0], [0.5, 0.25, -1.0, 1.25, 0.75], 2, user=0)
    asked("a threshold above every value", [0, 1, 0, 0, 0], SCORES, 2, threshold=1.25)
    for index, dtype in enumerate((torch.int64, torch.bool, torch.float32)):
        likes = torch.rand(17, generator=ask.generator) < 0.4
        scores = (torch.randperm(17, generator=ask.generator) - 6) / 8
        asked(f"17 items, drawn anew {index + 1}", likes, scores, 3 + index, dtype=dtype, threshold=-0.25 * index)
    asked("many items rebuilt equally high", torch.rand(50, generator=ask.generator) < 0.2,
          torch.randint(3, (50,), generator=ask.generator) / 2, 30)
    refused = functools.partial(put, ask, refusing(answer.recommend_content))
    for label, user, n in (("n = 0", 2, 0), ("n = -1", 2, -1), ("user -1 of four", -1, 2), ("user 4 of four", 4, 2)):
        refused(label, [0, 1, 0, 0, 0], SCORES, n, user=user)


def put(ask, function, label, liked, scores, n, user=2, dtype=torch.int64, **keywords):
    """Ask for user 2 of four; the others like and score other things."""
    liked, scores = torch.as_tensor(liked), torch.as_tensor(scores)
    likes = torch.stack([liked.roll(1), 1 - liked.int(), liked, (liked + torch.arange(len(liked))) % 2]).to(dtype)
    table = torch.stack([scores.flip(0), -scores, scores, scores * 0 + 1])
    ask.call(label, function, StandIn(likes, table), likes, user, n, **keywords)


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
    """An autoencoder that knows the reconstruction of every row of the likes; masked, it rebuilds it one item aside."""

    def __init__(self, likes, scores):
        super().__init__()
        self.rows = likes.float()
        self.entry = torch.nn.Linear(likes.shape[1], likes.shape[1], bias=False)  # refuses other dtypes, as layers do
        torch.nn.init.eye_(self.entry.weight)
        self.scores = torch.nn.Parameter(scores)
        self.latents = torch.nn.Parameter(torch.arange(3.0) * torch.ones(len(likes), 1))

    def encode(self, x):
        return self.latents[self.which(x)].clone()

    def forward(self, x, mask):
        scores = self.scores[self.which(x)].clone()
        return self.encode(x), scores.roll(1, dims=-1) if mask else scores

    def which(self, x):
        """Give the row of the likes that each row of `x` is; asked for user 2 first, then for the others."""
        known = (self.entry(x).unsqueeze(-2) == self.rows[[2, 0, 1, 3]]).all(dim=-1)
        return torch.tensor([2, 0, 1, 3])[known.float().argmax(dim=-1)]
