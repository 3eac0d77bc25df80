"""Stage 02: a table of likes to press, and what the learner makes of it."""

from __future__ import annotations

from collections.abc import Callable

from torch import Tensor

from lesson.controls import LikeGrid
from lesson.data import SmallTown
from lesson.friendly import asked_for
from lesson.plots import heat_map, like_matrix
from lesson.style import Picture, blank
from lesson.widgets import explore


def iou_explorer(intersection_over_union: Callable[[Tensor], Tensor], town: SmallTown) -> None:
    """Press likes, and see what the learner's function makes of them."""

    def draw(likes: Tensor) -> Picture:
        people = len(town.users)
        similar = asked_for(intersection_over_union, likes.clone(), shape=(people, people)).float()
        picture, (left, right) = blank(9.2, 3.9, panels=(len(town.items), people))
        like_matrix(likes, town.users, town.items, "Likes", ax=left)
        heat_map(similar, town.users, town.users, "Your intersection over union", 0, 1, ax=right)
        return picture

    explore(draw, likes=LikeGrid("who likes what", town.likes, town.users, town.items))
