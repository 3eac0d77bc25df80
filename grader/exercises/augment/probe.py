"""A view of the likes that keeps each of them by chance."""

import torch

NAMES = ("augment",)
NEEDS = ()
STUB = '''
def augment(likes, keep=0.8):
    """Make one view of the users: each like is kept with probability keep, and dropped otherwise.

    likes: (M, N) of 0 and 1, as int64, bool or float32; its values must not change.
    keep: a Python float from 0 to 1.
    Returns: (M, N) float32 of 0 and 1. Every like has a draw of its own, anew at each call; a 0 stays 0.
    """
    raise NotImplementedError
'''
OWN = "each like its own draw"
CALLS, ROWS, WIDTH = 600, 150, 20


def probe(ask, answer):
    for label, likes, keep in certain(ask.generator):
        ask.call(label, repeated(answer.augment, 40), likes, keep, read=reader(plainly, likes))
    for dtype in (torch.int64, torch.bool, torch.float32):
        likes = (torch.rand(60, 12, generator=ask.generator) < 0.4).to(dtype)
        label = f"60 users with likes of {str(dtype).removeprefix('torch.')}, keep=0.5"
        ask.call(label, answer.augment, likes, 0.5, read=reader(kind, likes))
    if ask_draws(ask, answer.augment):
        ask_frequencies(ask, answer.augment)


def certain(generator):
    """Nothing is left to chance at keep 1 and 0."""
    yield "three users, keep=1.0", small(torch.int64), 1.0
    yield "three users, keep=0.0", small(torch.int64), 0.0
    yield "three users with bool likes, keep=1.0", small(torch.bool), 1.0
    yield "three users with float32 likes, keep=1.0", small(torch.float32), 1.0
    yield "one user, keep=1.0", (torch.rand(1, 24, generator=generator) < 0.5).long(), 1.0


def repeated(augment, times):
    """Call it on the likes themselves, then on copies of what they were."""

    def views(likes, keep):
        before = likes.clone()
        return [augment(likes if first else before.clone(), keep) for first in [True] + [False] * (times - 1)]

    views.__qualname__ = "augment"
    return views


def reader(read, likes):
    """Read a view beside the likes as they were before the call."""
    before = likes.clone()
    return lambda view: read(view, before)


def small(dtype):
    return torch.tensor([[1, 0, 1, 1, 0], [0, 1, 0, 0, 1], [0, 0, 0, 0, 0]]).to(dtype)


def ask_draws(ask, augment):
    """Which likes share their draw, in one call and between two; tell whether none do and they can be counted."""
    full = torch.ones(ROWS, WIDTH)
    first = ask.call("150 users who like all of 20 items, keep=0.5", augment, full.clone(), 0.5, read=pattern)
    again = ask.call("the same 150 users again", augment, full.clone(), 0.5, read=pattern)
    alike = type(first) is type(again) is torch.Tensor and first.shape == again.shape == full.shape
    if alike and pattern(first) != "one draw for all":
        same = torch.equal(first, again)
        ask.record("the draws of the two calls", "the same" if same else "different", name="augment")
        return not same and pattern(first) == OWN
    return False


def ask_frequencies(ask, augment):
    """How many likes are kept, of all and of each user; and which of a few likes are kept together, call by call.

    Five chi-square tests, each with a false alarm in 10 ** 7: together one in 2 * 10 ** 6.
    """
    full = torch.ones(ROWS, WIDTH)
    for label, keep in (("likes kept and dropped without a `keep`", ()), ("likes kept and dropped, keep=0.3", (0.3,))):
        view = ask.call(f"150 users, {label.split(', ')[-1]}", augment, full.clone(), *keep, read=shape)
        kept = int((view != 0).sum())
        ask.record(f"{label}: the share", kept / full.numel(), aside=True)
        ask.sample(label, [kept, full.numel() - kept], name="augment")
        of_each = tally((view != 0).sum(1), WIDTH + 1)
        ask.sample(f"numbers of likes kept by each user ({label})", of_each, name="augment")

    few = torch.tensor([[1, 0, 1], [0, 1, 1]])
    views = repeated(augment, CALLS)
    views = ask.call(f"two users, {CALLS} times", views, few, 0.6, read=lambda views: shape(views[-1]))
    kept = torch.stack(views)[:, few == 1] != 0
    ask.sample("sets of the four likes kept", tally(kept.long() @ torch.tensor([8, 4, 2, 1]), 16), name="augment")


def tally(numbers, most):
    return torch.bincount(numbers, minlength=most)[:most]


def plainly(views, likes):
    """The view where no chance is in it (all likes, none, everything, the opposite); else words."""
    view = views[0]
    if type(view) is not torch.Tensor or view.shape != likes.shape:
        return view if type(view) is torch.Tensor else shape(view)
    fixed = all(type(other) is torch.Tensor and torch.equal(other, view) for other in views)
    same = (likes.double(), torch.zeros_like(likes).double(), torch.ones_like(likes).double(), 1 - likes.double())
    if fixed and any(torch.equal(view.double(), one) for one in same):
        return view
    return "something that is neither all likes nor none"


def kind(view, likes):
    """What a random view is like: its form, the values in it, and whether the zeros are still there."""
    if type(view) is not torch.Tensor or view.shape != likes.shape:
        return shape(view)
    odd = sorted({round(value, 3) for value in view.double().unique().tolist()} - {0.0, 1.0})
    seen = odd if len(odd) < 4 else "many"
    filled = bool((view[likes == 0] != 0).any())
    return shape(view) | {"values but 0 and 1": seen, "zeros that became something else": filled}


def pattern(view):
    """Say which likes shared their draw."""
    if type(view) is not torch.Tensor or view.shape != (ROWS, WIDTH):
        return shape(view)
    rows, columns = bool((view == view[:1]).all()), bool((view == view[:, :1]).all())
    if rows and columns:
        return "one draw for all"
    return "the same draws in every row" if rows else "one draw for each row" if columns else OWN


def shape(view):
    if type(view) in (tuple, list):
        return type(view)(shape(part) for part in view)
    return {"shape": list(view.shape), "dtype": str(view.dtype)} if type(view) is torch.Tensor else view
