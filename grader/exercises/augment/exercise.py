"""Answer to `augment`."""

import torch
from torch.nn import functional

POINTS = 2
HINTS = (
    "Think of one coin for each like, which shows heads with probability `keep`. What shape has the heap of coins, and when is it tossed?",
    "`torch.rand` gives even numbers from 0 to 1 in any shape, and such a number lies below `keep` with probability `keep`. A like "
    "stays if there was a like *and* its coin shows heads.",
    "`torch.rand(likes.shape) < keep` is the heap of coins, as bool. Turn the likes into float32 and multiply the two.",
)
HINTS_FOR = {
    "rescaled": "`dropout` divides what it keeps by the probability of keeping. Draw the coins yourself with `torch.rand(likes.shape)`.",
    "zeros_become_likes": "A product of likes and coins can only take likes away, since 0 times anything is 0.",
}
NOTICE = "Whatever the coins show, a view never holds a like that its user has not: it says less about him, and nothing false."
EQUAL = {
    "torch.rand(likes.shape) < keep -> torch.rand(likes.shape) <= keep": "an even number hits `keep` itself once in 2**24 draws, and it lies below 1",
}


def augment(likes, keep=0.8):
    coins = torch.rand(likes.shape) < keep  # one for each cell, tossed anew at every call
    return likes.float() * coins


class Mistakes:
    """Wrong answers; each docstring is what the learner reads."""

    def keep_inverted(likes, keep=0.8):
        """You drop each like with probability `keep` and keep it otherwise. Turn the comparison round."""
        return likes.float() * (torch.rand(likes.shape) >= keep)

    def rescaled(likes, keep=0.8):
        """Your view holds other values than 0 and 1: `dropout` divides what it keeps. A like that is kept stays a 1, so toss the coins yourself."""
        return functional.dropout(likes.float(), 1 - keep)

    def dropout_with_keep(likes, keep=0.8):
        """`dropout` takes the probability to *drop*, and it divides what it keeps. Toss a coin of probability `keep` for each like instead."""
        return functional.dropout(likes.float(), keep)

    def dropout_in_eval(likes, keep=0.8):
        """Nothing is ever dropped: your view is all of the likes, whatever `keep` says. Multiply by a mask that is drawn at each call."""
        return likes.float().clone()

    def zeros_become_likes(likes, keep=0.8):
        """Your view holds likes that the user has not: coins flip a cell both ways or are added, or cells change places. Only a 1 may change, so multiply by the coins."""
        return (likes.bool() ^ (torch.rand(likes.shape) >= keep)).float()

    def coins_alone(likes, keep=0.8):
        """You return the coins, with no trace of the likes. A cell is 1 where there was a like *and* its coin shows heads."""
        return (torch.rand(likes.shape) < keep).float()

    def same_items_for_all(likes, keep=0.8):
        """Every row loses the same items, as you toss one coin for each item, or let its place decide. Toss one for each cell: `torch.rand(likes.shape)`."""
        return likes.float() * (torch.rand(likes.shape[1]) < keep)

    def whole_users(likes, keep=0.8):
        """A user keeps all his likes or none, as you toss one coin for each user. Toss one for each cell: `torch.rand(likes.shape)`."""
        return likes.float() * (torch.rand(len(likes), 1) < keep)

    def one_coin_for_all(likes, keep=0.8):
        """A single coin decides on the whole batch. Toss one for each cell: `torch.rand(likes.shape)`."""
        return likes.float() * (torch.rand(1) < keep)

    def same_view_at_every_call(likes, keep=0.8):
        """Each call drops the same likes, as you set a seed or draw only once, so two views would be one. Draw anew at each call, with no seed."""
        return likes.float() * (torch.rand(likes.shape, generator=torch.Generator().manual_seed(0)) < keep)

    def likes_changed(likes, keep=0.8):
        """You drop the likes in the tensor that you were given, so the second view starts from the first. Work on a copy."""
        likes[torch.rand(likes.shape) >= keep] = 0
        return likes.float()

    def exact_number_of_each_user(likes, keep=0.8):
        """Each user keeps exactly the same share of his likes. A coin for each like gives a number that varies."""
        place = torch.rand(likes.shape).masked_fill(likes == 0, 2).argsort(1).argsort(1)
        return ((place < (keep * likes.sum(1, keepdim=True)).round()) & (likes != 0)).float()

    def exact_number_of_all(likes, keep=0.8):
        """You keep the same number of likes at every call. A coin for each like gives a number that varies."""
        view, found = likes.float().clone(), likes.nonzero()
        gone = found[torch.randperm(len(found))[round(keep * len(found)):]]
        view[gone[:, 0], gone[:, 1]] = 0
        return view

    def scaled_instead_of_drawn(likes, keep=0.8):
        """You multiply each like by `keep`, and nothing is random. `keep` is a probability: toss a coin with it."""
        return likes.float() * keep

    def scaled_by_chance(likes, keep=0.8):
        """You multiply the likes by the random numbers themselves. Compare the numbers with `keep` first, which gives coins."""
        return likes.float() * torch.rand(likes.shape)

    def normal_numbers(likes, keep=0.8):
        """You compare normal random numbers with `keep`, and they lie below it with another probability. Take even ones from 0 to 1: `torch.rand`."""
        return likes.float() * (torch.randn(likes.shape) < keep)

    def keep_ignored(likes, keep=0.8):
        """You keep likes with one probability, whatever `keep` is. Compare the random numbers with `keep`."""
        return likes.float() * (torch.rand(likes.shape) < 0.8)

    def fair_coins(likes, keep=0.8):
        """Your coins are fair, 0 or 1 with the same probability, whatever `keep` is. Compare `torch.rand(likes.shape)` with `keep`."""
        return likes.float() * torch.randint(0, 2, likes.shape)

    def other_default(likes, keep=0.5):
        """Without a `keep`, another share of the likes is kept than 0.8. Leave the default of the first line as it was."""
        return augment(likes, keep)

    def dtype_of_the_likes(likes, keep=0.8):
        """Your view has the dtype of the likes, and a `Linear` layer takes float32 alone. Turn the likes into float32 by `.float()`."""
        return likes * (torch.rand(likes.shape) < keep)

    def int64_view(likes, keep=0.8):
        """Your view is int64, and a `Linear` layer takes float32 alone. Turn it into float32 by `.float()`."""
        return torch.bernoulli(likes.float() * keep).long()

    def bool_view(likes, keep=0.8):
        """Your view is bool, and a `Linear` layer takes float32 alone. Turn it into float32 by `.float()`."""
        return likes.bool() & (torch.rand(likes.shape) < keep)

    def two_views(likes, keep=0.8):
        """You return two views at once, and one is asked. Whoever wants two calls `augment` twice."""
        return augment(likes, keep), augment(likes, keep)


class Variants:
    """Right answers in other styles."""

    def coins_of_their_own_probability(likes, keep=0.8):
        return torch.bernoulli(likes.float() * keep)

    def masked_fill(likes, keep=0.8):
        return likes.to(torch.float32).masked_fill(torch.rand(likes.shape) >= keep, 0.0)

    def dropout_undone(likes, keep=0.8):
        return (functional.dropout(likes.float(), p=1 - keep) > 0).float()

    def cell_by_cell(likes, keep=0.8):
        import random

        return torch.tensor([[float(bool(like) and random.random() < keep) for like in row] for row in likes.tolist()])

    def numpy_inside(likes, keep=0.8):
        import numpy

        coins = numpy.random.default_rng().binomial(1, keep, size=tuple(likes.shape))
        return torch.from_numpy(likes.numpy() * coins).float()

    def of_the_likes_alone(likes, keep=0.8):
        view = torch.zeros(likes.shape)
        rows, items = likes.nonzero(as_tuple=True)
        stays = torch.rand(len(rows)) < keep
        view[rows[stays], items[stays]] = 1.0
        return view

    def where_in_double(likes, keep=0.8):
        chance = torch.rand(likes.shape, dtype=torch.float64)
        return torch.where(torch.logical_and(likes != 0, chance <= keep), 1.0, 0.0)

    def dropping_in_a_copy(likes, keep=0.8):
        view = likes.clone().float()
        view[torch.empty_like(view).uniform_() > keep] = 0
        return view

    def rounded_down(likes, keep=0.8):
        return likes * torch.floor(torch.rand(likes.shape) + keep)

    def sparse(likes, keep=0.8):
        places = likes.nonzero()
        places = places[torch.bernoulli(torch.full((len(places),), float(keep))).bool()]
        return torch.sparse_coo_tensor(places.T, torch.ones(len(places)), likes.shape).to_dense()

    def distribution(likes, keep=0.8):
        return torch.distributions.Binomial(likes.float(), torch.tensor(float(keep))).sample()


FULL = "150 users who like all of 20 items, keep=0.5"
FORM = tuple(f"60 users with likes of {dtype}, keep=0.5" for dtype in ("int64", "bool", "float32"))


def said(name, holds):
    """A sign of a listed mistake in another shape."""
    def symptom(expected, got):
        return holds(expected, got)

    symptom.__name__ = name
    return symptom


class Symptoms:
    """Families of mistakes."""

    likes_changed = said("likes_changed", lambda expected, got: any(entry.changed for entry in got.entries))
    zeros_become_likes = said("zeros_become_likes", lambda expected, got: any(
        got[label]["zeros that became something else"] for label in FORM if got[label]))
    same_items_for_all = said("same_items_for_all", lambda expected, got: got[FULL] == "the same draws in every row")
    whole_users = said("whole_users", lambda expected, got: got[FULL] == "one draw for each row")
    same_view_at_every_call = said("same_view_at_every_call", lambda expected, got: got["the draws of the two calls"] == "the same")

    def other_values(expected, got):
        """Your view holds other values than 0 and 1. A like that is kept stays a 1, and one that is dropped becomes a 0."""
        return any(got[label] and got[label]["values but 0 and 1"] != [] for label in FORM)

    two_views = said("two_views", lambda expected, got: got[FORM[0]]["shape"] == [2, 60, 12])

    def other_shape(expected, got):
        """For 60 users and 12 items your view has shape {seen}. A view has the shape of its likes: what is dropped becomes a 0, and is not cut out."""
        shape = tuple(got[FORM[0]]["shape"])
        return {"seen": str(shape)} if shape != (60, 12) else False

    def chance_where_none_is(expected, got):
        """For {label}, nothing is left to chance: at `keep` 1 every like stays, and at 0 none does. Work out what your coins show there."""
        odd = [entry.label for entry in got.entries if entry.value == "something that is neither all likes nor none" or (
            entry.label == "three users, keep=0.0" and bool(entry.value.any()))]
        return {"label": odd[0]} if odd else False

    def other_share(expected, got):
        """For keep=0.3 you keep a share of {seen} of the likes. A number from `torch.rand` lies below `keep` with probability `keep`."""
        share = got["likes kept and dropped, keep=0.3: the share"]
        return {"seen": f"{share:.2f}"} if abs(share - 0.3) > 0.05 else False

    def draws_hang_together(expected, got):
        """The right share of the likes is kept, but the draws of single likes hang together. Toss a coin for each cell, whatever the others show."""
        return got[FORM[0]] == expected[FORM[0]] and abs(got["likes kept and dropped, keep=0.3: the share"] - 0.3) < 0.02
