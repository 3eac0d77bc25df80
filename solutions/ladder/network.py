"""The autoencoder with everything that the ladder changes as a setting, and its training."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

import torch
from torch import Tensor, nn
from torch.nn.functional import binary_cross_entropy, binary_cross_entropy_with_logits, normalize

from .pairs import PairLoader

ACTIVATIONS: dict[str, Callable[[], nn.Module]] = {"relu": nn.ReLU, "tanh": nn.Tanh, "none": nn.Identity}


@dataclass(frozen=True)
class Recipe:
    """Everything that can be chosen; the defaults are the recipe as it was first written.

    Attributes:
        widths: of the hidden layers between the items and the latent, on either side.
        latent: how many numbers stand for a user.
        activation: between the layers, "relu" or "tanh"; `bend` is the latent's own, "none" at first.
        double_sigmoid: whether the decoder ends in a sigmoid although its loss takes logits.
        likelihood: "bernoulli", each like a coin of its own (BCE), or "multinomial", all likes of a user shared out
            (Liang and others, 2018).
        normalise: whether a row of likes is divided by its length first.
        mask: the probability with which an input is dropped.
        kept: the weight of the likes that the mask kept in a multinomial loss: at 0 only those that it hid are scored.
        p: how likely an alike pair is; `target` is "iou", "inverse" (1 - IoU) or "binary".
        pair_weight: of the pair loss; at 0 nothing arranges the users.
        decay, cosine: AdamW's weight decay, and whether the learning rate falls along a cosine.
    """

    widths: tuple[int, ...] = (80, 60)
    latent: int = 40
    activation: str = "relu"
    bend: str = "none"
    double_sigmoid: bool = True
    likelihood: str = "bernoulli"
    normalise: bool = False
    mask: float = 0.1
    kept: float = 1.0
    p: float = 0.5
    target: str = "iou"
    pair_weight: float = 1.0
    epochs: int = 20
    batch: int = 128
    lr: float = 1e-3
    decay: float = 0.0
    cosine: bool = False


class Network(nn.Module):
    """An autoencoder of users; `forward` gives the latent and the logits."""

    def __init__(self, items: int, recipe: Recipe) -> None:
        """Build both halves for rows of that many items."""
        super().__init__()
        sizes = [items, *recipe.widths, recipe.latent]
        self.recipe = recipe
        self.encoder = nn.Sequential(*_layers(sizes, recipe.activation), ACTIVATIONS[recipe.bend]())
        self.decoder = nn.Sequential(*_layers(sizes[::-1], recipe.activation))

    def forward(self, rows: Tensor, seen: Tensor | None = None) -> tuple[Tensor, Tensor]:
        """Give latents (B, L) and logits (B, N) of rows of likes (B, N); `seen` (B, N) is 1 where no mask is."""
        rows = normalize(rows, dim=1) if self.recipe.normalise else rows
        if seen is not None:
            rows = rows * seen / (1 - self.recipe.mask)
        latent = self.encoder(rows)
        output = self.decoder(latent)
        return latent, output.sigmoid() if self.recipe.double_sigmoid else output


def _layers(sizes: list[int], activation: str) -> list[nn.Module]:
    linear = [nn.Linear(*pair) for pair in pairwise(sizes)]
    return [layer for one in linear for layer in (ACTIVATIONS[activation](), one)][1:]


def train(recipe: Recipe, likes: Tensor, seed: int = 0) -> Network:
    """Train on likes (M, N) of 0 and 1; torch's own random state is left as it was."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        network = Network(likes.shape[1], recipe)
        pairs = PairLoader(likes, recipe.p, recipe.batch)
        optimizer = torch.optim.AdamW(network.parameters(), lr=recipe.lr, weight_decay=recipe.decay)
        steps = recipe.epochs * len(pairs)
        schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, steps)
        for _ in range(recipe.epochs):
            for user, other, similarity in pairs:
                loss = pair_step(network, user, other, similarity)
                optimizer.zero_grad()
                loss.backward()  # type: ignore[no-untyped-call]
                optimizer.step()
                if recipe.cosine:
                    schedule.step()
        return network.eval()


def pair_step(network: Network, user: Tensor, other: Tensor, similarity: Tensor) -> Tensor:
    """Give the loss of a batch of pairs: both rebuilt, and their latents pulled to the target: 0-dim."""
    recipe = network.recipe
    both = torch.cat([user, other])
    seen = (torch.rand(both.shape) >= recipe.mask).float()
    latent, output = network(both, seen)
    loss = rebuilt(output, both, seen, recipe)
    if recipe.pair_weight:
        one, two = latent.chunk(2)
        near = 1 / (1 + (one - two + 1e-8).norm(dim=1))
        loss = loss + recipe.pair_weight * binary_cross_entropy(near, aim(similarity, recipe))
    return loss


def aim(similarity: Tensor, recipe: Recipe) -> Tensor:
    """Give what the similarity in the latent space is pulled to: (B,)."""
    if recipe.target == "binary":
        return (similarity > similarity.median()).float()
    return 1 - similarity if recipe.target == "inverse" else similarity


def rebuilt(output: Tensor, rows: Tensor, seen: Tensor, recipe: Recipe) -> Tensor:
    """Give the loss of the reconstruction: 0-dim."""
    if recipe.likelihood == "bernoulli":
        return binary_cross_entropy_with_logits(output, rows)
    weights = rows * (1 - seen + recipe.kept * seen)
    return -(weights * output.log_softmax(dim=1)).sum(dim=1).mean()


@torch.no_grad()
def by_decoder(network: Network, likes: Tensor) -> Tensor:
    """Score items by the decoder, from each user's own likes: (M, N)."""
    scores: Tensor = network(likes.float())[1]
    return scores


@torch.no_grad()
def by_neighbours(network: Network, likes: Tensor, k: int = 100) -> Tensor:
    """Score items by the votes of the k users who are nearest in the latent space: (M, N)."""
    latent, _ = network(likes.float())
    apart = torch.cdist(latent, latent).fill_diagonal_(torch.inf)
    nearest = apart.topk(min(k, len(apart) - 1), dim=1, largest=False).indices
    votes = torch.zeros(apart.shape).scatter_(1, nearest, 1.0)
    return votes @ likes.float()
