"""Answer to `euclidean_similarity`."""

import torch

POINTS = 2
HINTS = (
    "Which method of `PairwiseDistance` gives the distances of all pairs already, and how do you reach a parent's "
    "method from inside your own?",
    "`super().forward(x1, x2)` is the distance of each pair, `(B,)`. What must it become, so that 0 turns into 1 and a "
    "large distance into nearly 0?",
    "Keep `distance = super().forward(x1, x2)`, then return one over one plus it. No `__init__` is needed.",
)
HINTS_FOR = {
    "calls_itself": "`module(x)` runs `module.__call__`, and that runs `module.forward`. Inside `forward` the parent's "
    "`__call__` therefore leads back to where you are; `super().forward` does not.",
    "nan_gradient_at_zero": "The slope of a root at 0 is infinite, and infinity times 0 is NaN. `super().forward` adds a "
    "tiny number to the difference first, so that it never stands at the very tip.",
}
NOTICE = ("At distance 0 the parent's `eps` of 0.000001 keeps the root's slope finite. A user can be drawn as his own "
          "partner, so that case does come.")
EQUAL = {"super().forward(x1, x2) -> super().forward(x2, x1)": "a distance is the same both ways"}


class EuclideanSimilarity(torch.nn.PairwiseDistance):
    def forward(self, x1, x2):
        distance = super().forward(x1, x2)    # not super().__call__: that leads back here
        return 1 / (1 + distance)


class Turned(torch.nn.PairwiseDistance):
    """The parent's distance, turned into something else by the mistakes below."""

    def forward(self, x1, x2):
        return self.turn(super().forward(x1, x2))


class Mistakes:
    """Wrong answers; each docstring is what the learner reads."""

    class calls_itself(torch.nn.PairwiseDistance):
        """Your `forward` calls itself without end: `super().__call__`, like `self(...)`, runs the module's `forward`, which is
        the very method that you are in. Ask the parent for the distance by `super().forward(x1, x2)`."""

        def forward(self, x1, x2):
            return 1 / (1 + super().__call__(x1, x2))

    class squared_distance(Turned):
        """Your distance is squared: a pair at distance 5 comes out at 1 / 26. Take the root before you add 1."""
        turn = staticmethod(lambda d: 1 / (1 + d**2))

    class manhattan_distance(torch.nn.PairwiseDistance):
        """Your distance adds up the absolute differences, which is the L1 distance. The Euclidean one is the root of the summed squares, `p=2`."""

        def forward(self, x1, x2):
            return 1 / (1 + (x1 - x2).abs().sum(1))

    class root_mean_square(torch.nn.PairwiseDistance):
        """Your distance averages the squared differences over the latent's numbers where it should sum them. Use `sum`, not `mean`, under the root."""

        def forward(self, x1, x2):
            return 1 / (1 + ((x1 - x2) ** 2).mean(1).add(1e-12).sqrt())

    class exponential(Turned):
        """Your values are exp(-d). That falls from 1 to 0 as well, but much faster than 1 / (1 + d), which is asked."""
        turn = staticmethod(lambda d: torch.exp(-d))

    class one_over_distance(Turned):
        """You return 1 / d, which grows without limit for near pairs. Add 1 to the distance first."""
        turn = staticmethod(lambda d: 1 / d)

    class dissimilarity(Turned):
        """Your values are 0 for equal users and near 1 for distant ones: that is d / (1 + d), the opposite. Put 1 on top of the fraction."""
        turn = staticmethod(lambda d: d / (1 + d))

    class plain_distance(Turned):
        """You return the distance itself, which is 0 for equal users. Turn it into a similarity, which is 1 for them."""
        turn = staticmethod(lambda d: d)

    class one_minus_distance(Turned):
        """Your values are 1 - d, and they are negative for every pair farther apart than 1. Use a form that stays between 0 and 1."""
        turn = staticmethod(lambda d: 1 - d)

    class cosine(torch.nn.PairwiseDistance):
        """Your values are the cosine similarity, which sees directions alone. Start from the Euclidean distance."""

        def forward(self, x1, x2):
            return torch.nn.functional.cosine_similarity(x1, x2)

    class dimension_kept(Turned):
        """Your result has shape `(B, 1)`, and `(B,)` is asked: against a `(B,)` target a loss would fail or broadcast. Leave `keepdim` out."""
        turn = staticmethod(lambda d: 1 / (1 + d[:, None]))

    class whole_batch(torch.nn.PairwiseDistance):
        """You return one number, the distance of the two batches as a whole. Reduce over the latent dimension alone,
        `dim=1`, so that each pair keeps its own."""

        def forward(self, x1, x2):
            return 1 / (1 + torch.linalg.vector_norm(x1 - x2))

    class whole_batch_repeated(torch.nn.PairwiseDistance):
        """Every pair gets one and the same value, that of the distance of the two batches as a whole. Reduce over the latent dimension alone, so that each pair has its own."""

        def forward(self, x1, x2):
            return 1 / (1 + torch.linalg.vector_norm(x1 - x2)).expand(len(x1))

    class averaged(Turned):
        """You average over the pairs, and one similarity for each is asked. Leave the mean to the loss."""
        turn = staticmethod(lambda d: (1 / (1 + d)).mean())

    class division_first(Turned):
        """Your values are 1 + d, since `1 / 1 + d` divides before it adds. Put parentheses round `1 + d`."""
        turn = staticmethod(lambda d: 1 / 1 + d)

    class exponential_of_the_square(Turned):
        """Your values are exp(-d**2), which is nearly 0 for most pairs. Give 1 / (1 + d) of the distance itself."""
        turn = staticmethod(lambda d: torch.exp(-d**2))

    class squeezed_single_pair(Turned):
        """A single pair loses its dimension: you give a number without one, and `(1,)` is asked. Leave out `squeeze`, or tell it which dimension."""
        turn = staticmethod(lambda d: (1 / (1 + d)).squeeze())

    class along_the_batch(torch.nn.PairwiseDistance):
        """You sum over the users, so one value is left for each latent number. Sum along the latent dimension, the last one."""

        def forward(self, x1, x2):
            return 1 / (1 + torch.linalg.vector_norm(x1 - x2, dim=0))

    class all_pairs(torch.nn.PairwiseDistance):
        """You compare every row of `x1` with every row of `x2` and get `(B, B)`. Row i belongs to row i alone, so `(B,)` comes out."""

        def forward(self, x1, x2):
            return 1 / (1 + torch.cdist(x1, x2))

    class nan_gradient_at_zero(torch.nn.PairwiseDistance):
        """The values are right, but where two latents are equal the gradient is NaN: the slope of a root at 0 is
        infinite. One such pair would turn all weights into NaN, so let the parent's `forward` take the root."""

        def forward(self, x1, x2):
            return 1 / (1 + ((x1 - x2) ** 2).sum(1).sqrt())

    class epsilon_too_large(torch.nn.PairwiseDistance):
        """The number that you add under the root is itself a squared distance: 0.000001 there moves equal users 0.001 apart.
        Add it to the difference before you square, as the parent's `forward` does, or take one far smaller."""

        def forward(self, x1, x2):
            return 1 / (1 + (((x1 - x2) ** 2).sum(1) + 1e-6).sqrt())

    class detached(Turned):
        """The values are right, but no gradient flows back to the latents, so nothing could learn from them. Leave out
        `detach`, `no_grad`, `item` and `torch.tensor`."""
        turn = staticmethod(lambda d: 1 / (1 + d.detach()))

    class not_callable:
        """Your class cannot be called like a function, since it is no module. Derive it from `torch.nn.PairwiseDistance`, which calls `forward` for you."""

        def forward(self, x1, x2):
            return 1 / (1 + torch.nn.functional.pairwise_distance(x1, x2))

    class parent_not_started(torch.nn.PairwiseDistance):
        """Your `__init__` does not start the parent class, so the module lacks what it needs to run. Call
        `super().__init__()` first, or leave `__init__` out."""

        def __init__(self):
            pass


class Variants:
    """Right answers in other styles."""

    class functional(torch.nn.PairwiseDistance):
        def forward(self, x1, x2):
            return torch.reciprocal(torch.nn.functional.pairwise_distance(x1, x2) + 1)

    class norm(torch.nn.PairwiseDistance):
        def __init__(self):
            super().__init__(p=2.0)

        def forward(self, x1, x2):
            return (torch.norm(x1 - x2, dim=-1) + 1).pow(-1)

    class cdist_diagonal(torch.nn.PairwiseDistance):
        def forward(self, x1, x2):
            return 1.0 / (1.0 + torch.cdist(x1, x2).diagonal())

    class root_with_epsilon(torch.nn.PairwiseDistance):
        def forward(self, x1, x2):
            return 1 / (1 + torch.sqrt(((x1 - x2) ** 2).sum(dim=1) + 1e-12))

    class row_by_row_in_double(torch.nn.PairwiseDistance):
        def forward(self, x1, x2):
            return torch.stack([1 / (1 + (a - b).double().norm()) for a, b in zip(x1, x2)]).float()

    class composed(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.distance = torch.nn.PairwiseDistance(p=2, eps=1e-8)

        def forward(self, x1, x2):
            return 1 / (1 + self.distance(x1, x2))


class Symptoms:
    """Signs that whole families of wrong answers show."""

    def one_over_distance(expected, got):
        """You return 1 / d, which is infinite for equal users. Add 1 to the distance first, and equal users get 1."""
        return bool(((1 / got["a single pair"] - 3).abs() < 1e-3).all())

    def one_for_all(expected, got):
        """Every pair of a batch gets one and the same value, whatever its distance. Reduce over the latent dimension alone, so that each pair keeps its own."""
        value = got["three pairs of latents"]
        return value.shape == (3,) and bool((value == value[0]).all())

    def one_input_without_gradient(expected, got):
        """The gradient reaches one of the two latents alone, so only one of the users could move. Leave out `detach`, `no_grad` and copies for both."""
        reached = [type(item) is not str for item in got["the gradient"]]
        return sorted(reached) == [False, True] and not any(entry.changed for entry in got.entries)

    def nan_gradient(expected, got):
        """Where two latents are equal, your gradient is not finite: the slope of a root at 0 is infinite. Let the
        parent's `forward` take the root, or keep what stands under it above 0."""
        right = torch.isclose(got["a single pair"], expected["a single pair"], atol=1e-3)
        return bool(right) and False in got["the gradient at distance 0"]


class Advice:
    """Right, and yet worth a word."""

    def another_parent(expected, got, source):
        """The values are right. The statement asks for a class derived from `torch.nn.PairwiseDistance`, which then brings its
        `forward` and its `eps` along."""
        return got["derived from PairwiseDistance"] is False
