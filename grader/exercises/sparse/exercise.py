"""Answer to `sparse`."""

import numpy
import torch
from torch.nn import functional

POINTS = 2
HINTS = (
    "There are two wishes and so two terms. Which arguments does each of them look at, and which of the two does `weight` belong to?",
    "The first term is the mean squared error, which PyTorch has ready. The second is the mean size of a code's entry, where -3 is as large as 3.",
    "`torch.nn.functional.mse_loss(reconstruction, x)` is the first term, and `latent.abs().mean()` is what `weight` multiplies.",
)
HINTS_FOR = {"squared_penalty": "The slope of z ** 2 fades near 0, that of |z| does not: that is why the absolute value is asked."}
NOTICE = "The price's slope is the same for a large and for a small entry: it pushes all the way to 0, where a squared price gives up."
EQUAL = {"functional.mse_loss(reconstruction, x) -> functional.mse_loss(x, reconstruction)": "a square has no sign"}


def sparse_loss(reconstruction, x, latent, weight):
    error = functional.mse_loss(reconstruction, x)
    return error + weight * latent.abs().mean()  # every entry pays for its size, whatever its sign


def mse(reconstruction, x):
    return ((reconstruction - x) ** 2).mean()


class Mistakes:
    """Wrong answers; each docstring is what the learner reads."""

    def squared_penalty(reconstruction, x, latent, weight):
        """You charge the square of the code (L2), which hardly costs anything near 0. Charge the absolute value (L1)."""
        return mse(reconstruction, x) + weight * (latent**2).mean()

    def norm_penalty(reconstruction, x, latent, weight):
        """You charge the Euclidean length of each code. Charge the mean of the entries' absolute values."""
        return mse(reconstruction, x) + weight * latent.flatten(1).norm(dim=1).mean()

    def no_absolute_value(reconstruction, x, latent, weight):
        """Your price has no absolute value, so negative entries are paid for being there. Take `abs` before the mean."""
        return mse(reconstruction, x) + weight * latent.mean()

    def absolute_value_of_the_mean(reconstruction, x, latent, weight):
        """You take the mean first and its absolute value then, so 3 and -3 cost nothing together. Take `abs` of each entry, then the mean."""
        return mse(reconstruction, x) + weight * latent.mean().abs()

    def penalty_summed(reconstruction, x, latent, weight):
        """You sum the code's absolute values over all entries, so the price grows with the batch and the width. Take their mean."""
        return mse(reconstruction, x) + weight * latent.abs().sum()

    def penalty_summed_in_each_row(reconstruction, x, latent, weight):
        """You sum the absolute values within each code and average over the rows alone, so a wider code pays more. Average over all entries."""
        return mse(reconstruction, x) + weight * latent.flatten(1).abs().sum(1).mean()

    def error_summed(reconstruction, x, latent, weight):
        """You sum the squared errors, so they grow with the batch and drown the price. Take their mean."""
        return functional.mse_loss(reconstruction, x, reduction="sum") + weight * latent.abs().mean()

    def error_not_reduced(reconstruction, x, latent, weight):
        """You keep one squared error for each entry, where a single number is asked. Take their mean."""
        return functional.mse_loss(reconstruction, x, reduction="none") + weight * latent.abs().mean()

    def absolute_error(reconstruction, x, latent, weight):
        """Your error is absolute, not squared. The absolute value is for the code alone."""
        return functional.l1_loss(reconstruction, x) + weight * latent.abs().mean()

    def root_of_the_error(reconstruction, x, latent, weight):
        """You take the root of the mean squared error. Leave the root out."""
        return mse(reconstruction, x).sqrt() + weight * latent.abs().mean()

    def weight_on_the_error(reconstruction, x, latent, weight):
        """Your `weight` multiplies the error, so more weight means a less sparse code. It belongs to the price of the code."""
        return weight * mse(reconstruction, x) + latent.abs().mean()

    def weight_on_both(reconstruction, x, latent, weight):
        """Your `weight` multiplies the whole sum, so it does not balance the two terms. It belongs to the price of the code alone."""
        return weight * (mse(reconstruction, x) + latent.abs().mean())

    def mixed_by_weight(reconstruction, x, latent, weight):
        """You weigh the error by `1 - weight`. The error keeps its full weight, whatever the price."""
        return (1 - weight) * mse(reconstruction, x) + weight * latent.abs().mean()

    def weight_ignored(reconstruction, x, latent, weight):
        """`weight` does not count in your loss. Multiply the price of the code by it."""
        return mse(reconstruction, x) + latent.abs().mean()

    def error_alone(reconstruction, x, latent, weight):
        """The code costs nothing in your loss, so nothing makes it sparse. Add `weight` times the mean of its absolute values."""
        return mse(reconstruction, x)

    def penalty_subtracted(reconstruction, x, latent, weight):
        """You take the price off the error, so large codes are rewarded. Add it."""
        return mse(reconstruction, x) - weight * latent.abs().mean()

    def penalty_on_the_reconstruction(reconstruction, x, latent, weight):
        """You charge the reconstruction for its size, not the code. The price is on `latent`."""
        return mse(reconstruction, x) + weight * reconstruction.abs().mean()

    def code_detached(reconstruction, x, latent, weight):
        """The value is right, but the price has no gradient to the code, so nothing gets smaller. Leave out `detach`, `data` and `item`."""
        return mse(reconstruction, x) + weight * latent.detach().abs().mean()

    def reconstruction_detached(reconstruction, x, latent, weight):
        """The value is right, but the error has no gradient to the reconstruction, so nothing is learnt from it. Leave out `detach`."""
        return mse(reconstruction.detach(), x) + weight * latent.abs().mean()

    def python_float(reconstruction, x, latent, weight):
        """You return a Python float, from which no gradient can flow back. Return the tensor itself, without `item` or `float`."""
        return sparse_loss(reconstruction, x, latent, weight).item()


    def multiplied(reconstruction, x, latent, weight):
        """You multiply the error by the price, so a perfect reconstruction makes any code free. Add the two."""
        return mse(reconstruction, x) * weight * latent.abs().mean()


class Variants:
    """Right answers in other styles."""

    def modules(reconstruction, x, latent, weight):
        return torch.nn.MSELoss()(input=reconstruction, target=x) + torch.nn.L1Loss()(latent, torch.zeros_like(latent)) * weight

    def by_hand_in_double(reconstruction, x, latent, weight):
        gap = (reconstruction.double() - x.double()).flatten()
        price = latent.double().norm(p=1) / latent.numel()
        return (gap @ gap / gap.numel() + weight * price).float()

    def by_signs(reconstruction, x, latent, weight):
        return torch.add(mse(x, reconstruction), (latent * latent.sign()).mean(), alpha=weight)

    def two_halves(reconstruction, x, latent, weight):
        size = torch.relu(latent) + torch.relu(-latent)
        return torch.stack([mse(reconstruction, x), numpy.float32(weight).item() * size.mean()]).sum()


def off(label, expected, got):
    """How much an answer is and ought to be, where it is one number."""
    return got[label].dim() == 0 and abs(got[label] - expected[label]) > 1e-3 and {"seen": f"{float(got[label]):.4g}"}


class Symptoms:
    """The two terms, each by itself."""

    def other_price(expected, got):
        """For a perfect reconstruction, weight 2 and the code ((1, -2), (0, -0.5)) your loss is {seen}, and 2 * (1 + 2 + 0 + 0.5) / 4 = 1.75 is asked. The error is right without a code: look at the price."""
        return not off("a code of zeros", expected, got) and off("a perfect reconstruction, weight 2.0", expected, got)

    def other_error(expected, got):
        """For a code of zeros, which is free, your loss is {seen}, and the mean squared error (0 + 4 + 0 + 0 + 0 + 4) / 6 = 1.333 is asked. Look at the first term, then at the price of the code."""
        ratios = [float(got[label] / expected[label]) for label in ("a code of zeros", "a perfect reconstruction, weight 2.0")]
        return abs(ratios[0] - ratios[1]) > 1e-3 and off("a code of zeros", expected, got)
