"""The rivals that a recommender has to be measured against; each gives scores (M, N) from the likes that it may see."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

from .iou import overlap


def chance(train: Tensor, seed: int = 0) -> Tensor:
    """Score by dice."""
    return torch.rand(train.shape, generator=torch.Generator().manual_seed(seed))


def popularity(train: Tensor) -> Tensor:
    """Score every item by how many like it, the same for everybody."""
    return train.sum(dim=0).expand(train.shape)


def user_knn(train: Tensor, k: int = 100) -> Tensor:
    """Let the k users of the highest intersection over union vote, each with that number as weight."""
    return nearest(overlap(train), k) @ train.float()


def item_knn(train: Tensor, k: int = 100) -> Tensor:
    """Score an item by the k items most like it (by who likes them) that the user likes: (M, N)."""
    return train.float() @ nearest(overlap(train.T), k).T


def nearest(alike: Tensor, k: int) -> Tensor:
    """Keep the k largest of each row, the diagonal left out; all else is 0."""
    alike = alike.clone().fill_diagonal_(0)
    found = alike.topk(min(k, len(alike)), dim=1)
    return torch.zeros_like(alike).scatter_(1, found.indices, found.values)


def ease(train: Tensor, weight: float = 300.0) -> Tensor:
    """Score by the best matrix that rebuilds each like from the other ones.

    With P = (X'X + weight I)^-1 it is B_ij = -P_ij / P_jj and 0 on the diagonal, in closed form (Steck,
    "Embarrassingly shallow autoencoders for sparse data", 2019, equation 8).
    """
    likes = train.double()
    inverse = torch.linalg.inv(likes.T @ likes + weight * torch.eye(likes.shape[1], dtype=torch.float64))
    rebuild: Tensor = (-inverse / inverse.diagonal()).fill_diagonal_(0)
    return likes @ rebuild


def truncated_svd(train: Tensor, rank: int = 8) -> Tensor:
    """Score by the nearest matrix of a rank (Eckart and Young, 1936; as a recommender Cremonesi and others, 2010)."""
    likes = train.double()
    widest: Tensor = torch.linalg.svd(likes, full_matrices=False).Vh[:rank]
    return likes @ widest.T @ widest


RIVALS: dict[str, Callable[[Tensor], Tensor]] = {
    "random": chance,
    "popularity": popularity,
    "user-kNN on IoU": user_knn,
    "item-kNN": item_knn,
    "truncated SVD": truncated_svd,
    "EASE": ease,
}
