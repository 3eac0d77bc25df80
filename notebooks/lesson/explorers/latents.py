"""Stage 07: the map of the learner's latents, with a user and whom the learner calls his neighbours."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

from lesson.controls import Slider
from lesson.friendly import asked_for
from lesson.pieces import draw_lists
from lesson.plots import scatter_latent
from lesson.style import Picture, blank
from lesson.widgets import explore

from .common import Names, names_of, pick

MOST = 20
"""More numbers than this cannot be read on the map."""


def latent_explorer(
    similar_users: Callable[..., Tensor],
    autoencoder: torch.nn.Module,
    likes: Tensor,
    groups: Tensor | None = None,
    users: Names = None,
    user: int = 0,
) -> None:
    """Pick a user, and see him and his neighbours, numbered by nearness, on a map of the latent space."""
    people = names_of(users, len(likes), "user")

    def draw(user: int, k: int) -> Picture:
        with torch.no_grad():
            latents = asked_for(autoencoder.encode, likes.float(), name="encode")
        near = [int(other) for other in asked_for(similar_users, autoencoder, likes, user, k)]
        same = [groups is not None and bool(groups[other] == groups[user]) for other in near]
        count = f": {sum(same)} of his group" if groups is not None else ""
        picture, (ax, beside) = blank(8.6, 5.2, panels=(3, 1))
        title = f"{people[user]} ({int(likes[user].count_nonzero())} likes) and the {len(near)} nearest{count}"
        scatter_latent(on_paper(latents), groups, [user, *near], title, ax)
        ax.set(xlabel="widest direction", ylabel="second widest")
        ax.set_aspect("equal", adjustable="datalim")
        column = [(f"{rank}  {people[at]}", hit) for rank, (at, hit) in enumerate(zip(near, same, strict=True), 1)]
        story = draw_lists(beside, "Nearest" if groups is None else "✓ same group", {"nearest": column}, MOST)
        return picture.describe("neighbours", story)

    ends = min(len(likes) - 1, MOST)
    explore(draw, user=pick(users, len(likes), user), k=Slider("k", 1, ends, min(5, ends)))


def on_paper(latents: Tensor) -> Tensor:
    """Return (M, 2): the latents as they are, or along the two directions in which they spread most."""
    if latents.shape[1] < 2:
        return torch.nn.functional.pad(latents, (0, 2 - latents.shape[1]))
    if latents.shape[1] == 2:
        return latents
    centred = latents - latents.mean(dim=0)
    widest = torch.linalg.svd(centred, full_matrices=False).Vh[:2]
    furthest = widest.gather(1, widest.abs().argmax(dim=1, keepdim=True))
    return centred @ (widest * furthest.sign()).T  # which way an axis points is a matter of chance: fix it
