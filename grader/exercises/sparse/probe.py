"""A loss that wants the data back, and a code of small numbers."""

import torch

NAMES = ("sparse_loss",)
NEEDS = ()
STUB = '''
def sparse_loss(reconstruction, x, latent, weight):
    """Add a price for large codes to the squared error.

    Mean squared error of reconstruction and x, plus `weight` times the mean of |latent|;
    both means run over all entries.

    reconstruction, x: float32 of the same shape, with any number of dimensions.
    latent: float32, any shape.  weight: a Python float.  Returns: a scalar tensor with a gradient.
    """
    raise NotImplementedError
'''


def probe(ask, answer):
    for label, batch in batches(ask.generator):
        ask.call(label, answer.sparse_loss, *batch)
    rebuilt, x, code = (torch.randn(4, width, generator=ask.generator) for width in (6, 6, 3))
    inputs = [rebuilt.requires_grad_(), code.requires_grad_()]
    loss = ask.call("a batch that carries a gradient", answer.sparse_loss, rebuilt, x, code, 0.5)
    ask.gradient("the gradient to the reconstruction and the code", loss, *inputs, name=NAMES[0])


def batches(generator):
    """Small enough to do by hand first; then no price, a wide code, one row, pictures."""
    x = torch.tensor([[1.0, 0.0, 2.0], [0.0, 1.0, 1.0]])
    rebuilt = torch.tensor([[1.0, 2.0, 2.0], [0.0, 1.0, 3.0]])
    yield "two rows, weight 0.5", (rebuilt, x, torch.tensor([[3.0, -1.0], [0.0, -4.0]]), 0.5)
    yield "a perfect reconstruction, weight 2.0", (x.clone(), x.clone(), torch.tensor([[1.0, -2.0], [0.0, -0.5]]), 2.0)
    yield "weight 0.0", (rebuilt.clone(), x.clone(), torch.tensor([[1.0, -2.0], [0.0, -0.5]]), 0.0)
    yield "a code of zeros", (rebuilt.clone(), x.clone(), torch.zeros(2, 4), 0.1)
    yield "one row with a wide code", (rebuilt[:1], x[:1], torch.randn(1, 7, generator=generator), 0.3)
    rows = torch.randn(2, 5, 4, generator=generator)
    yield "five rows at random", (*rows, torch.randn(5, 9, generator=generator), 0.25)
    pictures = torch.rand(2, 3, 1, 4, 5, generator=generator)
    yield "three pictures", (*pictures, torch.randn(3, 2, 2, 2, generator=generator), 0.75)
