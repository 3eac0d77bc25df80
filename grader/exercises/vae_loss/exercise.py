"""Answer to `vae_loss`."""

import torch
from torch.nn import functional

from grader.exercises.kl_divergence.exercise import kl_divergence

POINTS = 2
HINTS = (
    "Two terms. One reads the reconstruction and x, the other mean and log variance. Which of them does beta weigh, and over "
    "what is each summed, over what averaged?",
    "`functional.binary_cross_entropy` takes probabilities, is finite at 0 and 1, and has `reduction=\"sum\"`. A sum over the whole "
    "batch, divided by the number of rows, is the sum over features averaged over the batch.",
    "Call the first term `rebuilt`: the summed cross-entropy over `len(x)`. Return it plus `beta` times your `kl_divergence`.",
)
HINTS_FOR = {"averaged_over_features": "`reduction=\"mean\"` divides by B x N, and only B is asked: sum, then divide by `len(x)`."}
NOTICE = ("Both terms are in the same coin, nats a row: that is why the features are summed. An average over the features would "
          "make the divergence N times as dear beside it, which is a beta of N in disguise.")
EQUAL = {f"x -> {other} (2)": "`len` counts the rows, and all four have as many" for other in ("reconstruction", "mean", "log_variance")}


def vae_loss(reconstruction, x, mean, log_variance, beta=1.0):
    rebuilt = functional.binary_cross_entropy(reconstruction, x, reduction="sum") / len(x)
    return rebuilt + beta * kl_divergence(mean, log_variance)


def cost(reconstruction, x):
    return functional.binary_cross_entropy(reconstruction, x, reduction="sum") / len(x)


def by_hand(p, x, log=torch.log):
    return -(x * log(p) + (1 - x) * log(1 - p)).sum(dim=1).mean()


def wrong(said, rebuilt=cost, apart=kl_divergence, total=lambda rebuilt, apart, beta: rebuilt + beta * apart):
    """A loss with another part in it; `said` is what a learner reads whose own behaves like it."""
    def vae_loss(reconstruction, x, mean, log_variance, beta=1.0):
        return total(rebuilt(reconstruction, x), apart(mean, log_variance), beta)

    vae_loss.__doc__ = said
    return vae_loss


def entropy(p, x):
    return functional.binary_cross_entropy(p, x, reduction="none")


class Mistakes:
    """Wrong answers; each sentence is what the learner reads."""

    averaged_over_features = wrong(
        "You average the cross-entropy over the features too, so the divergence drowns it: the codes would collapse. Sum over the features, average over the rows.",
        lambda p, x: functional.binary_cross_entropy(p, x))
    summed_over_batch = wrong(
        "You sum the cross-entropy over the batch as well, so it grows with the batch and the divergence does not. Divide the sum by the number of rows.",
        lambda p, x: cost(p, x) * len(x))
    both_summed_over_batch = wrong("You sum both terms over the batch, so the loss grows with it. Average over the rows.",
        lambda p, x: cost(p, x) * len(x), lambda mean, spread: kl_divergence(mean, spread) * len(mean))
    averaged_over_everything = wrong(
        "You average both terms over everything. Sum over the features and over the numbers of a code, and average over the rows alone.",
        lambda p, x: functional.binary_cross_entropy(p, x), lambda mean, spread: kl_divergence(mean, spread) / mean.shape[1])
    divergence_averaged_twice = wrong(
        "Your divergence is divided by the number of rows twice: `kl_divergence` averages over the batch by itself. Leave the second division out.",
        apart=lambda mean, spread: kl_divergence(mean, spread) / len(mean))
    divergence_exchanged = wrong(
        "`kl_divergence` gets the log variance first and the mean second. Its order is the other way round.",
        apart=lambda mean, spread: kl_divergence(spread, mean))
    divergence_over_features = wrong(
        "Your divergence is divided by the number of features, while the cross-entropy is summed over them. Leave that division out: `kl_divergence` gives what is asked.",
        lambda p, x: (cost(p, x), x.shape[1]), total=lambda rebuilt, apart, beta: rebuilt[0] + beta * apart / rebuilt[1])
    divergence_averaged_over_code = wrong(
        "Your divergence is averaged over the numbers of a code. It is summed over them and averaged over the rows, as `kl_divergence` has it.",
        apart=lambda mean, spread: kl_divergence(mean, spread) / mean.shape[1])
    divergence_summed_over_batch = wrong(
        "Your divergence is summed over the batch, and the cross-entropy is not. Average both over the rows.",
        apart=lambda mean, spread: kl_divergence(mean, spread) * len(mean))
    one_for_each_row = wrong("You return one loss for each row, and `backward` needs a single number. Average over the rows.",
        lambda p, x: entropy(p, x).sum(dim=1))
    not_reduced = wrong("Your cross-entropy keeps one value for each entry. Sum over the features and average over the rows.", entropy)
    probabilities_as_logits = wrong(
        "You give probabilities to a loss that takes logits, so they pass a second sigmoid. Use `binary_cross_entropy`, without the logits.",
        lambda p, x: functional.binary_cross_entropy_with_logits(p, x, reduction="sum") / len(x))
    squared_error = wrong("The reconstruction's term is a squared error. Score probabilities by binary cross-entropy.",
        lambda p, x: ((p - x) ** 2).sum(dim=1).mean())
    likes_alone = wrong("Your cross-entropy scores the ones of `x` alone, so it is cheapest to say yes to everything. Add what the zeros cost.",
        lambda p, x: -(x * p.clamp(min=1e-7).log()).sum(dim=1).mean())
    arguments_swapped = wrong("The cross-entropy got `x` first and the reconstruction second. The guess comes first, the target second.",
        lambda p, x: cost(x, p))
    infinite_at_the_ends = wrong(
        "At probabilities of exactly 0 or 1 your loss is NaN or infinite: the logarithm of 0 is. Use PyTorch's own cross-entropy, or keep the probabilities a little away from both ends.",
        by_hand)
    far_from_the_ends = wrong("You keep the probabilities so far from 0 and 1 that a perfect guess still costs something. PyTorch's own cross-entropy is safe at both ends.",
        lambda p, x: cost(p.clamp(0.01, 0.99), x))
    sign_turned = wrong("Your cross-entropy is negative, so training would make it worse. A loss falls as the guess gets better: turn the sign round.",
        lambda p, x: -cost(p, x))
    both_signs_turned = wrong("Your whole loss has the wrong sign, so training would make both terms worse. A loss falls as the guess gets better: turn the sign round.",
        total=lambda rebuilt, apart, beta: -rebuilt - beta * apart)
    divergence_doubled = wrong("Your divergence counts twice. Look for its half in the formula.", apart=lambda mean, spread: 2 * kl_divergence(mean, spread))
    divergence_subtracted = wrong("You subtract the divergence, so training would drive the codes away from N(0, 1). Add it.",
        total=lambda rebuilt, apart, beta: rebuilt - beta * apart)
    no_divergence = wrong("Your loss scores the reconstruction alone: that is a plain autoencoder. Add beta times the divergence.",
        total=lambda rebuilt, apart, beta: rebuilt + 0 * apart)
    no_reconstruction = wrong("Your loss scores the divergence alone, so nothing would be rebuilt. Add the cross-entropy.",
        total=lambda rebuilt, apart, beta: 0 * rebuilt + beta * apart)
    beta_ignored = wrong("`beta` changes nothing in your loss. Multiply the divergence by it.", total=lambda rebuilt, apart, beta: rebuilt + apart)
    beta_on_reconstruction = wrong("`beta` weighs your reconstruction. It is the divergence that it weighs.",
        total=lambda rebuilt, apart, beta: beta * rebuilt + apart)
    beta_on_both = wrong("`beta` weighs both terms, so their balance never changes. Multiply the divergence alone.",
        total=lambda rebuilt, apart, beta: beta * (rebuilt + apart))
    beta_as_a_mixture = wrong("You weigh the reconstruction by 1 - beta, so at beta = 1 it is gone. It always counts once; `beta` weighs the divergence.",
        total=lambda rebuilt, apart, beta: (1 - beta) * rebuilt + beta * apart)

    def other_default(reconstruction, x, mean, log_variance, beta=0.5):
        """Without a `beta` you take another one than 1. Leave the default of the first line as it was."""
        return vae_loss(reconstruction, x, mean, log_variance, beta)

    detached = wrong("The value is right, but no gradient flows back, so nothing would learn. Leave out `detach`, `item` and `no_grad`.",
        total=lambda rebuilt, apart, beta: (rebuilt + beta * apart).detach())
    divergence_detached = wrong("No gradient flows from the divergence, so it would never move a code. Leave out `detach`, `item` and `no_grad` there.",
        apart=lambda mean, spread: kl_divergence(mean, spread).detach())


class Variants:
    """Right answers in other styles."""

    kept_away_from_the_ends = wrong("", lambda p, x: by_hand(p.clamp(1e-6, 1 - 1e-6), x))
    summed_by_row = wrong("", lambda p, x: entropy(p, x).sum(dim=1).mean())
    mean_times_features = wrong("", lambda p, x: torch.nn.BCELoss()(p, x) * x.shape[1])
    logarithm_cut = wrong("", lambda p, x: by_hand(p, x, lambda value: value.log().clamp(min=-100)))

    def all_by_hand(reconstruction, x, mean, log_variance, beta=1.0):
        total = 0
        for p, row, m, v in zip(reconstruction, x, mean, log_variance):
            right = torch.where(row > 0.5, p, 1 - p) + 1e-8
            total = total - right.log().sum() - beta / 2 * (1 + v - m**2 - v.exp()).sum()
        return total / x.shape[0]

    def in_double(reconstruction, x, mean, log_variance, beta=1.0):
        logits = torch.logit(reconstruction.double(), eps=1e-9)
        rebuilt = functional.binary_cross_entropy_with_logits(logits, x.double(), reduction="none")
        return (rebuilt.sum(-1).mean() + beta * kl_divergence(mean, log_variance)).float()


class Symptoms:
    """Families of mistakes."""

    def several_returned(expected, got):
        """You return several things, and `backward` needs the one number. Return the sum of the two terms alone."""
        return any(isinstance(entry.value, tuple) for entry in got.compared)

    def infinite_at_the_ends(expected, got):
        return any(isinstance(entry.value, torch.Tensor) and not bool(entry.value.isfinite().all()) for entry in got.compared) or (
            got["probabilities of 0 and 1, all of them wrong"] is False)

    def far_from_the_ends(expected, got):
        return 1e-3 < float(got["probabilities of 0 and 1, all of them right"]) < 0.5

    def reconstruction_is_off(expected, got):
        """Where the codes are N(0, 1) and cost nothing, your loss is {seen} and {asked} is asked: look at the reconstruction's term."""
        label = "two users, and codes that are N(0, 1)"
        seen, asked = float(got[label]), float(expected[label])
        return {"seen": f"{seen:.4g}", "asked": f"{asked:.4g}"} if abs(seen - asked) > 1e-3 else False


class Advice:
    """What a right answer may hear."""

    def no_gradient_at_the_ends(expected, got, source):
        """At probabilities of exactly 0 or 1 your gradient is NaN, and one such entry spoils all weights. PyTorch's own cross-entropy is safe there."""
        return got["a finite gradient at probabilities of 0 and 1"] is not True
