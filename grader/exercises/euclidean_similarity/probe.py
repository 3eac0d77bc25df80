"""How alike two users' latents are: 1 over 1 plus their distance."""

import torch

NAMES = ("EuclideanSimilarity",)
NEEDS = ()
STUB = '''
class EuclideanSimilarity(torch.nn.PairwiseDistance):
    """Turn the Euclidean distance d of every pair of rows into a similarity, 1 / (1 + d)."""

    def forward(self, x1, x2):
        """Compare row i of `x1` with row i of `x2`.

        x1, x2: (B, D) float32.  Returns: (B,) float32 in (0, 1]; its gradient is finite also where d = 0.
        """
        raise NotImplementedError
'''


def probe(ask, answer):
    similarity = ask.call("a new similarity", answer.EuclideanSimilarity, read=lambda _: "made")
    ask.record("derived from PairwiseDistance", isinstance(similarity, torch.nn.PairwiseDistance), aside=True)
    for label, x1, x2 in latents(ask.generator):
        ask.call(label, similarity, x1, x2)
    x1, x2 = (torch.randn(4, 3, generator=ask.generator).requires_grad_() for _ in range(2))
    four = ask.call("four pairs that carry a gradient", similarity, x1, x2)
    ask.gradient("the gradient", four, x1, x2, name=NAMES[0])
    x1, x2 = (torch.tensor([[1.0, 2.0], [0.0, 0.0]]).requires_grad_() for _ in range(2))
    same = ask.call("two pairs of equal latents", similarity, x1, x2)
    ask.gradient("the gradient at distance 0", same, x1, x2, name=NAMES[0], read=finite)


def latents(generator):
    """Small and telling first (distances 5, 0, 1), then one pair, wide ones, near and far ones."""
    x1 = torch.tensor([[0.0, 0.0], [1.0, 1.0], [2.0, 0.0]])
    yield "three pairs of latents", x1, torch.tensor([[3.0, 4.0], [1.0, 1.0], [2.0, 1.0]])
    yield "a single pair", torch.tensor([[1.0, 2.0, 2.0]]), torch.tensor([[0.0, 0.0, 0.0]])
    draw = lambda *shape: torch.randn(*shape, generator=generator)  # noqa: E731 - short, and used here alone
    yield "five pairs of seven numbers", draw(5, 7), draw(5, 7)
    yield "latents of 400 numbers", draw(3, 400), draw(3, 400)
    near = draw(4, 3)
    yield "users who are nearly equal", near, near + 0.01 * draw(4, 3)
    yield "users far apart", 300 * draw(4, 3), 300 * draw(4, 3)


def finite(gradients):
    """Whether every number is finite; where no gradient flows, that word stays."""
    return [bool(item.isfinite().all()) if isinstance(item, torch.Tensor) else item for item in gradients]
