"""One pass over all pairs: forward, loss, backward, step, and the mean loss of the epoch."""

import weakref
from itertools import groupby
from types import SimpleNamespace

import torch

NAMES = ("train_epoch",)
NEEDS = ()
STUB = '''
def train_epoch(autoencoder, loader, loss_function, optimizer):
    """Train for one epoch, in training mode, and return the mean loss over all pairs.

    autoencoder: module; autoencoder(x, mask) -> (latent (B, D), reconstruction (B, N)).
    loader: any iterable of batches (user (B, N), other (B, N), similarity (B,)); B may differ.
    loss_function(user_reconstruction, user, user_latent, other_latent, similarity) -> scalar.

    The user is masked, the other is not.  Returns: a Python float.
    """
    raise NotImplementedError
'''
SIZES = (4, 4, 1)


def probe(ask, answer):
    for label, sizes, wrap in epochs():
        seen = SimpleNamespace(losses=[], modes=[], events=[], weights=[], graphs=[])
        model, steps = AutoEncoder(seen), Steps(seen)
        loader, optimizer = wrap(batches(sizes, ask.generator)), ask.RecordingSGD(model, steps, lr=0.1)
        ask.call(label, answer.train_epoch, model, loader, Loss(seen, model), optimizer, read=as_float)
        ask.record("passes in training mode", share(seen.modes), name=NAMES[0])
        ask.record("what the loss was called with", seen.losses, name=NAMES[0])
        ask.record("the order of calls", ", ".join(word for word, _ in groupby(seen.events)), name=NAMES[0])
        ask.record("the gradients at each step", list(steps), name=NAMES[0])
        ask.record("the weights afterwards", flat(model.parameters()), name=NAMES[0])
        ask.record("the weights at each loss", seen.weights, aside=True)
        ask.record("graphs of earlier batches", max(seen.graphs, default=0), aside=True)
        ask.record("training mode at the end", model.training, aside=True)


def epochs():
    """A list of batches, the last one smaller; a generator, which has no length; a loader of torch."""
    yield "a list of three batches of 4, 4 and 1 pairs", SIZES, list
    yield "a generator of batches", (3, 1), iter
    yield "a `DataLoader`", (2, 2, 2, 2), lambda found: torch.utils.data.DataLoader(Rows(found), batch_size=3)


def batches(sizes, generator):
    """Batches of zeros and ones over four items, and how alike each pair is."""
    for size in sizes:
        user, other = ((torch.rand(size, 4, generator=generator) < 0.5).float() for _ in range(2))
        yield user, other, torch.rand(size, generator=generator)


class Rows(torch.utils.data.Dataset):
    def __init__(self, found):
        self.rows = [row for batch in found for row in zip(*batch, strict=True)]

    def __len__(self):
        return len(self.rows)

    def __getitem__(self, index):
        return self.rows[index]


class AutoEncoder(torch.nn.Module):
    """A stand-in with known weights, whose mask always takes the first item away; it comes in eval mode."""

    def __init__(self, seen):
        super().__init__()
        self.encoder, self.decoder, self.inner = torch.nn.Linear(4, 2), torch.nn.Linear(2, 4), torch.nn.Dropout()
        with torch.no_grad():
            for parameter in self.parameters():
                parameter.copy_(torch.linspace(-0.5, 0.9, parameter.numel()).reshape(parameter.shape))
        self.seen = seen
        self.eval()

    def encode(self, x):
        return self.encoder(x)

    def forward(self, x, mask):
        self.seen.modes.append(self.inner.training)
        latent = self.encoder(x * torch.tensor([0.0, 1.0, 1.0, 1.0]) if mask else x)
        return latent, self.decoder(latent)


class Steps(list):
    """What the optimiser writes down, and a word for each among the events."""

    def __init__(self, seen):
        super().__init__()
        self.seen = seen

    def append(self, gradients):
        self.seen.events.append("step")
        super().append(gradients)


class Loss(torch.nn.Module):
    """A stand-in in which no two arguments can change places; it writes down what it was called with."""

    def __init__(self, seen, model):
        super().__init__()
        self.seen, self.weights, self.tokens = seen, list(model.parameters()), []

    def forward(self, user_reconstruction, original, user_latent, other_latent, positivity):
        given = (user_reconstruction, original, user_latent, other_latent, positivity)
        self.seen.losses.append([part.detach().clone() for part in given])
        self.seen.weights.append(flat(self.weights))
        self.seen.events.append("loss")
        self.seen.graphs.append(sum(token() is not None for token in self.tokens[:-1]))
        gap = ((user_latent - 0.5 * other_latent) ** 2).sum(1)
        loss = ((user_reconstruction - original) ** 2).mean() + ((gap - positivity) ** 2).mean()
        token = Token()
        self.tokens.append(weakref.ref(token))
        return Watched.apply(loss, self.seen, token)


class Token:
    """Lives as long as the graph that holds it."""


class Watched(torch.autograd.Function):
    """Hands its input on, and writes down each backward pass."""

    @staticmethod
    def forward(context, loss, seen, token):
        context.seen, context.token = seen, token
        return loss.clone()

    @staticmethod
    def backward(context, gradient):
        context.seen.events.append("backward")
        return gradient, None, None


def share(flags):
    """Say in a word how many of the flags are true."""
    return "no pass" if not flags else "all" if all(flags) else "some" if any(flags) else "none"


def flat(tensors):
    """Put the numbers of all tensors into one row."""
    return torch.cat([tensor.detach().flatten() for tensor in tensors])


def as_float(output):
    """A number of NumPy's that is a Python float counts as one."""
    return float(output) if isinstance(output, float) else output
