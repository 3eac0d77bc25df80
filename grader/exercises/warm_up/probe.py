"""The share of the items that each user likes."""

import torch

NAMES = ("like_rate",)
NEEDS = ()
STUB = '''
def like_rate(likes):
    """Give the share of all items that each user likes.

    likes: (M, N) of 0 and 1, as int64, bool or float32.  Returns: (M,) float32 in [0, 1].
    """
    raise NotImplementedError
'''


def probe(ask, answer):
    for label, likes in like_matrices(ask.generator):
        ask.call(label, answer.like_rate, likes)


def like_matrices(generator):
    """Small and telling first; then other dtypes, more users than items, one user, one item."""
    yield "three users", torch.tensor([[1, 1, 0, 0], [0, 1, 0, 0], [1, 1, 1, 0]])
    yield "a user without likes, and one who likes everything", torch.tensor([[0, 0, 0, 0, 0], [1, 1, 1, 1, 1]])
    yield "likes as bool", torch.tensor([[True, False, True, True, False], [True, False, False, False, False]])
    yield "likes as float32", (torch.rand(6, 9, generator=generator) < 0.4).float()
    yield "more users than items", (torch.rand(11, 4, generator=generator) < 0.5).long()
    yield "300 items", (torch.arange(300) < torch.tensor([[300], [280], [0]])).long()
    yield "one user", torch.tensor([[1, 0, 1]])
    yield "one item", torch.tensor([[1], [0], [1]])
