"""Two thin matrices whose product fits the ratings that were given, and foretells the others."""

import torch

NAMES = ("train_matrix_factorisation",)
NEEDS = ()
STUB = '''
def train_matrix_factorisation(ratings, observed, rank, epochs, lr, weight_decay):
    """Fit user_factors @ item_factors.T to the observed cells alone, by any method.

    ratings: (M, N) float32; the cells that nobody rated hold 0, and a rating may be 0 as well.
    observed: (M, N) bool, true where there is a rating.
    epochs: passes over the ratings (300 or more where the fit matters).  lr: learning rate, 0.01 to 0.1.
    weight_decay: 0 or more; how strongly the factors are pulled towards 0.

    Returns: user_factors (M, rank) and item_factors (N, rank), both float32.
    """
    raise NotImplementedError
'''
TOWN = [[3.0, 3.0, 0.0, 0.0], [0.0, 0.0, 3.0, 3.0], *[[3.0, 3.0, 3.0, 3.0]] * 3]
CLEAR = ("fitted", "fitted where they are not 0", "all off by one number", "all columns alike", "all 0",
         "further off than 0 is")
UNASKED = "not asked"
OTHER_SHAPE = {"its ratings": "of another shape", "its hidden cells": UNASKED}
TRIES = (300, 0.03), (300, 0.03), (600, 0.1)


def probe(ask, answer):
    train = answer.train_matrix_factorisation
    ratings, observed = town()
    found = ask.call("one epoch", train, ratings, observed, 3, 1, 0.03, 0.0, read=forms)
    if usable(found, ratings, 3):
        _, fitted = told(ask, "five users of two tastes", train, town(), in_town)
        data, tries = planted(ask.generator), TRIES if fitted else TRIES[:1]
        factors, fitted = told(ask, "eight users and seven items", train, data, anywhere, tries)
        if fitted:
            above_zero(ask, factors, *data)
            ask_aside(ask, train, factors, *data)


def told(ask, label, train, data, tell, tries=TRIES):
    """Record in words how well rank 2 fits; where it does not, more tries follow.

    Plain descent on a mean over all cells needs larger steps, a sum over all cells cannot take them, and a random
    start may be a poor one (about one in fifty): none of that is a fault.
    """
    ratings, observed = data
    said = []
    for epochs, lr in tries:
        asking = type(ask)(ask.seed) if said else ask    # later tries leave no entry behind
        given = ratings * observed, observed.clone(), 2, epochs, lr, 0.0
        factors = asking.call(label, train, *given, read=forms, aside=bool(said))
        fits = usable(factors, ratings, 2)
        said.append(tell(product(factors), factors, ratings.double(), observed) if fits else OTHER_SHAPE)
        if said[-1]["its ratings"] in CLEAR:
            break
    fitted = said[-1]["its ratings"] == "fitted"
    ask.record(f"small steps for {label}", fitted and lr == TRIES[-1][1], aside=True)
    ask.record(f"the product of the factors of {label}", said[-1] if fitted else said[0], name=NAMES[0])
    return factors, fitted


def above_zero(ask, factors, ratings, observed):
    """Ask for the signs of the large ratings.

    All 48 together are off by less than a tenth of their size, and none is beyond 2: one alone is off by less than
    the root of 0.01 * 48 * 4, which is 1.39.
    """
    large = observed & (ratings.abs() > 1.4)
    ask.record("which of the large ratings are above 0", (product(factors) > 0)[large], name=NAMES[0])


def ask_aside(ask, train, factors, ratings, observed):
    """What is worth a word and costs nothing: gradients left on, the weight decay, a user without ratings."""
    ask.record("factors with a gradient", any(part.requires_grad for part in factors), aside=True)
    small, every = town()
    pulled = ask.call("a strong `weight_decay`", train, small, every, 2, 40, 0.1, 5.0, aside=True)
    if usable(pulled, town()[0], 2):
        ask.record("size under weight decay", size(product(pulled)) / size(town()[0]), aside=True)
    lonely = observed.clone()
    lonely[0] = False
    ask.call("a user without ratings", train, ratings * lonely, lonely, 2, 2, 0.03, 0.1, aside=True, read=all_finite)


def town():
    """Two tastes, and 0 is a rating too."""
    return torch.tensor(TOWN), torch.ones(5, 4, dtype=torch.bool)


def planted(generator):
    """Eight users and seven items of random tastes of equal strength; one cell of each user was never rated.

    What was not rated is no smaller than the rest, or a 0 in its place would hardly be wrong.
    """
    while True:
        ratings = circle(8, generator) @ circle(7, generator).T
        observed, order = torch.ones(8, 7, dtype=torch.bool), torch.randperm(7, generator=generator)
        observed[torch.randperm(8, generator=generator), order[torch.arange(8) % 7]] = False
        if size(ratings[~observed]) >= size(ratings):
            return ratings, observed


def circle(size, generator):
    """Factors all round a circle: planted data in which no method is often caught by a poor start."""
    places = torch.randperm(size, generator=generator) + 0.6 * torch.rand(size, generator=generator)
    angles = places * 2 * torch.pi / size
    return 2**0.5 * torch.stack([angles.cos(), angles.sin()], dim=1)


def forms(output):
    """Only what the two are is compared, for their numbers are free."""
    if isinstance(output, torch.Tensor):
        return {"user_factors": f"a single tensor, {form(output)}", "item_factors": "nothing"}
    users, items = output
    return {"user_factors": form(users), "item_factors": form(items)}


def form(value):
    if isinstance(value, torch.Tensor):
        return f"{tuple(value.shape)} {value.dtype}".replace("torch.", "")
    return f"no tensor: {type(value).__name__}"


def usable(factors, ratings, rank):
    shapes = [(size, rank) for size in ratings.shape]
    both = isinstance(factors, (tuple, list)) and all(isinstance(part, torch.Tensor) for part in factors)
    return both and [part.shape for part in factors] == shapes


def product(factors):
    users, items = (part.detach().double() for part in factors)
    return users @ items.T


def size(values):
    return float(values.square().mean().sqrt())


def alike(factors):
    """Whether all columns of each are the same: from an equal start they get equal gradients for ever."""
    return all(bool((part[:, 1:] - part[:, :1]).abs().max() < 1e-3 < part.abs().max()) for part in factors)


def in_town(guess, factors, ratings, observed):
    """Put into words where the product is right."""
    off, rated = guess - ratings, ratings > 0
    if alike(factors):
        return {"its ratings": "all columns alike"}
    if size(off) < 0.3:
        return {"its ratings": "fitted"}
    if abs(float(off.mean())) > 0.3 and size(off - off.mean()) < 0.3:
        return {"its ratings": "all off by one number"}
    return {"its ratings": "fitted where they are not 0" if size(off[rated]) < 0.08 else "not fitted"}


def anywhere(guess, factors, ratings, observed):
    """Put into words how good the product is, where other words would differ from one random start to another."""
    if not guess.isfinite().all():
        return {"its ratings": "not finite", "its hidden cells": UNASKED}
    inside, outside = (size((guess - ratings)[cells]) / size(ratings[cells]) for cells in (observed, ~observed))
    if inside < 0.1:
        return {"its ratings": "fitted", "its hidden cells": "foretold" if outside < 0.5 else "missed"}
    return {"its ratings": unfit(guess, factors, ratings, observed, inside), "its hidden cells": UNASKED}


def unfit(guess, factors, ratings, observed, error):
    one_sided = error < 0.98 and gains(factors, ratings, observed)    # near 0 nothing was learnt, on either side
    if size(guess) < 1e-6 or error > 3 or one_sided:
        return "all 0" if size(guess) < 1e-6 else "further off than 0 is" if error > 3 else one_sided
    inside, outside = (size(guess[cells]) / size(ratings[cells]) for cells in (observed, ~observed))
    how_far, near = ("no better than 0", 0.05) if error > 0.95 else ("fitted in part", 0.6)
    return how_far + (", and the cells nobody rated pulled to 0" if outside < near * inside else "")


def gains(factors, ratings, observed):
    """Whether one of the two could fit better by itself, and the other one could not."""
    users, items = (part.detach().double() for part in factors)
    start = (users @ items.T - ratings)[observed].square().sum()
    sides = (items, ratings, observed), (users, ratings.T, observed.T)
    by_users, by_items = (1 - float(better_fit(*side) / start) for side in sides)
    least, most = sorted([by_users, by_items])
    if least > 0.06 or most < max(0.03, 3 * least):
        return None
    return "better by other user factors" if by_users > by_items else "better by other item factors"


def better_fit(fixed, ratings, observed):
    total = 0.0
    for row, cells in zip(ratings, observed, strict=True):
        best = torch.linalg.pinv(fixed[cells]) @ row[cells]
        total += (fixed[cells] @ best - row[cells]).square().sum()
    return total


def all_finite(output):
    return [bool(torch.isfinite(part).all()) for part in output]
