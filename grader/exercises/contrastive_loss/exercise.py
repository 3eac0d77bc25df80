"""Answer to `contrastive_loss`."""

import torch
from torch.nn import functional

POINTS = 3
HINTS = (
    "Take one pair at a time. What should a like pair at distance 3 cost, and what an unlike pair that is far apart already?",
    "Both terms are there for each pair, and `same` switches between them. The margin comes before the square: what is below 0 becomes 0.",
    "`torch.relu(margin - distance)` is how far an unlike pair still has to go. Square it, weight it by `1 - same`, add the "
    "like pairs' squared distance weighted by `same`, and take the mean.",
)
HINTS_FOR = {
    "flipped_labels": "Put in one pair: same = 1 and distance = 0. Two alike users in one place should cost nothing.",
    "margin_without_relu": "Put in an unlike pair at distance 3 and margin 1: it is far enough apart, so it costs 0.",
}
NOTICE = "An unlike pair beyond the margin has no gradient at all: most of a random batch teaches nothing, so later methods look for hard pairs."


def contrastive_loss(distance, same, margin=1.0):
    pulled = same * distance**2
    pushed = (1 - same) * torch.relu(margin - distance) ** 2  # nothing, from the margin on
    return (pulled + pushed).mean()


def terms(distance, same, margin=1.0):
    return same * distance**2, (1 - same) * torch.relu(margin - distance) ** 2


class Mistakes:
    """Wrong answers; each docstring is what the learner reads."""

    def flipped_labels(distance, same, margin=1.0):
        """You push like pairs apart and pull unlike ones together: `same` is 1 for a like pair here. Exchange `same` and `1 - same`."""
        return contrastive_loss(distance, 1 - same, margin)

    def margin_without_relu(distance, same, margin=1.0):
        """You pull unlike pairs back to the margin when they are beyond it. What lies further apart than the margin costs nothing: cut `margin - distance` off at 0 before you square it."""
        return (same * distance**2 + (1 - same) * (margin - distance) ** 2).mean()

    def hinge_turned_round(distance, same, margin=1.0):
        """Your unlike pairs cost something beyond the margin and nothing within it. It is `margin - distance` that has to be cut off at 0."""
        return (same * distance**2 + (1 - same) * torch.relu(distance - margin) ** 2).mean()

    def hinge_not_squared(distance, same, margin=1.0):
        """The push on unlike pairs is not squared. Square what is left of the margin, after it is cut off at 0."""
        return (same * distance**2 + (1 - same) * torch.relu(margin - distance)).mean()

    def pull_not_squared(distance, same, margin=1.0):
        """The pull on like pairs is not squared. Square their distance."""
        return (same * distance + (1 - same) * torch.relu(margin - distance) ** 2).mean()

    def nothing_squared(distance, same, margin=1.0):
        """Neither term is squared. Square the distance of like pairs, and what unlike ones still lack to the margin."""
        return (same * distance + (1 - same) * torch.relu(margin - distance)).mean()

    def margin_less_squared_distance(distance, same, margin=1.0):
        """You take the squared distance from the margin. Take the distance itself from it, cut off at 0, and square the result."""
        return (same * distance**2 + (1 - same) * torch.relu(margin - distance**2)).mean()

    def margin_less_squared_distance_squared(distance, same, margin=1.0):
        """You square the distance before it is taken from the margin, and the result once more. Only the result is to be squared."""
        return (same * distance**2 + (1 - same) * torch.relu(margin - distance**2) ** 2).mean()

    def squares_before_the_difference(distance, same, margin=1.0):
        """You take the difference of two squares for unlike pairs. It is the square of a difference: subtract first."""
        return (same * distance**2 + (1 - same) * torch.relu(margin**2 - distance**2)).mean()

    def margin_ignored(distance, same, margin=1.0):
        """Your push ends at distance 1 whatever the margin. Use the argument `margin`."""
        return contrastive_loss(distance, same)

    def like_pairs_alone(distance, same, margin=1.0):
        """Unlike pairs cost nothing at all, so every code may fall into one point. Add their term."""
        return terms(distance, same, margin)[0].mean()

    def unlike_pairs_alone(distance, same, margin=1.0):
        """Like pairs cost nothing at all, so nothing brings them together. Add their term."""
        return terms(distance, same, margin)[1].mean()

    def like_pairs_unweighted(distance, same, margin=1.0):
        """Every pair is pulled together, the unlike ones too. Weight the squared distance by `same`."""
        return (distance**2 + terms(distance, same, margin)[1]).mean()

    def unlike_pairs_unweighted(distance, same, margin=1.0):
        """Every pair is pushed apart, the like ones too. Weight the push by `1 - same`."""
        return (terms(distance, same, margin)[0] + torch.relu(margin - distance) ** 2).mean()

    def push_subtracted(distance, same, margin=1.0):
        """You subtract the unlike pairs' term, so closeness is rewarded. Add it."""
        pulled, pushed = terms(distance, same, margin)
        return (pulled - pushed).mean()

    def halved(distance, same, margin=1.0):
        """Your loss is half of what is asked: the first paper has a factor of one half, and this form has none. Leave it out."""
        return contrastive_loss(distance, same, margin) / 2

    def summed(distance, same, margin=1.0):
        """You sum over the pairs, so a larger batch takes larger steps. Take the mean."""
        return contrastive_loss(distance, same, margin) * len(distance)

    def not_reduced(distance, same, margin=1.0):
        """You give one number for each pair, and a single one is asked. Take the mean over the pairs."""
        return sum(terms(distance, same, margin))

    def a_mean_for_each_kind(distance, same, margin=1.0):
        """You average like and unlike pairs apart, so a rare kind counts more. Add the two terms pair by pair, and take one mean."""
        pulled, pushed = terms(distance, same, margin)
        return pulled.sum() / same.sum().clamp(min=1e-9) + pushed.sum() / (1 - same).sum().clamp(min=1e-9)

    def parentheses_missing(distance, same, margin=1.0):
        """You multiply before you subtract: `1 - same * ...` takes the push from 1. Put parentheses round `1 - same`."""
        return (same * distance**2 + 1 - same * torch.relu(margin - distance) ** 2).mean()

    def other_default(distance, same, margin=2.0):
        """Your loss is right where a margin is given, and not where it is left to the default. The first line of the stub says `margin=1.0`."""
        return contrastive_loss(distance, same, margin)

    def root_taken(distance, same, margin=1.0):
        """You take the root of the mean. Leave it out: the mean of the squares is the loss."""
        return contrastive_loss(distance, same, margin).sqrt()

    def push_detached(distance, same, margin=1.0):
        """The value is right, but the gradient is not: one of the two terms does not see the distance move. Leave out `detach` and `data` in both."""
        return terms(distance, same, margin)[0].mean() + terms(distance.detach(), same, margin)[1].mean()

    def rounded_labels(distance, same, margin=1.0):
        """You treat every pair as wholly like or wholly unlike. `same` may lie between 0 and 1: use it as a weight."""
        return contrastive_loss(distance, (same >= 0.5).float(), margin)

    def detached(distance, same, margin=1.0):
        """The value is right, but no gradient flows back to the distances. Leave out `detach`, `item` and `no_grad`."""
        return contrastive_loss(distance, same, margin).detach()

    def python_number(distance, same, margin=1.0):
        """You return a Python number, and no gradient flows through one. Leave out `item()` and `float()`."""
        return contrastive_loss(distance, same, margin).item()


class Variants:
    """Right answers in other styles."""

    def by_clamp(distance, same, margin=1.0):
        return torch.mean(same * distance.pow(2) + (1 - same) * (margin - distance).clamp(min=0).pow(2))

    def by_where(distance, same, margin=1.0):
        missing = torch.where(distance < margin, margin - distance, torch.zeros_like(distance))
        return (same * distance.square()).mean() + ((1.0 - same) * missing.square()).mean()

    def pair_by_pair(distance, same, margin=1.0):
        total = 0.0
        for d, s in zip(distance, same):
            total = total + s * d * d + (1 - s) * max(torch.zeros(()), margin - d) ** 2
        return total / len(distance)

    def by_lerp(distance, same, margin=1.0):
        return torch.lerp(functional.relu(margin - distance).square(), distance.square(), same).mean()

    def dot_products(distance, same, margin=1.0):
        lack = torch.maximum(margin - distance, torch.tensor(0.0))
        return (same.dot(distance * distance) + (1 - same).dot(lack * lack)) / distance.numel()

    def in_double(distance, same, margin=1.0):
        d, s = distance.double(), same.double()
        print("pairs:", len(d))
        return (s * d**2 + (1 - s) * (margin - d).clamp_min(0) ** 2).mean().float()


def right(expected, got, label):
    return bool(torch.isclose(expected[label], got[label], atol=1e-4))


class Symptoms:
    """Families of mistakes."""

    def two_values(expected, got):
        """You return two values, and a single one is asked. Add the two terms, and take one mean."""
        return any(type(entry.value) in (tuple, list) for entry in got.compared[:1])

    def a_row_of_one(expected, got):
        """You return a row of one number, of shape (1,), and a single number is asked. Leave out `keepdim` and brackets round it."""
        return all(entry.value.shape == (1,) for entry in got.compared[:10])

    def mean_of_nothing(expected, got):
        """For a batch of like pairs alone, or of unlike ones, you give NaN, as the mean over no pair at all does. Add the two terms pair by pair, and take one mean."""
        return any(got[label].isnan() for label in ("one like pair at distance 3", "one unlike pair at distance 0.5"))

    def rounded_labels(expected, got):
        labels = [entry.label for entry in expected.compared if entry.inputs and type(entry.value) is torch.Tensor]
        hard = [right(expected, got, label) for label in labels[:6]]
        return all(hard) and not right(expected, got, "two pairs that are half alike")

    rounded_labels.__doc__ = "Your loss is right for pairs that are wholly like or unlike, and wrong where `same` lies between. It may be any number from 0 to 1: use it as a weight."

    def push_detached(expected, got):
        found = [one[0] for one in (expected["the gradient of the distance"], got["the gradient of the distance"])]
        return right(expected, got, "nine pairs that carry a gradient, margin 2") and not torch.allclose(*found, atol=1e-4)
