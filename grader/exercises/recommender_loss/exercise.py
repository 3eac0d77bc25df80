"""Answer to `recommender_loss`."""

import torch
from torch.nn import functional

from grader.exercises.euclidean_similarity.exercise import EuclideanSimilarity

POINTS = 3
HINTS = (
    "Two questions, two losses. Which of the five arguments say how well the likes are rebuilt, and which where the pair stands?",
    "Make the three attributes in `__init__`, after `super().__init__()`. In `forward`, each loss takes the guess first and the "
    "target second, and the guess of the second one is a similarity.",
    "The second term is `self.bce(self.similarity(user_latent, other_latent), positivity)`. Write the first in the same way.",
)
HINTS_FOR = {
    "arguments_swapped_in_pair_loss": "Exchange BCE's two arguments and another number comes out: it is `loss(input, target)`.",
    "target_reversed": "A pair of positivity 1 belongs at distance 0, where the similarity is 1 too: positivity is the target.",
}
NOTICE = ("Binary cross-entropy needs no binary target: for a soft target t its lowest point lies where the similarity is "
          "t, so the pair is pulled to the distance (1 - t) / t.")
EQUAL = {"self.similarity(user_latent, other_latent) -> self.similarity(other_latent, user_latent)": "a distance is the same both ways"}


class RecommenderLoss(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.bce_logits = torch.nn.BCEWithLogitsLoss()
        self.bce = torch.nn.BCELoss()
        self.similarity = EuclideanSimilarity()

    def forward(self, user_reconstruction, original, user_latent, other_latent, positivity):
        rebuilt = self.bce_logits(user_reconstruction, original)
        arranged = self.bce(self.similarity(user_latent, other_latent), positivity)
        return rebuilt + arranged


class Parts(RecommenderLoss):
    """The two terms as methods of their own, which the mistakes below replace."""

    def forward(self, logits, likes, one, two, target):
        return self.rebuilt(logits, likes) + self.arranged(one, two, target)

    def rebuilt(self, logits, likes):
        return self.bce_logits(logits, likes)

    def arranged(self, one, two, target):
        return self.bce(self.similarity(one, two), target)


def wrong(**methods):
    """Give the loss with some of its methods replaced."""
    return type("Wrong", (Parts,), methods)


def swapped_logits(self, logits, likes):
    return self.bce_logits(likes, logits)


def swapped_pair(self, one, two, target):
    return self.bce(target, self.similarity(one, two))


def kept_apart(self, logits, likes, one, two, target, dims=()):
    each = functional.binary_cross_entropy_with_logits(logits, likes, reduction="none")
    pairs = functional.binary_cross_entropy(self.similarity(one, two), target, reduction="none")
    return (each.mean(dims) if dims else each) + pairs


def every_pair(self, one, two, target):
    return self.bce(*torch.broadcast_tensors(self.similarity(one, two)[:, None], target))


class Mistakes:
    """Wrong answers; each docstring is what the learner reads."""

    class arguments_swapped(wrong(rebuilt=swapped_logits, arranged=swapped_pair)):
        """Both losses got their arguments in the wrong order. PyTorch's losses take the guess first and the target second."""

    class arguments_swapped_in_reconstruction(wrong(rebuilt=swapped_logits)):
        """`bce_logits` got the original first and the reconstruction second. The guess comes first, the target second."""

    class arguments_swapped_in_pair_loss(wrong(arranged=swapped_pair)):
        """`bce` got the positivity first and the similarity second. The guess comes first, the target second."""

    class reconstruction_alone(wrong(arranged=lambda *_: 0)):
        """Your loss scores the rebuilt likes alone, so nothing arranges the users. Add the pair's term."""

    class pair_alone(wrong(rebuilt=lambda *_: 0)):
        """Your loss scores the pair alone, so nothing makes the network rebuild the likes. Add the reconstruction's term."""

    class target_reversed(wrong(arranged=lambda self, one, two, target: Parts.arranged(self, one, two, 1 - target))):
        """The pair's target is 1 - positivity, so like users are pushed apart and unlike ones together. Take the positivity itself."""

    class target_rounded(wrong(arranged=lambda self, one, two, target: Parts.arranged(self, one, two, target.round()))):
        """You turn the positivity into 0 or 1, so a pair that is 0.4 alike counts as not alike at all. Leave the target soft."""

    class column_against_row(wrong(arranged=lambda self, one, two, target: Parts.arranged(self, one, two, target[:, None]))):
        """One of similarity and positivity has shape `(B, 1)` and the other `(B,)`, and `BCELoss` refuses the two together. Remove the dimension of 1."""

    class every_pair_by_broadcast(wrong(arranged=every_pair)):
        """A `(B, 1)` similarity met a `(B,)` positivity and became `(B, B)`: every pair was scored against every target. Keep both at `(B,)`."""

    class not_reduced(wrong(forward=kept_apart)):
        """Your losses keep one value for each entry, `reduction="none"`, where a single number is asked. Take the mean of each."""

    class one_loss_for_each_user(wrong(forward=lambda *batch: kept_apart(*batch, dims=1))):
        """You return one loss for each user, and `backward` needs a single number. Average over the batch as well."""

    class summed(wrong(rebuilt=lambda self, logits, likes: Parts.rebuilt(self, logits, likes) * likes.numel(),
                       arranged=lambda *batch: Parts.arranged(*batch) * len(batch[3]))):
        """You sum over the entries where the mean is asked, so the loss grows with the batch. Leave `reduction` as it is."""

    class summed_reconstruction(wrong(rebuilt=lambda self, logits, likes: Parts.rebuilt(self, logits, likes) * likes.shape[1])):
        """You sum the reconstruction's loss over the items and average over the users alone, so it drowns the pair's term. Average over all entries."""

    class logits_loss_on_similarity(wrong(arranged=lambda self, one, two, target: self.bce_logits(self.similarity(one, two), target))):
        """The similarity meets a sigmoid, in `bce_logits` or by your own hand. It is a probability already, so `bce` is its loss."""

    class bce_on_logits(wrong(rebuilt=lambda self, logits, likes: self.bce(logits, likes))):
        """You give the reconstruction to `bce`, which takes numbers from 0 to 1 alone. The reconstruction is a logit: use `bce_logits`."""

    class sigmoid_before_logits(wrong(rebuilt=lambda self, logits, likes: self.bce_logits(logits.sigmoid(), likes))):
        """The reconstruction went through a sigmoid before `bce_logits`, which applies one itself. Hand it over as it is."""

    class squared_error_of_likes(wrong(rebuilt=lambda self, logits, likes: functional.mse_loss(logits, likes))):
        """The reconstruction's term is a squared error. Score it by binary cross-entropy with logits, `bce_logits`."""

    class squared_error_of_pair(wrong(arranged=lambda self, one, two, target: functional.mse_loss(self.similarity(one, two), target))):
        """The pair's term is the squared error of the similarity. Score it by binary cross-entropy, `bce`."""

    class distance_as_probability(wrong(arranged=lambda self, one, two, target: self.bce(functional.pairwise_distance(one, two), target))):
        """You give the distance of the latents to `bce`, and it is no number from 0 to 1. Put it through `similarity` first."""

    class same_latent_twice(wrong(arranged=lambda self, one, two, target: Parts.arranged(self, one, one, target))):
        """You compare a user's latent with itself, so the pair's term never sees the other user. Hand both latents over."""

    class subtracted(wrong(forward=lambda self, logits, likes, one, two, target: self.rebuilt(logits, likes) - self.arranged(one, two, target))):
        """You take the pair's term off the reconstruction's, so users are rewarded for standing wrong. Add the two."""

    class multiplied(wrong(forward=lambda self, logits, likes, one, two, target: self.rebuilt(logits, likes) * self.arranged(one, two, target))):
        """You multiply the two terms, so whichever is small silences the other. Add them."""

    class averaged(wrong(forward=lambda self, *batch: Parts.forward(self, *batch) / 2)):
        """Your loss is half of what is asked: the mean of the two terms. Add them, and do not divide."""

    class one_for_the_least_likeness(wrong(arranged=lambda self, one, two, target: Parts.arranged(self, one, two, (target > 0).float()))):
        """You turn the positivity into 1 wherever it is above 0, so the least likeness counts as full. Leave the target soft."""

    class classes_kept(wrong(__init__=lambda self: (torch.nn.Module.__init__(self), vars(self).update(bce_logits=torch.nn.BCEWithLogitsLoss, bce=torch.nn.BCELoss, similarity=EuclideanSimilarity)) and None)):
        """One of your attributes is a class and no loss yet, such as `torch.nn.BCELoss` without parentheses, so the tensors become its settings. A pair of parentheses makes a loss of it."""

    class reconstruction_detached(wrong(rebuilt=lambda self, logits, likes: Parts.rebuilt(self, logits.detach(), likes))):
        """The values are right, but no gradient flows back to the reconstruction, so the likes would never be rebuilt better. Leave out `detach`."""

    class all_detached(wrong(forward=lambda self, *batch: Parts.forward(self, *batch).detach())):
        """The values are right, but no gradient flows back through your loss at all. Return the tensor as it comes, without `detach`, `item`, `float` or `no_grad`."""

    class python_number(wrong(forward=lambda self, *batch: Parts.forward(self, *batch).item())):
        """You return a Python number, and no gradient flows back through one. Return the tensor itself, without `item` or `float`."""

    class latents_detached(wrong(arranged=lambda self, one, two, target: Parts.arranged(self, one.detach(), two.detach(), target))):
        """The values are right, but no gradient flows back to the latents, so the users would never move. Leave out `detach`."""

    class one_latent_detached(wrong(arranged=lambda self, one, two, target: Parts.arranged(self, one, two.detach(), target))):
        """The gradient reaches one latent of the pair alone, so only one of the two users would move. Detach neither."""

    class nan_gradient_at_zero(wrong(arranged=lambda self, one, two, target: self.bce(1 / (1 + ((one - two) ** 2).sum(1).sqrt()), target))):
        """Where a user is his own partner the gradient is NaN: the slope of a root at 0 is infinite. Let `EuclideanSimilarity` take the
        distance, which keeps clear of that."""

    class parent_not_started(wrong(__init__=lambda self: setattr(self, "bce", torch.nn.BCELoss()))):
        """A module can only hold others once `torch.nn.Module` has set it up. Call `super().__init__()` first in your `__init__`."""

    class not_callable:
        """Your class cannot be called like a function, and the training loop does just that. Derive it from `torch.nn.Module`, which calls `forward` for you."""
        forward = Parts.forward


class Variants:
    """Right answers in other styles."""

    class by_hand_beside_the_attributes(RecommenderLoss):
        def forward(self, reconstruction, original, user, other, positivity):
            rebuilt = functional.softplus(reconstruction) - reconstruction * original
            near = self.similarity(user, other).clamp(1e-7, 1 - 1e-7)
            pair = -(positivity * near.log() + (1 - positivity) * torch.log1p(-near))
            return rebuilt.mean() + pair.mean()

    class own_distance(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.bce_logits, self.bce = torch.nn.BCEWithLogitsLoss(), torch.nn.BCELoss()

        def similarity(self, one, two):
            return 1 / (1 + torch.linalg.vector_norm(one - two, dim=-1))

        def forward(self, *batch):
            return self.bce_logits(*batch[:2]) + self.bce(self.similarity(*batch[2:4]), batch[4])

    class plain_class_in_double:
        def __init__(self):
            self.bce_logits = torch.nn.BCEWithLogitsLoss()
            self.bce = torch.nn.BCELoss()
            self.similarity = EuclideanSimilarity()

        def __call__(self, user_reconstruction, original, user_latent, other_latent, positivity):
            rebuilt = self.bce_logits(input=user_reconstruction.double(), target=original.double())
            pair = self.bce(self.similarity(x1=user_latent, x2=other_latent).double(), positivity.double())
            return torch.stack([rebuilt, pair]).sum().float()


class Symptoms:
    """Signs that whole families of wrong answers show."""

    def not_finite_at_zero(expected, got):
        """Where a user is his own partner, your loss or its gradient is not finite: the slope of a root at 0 is infinite, and so is log(0).
        Let `EuclideanSimilarity` take the distance and `bce` the logarithm."""
        right = torch.isclose(got["one user"], expected["one user"], atol=1e-3)
        return bool(right) and False in (got["a batch with every user as his own partner"], *got["the gradient at distance 0"])

    def two_values(expected, got):
        """You return the two terms side by side, and a single number is asked. Add them."""
        return type(got["two users near each other"]) in (tuple, list)

    def classes_kept(expected, got):
        return "Boolean value of Tensor" in got.error.text

    def one_latent_detached(expected, got):
        reached = [type(item) is not str for item in got["the gradient"]]
        return reached in ([True, False, True], [True, True, False])

    def other_sum(expected, got):
        """For one user the rebuilt likes cost 0.3421 and the pair 0.6173, which makes 0.9593, and you give {seen}. Work the two out apart, and compare."""
        loss = got["one user"]
        return loss.dim() == 0 and abs(loss - expected["one user"]) > 1e-3 and {"seen": f"{float(loss):.4f}"}

    def attribute_missing(expected, got):
        """The loss is right, but an attribute is not there under its name, or is of another kind: {missing}. The docstring lists all three."""
        found = [name for name, there in got["the attributes"].items() if not there]
        return {"missing": ", ".join(f"`{name}`" for name in found)} if found else False
