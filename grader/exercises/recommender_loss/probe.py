"""Two losses in one: rebuild the likes, and put two users as near as their similarity says."""

import torch

NAMES = ("RecommenderLoss",)
NEEDS = ("euclidean_similarity",)
STUB = '''
class RecommenderLoss(torch.nn.Module):
    """Add up how badly the likes are rebuilt and how badly two users are placed.

    Attributes: `bce_logits` (BCEWithLogitsLoss), `bce` (BCELoss), `similarity` (EuclideanSimilarity).
    """

    def __init__(self):
        raise NotImplementedError

    def forward(self, user_reconstruction, original, user_latent, other_latent, positivity):
        """Return `bce_logits` of reconstruction and original plus `bce` of the latents' similarity and positivity.

        user_reconstruction, original: (B, N) float32.  user_latent, other_latent: (B, D) float32.
        positivity: (B,) float32 in [0, 1], how alike the pair is.  Returns: a scalar with a gradient.
        """
        raise NotImplementedError
'''


def probe(ask, answer):
    loss = ask.call("a new loss", answer.RecommenderLoss, read=lambda _: "made")
    for label, batch in batches(ask.generator):
        ask.call(label, loss, *batch)
    ask_gradients(ask, loss, batch)
    ask.record("the attributes", attributes(loss), name=NAMES[0])


def ask_gradients(ask, loss, batch):
    """Gradients to the reconstruction and both latents; at distance 0 they must be finite, whatever their values."""
    batch, inputs = carrying(batch)
    ask.gradient("the gradient", ask.call("a batch that carries a gradient", loss, *batch), *inputs, name=NAMES[0])
    batch, inputs = carrying((*batch[:3], batch[2], batch[4]))
    same = ask.call("a batch with every user as his own partner", loss, *batch, read=finite)
    ask.gradient("the gradient at distance 0", same, *inputs, name=NAMES[0], read=finite)


def batches(generator):
    """Small and telling first (distances 1 and 0.5, then 0, 1 and 3), then binary targets, one user, unequal widths."""
    likes = torch.tensor([[1.0, 0.0, 1.0], [0.0, 1.0, 0.0]])
    near = torch.tensor([[0.0, 0.0], [1.0, 1.0]]), torch.tensor([[0.0, 1.0], [1.0, 0.5]])
    logits = torch.tensor([[1.0, 0.0, 0.5], [0.0, 0.5, 1.0]])
    yield "two users near each other", (logits, likes, *near, torch.tensor([0.3, 0.8]))
    logits = torch.tensor([[2.0, -1.0, 0.0, 1.0], [0.0, 3.0, -2.0, 1.0], [-1.0, 0.0, 1.0, -3.0]])
    likes = torch.tensor([[1.0, 0.0, 1.0, 1.0], [0.0, 1.0, 0.0, 0.0], [0.0, 0.0, 1.0, 0.0]])
    users = torch.tensor([[1.0, 1.0], [0.0, 0.0], [2.0, 2.0]])
    others = torch.tensor([[1.0, 1.0], [0.0, 1.0], [2.0, 5.0]])
    yield "three users", (logits, likes, users, others, torch.tensor([1.0, 0.4, 0.7]))
    yield "binary positivity", (logits[1:], likes[1:], users[1:], others[1:], torch.tensor([1.0, 0.0]))
    yield "one user", (logits[2:], likes[2:], users[2:], others[2:], torch.tensor([0.3]))
    logits, likes, users, others = (torch.randn(5, width, generator=generator) for width in (9, 9, 3, 3))
    soft = torch.rand(5, generator=generator)
    yield "five users and nine items", (2 * logits, (likes > 0).float(), users, others, soft)


def carrying(batch):
    """The same batch anew, with a gradient asked of the reconstruction and of both latents."""
    batch = [part.detach().clone() for part in batch]
    inputs = [batch[index].requires_grad_() for index in (0, 2, 3)]
    return batch, inputs


def attributes(loss):
    """Which of the attributes asked for are there, and of the kind asked for."""
    kinds = {"bce_logits": torch.nn.BCEWithLogitsLoss, "bce": torch.nn.BCELoss}
    found = {name: isinstance(getattr(loss, name, None), kind) for name, kind in kinds.items()}
    return found | {"similarity": compares(getattr(loss, "similarity", None))}


def compares(similarity):
    """Tell whether it gives 1 / (1 + 3) for two latents 3 apart."""
    try:
        near = similarity(torch.tensor([[1.0, 2.0, 2.0]]), torch.zeros(1, 3))
        return bool(torch.isclose(near, torch.tensor([0.25]), atol=1e-4).all())
    except Exception:
        return False


def finite(value):
    """Whether every number is finite, of a tensor or of each in a list; where no gradient flows, that word stays."""
    if isinstance(value, list):
        return [finite(item) for item in value]
    return bool(value.isfinite().all()) if isinstance(value, torch.Tensor) else value
