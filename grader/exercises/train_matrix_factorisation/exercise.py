"""Answer to `train_matrix_factorisation`."""

import numpy
import torch

POINTS = 4
COMPARED_WITH = "by_hand_on_the_sum"    # the probe sees the same in it, at a tenth of the cost of Adam's steps
HINTS = (
    "Which cells should the loss look at, and what does it say about all the others? And where must the factors not start?",
    "Make two small random leaf tensors with a gradient. Predict all cells by one matrix product, take the squared errors of the "
    "observed cells alone (`tensor[observed]`), and let Adam move both factors, `epochs` times.",
    "The start: `(0.1 * torch.randn(M, rank)).requires_grad_()`, and the same with N. Then `torch.optim.Adam([users, items], lr=lr, "
    "weight_decay=weight_decay)`, three verbs in a loop, and `detach()` on the way out.",
)
HINTS_FOR = {
    "zero_start": "The gradient of the users' factors is a sum of *item factors*. What is it where those are all 0?",
    "zeros_as_ratings": "A cell that nobody rated holds 0 as a placeholder. Index both the prediction and the ratings with `observed` "
    "before you compare.",
    "nonzero_instead_of_observed": "In the first example two tastes rate the other side's items 0. Those are ratings: `observed` says so.",
}
NOTICE = "The hidden cells came out right too, though no loss ever looked at them: there are fewer factors than ratings to explain."

EQUAL = {
    "0.1 * torch.randn(size, rank) -> 0.1 / torch.randn(size, rank)": "another random start, which fits",
    "ratings -> observed": "both have the same shape",
    "0.1 -> 0.2": "another random start",
    "0.1 -> -0.1": "another random start",
    "torch.randn(size, rank) -> torch.rand(size, rank)": "another random start",
    "torch.optim.Adam([users, items], lr=lr, weight_decay=weight_decay) -> torch.optim.Adam([users, items], lr=lr)": "a `weight_decay` left out is worth advice alone",
    "lr -> rank": "steps of another size, which fit",
    "error.square().mean() -> error.square().sum()": "Adam scales the gradient",
    "error.square() -> error.abs()": "another loss that fits",
    "users.detach() -> users": "a gradient left on is worth advice alone",
    "items.detach() -> items": "a gradient left on is worth advice alone",
}


def train_matrix_factorisation(ratings, observed, rank, epochs, lr, weight_decay):
    users, items = ((0.1 * torch.randn(size, rank)).requires_grad_() for size in ratings.shape)
    optimizer = torch.optim.Adam([users, items], lr=lr, weight_decay=weight_decay)
    for _ in range(epochs):
        error = (users @ items.T - ratings)[observed]    # the other cells hold no rating, so they have no say
        loss = error.square().mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return users.detach(), items.detach()


def masked_error(prediction, ratings, observed):
    return (prediction - ratings)[observed].square().mean()


def fit(ratings, observed, rank, epochs, lr, weight_decay, error=masked_error, scale=0.1, learns=(0, 1), method=torch.optim.Adam, start=torch.randn):
    """The usual loop, or one with another error, another start, or one half that stands still."""
    users, items = both = [(scale * start(size, rank)).requires_grad_() for size in ratings.shape]
    optimizer = method([both[index] for index in learns], lr=lr, weight_decay=weight_decay)
    for _ in range(epochs):
        optimizer.zero_grad()
        error(users @ items.T, ratings, observed).backward()
        optimizer.step()
    return users.detach(), items.detach()


def wrong(text, result=lambda users, items: (users, items), observed_as=lambda ratings, observed: observed, rank_as=lambda rank: rank, **changed):
    def train_matrix_factorisation(ratings, observed, rank, epochs, lr, weight_decay):
        cells = observed_as(ratings, observed)
        return result(*fit(ratings, cells, rank_as(rank), changed.get("epochs", epochs), lr, weight_decay,
                           **{key: value for key, value in changed.items() if key != "epochs"}))

    train_matrix_factorisation.__doc__ = text
    return train_matrix_factorisation


def centred(ratings, observed, rank, epochs, lr, weight_decay):
    """Your product is off by one number everywhere, the mean that you took away before the fit. Fit the ratings as they are:
    no mean comes back with the factors."""
    return fit(ratings - ratings[observed].mean(), observed, rank, epochs, lr, weight_decay)


def as_layer(factors):
    return torch.nn.Embedding.from_pretrained(factors)


class Mistakes:
    """Wrong answers; each text is what the learner reads."""
    zeros_as_ratings = wrong("The zeros of the cells that nobody rated are fitted as if they were ratings, and pull the rest down. Let the loss see the observed cells alone.", observed_as=lambda ratings, observed: torch.ones_like(observed))
    nonzero_instead_of_observed = wrong("You take every 0 for a cell without a rating, but 0 may be a rating too. Ask `observed` which cells count.", observed_as=lambda ratings, observed: ratings != 0)
    mask_inverted = wrong("You fit the cells that nobody rated, and so their zeros, and leave the ratings out. Turn the mask round: `observed` is true where there is a rating.", observed_as=lambda ratings, observed: ~observed)
    zero_start = wrong("Both factors are still 0: each one's gradient is a multiple of the other, so from 0 nothing ever moves. Start from small random numbers.", scale=0.0)
    not_trained = wrong("Your product is no nearer to the ratings than 0 is: the factors did not move, or not towards the ratings. Does `return` stand inside the loop, is one of `zero_grad`, `backward` and `step` missing, or does a penalty outweigh the errors?", epochs=0)
    errors_grow = wrong("Your product ends further from the ratings than 0 is: the steps go uphill, all earlier gradients pile up, or your loss looks at something else, such as a sigmoid of it. Take the gradient away, clear it before each `backward`, and compare the product itself.", error=lambda *given: -masked_error(*given))
    columns_alike = wrong("All columns of your factors are alike, as they start from one number and then get equal gradients: that is rank 1. Start from random numbers, small ones.", start=torch.ones)
    only_users_learn = wrong("The users' factors learn, and the items' stay at their random start. Hand both to the optimiser, or step both.", learns=(0,), scale=1.0)
    only_items_learn = wrong("The items' factors learn, and the users' stay at their random start. Hand both to the optimiser, or step both.", learns=(1,), scale=1.0)
    centred = centred
    rank_ignored = wrong("Your factors have another number of columns than `rank`. Make both with `rank` columns.", rank_as=lambda rank: 8)
    factors_swapped = wrong("The item factors come first in what you return. The users' are asked first.", result=lambda users, items: (items, users))
    product_returned = wrong("You return the product, a score for every cell. Return the two thin matrices that it is made of.", result=lambda users, items: users @ items.T)
    items_transposed = wrong("Your item factors lie on their side, `(rank, N)`. Return one row for each item.", result=lambda users, items: (users, items.T))
    layers_returned = wrong("You return embedding layers and not their numbers. Return each layer's `weight`, detached.", result=lambda users, items: (as_layer(users), as_layer(items)))
    numpy_returned = wrong("You return NumPy arrays where tensors are asked. Turn both into float32 tensors by `torch.from_numpy` and `.float()`.", result=lambda users, items: (users.numpy(), items.numpy()))
    double_returned = wrong("Your factors are float64, and float32 is asked. Turn both round at the end by `.float()`.", result=lambda users, items: (users.double(), items.double()))


class Variants:
    """Right answers in other styles."""

    def cell_by_cell(ratings, observed, rank, epochs, lr, weight_decay):
        users, items = (numpy.random.normal(0, 0.1, (size, rank)) for size in ratings.shape)
        cells = [(u, i, float(ratings[u, i])) for u, i in observed.nonzero().tolist()]
        for _ in range(epochs):
            for u, i, rating in cells:
                error = rating - users[u] @ items[i]
                users[u], items[i] = (users[u] + lr * (error * items[i] - weight_decay * users[u]),
                                      items[i] + lr * (error * users[u] - weight_decay * items[i]))
        return torch.from_numpy(users).float(), torch.from_numpy(items).float()

    def alternating_least_squares(ratings, observed, rank, epochs, lr, weight_decay):
        users, items = (torch.randn(size, rank, dtype=torch.float64) for size in ratings.shape)
        ridge = (weight_decay + 1e-9) * torch.eye(rank, dtype=torch.float64)

        def solve(fixed, values, cells):
            weights = cells.double()
            grams = torch.einsum("mn,nr,ns->mrs", weights, fixed, fixed) + ridge
            return torch.linalg.solve(grams, (weights * values.double()) @ fixed)

        for _ in range(min(epochs, 100)):
            users = solve(items, ratings, observed)
            items = solve(users, ratings.T, observed.T)
        return users.float(), items.float()

    def embeddings(ratings, observed, rank, epochs, lr, weight_decay):
        users, items = (torch.nn.Embedding(size, rank) for size in ratings.shape)
        optimizer = torch.optim.AdamW([*users.parameters(), *items.parameters()], lr=lr, weight_decay=weight_decay)
        row, column = observed.nonzero(as_tuple=True)
        for _ in range(epochs):
            loss = torch.nn.functional.mse_loss((users(row) * items(column)).sum(1), ratings[row, column])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        return users.weight, items.weight

    def penalty_in_the_loss(ratings, observed, rank, epochs, lr, weight_decay):
        P = torch.nn.Parameter(torch.rand(len(ratings), rank))
        Q = torch.nn.Parameter(torch.rand(ratings.shape[1], rank))
        optimizer = torch.optim.Adam([P, Q], lr)
        for _ in range(epochs):
            optimizer.zero_grad()
            loss = (observed * (ratings - P @ Q.T) ** 2).sum() + weight_decay * (P.pow(2).sum() + Q.pow(2).sum())
            loss.backward()
            optimizer.step()
        return P.data, Q.data

    def by_hand_on_the_sum(ratings, observed, rank, epochs, lr, weight_decay):
        users, items = (0.1 * torch.randn(size, rank) for size in ratings.shape)
        for _ in range(epochs):
            error = observed * (users @ items.T - ratings)
            users, items = users - lr * (error @ items + weight_decay * users), items - lr * (error.T @ users + weight_decay * items)
        return [users, items]

    def plain_descent_on_the_mean(ratings, observed, rank, epochs, lr, weight_decay):
        return fit(ratings, observed, rank, epochs, lr, weight_decay, scale=0.3, method=torch.optim.SGD)


SIGNS = {  # what the probe says of the two products, one word in each
    "zeros_as_ratings": ("fitted", "fitted in part"),
    "mask_inverted": ("not fitted", "no better than 0, and the cells nobody rated pulled to 0"),
    "zero_start": ("not fitted", "all 0"),
    "not_trained": ("not fitted", "no better than 0"),
    "errors_grow": ("not fitted", "further off than 0 is"),
    "only_users_learn": ("not fitted", "better by other item factors"),
    "only_items_learn": ("not fitted", "better by other user factors"),
    "centred": ("all off by one number", "fitted"),
    "nonzero_instead_of_observed": ("fitted where they are not 0", "fitted"),
}


class Symptoms:
    """Signs in what came back."""

    for _name in SIGNS:
        def _shows(expected, got, words=SIGNS[_name]):
            told = [entry.value["its ratings"] for entry in got.entries if entry.label.startswith("the product of")]
            return all(one == two or two in one.split(", and") for one, two in zip(told, words, strict=True))

        _shows.__name__, _shows.urgent = _name, True
        locals()[_name] = _shows

    def double_returned(expected, got):
        return "float64" in got["one epoch"]["user_factors"] + got["one epoch"]["item_factors"]

    double_returned.urgent = True

    def columns_alike(expected, got):
        return got["the product of the factors of five users of two tastes"]["its ratings"] == "all columns alike"

    columns_alike.urgent = True

    def not_fitted(expected, got):
        """The product of your two factors does not come near the observed ratings, however long you train. Let the loss compare them with this
        product alone, with nothing added, and let every step move both factors."""
        return any(entry.value["its ratings"].startswith(("not fitted", "fitted in part")) for entry in got.entries if entry.label.startswith("the product of"))

    def no_leaf(expected, got):
        """Your optimiser was handed the result of a computation, which it cannot move. Make the random numbers first, and call
        `requires_grad_()` on the finished tensor."""
        return "non-leaf" in got.error.text


class Advice:
    """Right, and yet worth a word."""

    def decay_ignored(expected, got, source):
        """With a `weight_decay` of 5 your factors are as large as without any. Hand it to the optimiser, or add it to the loss."""
        return got["size under weight decay"] > 0.9

    def gradient_kept(expected, got, source):
        """Your factors still carry a gradient. Return them detached, for nobody trains them any further."""
        return got["factors with a gradient"] is True

    def small_steps(expected, got, source):
        """With a learning rate of 0.03 your factors had not arrived after 300 epochs, and with larger and more steps they had. The gradient of a
        mean over all cells is small: Adam scales it."""
        return any(entry.label.startswith("small steps") and entry.value is True for entry in got.entries)

    def lonely_user(expected, got, source):
        """A user without any rating makes your factors NaN, or raises. Nothing needs to be fitted for him: look for a division by 0."""
        return False in (got["a user without ratings"] or [False])
