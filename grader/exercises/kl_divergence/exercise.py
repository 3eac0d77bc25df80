"""Answer to `kl_divergence`."""

import torch

POINTS = 2
HINTS = (
    "For one number of mean m and variance v the divergence is (m^2 + v - 1 - log v) / 2. Which of those does the encoder give "
    "you at once, and which do you have to work out?",
    "`log_variance` is log v already, and its `exp` is v. That gives (B, D) terms: one dimension is to be summed, the other averaged.",
    "Half of `mean**2 + log_variance.exp() - 1 - log_variance`, then `sum(dim=1)` over the code, then `mean()` over the batch.",
)
HINTS_FOR = {
    "averaged_over_the_code": "A code of twice the numbers has twice the divergence: that is why the code is summed, and the batch averaged.",
    "negative": "Work out one number by hand, m = 1 and v = 1: (1 + 1 - 1 - 0) / 2 = 0.5.",
}
NOTICE = "The term is 0 at mean 0 and variance 1, and nowhere else: each code has to pay for every bit that it says about its row."


def kl_divergence(mean, log_variance):
    each = (mean**2 + log_variance.exp() - 1 - log_variance) / 2  # one for each number of each code, (B, D)
    return each.sum(dim=1).mean()


def terms(mean, log_variance):
    return (mean**2 + log_variance.exp() - 1 - log_variance) / 2


class Mistakes:
    """Wrong answers; each docstring is what the learner reads."""

    def averaged_over_the_code(mean, log_variance):
        """You average over the numbers of a code as well, so a code of 20 numbers pays no more than one of 2. Sum over the code, average over the batch."""
        return terms(mean, log_variance).mean()

    def summed_over_the_batch(mean, log_variance):
        """You sum over the batch as well, so a larger batch pays more. Sum over the code, average over the batch."""
        return terms(mean, log_variance).sum()

    def averaged_twice(mean, log_variance):
        """You divide by the number of rows twice, so a larger batch pays less. One mean over the batch is all that is asked."""
        return terms(mean, log_variance).sum(dim=1).mean() / len(mean)

    def arguments_exchanged(log_variance, mean):
        """You take the mean for the log variance, and the log variance for the mean. Keep the order of the stub's first line, and look at which of the two you square."""
        return terms(mean, log_variance).sum(dim=1).mean()

    def divergence_of_tables(mean, log_variance):
        """`kl_div` compares tables of probabilities, and mean and log variance are none. Work with the formula for normal distributions, or with `torch.distributions`."""
        return torch.nn.functional.kl_div(mean, log_variance, reduction="batchmean")

    def estimated_from_draws(mean, log_variance):
        """Two calls with the same codes give different values, as you draw codes and estimate the divergence. For normal distributions a formula gives it outright."""
        normal, prior = torch.distributions.Normal(mean, (log_variance / 2).exp()), torch.distributions.Normal(0.0, 1.0)
        code = normal.rsample()
        return (normal.log_prob(code) - prior.log_prob(code)).sum(dim=1).mean()

    def arguments_changed(mean, log_variance):
        """You write into a tensor that you were given, and what follows still needs mean and log variance as they were. Use operations without a trailing `_`, and no `*=` or the like."""
        variance = log_variance.detach().exp_()
        return (mean**2 + variance - 1 - log_variance).sum(dim=1).mean() / 2

    def wrong_way_reduced(mean, log_variance):
        """You average over the code and sum over the batch. It is the other way round: sum over `dim=1`, then take the mean of the rows."""
        return terms(mean, log_variance).mean(dim=1).sum()

    def one_for_each_row(mean, log_variance):
        """You give one divergence for each row, and a single number is asked. Average them over the batch."""
        return terms(mean, log_variance).sum(dim=1)

    def not_reduced(mean, log_variance):
        """You give one divergence for each number of each code. Sum over the code, and average over the batch."""
        return terms(mean, log_variance)

    def negative(mean, log_variance):
        """Your divergence has the wrong sign, so training would drive the codes away from N(0, 1). A divergence is never below 0: turn the sign round."""
        return -kl_divergence(mean, log_variance)

    def half_left_out(mean, log_variance):
        """Your divergence is twice as large as asked. The formula begins with one half."""
        return 2 * kl_divergence(mean, log_variance)

    def mean_not_squared(mean, log_variance):
        """The mean enters your formula as it is, so a code pays less the more negative it is. Its square is what counts."""
        return kl_divergence(torch.zeros_like(mean), log_variance) + mean.sum(dim=1).mean() / 2

    def mean_absolute(mean, log_variance):
        """You take the absolute value of the mean where its square is asked. The further out a code lies, the more each step costs."""
        return kl_divergence(0 * mean, log_variance) + mean.abs().sum(dim=1).mean() / 2

    def half_on_the_mean_alone(mean, log_variance):
        """The half weighs the squared mean alone in your formula, and the variance's part counts twice. Put brackets round all of it."""
        return kl_divergence(mean, log_variance) + kl_divergence(0 * mean, log_variance)

    def half_on_the_variance_alone(mean, log_variance):
        """The half weighs the variance's part alone in your formula, and the squared mean counts twice. Put brackets round all of it."""
        return kl_divergence(mean, log_variance) + (mean**2).sum(dim=1).mean() / 2

    def mean_left_out(mean, log_variance):
        """Your formula leaves the mean out, so codes may lie anywhere for free. Add the square of the mean."""
        return kl_divergence(0 * mean, log_variance)

    def variance_left_out(mean, log_variance):
        """Your formula has the squared mean alone, so a code may be as sure of itself as it likes. The variance and its logarithm belong in too."""
        return kl_divergence(mean, 0 * log_variance)

    def one_left_out(mean, log_variance):
        """For a code that is N(0, 1) already you give more than 0. Take 1 away from each term."""
        return kl_divergence(mean, log_variance) + mean.shape[1] / 2

    def exp_left_out(mean, log_variance):
        """You use `log_variance` where the variance is asked, and the two cancel out. Undo the logarithm by `exp`."""
        return (mean**2 - 1).sum(dim=1).mean() / 2 + 0 * log_variance.sum()

    def log_variance_as_variance(mean, log_variance):
        """You take the logarithm of `log_variance`, which is one already, and NaN where it is negative. The variance is its `exp`."""
        return (mean**2 + log_variance - 1 - log_variance.log()).sum(dim=1).mean() / 2

    def deviation_for_variance(mean, log_variance):
        """You use the standard deviation where the variance is asked. The variance is `exp(log_variance)`, without a half."""
        return (mean**2 + torch.exp(log_variance / 2) - 1 - log_variance).sum(dim=1).mean() / 2

    def log_variance_as_log_deviation(mean, log_variance):
        """You treat `log_variance` as the logarithm of the standard deviation, so your variance is squared. The variance is `exp(log_variance)`."""
        return kl_divergence(mean, 2 * log_variance)

    def sign_of_the_logarithm(mean, log_variance):
        """The logarithm of the variance has the wrong sign in your formula, so narrow codes come out cheap. It is subtracted."""
        return kl_divergence(mean, log_variance) + log_variance.sum(dim=1).mean()

    def turned_round(mean, log_variance):
        """You give the divergence of N(0, 1) from the codes, and the other direction is asked. The codes' own distribution comes first."""
        return ((1 + mean**2) / log_variance.exp() - 1 + log_variance).sum(dim=1).mean() / 2

    def detached(mean, log_variance):
        """The value is right, but no gradient flows back, so it would never move a code. Leave out `detach`, `item` and `no_grad`."""
        return kl_divergence(mean, log_variance).detach()

    def python_number(mean, log_variance):
        """You return a Python number, and no gradient flows through one. Leave out `item()` and `float()`."""
        return kl_divergence(mean, log_variance).item()


class Variants:
    """Right answers in other styles."""

    def usual_formula(mean, log_variance):
        return -0.5 * torch.mean(torch.sum(1 + log_variance - mean.pow(2) - log_variance.exp(), dim=-1))

    def by_distributions(mean, log_variance):
        codes = torch.distributions.Normal(mean, torch.exp(log_variance / 2))
        prior = torch.distributions.Normal(torch.zeros_like(mean), torch.ones_like(mean))
        return torch.distributions.kl_divergence(codes, prior).sum(dim=1).mean()

    def of_whole_codes(mean, log_variance):
        normal = torch.distributions.MultivariateNormal
        prior = normal(torch.zeros(mean.shape[1]), torch.eye(mean.shape[1]))
        return torch.distributions.kl_divergence(normal(mean, torch.diag_embed(log_variance.exp())), prior).mean()

    def sum_over_size(mean, log_variance):
        return (mean * mean + torch.expm1(log_variance) - log_variance).sum() / (2 * len(mean))

    def row_by_row(mean, log_variance):
        rows = []
        for m, v in zip(mean, log_variance):
            rows.append(0.5 * (m.dot(m) + v.exp().sum() - len(m) - v.sum()))
        return sum(rows) / len(rows)

    def in_double(mean, log_variance):
        mean, log_variance = mean.double(), log_variance.double()
        deviation = torch.exp(log_variance / 2)
        terms = (deviation**2 + mean**2) / 2 - 0.5 - deviation.log()
        return torch.einsum("bd->", terms).float() / mean.shape[0]


class Symptoms:
    """Families of mistakes."""

    def estimated_from_draws(expected, got):
        return got["whether two calls agree"] is False

    estimated_from_draws.urgent = True

    def arguments_changed(expected, got):
        return any(entry.changed for entry in got.entries)

    arguments_changed.urgent = True

    def logarithm_of_the_logarithm(expected, got):
        """For codes that are N(0, 1) already you give {seen}: their `log_variance` is 0, and you take its logarithm, which it is already. The variance is its `exp`."""
        value = float(got["two codes that are N(0, 1) already"])
        return False if abs(value) < float("inf") else {"seen": f"{value:.3g}"}

    def mean_out_of_it(expected, got):
        return float(got["one code of variance 1 at (1, 2)"]) == 0

    mean_out_of_it.__doc__ = Mistakes.mean_left_out.__doc__

    def below_zero(expected, got):
        """Your divergence falls below 0, and no divergence does. Check the sign of each term with mean 0 and variance 4 by hand: it is 0.81."""
        return any(entry.value.dim() == 0 and entry.value < -1e-4 for entry in got.compared if hasattr(entry.value, "dim"))

    def not_zero_at_the_prior(expected, got):
        """For codes that are N(0, 1) already you give {seen}, and they have nothing to pay. Put mean 0 and log variance 0 into your formula."""
        value = float(got["two codes that are N(0, 1) already"])
        return {"seen": f"{value:.3g}"} if abs(value) > 1e-4 else False
