"""Answer to `reparametrise`."""

import torch

from grader.differences import same_frequencies

POINTS = 2
HINTS = (
    "A normal number of mean 5 and standard deviation 2 can be made from a standard normal one. How? And which of the three has "
    "no need of a gradient?",
    "Draw the noise with `torch.randn_like(mean)`, then stretch and shift it. From the logarithm of the variance to the standard "
    "deviation there are two steps: `exp` gives the variance, and a root is left. Both fit into one `exp`.",
    "The root of exp(v) is exp(v / 2). So the standard deviation is `torch.exp(log_variance / 2)`: multiply the noise by it, and "
    "add the mean.",
)
HINTS_FOR = {
    "variance_as_spread": "`torch.exp(log_variance)` is the variance. Its root is the standard deviation, and half of the logarithm does the same.",
    "drawn_without_gradient": "Let the randomness enter as a number of its own, `torch.randn_like(mean)`; the rest is plain arithmetic.",
}
NOTICE = "The randomness came in from the side: mean and spread meet it only by a product and a sum, and those have gradients."
EQUAL = {
    "mean -> log_variance": "`randn_like` takes the shape alone from it, and that is the same",
    "mean + torch.exp(log_variance / 2) * noise -> mean - torch.exp(log_variance / 2) * noise": "standard normal noise is the same with its sign turned round",
}


def reparametrise(mean, log_variance):
    noise = torch.randn_like(mean)  # where the chance comes in; nothing has to be learnt about it
    return mean + torch.exp(log_variance / 2) * noise


def spread(log_variance):
    return torch.exp(log_variance / 2)


class Mistakes:
    """Wrong answers; each docstring is what the learner reads."""

    def variance_as_spread(mean, log_variance):
        """You multiply the noise by the variance. It is the standard deviation, the root of the variance, that stretches noise."""
        return mean + torch.exp(log_variance) * torch.randn_like(mean)

    def log_variance_as_spread(mean, log_variance):
        """You multiply the noise by the logarithm of the variance, which is even negative below 1. Undo the logarithm first, by `exp`."""
        return mean + log_variance * torch.randn_like(mean)

    def root_of_the_logarithm(mean, log_variance):
        """You take the root of the logarithm, which is NaN where that is negative. Undo the logarithm first, then take the root."""
        return mean + log_variance.sqrt() * torch.randn_like(mean)

    def half_of_the_variance(mean, log_variance):
        """You halve the variance where its root is asked. The half belongs inside the `exp`: it halves the logarithm."""
        return mean + torch.exp(log_variance) / 2 * torch.randn_like(mean)

    def log_of_deviation(mean, log_variance):
        """Your spread is exp(log_variance / 4): one root too many. A root of the variance is all that is asked."""
        return mean + torch.exp(log_variance / 2).sqrt() * torch.randn_like(mean)

    def spread_upside_down(mean, log_variance):
        """Your codes spread most where the variance is smallest. Leave out the minus sign, or the division."""
        return mean + torch.exp(-log_variance / 2) * torch.randn_like(mean)

    def spread_left_out(mean, log_variance):
        """You add the noise as it is, whatever the variance says. Stretch it by the standard deviation first."""
        return mean + torch.randn_like(mean)

    def noise_added_to_spread(mean, log_variance):
        """You add the standard deviation and the noise. The standard deviation stretches the noise: multiply the two."""
        return mean + spread(log_variance) + torch.randn_like(mean)

    def mean_left_out(mean, log_variance):
        """Your codes lie around 0, wherever the mean is. Add the mean."""
        return spread(log_variance) * torch.randn_like(mean)

    def mean_stretched(mean, log_variance):
        """The standard deviation stretches your mean along with the noise. Multiply the noise alone, then add the mean."""
        return (mean + torch.randn_like(mean)) * spread(log_variance)

    def arguments_exchanged(log_variance, mean):
        """You take the mean for the log variance, and the log variance for the mean. Keep the order of the stub's first line, or look at which of the two stands in `exp`."""
        return mean + spread(log_variance) * torch.randn_like(mean)

    def no_noise(mean, log_variance):
        """You return the mean, without any noise. Draw standard normal noise and stretch it by the standard deviation."""
        return mean + 0 * log_variance

    def spread_without_noise(mean, log_variance):
        """You add the standard deviation itself, so nothing is random. Multiply it by standard normal noise first."""
        return mean + spread(log_variance)

    def uniform_noise(mean, log_variance):
        """Your noise is uniform between 0 and 1, so every code is moved upwards. Standard normal noise comes from `torch.randn`."""
        return mean + spread(log_variance) * torch.rand_like(mean)

    def uniform_noise_around_zero(mean, log_variance):
        """Your noise is uniform, between -1 and 1. Standard normal noise comes from `torch.randn`."""
        return mean + spread(log_variance) * (2 * torch.rand_like(mean) - 1)

    def noise_shared_by_rows(mean, log_variance):
        """Every row of the batch gets the same noise. Draw one number for each element: `torch.randn_like(mean)`."""
        return mean + spread(log_variance) * torch.randn(mean.shape[1])

    def noise_shared_by_columns(mean, log_variance):
        """All the numbers of one code get the same noise. Draw one for each element: `torch.randn_like(mean)`."""
        return mean + spread(log_variance) * torch.randn(len(mean), 1)

    def one_noise_for_all(mean, log_variance):
        """A single random number moves the whole batch. Draw one for each element: `torch.randn_like(mean)`."""
        return mean + spread(log_variance) * torch.randn(1)

    def same_noise_every_call(mean, log_variance):
        """Each call draws the same noise, as you set a seed or draw only once. Draw anew at each call, and leave the seed to whoever runs the training."""
        return mean + spread(log_variance) * torch.randn(mean.shape, generator=torch.Generator().manual_seed(0))

    def drawn_without_gradient(mean, log_variance):
        """Your codes carry no gradient, so the encoder could not learn: they come from `sample`, or from under `no_grad` or `detach`.
        Draw the noise alone, and compute the code from it."""
        return torch.distributions.Normal(mean, spread(log_variance)).sample()

    def drawn_by_normal(mean, log_variance):
        """`torch.normal` gives the mean and the deviation a gradient of 0, so the encoder could not learn. Draw the noise alone,
        and compute the code from it."""
        return torch.normal(mean, spread(log_variance))

    def spread_detached(mean, log_variance):
        """No gradient flows back to the log variance, so the encoder could never learn how sure to be. Leave out `detach`, `data` and `no_grad`."""
        return mean + spread(log_variance).detach() * torch.randn_like(mean)

    def mean_detached(mean, log_variance):
        """No gradient flows back to the mean, so the encoder could never learn where to put a code. Leave out `detach`, `data` and `no_grad`."""
        return mean.detach() + spread(log_variance) * torch.randn_like(mean)

    def mean_multiplied(mean, log_variance):
        """You multiply the mean by the noise, so a mean of 0 leaves no chance at all. The mean is added: it shifts the codes."""
        return mean * spread(log_variance) * torch.randn_like(mean)

    def arguments_changed(mean, log_variance):
        """You write into a tensor that you were given, and the loss still needs mean and log variance as they were. Use `+` and `*`, not `+=`, `add_` or `exp_`."""
        mean += spread(log_variance) * torch.randn_like(mean)
        return mean


class Variants:
    """Right answers in other styles."""

    def rsample(mean, log_variance):
        return torch.distributions.Normal(mean, torch.exp(0.5 * log_variance)).rsample()

    def root_of_the_variance(mean, log_variance):
        return mean + log_variance.exp().sqrt() * torch.randn(mean.shape)

    def fused(mean, log_variance):
        return torch.addcmul(mean, (log_variance * 0.5).exp(), torch.empty_like(mean).normal_())

    def numpy_noise(mean, log_variance):
        import numpy

        noise = torch.from_numpy(numpy.random.default_rng().standard_normal(tuple(mean.shape))).to(mean.dtype)
        return mean + noise * log_variance.exp() ** 0.5

    def box_and_muller(mean, log_variance):
        one, two = torch.rand(2, *mean.shape, dtype=torch.float64)
        noise = torch.sqrt(-2 * torch.log1p(-one)) * torch.cos(2 * torch.pi * two)
        return (mean + (log_variance.double() / 2).exp() * noise).float()

    def turned_from_uniform(mean, log_variance):
        noise = torch.special.ndtri(torch.rand_like(mean).clamp(1e-7, 1 - 1e-7))
        return torch.addcmul(mean, log_variance.exp() ** 0.5, noise)

    def row_by_row(mean, log_variance):
        pairs = zip(mean, log_variance)
        return torch.stack([m - torch.exp(v / 2) * torch.randn(len(m)) for m, v in pairs])

    def normal_of_zero_and_one(mean, log_variance):
        noise = torch.normal(torch.zeros_like(mean), torch.ones_like(mean)).detach()
        return torch.exp(log_variance.double() / 2).float() * noise + mean


def said(name, holds):
    """A sign of a listed mistake in another shape."""
    def symptom(expected, got):
        return holds(expected, got)

    symptom.__name__ = name
    return symptom


class Symptoms:
    """Families of mistakes."""

    arguments_changed = said("arguments_changed", lambda expected, got: any(entry.changed for entry in got.entries))
    noise_shared_by_rows = said("noise_shared_by_rows", lambda expected, got: got["80 codes of 50 numbers each"] == "the same noise in every row")
    same_noise_every_call = said("same_noise_every_call", lambda expected, got: got["the noise of the two calls"] == "the same" and got["80 codes of 50 numbers each"] != "none at all")

    def not_the_mean(expected, got):
        """With next to no variance every code lies on its mean, and yours do not. Put a log variance of -80 into your formula, and see what is left of the noise and of the mean."""
        return got["one of those codes with next to no variance"] == "something else than the means"

    def wider_by_one_factor(expected, got):
        """Your codes spread {factor} times as wide as asked, whatever the log variance is. Look at the noise itself, which `torch.randn` draws as it is asked, and for a factor beside it."""
        wide, narrow = got["spread at 2"] / 2, got["spread at 0.5"] / 0.5
        return abs(wide / narrow - 1) < 0.1 < abs(wide - 1) and {"factor": f"{wide:.2g}"}

    def other_spread(expected, got):
        """Where the log variance asks for a standard deviation of 2, your codes have one of {seen}. Follow log variance, variance, standard deviation."""
        wide, narrow = got["spread at 2"], got["spread at 0.5"]
        far = abs(wide - 2) > 0.2 or (narrow is not None and abs(narrow - 0.5) > 0.05)
        return {"seen": f"{wide:.1f}"} if far else False

    def not_normal(expected, got):
        """Your noise has the right spread, and its numbers are not those of a normal distribution. Draw it with `torch.randn`."""
        drawn = "draws of standard deviation 2"
        return abs(got["spread at 2"] - 2) < 0.2 and not same_frequencies(expected[drawn], got[drawn])
