"""Each view has to find its partner among all the others."""

import torch

NAMES = ("nt_xent",)
NEEDS = ()
STUB = '''
def nt_xent(z1, z2, temperature=0.5):
    """The normalised-temperature cross-entropy of two views of each user (arXiv 2002.05709, equation 1).

    z1, z2: (B, D) float32; rows z1[i] and z2[i] are the two views of one user.
    temperature: a Python float; the cosine similarities are divided by it.
    Returns: a 0-dim float32 tensor with a gradient. Each of the 2B views is to pick its partner out of all 2B - 1
    other views, itself left out; the cross-entropy is averaged over the 2B. Finite at temperature 0.01 too.
    """
    raise NotImplementedError
'''
TWO_LENGTHS = [[3.0, 0.0], [0.0, 1.0]], [[1.0, 1.0], [0.0, 2.0]]
THREE = [[1.0, 0.0], [0.0, 2.0], [-1.0, -1.0]], [[1.0, 1.0], [-1.0, 3.0], [0.0, -1.0]]


def probe(ask, answer):
    for label, views, temperature in batches(ask.generator):
        ask.call(label, answer.nt_xent, *views, *temperature)
    views = [torch.randn(4, 3, generator=ask.generator).requires_grad_() for _ in range(2)]
    loss = ask.call("four users whose views carry a gradient", answer.nt_xent, *views, 0.5)
    ask.gradient("the gradient to both views", loss, *views, name="nt_xent")
    cold = [torch.randn(6, 3, generator=ask.generator) - torch.tensor([3.0, 0.0, 0.0]) for _ in range(2)]
    cold[0][0] = torch.tensor([5.0, 0.0, 0.0])  # far from all others, so that its sum of exponentials is tiny
    ask.call("six users at temperature 0.01", answer.nt_xent, *cold, 0.01)
    cold = [part.clone().requires_grad_() for part in cold]
    loss = ask.call("those six users, with a gradient", answer.nt_xent, *cold, 0.01)
    ask.gradient("the gradient at temperature 0.01", loss, *cold, name="nt_xent", read=finite)


def batches(generator):
    """Small enough to do by hand first; then unequal lengths, other temperatures, one user alone, more users."""
    same = [[1.0, 0.0], [0.0, 1.0]]
    yield "two users whose views agree, temperature 0.5", tensors(same, same), (0.5,)
    yield "two users with views of several lengths, temperature 0.5", tensors(*TWO_LENGTHS), (0.5,)
    yield "three users, temperature 1.0", tensors(*THREE), (1.0,)
    yield "three users without a temperature", tensors(*THREE), ()
    yield "one user alone", tensors([[1.0, 2.0, 0.0]], [[2.0, 1.0, 1.0]]), (0.5,)
    for rows, columns, temperature in ((5, 3, 0.2), (7, 16, 0.5), (64, 8, 0.1)):
        views = torch.randn(2, rows, columns, generator=generator)
        views[1] = views[0] + 0.7 * views[1]
        yield f"{rows} users with codes of {columns}, temperature {temperature}", list(views.clone()), (temperature,)


def tensors(*rows):
    return [torch.tensor(part) for part in rows]


def finite(found):
    """Whether each gradient is finite; where none flows, that word stays."""
    return [bool(part.isfinite().all()) if isinstance(part, torch.Tensor) else part for part in found]
