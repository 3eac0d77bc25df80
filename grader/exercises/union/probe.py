"""How many items every two users like between them."""

import torch

NAMES = ("union",)
NEEDS = ("intersection",)
STUB = '''
def union(likes):
    """Count the items that at least one user of every pair likes.

    likes: (M, N) of 0 and 1.  Returns: (M, M) counts, any dtype that does not overflow.
    """
    raise NotImplementedError
'''


def probe(ask, answer):
    for label, likes in like_matrices(ask.generator):
        output = ask.call(label, answer.union, likes, read=as_counts)
        if type(output) is torch.Tensor and output.shape != (len(likes), len(likes)):
            return  # one size tells what is wrong, and at 3,001 items it may be a large one


def like_matrices(generator):
    """Small and telling first; then not square, other dtypes, more than 255 shared likes, empty rows."""
    yield "three users", torch.tensor([[1, 1, 0, 0], [0, 1, 1, 0], [1, 1, 1, 0]])
    yield "a user without likes", torch.tensor([[1.0, 0.0, 1.0], [0.0, 0.0, 0.0]])
    yield "likes as bool", torch.tensor([[True, False, True, True, False], [True, True, False, True, False]])
    yield "likes as float32", (torch.rand(6, 9, generator=generator) < 0.4).float()
    yield "more users than items", (torch.rand(11, 4, generator=generator) < 0.5).long()
    yield "users with 3,001 likes", (torch.arange(3_001) < torch.tensor([[3_001], [2_999], [0]])).long()
    yield "one user", torch.tensor([[1, 0, 1]])


def as_counts(output):
    """Counts may come in any dtype."""
    return output.double() if type(output) is torch.Tensor else output
