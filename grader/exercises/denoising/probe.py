"""A loss that spoils the input and asks for the clean one back."""

import torch

NAMES = ("denoising_loss",)
NEEDS = ()
STUB = '''
def denoising_loss(autoencoder, x, noise):
    """Feed the noisy data, and compare what comes back with the clean data.

    The autoencoder gets x + noise; its output is compared with x by the mean squared error.

    autoencoder: a module that gives the reconstruction of a batch.
    x, noise: float32 of the same shape, with any number of dimensions; neither may change.
    Returns: a scalar tensor with a gradient.
    """
    raise NotImplementedError
'''


def probe(ask, answer):
    for label, x, noise in list(batches(ask.generator)):  # all made before an answer could change one
        model = Stretch()
        loss = ask.call(label, answer.denoising_loss, model, x, noise, read=lambda loss: loss)
        ask.record(f"what the autoencoder is fed for {label}", together(model.fed, x.shape), name=NAMES[0])
        ask.record(f"how often it is fed for {label}", len(model.fed), name=NAMES[0], aside=True)
    ask.gradient("the gradient to the autoencoder", loss, model.scale, model.shift, name=NAMES[0])


def batches(generator):
    """Small enough to do by hand first; then no noise, one row, at random, pictures."""
    x = torch.tensor([[1.0, 0.0, 2.0], [0.0, 1.0, 1.0]])
    yield "two rows", x, torch.tensor([[0.0, 1.0, -1.0], [2.0, 0.0, 0.0]])
    yield "noise of zeros", x.clone(), torch.zeros(2, 3)
    yield "one row", x[:1].clone(), torch.tensor([[-0.5, 0.5, 1.0]])
    yield "five rows at random", torch.randn(5, 4, generator=generator), torch.randn(5, 4, generator=generator)
    yield "three pictures", *torch.randn(2, 3, 1, 4, 5, generator=generator)


def together(fed, shape):
    """Put the rows together that were fed one at a time; else the last batch counts."""
    rows = [row if row.dim() == len(shape) else row[None] for row in fed]
    fit = rows and all(row.shape[1:] == shape[1:] for row in rows) and sum(map(len, rows)) == shape[0]
    return [torch.cat(rows)] if fit else fed[-1:]


class Stretch(torch.nn.Module):
    """An autoencoder that doubles what it is fed and adds a half, and writes down what that was."""

    def __init__(self):
        super().__init__()
        self.scale, self.shift = torch.nn.Parameter(torch.tensor(2.0)), torch.nn.Parameter(torch.tensor(0.5))
        self.fed = []

    def forward(self, x):
        self.fed.append(x.detach().clone())
        return x * self.scale + self.shift
