"""Stage 07: a user, his neighbours, and for each item the votes, the decoder's score and its places in the lists."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import torch
from torch import Tensor

from lesson.controls import Slider
from lesson.friendly import asked_for
from lesson.style import Picture, blank
from lesson.tables import Item, draw_items, draw_neighbours
from lesson.widgets import explore

from .common import Names, names_of, pick

MISSES = 3
"""As many held-out items that no list names get a line of their own."""


def recommendation_explorer(
    recommend_collaborative: Callable[..., Tensor],
    recommend_content: Callable[..., Tensor],
    recommend_mixed: Callable[..., Tensor],
    similar_users: Callable[..., Tensor],
    similarity: Callable[[Tensor, Tensor], Tensor],
    autoencoder: torch.nn.Module,
    likes: Tensor,
    held_out: Sequence[Tensor],
    users: Names = None,
    items: Names = None,
) -> None:
    """Pick a user, and see his neighbours, their votes, the decoder's scores, the lists, and what was held out."""
    people, things = names_of(users, len(likes), "user"), names_of(items, likes.shape[1], "item")

    def draw(user: int, k: int, n: int) -> Picture:
        def ask(function: Callable[..., Tensor], *numbers: int) -> list[int]:
            return [int(answer) for answer in asked_for(function, autoencoder, likes, user, *numbers)]

        near, scores = ask(similar_users, k), _scores(autoencoder, likes[user])
        lists = ask(recommend_collaborative, k, n), ask(recommend_content, n), ask(recommend_mixed, k, n)
        hidden = [int(item) for item in held_out[user]]
        rows = [
            Item(
                things[item],
                sum(bool(likes[other, item]) for other in near),
                float(scores[item]),
                [ranked.index(item) + 1 if item in ranked else None for ranked in lists],
                item in hidden,
            )
            for item in in_order(*lists, hidden)
        ]
        liked = [things[item] for item in likes[user].nonzero()[:, 0].tolist()]
        lines = max(2 * n + MISSES, 8)
        picture, (left, right) = blank(10.4, 1.35 + 0.235 * lines, panels=(1, 2.9))
        alike = _alike(similarity, autoencoder, likes, user, near)
        said = draw_neighbours(left, list(zip([people[other] for other in near], alike, strict=True)), lines)
        table = draw_items(right, f"{people[user]} likes {_some(liked)}", rows, len(near), lines)
        return picture.describe("recommendations", f"{table} {said}")

    ends = min(len(likes) - 1, 200)
    explore(draw, user=pick(users, len(likes), 0), k=Slider("k", 1, ends, min(20, ends)), n=Slider("n", 1, 10, 6))


def in_order(by_votes: list[int], by_decoder: list[int], mixed: list[int], hidden: list[int]) -> list[int]:
    """The items to show: the mixed list, what only the other two name, and a few held-out ones that none names."""
    named = dict.fromkeys([*mixed, *by_decoder, *by_votes])
    return [*named, *[item for item in hidden if item not in named][:MISSES]]


def _scores(autoencoder: torch.nn.Module, row: Tensor) -> Tensor:
    """What the decoder says of each item for one user: (N,)."""
    with torch.no_grad():
        answer = autoencoder(row.float()[None], False)
    return asked_for(lambda: answer[1][0], shape=tuple(row.shape), name="forward")


def _alike(
    similarity: Callable[..., Tensor], autoencoder: torch.nn.Module, likes: Tensor, user: int, near: list[int]
) -> list[float]:
    """How alike the latents of a user and of each of the others are."""
    with torch.no_grad():
        one, *others = autoencoder.encode(likes[[user, *near]].float())
    if not others:
        return []
    pairs = one.expand(len(others), -1), torch.stack(others)
    answer = asked_for(similarity, *pairs, shape=(len(others),), name="EuclideanSimilarity")
    return [float(alike) for alike in answer]


def _some(names: Sequence[str], most: int = 6) -> str:
    """Name the first few, and count the others."""
    rest = f" and {len(names) - most} more" if len(names) > most else ""
    return f"{', '.join(names[:most]) or 'nothing'}{rest}"
