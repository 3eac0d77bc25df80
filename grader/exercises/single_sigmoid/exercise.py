"""Answer to `single_sigmoid`."""

import torch
from torch.nn import functional

from grader.exercises.euclidean_similarity.exercise import EuclideanSimilarity
from grader.exercises.recommender_loss.exercise import RecommenderLoss

POINTS = 3
HINTS = (
    "How many sigmoids stand between the decoder's last `Linear` layer and the loss, and how many belong there?",
    "PyTorch has binary cross-entropy twice: one takes any number and applies a sigmoid itself, the other takes probabilities.",
    "Keep the pair's term. In the reconstruction's, `bce_logits` becomes `bce`, which also cuts its logarithm at -100, so that "
    "exactly 0 and 1 do no harm.",
)
HINTS_FOR = {
    "log_of_zero": "`torch.nn.BCELoss` cuts the logarithm at -100 for you. By hand, keep the probabilities between 1e-6 and 1 - 1e-6.",
    "still_logits": "`BCEWithLogitsLoss` puts a sigmoid on what it is given. The decoder has put one there already.",
}
NOTICE = ("The other cure is to drop the decoder's sigmoid and keep `bce_logits`: the same mathematics, and the numerically safer "
          "of the two. Either is fine, both at once is not.")

EQUAL = {"self.similarity(user_latent, other_latent) -> self.similarity(other_latent, user_latent)": "a similarity is symmetric"}


class SingleSigmoidLoss(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.bce = torch.nn.BCELoss()    # takes probabilities, and cuts log(0) at -100
        self.similarity = EuclideanSimilarity()

    def forward(self, user_reconstruction, original, user_latent, other_latent, positivity):
        rebuilt = self.bce(user_reconstruction, original)
        arranged = self.bce(self.similarity(user_latent, other_latent), positivity)
        return rebuilt + arranged


class Parts(SingleSigmoidLoss):
    """The two terms as methods of their own, which the mistakes below replace."""

    def forward(self, guess, likes, one, two, target):
        return self.rebuilt(guess, likes) + self.arranged(one, two, target)

    def rebuilt(self, guess, likes):
        return self.bce(guess, likes)

    def arranged(self, one, two, target):
        return self.bce(self.similarity(one, two), target)


def wrong(**methods):
    """Give the loss with some of its methods replaced."""
    return type("Wrong", (Parts,), methods)


def by_hand(self, guess, likes):
    return -(likes * guess.log() + (1 - likes) * (1 - guess).log()).mean()


def kept_apart(self, guess, likes, one, two, target):
    each = functional.binary_cross_entropy(guess, likes, reduction="none").mean(1)
    return each + functional.binary_cross_entropy(self.similarity(one, two), target, reduction="none")


class Mistakes:
    """Wrong answers; each docstring is what the learner reads."""

    class still_logits(wrong(rebuilt=lambda self, guess, likes: functional.binary_cross_entropy_with_logits(guess, likes))):
        """The reconstruction meets a sigmoid once more, in `bce_logits` or by your own hand, and it is a probability already. Score it as
        it comes."""

    class two_sigmoids_more(wrong(rebuilt=lambda self, guess, likes: functional.binary_cross_entropy_with_logits(guess.sigmoid(), likes))):
        """You put a sigmoid on the probabilities, and `bce_logits` puts another on top. Score the reconstruction as it comes."""

    class log_of_zero(wrong(rebuilt=by_hand)):
        """The values are right, but a probability of exactly 0 or 1 gives infinity or NaN: `log(0)` and `logit(0)` are infinite. Keep clear
        of the ends, or use a loss that does."""

    class epsilon_lost_in_rounding(wrong(rebuilt=lambda self, guess, likes: by_hand(self, guess.clamp(1e-8, 1 - 1e-8), likes))):
        """At 0 your guard works, but at 1 it is missing, or lost in rounding: in float32, 1 - 1e-8 is exactly 1, and `log(1 - 1)` is infinite.
        Keep 1e-6 away from both ends, or take a loss that does it for you."""

    class clamped_too_early(wrong(rebuilt=lambda self, guess, likes: self.bce(guess.clamp(0.01, 0.99), likes))):
        """Probabilities near 0 and 1 are cut off so early that the loss cannot tell 0.999 from 0.99. Cut at 1e-6."""

    class certain_guesses_left_out(wrong(rebuilt=lambda self, guess, likes: torch.where((guess > 0) & (guess < 1), functional.binary_cross_entropy(guess, likes, reduction="none"), 0).mean())):
        """A probability of exactly 0 or 1 costs nothing, even where it is wrong, so the surest mistakes go free. Keep it a little away from
        the ends, and score it like any other."""

    class missing_sign(wrong(rebuilt=lambda self, guess, likes: -self.bce(guess, likes))):
        """The reconstruction's term has the wrong sign: a worse guess gives a smaller loss. The logarithm of a probability is negative, so
        cross-entropy needs a minus in front."""

    class likes_alone(wrong(rebuilt=lambda self, guess, likes: -(likes * guess.clamp(1e-7).log()).mean())):
        """Only the likes are scored, so predicting 1 everywhere would cost nothing. The zeros count too, by log(1 - p)."""

    class squared_error(wrong(rebuilt=lambda self, guess, likes: functional.mse_loss(guess, likes))):
        """The reconstruction is scored by its squared error. Use binary cross-entropy, as `RecommenderLoss` does."""

    class absolute_error(wrong(rebuilt=lambda self, guess, likes: functional.l1_loss(guess, likes))):
        """The reconstruction is scored by its absolute error. Use binary cross-entropy, as `RecommenderLoss` does."""

    class arguments_swapped(wrong(rebuilt=lambda self, guess, likes: self.bce(likes, guess))):
        """The original stands where the guess belongs. PyTorch's losses take the guess first and the target second."""

    class pair_arguments_swapped(wrong(arranged=lambda self, one, two, target: self.bce(target, self.similarity(one, two)))):
        """In the pair's term, the positivity stands where the guess belongs. The similarity comes first, the target second."""

    class summed(wrong(rebuilt=lambda self, guess, likes: self.bce(guess, likes) * likes.numel(),
                       arranged=lambda *batch: Parts.arranged(*batch) * len(batch[3]))):
        """You sum over the entries where the mean is asked. Leave `reduction` as it is."""

    class summed_reconstruction(wrong(rebuilt=lambda self, guess, likes: self.bce(guess, likes) * likes.shape[1])):
        """You sum the reconstruction's loss over the items, so it drowns the pair's term. Average over all entries."""

    class one_loss_for_each_user(wrong(forward=kept_apart)):
        """You return one loss for each user, and `backward` needs a single number. Average over the batch as well."""

    class pair_dropped(wrong(arranged=lambda *_: 0)):
        """The pair's term is gone, so nothing arranges the users any more. Only the reconstruction's term had to change."""

    class reconstruction_dropped(wrong(rebuilt=lambda *_: 0)):
        """Only the pair's term is left, so nothing makes the network rebuild the likes. Score the reconstruction too."""

    class logits_loss_on_similarity(wrong(
            arranged=lambda self, one, two, target: functional.binary_cross_entropy_with_logits(self.similarity(one, two), target))):
        """The similarity meets a sigmoid now. It is a probability as it stands, so its term stays as it was in `RecommenderLoss`."""

    class target_reversed(wrong(arranged=lambda self, one, two, target: Parts.arranged(self, one, two, 1 - target))):
        """The pair's target is 1 - positivity, so like users are pushed apart. Take the positivity itself."""

    class target_rounded(wrong(arranged=lambda self, one, two, target: Parts.arranged(self, one, two, target.round()))):
        """The pair's target is rounded to 0 or 1, so users who are a little alike count as not alike at all. Take the positivity as it comes."""

    class reconstruction_detached(wrong(rebuilt=lambda self, guess, likes: self.bce(guess.detach(), likes))):
        """No gradient flows back to the reconstruction, so the decoder would never learn. Leave out `detach` and `torch.tensor`."""

    class latents_detached(wrong(arranged=lambda self, one, two, target: Parts.arranged(self, one.detach(), two.detach(), target))):
        """No gradient flows back to the latents, so the users would never move. Leave out `detach`."""

    class other_latent_detached(wrong(arranged=lambda self, one, two, target: Parts.arranged(self, one, two.detach(), target))):
        """No gradient flows back to `other_latent`, so only one of the pair is moved. Leave out `detach`."""

    class nan_gradient_at_zero(wrong(
            arranged=lambda self, one, two, target: self.bce(1 / (1 + ((one - two) ** 2).sum(1).sqrt()), target))):
        """Where a user is his own partner the gradient is NaN, for the slope of a root at 0 is infinite. Let `EuclideanSimilarity` take it."""

    class parent_not_started(wrong(__init__=lambda self: setattr(self, "bce", torch.nn.BCELoss()))):
        """A module can only hold others once `torch.nn.Module` has set it up. Call `super().__init__()` first in your `__init__`."""

    class not_callable:
        """Your class cannot be called like a function. Derive it from `torch.nn.Module`, which calls `forward` for you."""

        forward = Parts.forward


class Variants:
    """Right answers in other styles."""

    class on_top_of_the_recommender_loss(RecommenderLoss):
        def forward(self, user_reconstruction, *rest):
            return super().forward(torch.logit(user_reconstruction, eps=1e-6), *rest)

    class one_loss_exchanged(RecommenderLoss):
        def __init__(self):
            super().__init__()
            self.bce_logits = self.bce

    class logarithms_by_hand(SingleSigmoidLoss):
        def forward(self, guess, likes, one, two, target):
            p, s = guess.clamp(1e-6, 1 - 1e-6), self.similarity(one, two).clamp(1e-7, 1 - 1e-7)
            rebuilt = -torch.where(likes > 0.5, p.log(), torch.log1p(-p)).mean()
            return rebuilt - (target * s.log() + (1 - target) * torch.log1p(-s)).mean()

    class probability_of_what_happened(SingleSigmoidLoss):
        def forward(self, guess, likes, *pair):
            happened = torch.lerp(1 - guess, guess, likes).clamp_min(1e-6)
            return Parts.arranged(self, *pair) - happened.log().mean()

    class negative_log_likelihood(SingleSigmoidLoss):
        def forward(self, guess, likes, *pair):
            both = torch.stack([1 - guess, guess], 1).clamp(1e-7, 1 - 1e-7)
            return Parts.arranged(self, *pair) + functional.nll_loss(both.log(), likes.long())

    class plain_class_in_double:
        def __call__(self, guess, likes, one, two, target):
            near = 1 / (1 + torch.linalg.vector_norm((one - two).double(), dim=1))
            pair = functional.binary_cross_entropy(near, target.double())
            return (functional.binary_cross_entropy(guess.double(), likes.double()) + pair).float()


def alone(expected, got):
    """Give by how much the loss changes where the reconstruction alone, then where the pair alone changes: as asked, as seen."""
    labels = "two users", "two users, rebuilt otherwise", "two users, arranged otherwise"
    (one, *ones), (two, *twos) = ([float(seen[label]) for label in labels] for seen in (expected, got))
    return [(a - one, b - two) for a, b in zip(ones, twos)]


def near(one, two):
    return abs(one - two) < 2e-4 * (1 + abs(one))


def terms(expected, label="two users"):
    """Give the reconstruction's and the pair's term of a batch as they are asked."""
    guess, likes, *_ = expected.entry(label).inputs["args"]
    rebuilt = float(functional.binary_cross_entropy(guess, likes))
    return rebuilt, float(expected[label]) - rebuilt


def four_digits(**numbers):
    return {name: f"{number:.4g}" for name, number in numbers.items()}


class Symptoms:
    """Signs that whole families of wrong answers show."""

    def loss_not_built(expected, got):
        """Called with tensors, a class such as `BCELoss` takes them for its options. Build the loss first, by `BCELoss()`, and call what you built."""
        return "Boolean value of Tensor" in got.error.text and "bce" in got.error.code.lower() and "if " not in got.error.code

    def reconstruction_has_no_effect(expected, got):
        """Your loss stays the same, whatever the reconstruction is. Score it too, against the original."""
        return abs(alone(expected, got)[0][1]) < 1e-6

    def pair_has_no_effect(expected, got):
        """Your loss stays the same, wherever the two latents lie. Keep the pair's term as it was in `RecommenderLoss`."""
        return abs(alone(expected, got)[1][1]) < 1e-6

    def sign_of_a_term(expected, got):
        """The {which} term has the wrong sign: where it should make the loss grow, yours shrinks. Look for a minus that is missing, or one too many."""
        opposite = [near(one, -two) for one, two in alone(expected, got)]
        return {"which": "pair's" if opposite[1] else "reconstruction's"} if sum(opposite) == 1 else False

    def cut_too_early(expected, got):
        """From 0.2 to 0.9 your probabilities are scored rightly, but near 0 and 1 the reconstruction's term is {found} where {wanted} is
        asked: they are cut off too early. Keep them about 1e-6 from the ends, or use a loss that needs no cut."""
        label = "probabilities near 0 and 1"
        right = all(near(one, two) for one, two in (*alone(expected, got), (expected["two users"], got["two users"])))
        wanted, pair = terms(expected, label)
        found = float(got[label]) - pair
        return four_digits(found=found, wanted=wanted) if right and abs(found - wanted) > 1e-3 else False

    def reconstruction_term(expected, got):
        """For {label}, the pair's term is right and the reconstruction's is {found}, where {wanted} is asked. It is the mean binary
        cross-entropy of the probabilities as they come: look at what else you do to them or to the original."""
        (one, two), (pair, same) = alone(expected, got)
        wanted, arranged = terms(expected)
        words = four_digits(found=float(got["two users"]) - arranged, wanted=wanted) | {"label": "two users"}
        return words if near(pair, same) and not near(one, two) else False

    def pair_term(expected, got):
        """For {label}, the reconstruction's term is right and the pair's is {found}, where {wanted} is asked. It stays what it was in
        `RecommenderLoss`: the similarity scored by `bce` against the positivity."""
        (one, two), (pair, other) = alone(expected, got)
        rebuilt, wanted = terms(expected)
        words = four_digits(found=float(got["two users"]) - rebuilt, wanted=wanted) | {"label": "two users"}
        return words if near(one, two) and not near(pair, other) else False

    def neither_term(expected, got):
        """Where the reconstruction alone changes, your loss changes by {found} and {wanted} is asked; where the pair alone does, by {other}
        and {pair} is asked. Mend one term at a time, the reconstruction's first."""
        (wanted, found), (pair, other) = alone(expected, got)
        factor = found / wanted, other / pair
        return four_digits(wanted=wanted, found=found, pair=pair, other=other) if abs(factor[0] - factor[1]) > 1e-3 else False

    def input_without_gradient(expected, got):
        """No gradient flows back to {names}. Leave out `detach`, `item`, `no_grad` and copies on the way from there to the loss."""
        names = "`user_reconstruction`", "`user_latent`", "`other_latent`"
        lost = [name for name, found in zip(names, got["the gradient"]) if isinstance(found, str)]
        return {"names": ", ".join(lost)} if lost and isinstance(got["two users"], torch.Tensor) else False

    def not_finite_at_the_ends(expected, got):
        """A probability of exactly {where} gives a loss or a gradient that is not finite. Keep the probabilities at least 1e-6 from the ends,
        or use a loss that cuts its logarithm."""
        found = [end for end in "01" if got[f"probabilities of exactly {end}"] == "not finite" or False in got[f"the gradient at probabilities of exactly {end}"]]
        right = torch.isclose(got["one user"], expected["one user"], atol=1e-3)
        return {"where": " and of exactly ".join(found)} if found and right else False

    def not_finite_at_distance_zero(expected, got):
        """Where a user is his own partner, your loss or its gradient is not finite. Let `EuclideanSimilarity` take the distance, and `bce` the
        logarithm."""
        right = torch.isclose(got["one user"], expected["one user"], atol=1e-3)
        return bool(right) and False in (got["users who are their own partners"], *got["the gradient at users who are their own partners"])
