"""The same two losses for a decoder that already ends in a sigmoid."""

import torch

NAMES = ("SingleSigmoidLoss",)
NEEDS = ("euclidean_similarity", "recommender_loss")
STUB = '''
class SingleSigmoidLoss(torch.nn.Module):
    """Called like `RecommenderLoss`, but the reconstruction holds probabilities and is scored as such."""

    def __init__(self):
        raise NotImplementedError

    def forward(self, user_reconstruction, original, user_latent, other_latent, positivity):
        """Return how badly the likes are rebuilt plus how badly the pair is placed.

        user_reconstruction: (B, N) float32 in [0, 1]; exactly 0 and 1 give a finite loss and gradient.
        original: (B, N) float32.  user_latent, other_latent: (B, D) float32.  positivity: (B,) float32 in [0, 1].
        """
        raise NotImplementedError
'''


def probe(ask, answer):
    loss = ask.call("a new loss", answer.SingleSigmoidLoss, read=lambda _: "made")
    for label, batch in batches(ask.generator):
        ask.call(label, loss, *batch)
    batch, inputs = carrying(batch)
    ask.gradient("the gradient", ask.call("a batch that carries a gradient", loss, *batch), *inputs, name=NAMES[0])
    for label, edge in list(edges(batch)):
        batch, inputs = carrying(edge)
        output = ask.call(label, loss, *batch, read=finite if "partners" in label else finite_and_dear)
        ask.gradient(f"the gradient at {label}", output, *inputs, name=NAMES[0], read=finite)


def batches(generator):
    """Small and telling first, where either term alone changes, then probabilities near the ends."""
    likes = torch.tensor([[1.0, 0.0, 1.0], [0.0, 1.0, 0.0]])
    near = torch.tensor([[0.0, 0.0], [1.0, 1.0]]), torch.tensor([[0.0, 1.0], [1.0, 0.5]])
    guess, soft = torch.tensor([[0.9, 0.2, 0.6], [0.3, 0.8, 0.5]]), torch.tensor([0.3, 0.8])
    yield "two users", (guess, likes, *near, soft)
    yield "two users, rebuilt otherwise", (torch.tensor([[0.4, 0.5, 0.7], [0.6, 0.9, 0.2]]), likes, *near, soft)
    yield "two users, arranged otherwise", (guess, likes, near[0], torch.tensor([[0.0, 2.0], [1.0, 4.0]]), soft)
    sure = torch.tensor([[0.999, 0.001, 0.998, 0.5], [0.002, 0.999, 0.4, 0.0005], [0.001, 0.002, 0.999, 0.998]])
    likes = torch.tensor([[1.0, 0.0, 1.0, 1.0], [0.0, 1.0, 0.0, 1.0], [0.0, 0.0, 1.0, 0.0]])
    users = torch.tensor([[1.0, 1.0], [0.0, 0.0], [2.0, 2.0]])
    others = torch.tensor([[1.0, 1.0], [0.0, 1.0], [2.0, 5.0]])
    yield "probabilities near 0 and 1", (sure, likes, users, others, torch.tensor([1.0, 0.4, 0.7]))
    yield "one user", (sure[2:], likes[2:], users[2:], others[2:], torch.tensor([0.0]))
    guess, likes = (torch.rand(5, 9, generator=generator) for _ in range(2))
    users, others = (torch.randn(5, 3, generator=generator) for _ in range(2))
    soft = torch.rand(5, generator=generator)
    yield "five users and nine items", (0.05 + 0.9 * guess, likes.round(), users, others, soft)


def edges(batch):
    """Where a logarithm or a root may break: only whether the loss and its gradient are finite is asked."""
    guess, likes, users, others, soft = batch
    yield "probabilities of exactly 0", (torch.zeros_like(guess), likes, users, others, soft)
    yield "probabilities of exactly 1", (torch.ones_like(guess), likes, users, others, soft)
    yield "users who are their own partners", (guess, likes, users, users, soft)


def carrying(batch):
    """The same batch anew, with a gradient asked of the reconstruction and of both latents."""
    batch = [part.detach().clone() for part in batch]
    return batch, [batch[index].requires_grad_() for index in (0, 2, 3)]


def finite_and_dear(value):
    """In words: half of the guesses are certain and wrong, which cannot be cheap."""
    value = torch.as_tensor(value)
    return "not finite" if not value.isfinite().all() else "a high loss" if value.mean() > 2 else "a low loss"


def finite(value):
    """Whether every number is finite, of a tensor or of each in a list; where no gradient flows, that word stays."""
    if isinstance(value, list):
        return [finite(item) for item in value]
    return bool(value.isfinite().all()) if isinstance(value, torch.Tensor) else value
