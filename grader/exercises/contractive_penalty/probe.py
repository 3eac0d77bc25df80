"""How much a code moves when its row is moved a little: the squared slopes of the encoder."""

from itertools import pairwise

import torch

NAMES = ("contractive_penalty",)
NEEDS = ()
STUB = '''
def contractive_penalty(encoder, x):
    """Give the mean over the rows of the squared Frobenius norm of d encoder(x) / d x.

    For one row the Jacobian is (D, N): entry (k, i) says how fast number k of the code grows with entry i of the row.

    encoder: any callable, (B, N) -> (B, D), that treats each row by itself; a module or a plain function, of any depth.
    x: (B, N) float32.
    Returns: a 0-dim float32 tensor whose gradient reaches the encoder's parameters.
    """
    raise NotImplementedError
'''
FLAT = [[1.0, 2.0, 0.0], [0.0, 0.0, 3.0]]
ROWS = [[1.0, 0.0, 1.0], [0.0, 1.0, 0.0]]


def probe(ask, answer):
    for label, encoder, x in encoders(ask.generator):
        ask.call(label, answer.contractive_penalty, encoder, x)
    for label, encoder, x in trained(ask.generator):
        before = [weight.detach().clone() for weight in encoder.weights]
        penalty = ask.call(label, answer.contractive_penalty, encoder, x)
        ask.gradient(f"the gradient of the weights, {label}", penalty, *encoder.weights, name=NAMES[0])
        same = all(torch.equal(*pair) for pair in zip(before, encoder.weights, strict=True))
        ask.record(f"whether the weights stay as they were, {label}", same, name=NAMES[0])
        filled = [weight.grad is not None for weight in encoder.weights]
        ask.record(f"whether gradients are left in the weights, {label}", filled, name=NAMES[0], aside=True)
    rows = torch.randn(4, 4, generator=ask.generator).requires_grad_()
    ask.call("four rows that carry a gradient", answer.contractive_penalty, Deep(ask.generator, 4, 3), rows)


def encoders(generator):
    """Small enough to do by hand first; then slopes that differ by row, one row, a wider code, several layers."""
    yield "two rows and the code (x1 + 2 x2, 3 x3)", product, torch.tensor(ROWS)
    yield "two rows and the code x1 * x1", square, torch.tensor([[1.0, 5.0], [3.0, 0.0]])
    yield "two rows and the code (x1 - x2, x2 - x1)", apart, torch.tensor([[1.0, 0.0], [0.0, 1.0]])
    yield "one row", product, torch.tensor(ROWS[:1])
    yield "two rows and a code of one number", first, torch.tensor(ROWS)
    yield "two rows and the code sin(30 x1)", wave, torch.tensor([[0.02, 1.0], [-0.01, 3.0]])
    rows = torch.randn(5, 4, generator=generator)
    yield "five rows and a code wider than they are", Deep(generator, 4, 7), rows
    rows = torch.randn(7, 6, generator=generator)
    yield "seven rows and an encoder of three layers", Deep(generator, 6, 5, 5, 3), rows
    yield "a module of PyTorch's own layers", layers(generator), torch.randn(4, 5, generator=generator)


def trained(generator):
    """Encoders whose weights are to hear of the penalty."""
    yield "a linear encoder", Deep(generator, 4, 3), torch.randn(5, 4, generator=generator)
    yield "an encoder with a bend", Deep(generator, 4, 6, 2, end=torch.tanh), torch.randn(3, 4, generator=generator)


def product(x):
    return x @ torch.tensor(FLAT).T


def square(x):
    return x[..., :1] ** 2


def wave(x):
    return torch.sin(30 * x[..., :1])


def apart(x):
    return x - x.flip(-1)


def first(x):
    return product(x)[..., :1] ** 3


def layers(generator):
    chain = torch.nn.Sequential(torch.nn.Linear(5, 8), torch.nn.SiLU(), torch.nn.Linear(8, 3), torch.nn.Softmax(dim=-1))
    with torch.no_grad():
        for weight in chain.parameters():
            weight.copy_(torch.randn(weight.shape, generator=generator))
    return chain


class Deep:
    """A callable that is no module: matrices with a bend between every two."""

    def __init__(self, generator, *widths, end=None):
        self.end = end
        self.weights = [
            (torch.randn(narrow, wide, generator=generator) / wide**0.5).requires_grad_()
            for wide, narrow in pairwise(widths)
        ]

    def __call__(self, x):
        for weight in self.weights[:-1]:
            x = torch.sigmoid(2 * (x @ weight.T)) + 0.3 * x.sum(dim=-1, keepdim=True) ** 2 / 10
        x = x @ self.weights[-1].T
        return self.end(x) if self.end else x
