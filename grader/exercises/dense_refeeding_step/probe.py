"""Two steps of the optimiser: one on the ratings, one on the model's own dense output."""

from types import SimpleNamespace

import torch

NAMES = ("dense_refeeding_step",)
NEEDS = ("masked_mse",)
STUB = '''
def dense_refeeding_step(model, ratings, optimizer):
    """Take one step on a batch of ratings, then one on the dense output of the first pass.

    1. Pass the ratings through the model, and step on the mean squared error over the rated cells (masked_mse).
    2. Take that pass's output as it was before the step, detached. It is the input of a second pass and its
       target too: step on the mean squared error over all cells.
    The gradients are cleared before each backward.

    model: module, (B, N) -> (B, N).  ratings: (B, N) float32, 0 where there is no rating.
    optimizer: a torch.optim.Optimizer of the model's parameters.

    What it returns is free.
    """
    raise NotImplementedError
'''
NAME, ROUNDS = NAMES[0], ("the first batch", "a second batch, of other users")


def probe(ask, answer):
    for ratings in batches(ask.generator):
        seen = nothing_seen()
        model = Model(ratings[0].shape[1], seen)
        optimizer = ask.RecordingSGD(model, seen.steps, lr=0.05)
        size = "{} users and {} items".format(*ratings[0].shape)
        for label, batch in zip(ROUNDS, ratings, strict=True):
            step = told(ask, seen, answer.dense_refeeding_step)
            ask.call(f"{label}, {size}", step, model, batch.clone(), optimizer, read=anything)
            tell(ask, f"{label}, {size}", seen)
        ask.record(f"the weights afterwards, {size}", flat(model.parameters()), name=NAME)
    ask_aside(ask, answer.dense_refeeding_step, ratings[0])


def told(ask, seen, refeed):
    """The learner's function; when it is through, also by an error, it is told what its passes hung on."""

    def dense_refeeding_step(model, ratings, optimizer):
        try:
            return refeed(model, ratings, optimizer)
        finally:
            ask.record("a pass whose input hangs on another pass", any(seen.passes), aside=True)

    return dense_refeeding_step


def tell(ask, label, seen):
    """Record what the steps found, and forget it for the next batch."""
    ask.record(f"the number of steps in {label}", len(seen.steps), name=NAME)
    for number, step in zip(("first", "second", "third"), seen.steps, strict=False):
        ask.record(f"the gradients at the {number} step in {label}", step, name=NAME)
    ask.record(f"the model in training mode in {label}", all(seen.modes), name=NAME)
    ask.record(f"the passes in {label}", len(seen.passes), aside=True)
    ask.record(f"what goes into the last pass in {label}", seen.inputs[-1:], aside=True)
    for notes in vars(seen).values():
        notes.clear()


def nothing_seen():
    return SimpleNamespace(steps=[], passes=[], inputs=[], modes=[])


def ask_aside(ask, refeed, ratings):
    """What costs nothing: a batch in which nothing is rated, and gradients that somebody left in the model."""
    found = {}
    for label, batch, left in (("nothing rated", 0 * ratings, 0.0), ("old", ratings, 5.0), ("none", ratings, None)):
        model = Model(ratings.shape[1], seen := nothing_seen())
        for weight in model.parameters():
            weight.grad = None if left is None else torch.full_like(weight, left)
        given = model, batch, ask.RecordingSGD(model, seen.steps, lr=0.05)
        ask.call(f"a batch with {label} gradients", refeed, *given, read=anything, aside=True)
        found[label] = flat(model.parameters())
    ask.record("finite weights where nothing is rated", bool(found["nothing rated"].isfinite().all()), aside=True)
    ask.record("old gradients at the start do harm", not torch.allclose(found["old"], found["none"]), aside=True)


def batches(generator):
    """Two batches each, for whoever leaves gradients behind finds them in the second."""
    one = torch.tensor([[5.0, 0.0, 3.0, 0.0], [0.0, 1.0, 0.0, 4.0], [2.0, 2.0, 0.0, 0.0]])
    yield one, torch.tensor([[0.0, 4.0, 0.0, 1.0], [3.0, 0.0, 0.0, 5.0], [0.0, 0.0, 2.0, 1.0]])
    stars = torch.randint(1, 6, (2, 7, 5), generator=generator).float()
    rated = torch.rand(2, 7, 5, generator=generator) < 0.4
    rated[:, 0, 0] = True
    yield tuple(stars * rated)


class Model(torch.nn.Module):
    """A stand-in of known weights, whose output is 0 in no cell; it comes in training mode."""

    def __init__(self, items, seen):
        super().__init__()
        self.down, self.up = torch.nn.Linear(items, 3), torch.nn.Linear(3, items)
        with torch.no_grad():
            for parameter in self.parameters():
                parameter.copy_(torch.linspace(-0.4, 0.5, parameter.numel()).reshape(parameter.shape))
            self.up.bias.copy_(torch.linspace(-1.7, 6.1, items))  # beyond the stars on both sides
        self.seen = seen

    def forward(self, x):
        self.seen.passes.append(x.requires_grad)
        self.seen.inputs.append(x.detach().clone())
        if torch.is_grad_enabled():
            self.seen.modes.append(self.training)
        return self.up(torch.tanh(self.down(x)))


def flat(tensors):
    """Put the numbers of all tensors into one row."""
    return torch.cat([tensor.detach().flatten() for tensor in tensors])


def anything(output):
    return "anything"
