"""What a variational autoencoder pays: for a bad reconstruction, and for what its codes say."""

import torch

NAMES = ("vae_loss",)
NEEDS = ("kl_divergence",)
STUB = '''
def vae_loss(reconstruction, x, mean, log_variance, beta=1.0):
    """Add up how badly x is rebuilt and how far the codes are from N(0, 1).

    reconstruction: (B, N) float32, probabilities in [0, 1], both ends included.  x: (B, N) float32 of 0 and 1.
    mean, log_variance: (B, D) float32.  beta: how much the divergence weighs.
    Returns: a 0-dim float32 tensor with a gradient: the binary cross-entropy, summed over the N features and averaged
    over the B rows, plus beta * kl_divergence(mean, log_variance). Finite, also at probabilities 0 and 1.
    """
    raise NotImplementedError
'''


def probe(ask, answer):
    for label, batch, given in batches(ask.generator):
        ask.call(label, answer.vae_loss, *batch, **given)
    batch = list(random_batch(ask.generator, 4, 6, 2))
    inputs = [batch[index].requires_grad_() for index in (0, 2, 3)]
    loss = ask.call("a batch that carries a gradient", answer.vae_loss, *batch, beta=2.0)
    ask.gradient("the gradient of reconstruction, mean and log variance", loss, *inputs, name="vae_loss")
    ask_ends(ask, answer.vae_loss)


def ask_ends(ask, loss):
    """At probabilities of exactly 0 and 1 the loss is finite, whatever its value; right ones there cost nothing."""
    likes = torch.tensor([[1.0, 0.0, 1.0], [0.0, 0.0, 1.0]])
    codes = torch.zeros(2, 2), torch.zeros(2, 2)
    ask.call("probabilities of 0 and 1, all of them right", loss, likes.clone(), likes.clone(), *codes)
    ask.call("probabilities of 0 and 1, all of them wrong", loss, 1 - likes, likes.clone(), *codes, read=finite)
    ends = torch.tensor([[1.0, 0.0, 0.0], [1.0, 0.5, 1.0]], requires_grad=True)

    def slope():
        return torch.autograd.grad(loss(ends, likes, *codes), ends)[0].isfinite().all().item()

    ask.call("a finite gradient at probabilities of 0 and 1", slope, aside=True)


def batches(generator):
    """Small and telling first: each term alone, then both, beta, one row, and several widths."""
    even, sure = torch.full((2, 3), 0.5), torch.tensor([[0.9, 0.2, 0.5], [0.1, 0.8, 0.7]])
    likes = torch.tensor([[1.0, 0.0, 0.0], [0.0, 1.0, 1.0]])
    prior = torch.zeros(2, 2)
    mean, log_variance = torch.tensor([[1.0, 2.0], [0.0, -1.0]]), torch.tensor([[0.0, 0.5], [-1.0, 0.0]])
    yield "three even chances a row, and codes that are N(0, 1)", (even, likes, prior, prior.clone()), {}
    yield "two users, and codes that are N(0, 1)", (sure, likes, prior, prior.clone()), {}
    yield "the same two users with codes of their own", (sure, likes, mean, log_variance), {}
    yield "the same two users, beta = 0", (sure, likes, mean, log_variance), {"beta": 0.0}
    yield "the same two users, beta = 4", (sure, likes, mean, log_variance), {"beta": 4.0}
    yield "one user", (sure[:1], likes[:1], mean[:1], log_variance[:1]), {}
    for sizes in ((5, 8, 3), (7, 4, 6), (20, 3, 1)):
        label = f"{sizes[0]} rows of {sizes[1]} features"
        yield label, tuple(random_batch(generator, *sizes)), {"beta": 0.5}


def random_batch(generator, rows, features, latent):
    yield 0.02 + 0.96 * torch.rand(rows, features, generator=generator)
    yield (torch.rand(rows, features, generator=generator) < 0.4).float()
    yield torch.randn(rows, latent, generator=generator)
    yield torch.randn(rows, latent, generator=generator)


def finite(value):
    """Whether a number is finite; anything else stays as it is."""
    single = isinstance(value, torch.Tensor) and value.dim() == 0
    return bool(value.isfinite()) if single else value
