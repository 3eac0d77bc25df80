"""Intersection over union of every two users: in blocks, plainly, and by the packages that offer it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import psutil
import torch
from ladder.iou import overlap, overlap_in_blocks
from lesson.data import random_likes
from torch import Tensor

from .measure import Measured, Plan, measured, not_installed
from .table import Report, Row, Target, megabytes, seconds, spread, times

SIZES, ITEMS, WARM = (1_000, 2_000, 5_000, 10_000, 20_000), 100, 64
AIMED_AT = 10_000
SPARSE = 0.05
FLOOR, BLOCKS, PLAIN = "write the result once", "ladder.iou.overlap_in_blocks", "ladder.iou.overlap"
PRODUCT, RARE = "SciPy sparse product", "SciPy sparse product, 5 % liked"
PDIST, SCIKIT = "SciPy pdist, jaccard", "scikit-learn pairwise_distances, jaccard"
COLUMNS = ("CPU time", "min – max", "runs", "peak MB", "times the write")


def inputs(size: int) -> Tensor:
    """Give likes of that many users, half of them 1."""
    return random_likes(users=size, items=ITEMS)


def by_product(likes: Tensor) -> Any:
    """Count shared likes by SciPy's sparse product, and divide in place."""
    from scipy.sparse import csr_array

    rows = csr_array(likes.numpy(), dtype="float32")
    both, counts = (rows @ rows.T).toarray(), rows.sum(axis=1)
    either = counts[:, None] + counts
    either -= both
    both /= either.clip(min=1, out=either)
    return both


def by_pdist(likes: Tensor) -> Any:
    """Give SciPy's Jaccard distances of every two users, each pair once, as they come."""
    from scipy.spatial.distance import pdist

    return pdist(likes.bool().numpy(), "jaccard")


def by_scikit(likes: Tensor) -> Any:
    """Give scikit-learn's Jaccard distances as they come."""
    from sklearn.metrics import pairwise_distances

    return pairwise_distances(likes.bool().numpy(), metric="jaccard")


def on_likes(way: Callable[[Tensor], Any]) -> Callable[[Tensor], Callable[[], Any]]:
    """Make a way of a function of the likes: nothing is prepared."""
    return lambda likes: lambda: way(likes)


def rare(likes: Tensor) -> Callable[[], Any]:
    """Prepare the sparse product's better case: likes of which few are 1."""
    few = random_likes(users=len(likes), items=ITEMS, p=SPARSE)
    return lambda: by_product(few)


WAYS: dict[str, Callable[[Tensor], Callable[[], Any]]] = {
    FLOOR: on_likes(lambda likes: torch.empty(len(likes), len(likes), dtype=torch.float32).fill_(0.5)),
    BLOCKS: on_likes(overlap_in_blocks),
    PLAIN: on_likes(overlap),
    PRODUCT: on_likes(by_product),
    RARE: rare,
    PDIST: on_likes(by_pdist),
    SCIKIT: on_likes(by_scikit),
}
PACKAGES = {PRODUCT: ("scipy", "scipy"), RARE: ("scipy", "scipy"), PDIST: ("scipy", "scipy")}
PACKAGES[SCIKIT] = ("sklearn", "scikit-learn")
BYTES = {FLOOR: 4, BLOCKS: 5, PLAIN: 18, PRODUCT: 22, RARE: 22, PDIST: 5, SCIKIT: 22}
"""What a way holds at its peak, for each two users."""


def excuse(way: str, size: int) -> str:
    """Say why a way is not run at a size; nothing where it is."""
    missing = not_installed(*PACKAGES[way]) if way in PACKAGES else ""
    needed, free = BYTES[way] * size**2, psutil.virtual_memory().available
    if missing or needed < 0.8 * free:
        slow = way in (PDIST, SCIKIT) and size > AIMED_AT
        return missing or ("not run: too slow beyond 10,000 users, see there" if slow else "")
    return f"not run: needs about {needed / 1e9:.1f} GB, and {free / 1e9:.1f} GB are free"


def row(way: str, size: int, found: dict[str, Measured], note: str) -> Row:
    """Put one way at one size into words."""
    if note:
        return Row(way, size=size, note=note)
    one = found[way]
    words = (seconds(one.median), spread(one.cpu), str(len(one.cpu)), megabytes(one.peak))
    ratio = times(one.median / found[FLOOR].median)
    return Row(way, dict(zip(COLUMNS, (*words, ratio), strict=True)), one.median, size)


def targets(found: dict[str, Measured]) -> list[Target]:
    """Compare what was found at the size that is aimed at."""
    ours, floor = found[BLOCKS].median, found[FLOOR].median
    aims = [Target("at most twice the write at 10,000 users", f"{ours / floor:.2f} times", ours <= 2 * floor)]
    for rival in (PDIST, SCIKIT):
        if rival in found:
            faster = found[rival].median / ours
            aims.append(Target(f"10 times as fast as {rival}", f"{faster:.0f} times", faster >= 10))
    return aims


def report(plan: Plan) -> Report:
    """Measure every way at every size."""
    rows: list[Row] = []
    aims: list[Target] = []
    for size in (100,) if plan.quick else SIZES:
        notes = {way: excuse(way, size) for way in WAYS}
        found = measured(__name__, size, [way for way in WAYS if not notes[way]], plan)
        rows += [row(way, size, found, notes[way]) for way in WAYS]
        aims = targets(found) if size == AIMED_AT else aims
    reading = (
        f"Median CPU time on one thread, {ITEMS} items of which half are liked; the peak above the start, in a fresh "
        "process. The Jaccard distances are left as they come: 1 less than the result, and pdist's each pair once."
    )
    return Report("iou", "Intersection over union of every two users", COLUMNS, rows, "CPU seconds", aims, reading)
