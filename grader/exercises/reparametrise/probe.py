"""A random code that a gradient can flow through."""

import math

import torch

NAMES = ("reparametrise",)
NEEDS = ()
STUB = '''
def reparametrise(mean, log_variance):
    """Draw one code for each row from the normal distributions that the encoder names.

    mean, log_variance: (B, D) float32; the variance is exp(log_variance), the standard deviation its root.
    Returns: (B, D) float32, mean + standard deviation * noise. The noise is standard normal, drawn anew for every
    element and at every call, and a gradient flows back to both arguments.
    """
    raise NotImplementedError
'''
OWN = "each element its own noise"
TINY, ROWS, COLUMNS = -80.0, 80, 50


def probe(ask, answer):
    draw = answer.reparametrise
    any_mean = torch.randint(-40, 40, (2,), generator=ask.generator) / 8
    for label, means in ((f"three {CODES}", MEANS), (f"one of those {CODES}", MEANS[1:2])):
        mean = torch.tensor(means) + (torch.arange(len(means)) == 2)[:, None] * any_mean
        ask.call(label, draw, mean, torch.full_like(mean, TINY), read=lambda code, mean=mean: near(code, mean))
    ask_gradients(ask, draw)
    if ask_noise(ask, draw):
        for spread in (2.0, 0.5):
            count(ask, draw, spread)


CODES = "codes with next to no variance"
MEANS = ((1.0, -2.0), (0.0, 3.0), (5.0, 0.5))  # to the last of these two numbers are added that the seed draws


def ask_gradients(ask, draw):
    """The mean passes its gradient on as it is; that of the log variance is half of what the noise added."""
    mean = torch.randn(6, 4, generator=ask.generator).requires_grad_()
    log_variance = torch.linspace(-1.5, 1.5, 24).reshape(6, 4).requires_grad_()
    code = ask.call("six codes that carry a gradient", draw, mean, log_variance, read=shape)
    if type(code) is torch.Tensor and code.shape == mean.shape:
        ask.gradient("the gradient of the mean", code, mean, name="reparametrise", read=steady)
        added = (code - mean).detach()
        part = "the gradient of the log variance over what the noise added"
        ask.gradient(part, code, log_variance, name="reparametrise", read=lambda found: steady(found, added))


def ask_noise(ask, draw):
    """Which elements share their noise, in one call and between two; tell whether none do and it can be counted."""
    mean, log_variance = torch.zeros(ROWS, COLUMNS), torch.full((ROWS, COLUMNS), math.log(2))
    first = ask.call("80 codes of 50 numbers each", draw, mean.clone(), log_variance.clone(), read=pattern)
    again = ask.call("the same 80 codes again", draw, mean.clone(), log_variance.clone(), read=pattern)
    if type(first) is type(again) is torch.Tensor and first.shape == again.shape:
        same = torch.allclose(first, again, atol=1e-4, equal_nan=True)
        ask.record("the noise of the two calls", "the same" if same else "different", name="reparametrise")
        return not same and pattern(first) == OWN
    return False


def count(ask, draw, spread):
    """Count the codes of one standard deviation in twelve bins that standard normal noise fills alike.

    Two such tests, each with a false alarm of 1e-7 (`same_frequencies`), make 2e-7 for a right answer.
    """
    mean = torch.randn(ROWS, COLUMNS, generator=ask.generator)
    log_variance = torch.full_like(mean, 2 * math.log(spread))
    code = ask.call(f"codes of standard deviation {spread:g}", draw, mean.clone(), log_variance, read=shape)
    if type(code) is torch.Tensor and code.shape == mean.shape:
        noise = (code.detach() - mean).double()
        ask.record(f"spread at {spread:g}", float(noise.std()), aside=True)
        edges = torch.special.ndtri(torch.arange(1, 12).double() / 12)
        bins = torch.bucketize((noise / spread).nan_to_num(nan=99.0).flatten(), edges)
        ask.sample(f"draws of standard deviation {spread:g}", torch.bincount(bins, minlength=12), name="reparametrise")


def near(code, mean):
    """The code itself where it is the mean or of another form; else only that it is not: its numbers are chance."""
    if type(code) is not torch.Tensor or code.shape != mean.shape:
        return code
    return code if torch.allclose(code.double(), mean.double(), atol=1e-4) else "something else than the means"


def shape(code):
    return {"shape": list(code.shape), "dtype": str(code.dtype)} if type(code) is torch.Tensor else code


def pattern(code):
    """Say which elements got the same noise."""
    if type(code) is not torch.Tensor or code.shape != (ROWS, COLUMNS):
        return shape(code)
    rows, columns = bool((code == code[:1]).all()), bool((code == code[:, :1]).all())
    if rows and columns:
        return "none at all" if bool((code == 0).all()) else "one noise for all"
    return "the same noise in every row" if rows else "one noise for each row" if columns else OWN


def steady(found, scale=None):
    """The one factor in a gradient, "varies" where it is not one; where none flows, that word stays."""
    if type(found[0]) is not torch.Tensor:
        return found
    slope = found[0].double()
    scale = torch.ones_like(slope) if scale is None else scale.double()
    middle = float((slope / scale).median())
    # no ratio of each: `code - mean` is rounded at 1e-7, and once in 5,000 calls a noise is as small as that
    return [round(middle, 3)] if torch.allclose(slope, middle * scale, rtol=0.01, atol=1e-5) else ["varies"]
