"""How far the encoder's normal distributions are from the standard one."""

import math

import torch

NAMES = ("kl_divergence",)
NEEDS = ()
STUB = '''
def kl_divergence(mean, log_variance):
    """Give the Kullback-Leibler divergence of the codes' normal distributions from N(0, 1).

    mean, log_variance: (B, D) float32; each number of a code is drawn from N(mean, exp(log_variance)).
    Returns: a 0-dim float32 tensor with a gradient: summed over the D numbers of a code, averaged over the B rows.
    """
    raise NotImplementedError
'''


def probe(ask, answer):
    for label, mean, log_variance in codes(ask.generator):
        found = ask.call(label, answer.kl_divergence, mean.clone(), log_variance.clone())
    again = ask.call("those codes again", answer.kl_divergence, mean.clone(), log_variance.clone())
    ask.record("whether two calls agree", steady(found, again), name="kl_divergence")
    mean, log_variance = (torch.randn(3, 2, generator=ask.generator).requires_grad_() for _ in range(2))
    found = ask.call("three codes that carry a gradient", answer.kl_divergence, mean, log_variance)
    ask.gradient("the gradient of mean and log variance", found, mean, log_variance, name="kl_divergence")


def steady(found, again):
    """Whether two answers to one question are the same; what is no tensor has other troubles."""
    if not (isinstance(found, torch.Tensor) and isinstance(again, torch.Tensor) and found.shape == again.shape):
        return True
    return torch.allclose(found, again.to(found.dtype), atol=1e-5, equal_nan=True)


def codes(generator):
    """Small and telling first: the prior itself, means alone, variances alone; then both, and several widths."""
    yield "two codes that are N(0, 1) already", torch.zeros(2, 3), torch.zeros(2, 3)
    yield "one code of variance 1 at (1, 2)", torch.tensor([[1.0, 2.0]]), torch.zeros(1, 2)
    wide = torch.tensor([[math.log(4)], [math.log(0.25)]])
    yield "two codes of one number each, with variances 4 and 1/4", torch.zeros(2, 1), wide
    yield "two codes, one of them N(0, 1)", torch.tensor([[0.0, 0.0, 0.0], [3.0, 0.0, 1.0]]), torch.zeros(2, 3)
    for rows, columns in ((5, 7), (1, 6), (40, 3)):
        mean, log_variance = (torch.randn(rows, columns, generator=generator) for _ in range(2))
        yield f"{rows} {'code' if rows == 1 else 'codes'} of {columns} numbers each", 2 * mean, 2 * log_variance - 1
