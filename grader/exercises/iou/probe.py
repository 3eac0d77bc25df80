"""How alike every two users are: shared likes over all their likes."""

import torch

NAMES = ("intersection_over_union",)
NEEDS = ("intersection", "union")
STUB = '''
def intersection_over_union(likes):
    """Divide the likes that two users share by the likes that either has, for every pair.

    likes: (M, N) of 0 and 1.  Returns: (M, M) float32 in [0, 1]; 0 where neither user likes anything.
    """
    raise NotImplementedError
'''


def probe(ask, answer):
    for label, likes in like_matrices(ask.generator):
        output = ask.call(label, answer.intersection_over_union, likes)
        if type(output) is torch.Tensor and output.shape != (len(likes), len(likes)):
            return  # one size tells what is wrong, and at 3,001 items it may be a large one


def like_matrices(generator):
    """Small and telling first; then empty rows, other dtypes, not square, more than 255 likes."""
    yield "three users", torch.tensor([[1, 1, 0, 0], [0, 1, 1, 0], [1, 1, 1, 0]])
    yield "users without likes", torch.tensor([[1, 0, 1], [0, 0, 0], [0, 0, 0]])
    yield "likes as bool", torch.tensor([[True, False, True, True, False], [True, True, False, True, False]])
    yield "likes as float32", (torch.rand(6, 9, generator=generator) < 0.4).float()
    yield "more users than items", (torch.rand(11, 4, generator=generator) < 0.5).long()
    yield "users with 3,001 likes", (torch.arange(3_001) < torch.tensor([[3_001], [2_999], [0]])).long()
    yield "one user", torch.tensor([[1, 0, 1]])
