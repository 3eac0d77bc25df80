"""The mean squared error over the cells that somebody rated, and over no others."""

import torch

NAMES = ("masked_mse",)
NEEDS = ()
STUB = '''
def masked_mse(prediction, ratings):
    """Average the squared error over the rated cells alone.

    prediction: (B, N) float32.  ratings: (B, N) float32; a 0 says that there is no rating, and every other number is
    one, a negative number too (ratings are negative below the mean, once a mean was taken away).

    Returns: a 0-dim float32 tensor through which the gradient flows back to `prediction`. Where nothing is rated at
    all it is 0, and `backward` still works: the gradient is 0 too.
    """
    raise NotImplementedError
'''


def probe(ask, answer):
    for label, prediction, ratings in questions(ask.generator):
        before = ratings.clone()
        ask.call(label, answer.masked_mse, prediction, ratings)
        ask.record(f"whether the ratings of {label} stay", ratings.equal(before), name="masked_mse")
    for label, ratings in gradients():
        prediction = torch.tensor([[4.0, 2.0, 1.0], [3.0, 5.0, 2.0]], requires_grad=True)
        loss = ask.call(label, answer.masked_mse, prediction, ratings)
        ask.gradient(f"the gradient of {label}", loss, prediction, name="masked_mse")
    ties = bool(getattr(loss, "requires_grad", False))
    ask.record("whether `backward` runs where nothing is rated", ties, name="masked_mse")


def questions(generator):
    """Small ones first; predictions may be 0 where somebody rated, and ratings below 0 or between two stars."""
    yield ("two users with three ratings", torch.tensor([[4.0, 2.0, 1.0], [3.0, 5.0, 2.0]]),
           torch.tensor([[5.0, 0.0, 3.0], [0.0, 0.0, 1.0]]))
    yield "one user who rated everything", torch.tensor([[1.0, 2.0, 3.0, 4.0]]), torch.tensor([[2.0, 1.0, 5.0, 5.0]])
    yield "one user with one rating", torch.tensor([[4.0, 2.0]]), torch.tensor([[0.0, 5.0]])
    yield ("a prediction of 0 for a rated item", torch.tensor([[0.0, 3.0], [0.0, 2.0]]),
           torch.tensor([[2.0, 5.0], [0.0, 3.0]]))
    yield ("three users, one of them without ratings", torch.tensor([[3.0, 3.0], [2.0, 4.0], [1.0, 5.0]]),
           torch.tensor([[4.0, 0.0], [0.0, 0.0], [2.0, 2.0]]))
    for users, items in ((30, 12), (7, 40)):
        stars = torch.randint(1, 6, (users, items), generator=generator).float()
        rated = torch.rand(users, items, generator=generator) < 0.3
        yield f"{users} users and {items} items", 3 + torch.randn(users, items, generator=generator), stars * rated
    yield ("ratings from which a mean was taken", torch.tensor([[0.5, -1.0, 0.0], [1.0, 0.5, 1.0]]),
           torch.tensor([[1.5, -2.0, 0.0], [0.0, 0.5, -0.5]]))


def gradients():
    yield "a prediction with a gradient", torch.tensor([[5.0, 0.0, 3.0], [0.0, 0.0, 1.0]])
    yield "two users who rated nothing", torch.zeros(2, 3)
