"""Like pairs pulled together, unlike ones pushed out to a margin."""

import torch

NAMES = ("contrastive_loss",)
NEEDS = ()
STUB = '''
def contrastive_loss(distance, same, margin=1.0):
    """Give the mean of same * d**2 + (1 - same) * relu(margin - d)**2 over the pairs.

    distance: (B,) float32, how far apart the two codes of each pair are. same: (B,) float32 in [0, 1], 1 for a like
    pair, 0 for an unlike one. margin: the distance from which an unlike pair is left alone.
    Returns: a 0-dim float32 tensor with a gradient.
    """
    raise NotImplementedError
'''


def probe(ask, answer):
    for label, distance, same, margin in pairs(ask.generator):
        ask.call(label, answer.contrastive_loss, torch.tensor(distance), torch.tensor(same), **margin)
    distance = (3 * torch.rand(9, generator=ask.generator)).requires_grad_()
    same = torch.tensor([1.0, 0.0, 0.0, 1.0, 0.5, 0.0, 0.25, 1.0, 0.0])
    found = ask.call("nine pairs that carry a gradient, margin 2", answer.contrastive_loss, distance, same, margin=2.0)
    ask.gradient("the gradient of the distance", found, distance, name="contrastive_loss")


def pairs(generator):
    """One pair of each kind first, then several, soft ones, other margins."""
    yield "one like pair at distance 3", [3.0], [1.0], {}
    yield "one unlike pair at distance 0.5", [0.5], [0.0], {}
    yield "one unlike pair at distance 3", [3.0], [0.0], {}
    yield "a like pair at 0 and an unlike one at 0", [0.0, 0.0], [1.0, 0.0], {}
    yield "one unlike pair at distance 0.5, margin 2", [0.5], [0.0], {"margin": 2.0}
    yield "three like pairs and an unlike one", [0.5, 2.0, 0.25, 0.25], [1.0, 1.0, 1.0, 0.0], {}
    yield "two pairs that are half alike", [0.5, 1.5], [0.5, 0.25], {"margin": 1.25}
    for size, margin in ((7, 1.0), (64, 0.5), (33, 3.0)):
        distance, same = (torch.rand(size, generator=generator).tolist() for _ in range(2))
        yield f"{size} pairs, margin {margin:g}", [4 * d for d in distance], same, {"margin": margin}
