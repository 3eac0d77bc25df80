"""Answer to `denoising`."""

import torch
from torch.nn import functional

POINTS = 2
HINTS = (
    "Two versions of the data exist, the clean and the noisy one. Which of them does the autoencoder see, and which one is it to give back?",
    "Make the noisy version as a new tensor, and call the autoencoder with it. The target of the mean squared error is what you were given.",
    "`autoencoder(x + noise)` is the reconstruction. Compare it with `x` by `torch.nn.functional.mse_loss`.",
)
HINTS_FOR = {"x_changed": "`x += noise` writes into the tensor that the caller still needs. `x + noise` makes a new one."}
NOTICE = "The autoencoder never sees the clean data and is asked for nothing else: copying its input no longer pays."
EQUAL = {"functional.mse_loss(reconstruction, x) -> functional.mse_loss(x, reconstruction)": "a square has no sign"}


def denoising_loss(autoencoder, x, noise):
    reconstruction = autoencoder(x + noise)  # a new tensor: the clean x is still needed
    return functional.mse_loss(reconstruction, x)


mse = functional.mse_loss


class Mistakes:
    """Wrong answers; each docstring is what the learner reads."""

    def compared_with_the_noisy(autoencoder, x, noise):
        """You compare the output with the noisy input, so the autoencoder is rewarded for keeping the noise. The target is the clean `x`."""
        return mse(autoencoder(x + noise), x + noise)

    def x_changed(autoencoder, x, noise):
        """You add the noise into `x` itself, so the data are spoilt for good and the target is noisy too. Make a new tensor: `x + noise`."""
        x += noise
        return mse(autoencoder(x), x)

    def noise_changed(autoencoder, x, noise):
        """You write into one of the tensors that you are given, which the caller may still need. Make a new one: `x + noise`."""
        noise += x
        return mse(autoencoder(noise), x)

    def noise_left_out(autoencoder, x, noise):
        """The autoencoder sees the clean data, so there is nothing to remove. Feed it `x + noise`."""
        return mse(autoencoder(x), x)

    def noise_in_the_target(autoencoder, x, noise):
        """You feed the clean data and ask for the noisy ones. Turn it round: noise goes into the input, the target is clean."""
        return mse(autoencoder(x), x + noise)

    def noise_on_the_output(autoencoder, x, noise):
        """You add the noise after the autoencoder, to its output. Add it before, to what the autoencoder is fed."""
        return mse(autoencoder(x) + noise, x)

    def noise_alone(autoencoder, x, noise):
        """The autoencoder sees the noise without the data. Feed it the sum of the two."""
        return mse(autoencoder(noise), x)

    def noise_is_the_target(autoencoder, x, noise):
        """You ask the autoencoder for the noise. Ask for the clean data: the target is `x`."""
        return mse(autoencoder(x + noise), noise)

    def noise_subtracted(autoencoder, x, noise):
        """You feed `x - noise`. Add the noise that you are given."""
        return mse(autoencoder(x - noise), x)

    def noise_multiplied(autoencoder, x, noise):
        """You multiply the data by the noise. Add it."""
        return mse(autoencoder(x * noise), x)

    def input_against_input(autoencoder, x, noise):
        """You compare the noisy input with the clean one, and the autoencoder's output does not count. Compare that with `x`."""
        autoencoder(x + noise)
        return mse(x + noise, x)

    def summed(autoencoder, x, noise):
        """You sum the squared errors where the mean is asked, so the loss grows with the batch. Leave `reduction` as it is."""
        return mse(autoencoder(x + noise), x, reduction="sum")

    def not_reduced(autoencoder, x, noise):
        """You return one squared error for each entry, where a single number is asked. Take the mean."""
        return mse(autoencoder(x + noise), x, reduction="none")

    def absolute_error(autoencoder, x, noise):
        """Your error is absolute, not squared. Take the mean squared error."""
        return functional.l1_loss(autoencoder(x + noise), x)

    def root_of_the_error(autoencoder, x, noise):
        """You take the root of the mean squared error. Leave the root out."""
        return mse(autoencoder(x + noise), x).sqrt()

    def no_gradient(autoencoder, x, noise):
        """The value is right, but no gradient reaches the autoencoder, so it could not learn. Leave out `detach`, `no_grad` and `data`."""
        return mse(autoencoder(x + noise).detach(), x)

    def python_float(autoencoder, x, noise):
        """You return a Python float, from which no gradient can flow back. Return the tensor itself, without `item` or `float`."""
        return denoising_loss(autoencoder, x, noise).item()


class Variants:
    """Right answers in other styles."""

    def by_hand(autoencoder, x, noise):
        return (x - autoencoder(torch.add(x, noise))).pow(2).mean()

    def module_in_double(autoencoder, x, noise):
        loss = torch.nn.MSELoss()
        return loss(input=autoencoder.forward(noise + x).double(), target=x.double()).float()

    def in_place_on_a_copy(autoencoder, x, noise):
        noisy = x.clone()
        noisy += noise
        gap = (autoencoder(noisy) - x).flatten()
        return torch.dot(gap, gap) / x.numel()

    def row_by_row(autoencoder, x, noise):
        return sum(mse(autoencoder((one + two)[None])[0], one) for one, two in zip(x, noise)) / len(x)


def fed(got):
    return [(entry.label, entry.value) for entry in got.entries if entry.label.startswith("what the autoencoder")]


class Symptoms:
    """Signs that whole families of wrong answers show."""

    def never_fed(expected, got):
        """Your loss never calls the autoencoder. Feed it `x + noise`, and compare what it gives with `x`."""
        return got["what the autoencoder is fed for two rows"] == []

    def fed_more_than_once(expected, got):
        """You call the autoencoder {count} times for one loss. Once is asked: with `x + noise`, and its output is compared with `x`."""
        count = got["how often it is fed for two rows"]
        return {"count": count} if count > 1 and count != 2 * got["how often it is fed for one row"] else False

    def other_input(expected, got):
        """The autoencoder is fed something else than `x + noise`. Add the noise that you are given as it is: draw none of your own, and keep the shape."""
        pairs = [(value, expected[label]) for label, value in fed(got)]
        return any(one[0].shape != two[0].shape or not torch.allclose(one[0], two[0], atol=1e-4) for one, two in pairs)


    def other_measure(expected, got):
        """You feed `x + noise`, as asked. For one row the output is 0.5, 1.5 and 4.5 away from `x`, so (0.25 + 2.25 + 20.25) / 3 = 7.583 is the loss, and you give {seen}."""
        loss = got["one row"]
        return {"seen": f"{float(loss):.4g}"} if loss.dim() == 0 and abs(loss - expected["one row"]) > 1e-2 else False


class Advice:
    def fed_twice(expected, got, source):
        """You call the autoencoder more than once for one loss. Once is enough, and half the work."""
        return got["how often it is fed for two rows"] > 1
