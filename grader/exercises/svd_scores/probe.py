"""Scores for every user and item: the best approximation of the likes that has a given rank."""

import torch

NAMES = ("svd_scores",)
NEEDS = ()
STUB = '''
def svd_scores(likes, rank):
    """Give the matrix of at most the given rank that is nearest to the likes, in squared error over all cells.

    likes: (M, N) of 0 and 1, as int64, bool or float32; they are taken as they are, without centring.
    rank: 1 or more; where it is above min(M, N), the likes themselves come back.

    Returns: (M, N) float32.
    """
    raise NotImplementedError
'''


def probe(ask, answer):
    for label, likes, rank in questions(ask.generator):
        ask.call(label, answer.svd_scores, likes, rank)


def questions(generator):
    """Two taste groups first; then other shapes and dtypes, and more rank than there is."""
    for rank in (1, 2, 3):
        groups = torch.tensor([[1, 1, 0, 0], [1, 1, 0, 0], [1, 1, 0, 0], [0, 0, 1, 1]])
        yield f"four users in two groups and rank {rank}", groups, rank
    yield "likes as float32", likes_with_a_gap(7, 12, 3, generator).float(), 3
    yield "likes as bool", likes_with_a_gap(11, 6, 2, generator).bool(), 2
    nobody = torch.zeros(1, 8, dtype=torch.int64)
    yield "a user without likes", torch.cat([likes_with_a_gap(8, 8, 4, generator), nobody]), 4
    yield "three users and rank 9", (torch.rand(3, 5, generator=generator) < 0.5).long(), 9
    yield "four items and rank 9", (torch.rand(6, 4, generator=generator) < 0.5).long(), 9
    yield "one user", torch.tensor([[1, 0, 1]]), 1


def likes_with_a_gap(users, items, rank, generator):
    """Draw likes of which the best approximation is plain: what is kept and what is dropped lie apart."""
    while True:
        likes = (torch.rand(users, items, generator=generator) < 0.4).long()
        values = torch.linalg.svdvals(likes.double())
        if values[rank - 1] - values[rank] > 0.15 and values[rank] > 0.3:
            return likes
