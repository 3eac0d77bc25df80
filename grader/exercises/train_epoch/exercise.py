"""Answer to `train_epoch`."""

import copy
import re

import numpy
import torch

from grader.differences import alike, compare
from grader.learner.plain import Opaque

POINTS = 4
HINTS = (
    "Before any code: write down what must happen to one batch, in order. Who goes through the network, and who of them masked?",
    "For each batch: two forward passes, one loss, clear the old gradients, `backward`, `step`. Keep a running total of `loss.item()` "
    "times the number of pairs, and the number of pairs.",
    "Start with `autoencoder.train()`. The user's pass is `latent, reconstruction = autoencoder(user, mask=True)`; of the other's, with "
    "`mask=False`, only the latent is used. At the end, divide the total by the pairs.",
)
HINTS_FOR = {
    "batches_not_weighted": "Batches of 4, 4 and 1 pairs: the lone pair must not count as much as four. Multiply each batch's loss by its "
    "size before you add it.",
    "no_zero_grad": "PyTorch adds to `.grad` at each `backward`. Here that makes every step repeat all earlier ones.",
}
NOTICE = "`backward` fills the gradients, `step` uses them, `zero_grad` empties them: all other lines of a loop feed these three."

EQUAL = {"optimizer -> autoencoder": "the optimizer holds all of the model's parameters"}


def train_epoch(autoencoder, loader, loss_function, optimizer):
    autoencoder.train()
    total, pairs = 0.0, 0
    for user, other, similarity in loader:
        user_latent, user_reconstruction = autoencoder(user, mask=True)
        other_latent, _ = autoencoder(other, mask=False)
        loss = loss_function(user_reconstruction, user, user_latent, other_latent, similarity)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        total += loss.item() * len(user)    # the batch's mean counts once for each of its pairs
        pairs += len(user)
    return total / pairs


def far(one, two):
    pairs = zip(one, two, strict=False)
    return len(one) != len(two) or any(a.shape != b.shape or not torch.allclose(a, b, 1e-4, 1e-4) for a, b in pairs)


def usual(autoencoder, user, other, similarity, loss_function, masks=(True, False), order=(0, 1, 2, 3), detach=None):
    """The loss of one batch, as it should be, or with masks or arguments exchanged, or one of these detached."""
    latent, reconstruction = autoencoder(user, masks[0])
    other_latent, other_reconstruction = autoencoder(other, masks[1])
    given = (reconstruction, user, latent, other_latent, other_reconstruction, other)
    return loss_function(*(given[index].detach() if index == detach else given[index] for index in order), similarity)


def descend(optimizer, loss):
    optimizer.zero_grad(), loss.backward(), optimizer.step()


def weighted_mean(losses, sizes, loader):
    return sum(loss * size for loss, size in zip(losses, sizes)) / sum(sizes)


def wrong(text, update=descend, mean=weighted_mean, start=torch.nn.Module.train, read=torch.Tensor.item, end=lambda _: None, only=None, **exchanged):

    def train_epoch(autoencoder, loader, loss_function, optimizer):
        start(autoencoder)
        losses, sizes = [], []
        for user, other, similarity in loader:
            loss = usual(autoencoder, user, other, similarity, loss_function, **exchanged)
            update(optimizer, loss)
            losses, sizes = [*losses, read(loss)], [*sizes, len(user)]
            if only == len(losses):
                break
        end(optimizer)
        return mean(losses, sizes, loader)

    train_epoch.__doc__ = text
    return train_epoch


def on_others(text, change):
    """The usual loop on a changed model, loader, loss function or optimiser."""

    def train_epoch(*given):
        return Variants.cleared_at_the_end(*change(*given))

    train_epoch.__doc__ = text
    return train_epoch


def full_batches(batches):
    return [batch for batch in batches if len(batch[0]) == len(batches[0][0])]


def all_at_once(autoencoder, loader, loss_function, optimizer):
    """The weights move once, at the end of the epoch. Clear, `backward` and `step` belong inside the loop, once for each batch."""
    autoencoder.train()
    batches = list(loader)
    losses, sizes = [usual(autoencoder, *batch, loss_function) for batch in batches], [len(batch[0]) for batch in batches]
    descend(optimizer, sum(losses))
    return weighted_mean([loss.item() for loss in losses], sizes, loader)


class Mistakes:
    """Wrong answers; each text is what the learner reads."""
    no_zero_grad = wrong("The gradients are never cleared between two batches, so each step also repeats all earlier ones. Clear them once for every batch, before `backward`.", update=lambda optimizer, loss: (loss.backward(), optimizer.step()))
    zero_grad_between = wrong("The gradients are cleared after `backward` and before `step`, so every step finds nothing to use. Clear them before `backward`.", update=lambda optimizer, loss: (loss.backward(), optimizer.zero_grad(), optimizer.step()))
    no_step = wrong("The gradients are computed and never used: the weights stay as they were. Call `optimizer.step()` after `backward`.", update=lambda optimizer, loss: (optimizer.zero_grad(), loss.backward()))
    step_before_backward = wrong("`step` comes before `backward` in each batch, so it finds no gradient to use. `backward` fills the gradients, `step` comes after.", update=lambda optimizer, loss: (optimizer.zero_grad(), optimizer.step(), loss.backward()))
    no_backward = wrong("`step` is called, but no gradient ever reached the model, so the weights stay as they were. Call `backward` before it, on the very tensor that the loss function returned.", update=lambda optimizer, loss: (optimizer.zero_grad(), optimizer.step()))
    gradient_ascent = wrong("Your steps go uphill: the loss grows. Call `backward` on the loss itself, not on its negative.", update=lambda optimizer, loss: descend(optimizer, -loss))
    negated_loss = wrong("You turn the sign of the loss, so your steps go uphill, and you return the negative of the mean. `step` goes downhill by itself: take the loss as it comes.", update=lambda optimizer, loss: descend(optimizer, -loss), read=lambda loss: -loss.item())
    one_step_an_epoch = all_at_once
    step_after_the_loop = wrong("`step` is called once, after the loop, when only the last batch's gradients are left. Put it inside the loop, after `backward`.", update=lambda optimizer, loss: (optimizer.zero_grad(), loss.backward()), end=lambda optimizer: optimizer.step())
    two_steps_a_batch = wrong("You call `step` twice for each batch, and the second time with gradients of weights that have moved since. Every `step` needs a `backward` of its own.", update=lambda optimizer, loss: (descend(optimizer, loss), optimizer.step()))
    two_epochs = on_others("You go over the batches more than once, and one epoch is asked. Leave out the outer loop: the caller repeats the epochs.", lambda model, loader, *rest: (model, [*loader] * 2, *rest))
    optimizer_of_your_own = on_others("The weights move, but by an optimizer of your own: `step` of the one that you are given is never called. That one holds the caller's learning rate and what it remembers of earlier epochs.", lambda model, loader, loss, _: (model, loader, loss, torch.optim.Adam(model.parameters(), 0.01)))
    a_copy_is_trained = on_others("The model that you are given never sees a batch. Train it itself, and no copy of it.", lambda model, *rest: (copy.deepcopy(model), *rest))
    short_batch_skipped = on_others("You leave a batch out that is smaller than the others, and its pairs are never learned from. Every batch counts, whatever its size.", lambda model, loader, *rest: (model, full_batches([*loader]), *rest))
    pair_exchanged = on_others("User and other change places: each batch brings the user first. It is he who is masked and rebuilt.", lambda model, loader, *rest: (model, ((two, one, alike) for one, two, alike in loader), *rest))
    first_batch_only = wrong("Only the first batch is used. Does your `return` stand inside the loop?", only=1)
    masks_swapped = wrong("The other user is masked and the user is not. It is the user whose likes are hidden and must be rebuilt: mask true for him, false for the other.", masks=(False, True))
    both_masked = wrong("Both users are masked. The other is only looked at for where he stands, so he goes in unmasked.", masks=(True, True))
    neither_masked = wrong("Nobody is masked, so the network may copy what it sees. Pass the user with mask true.", masks=(False, False))
    others_reconstruction = wrong("The reconstruction that you score is the other user's. Take the one that came with the user's latent.", order=(4, 1, 2, 3))
    other_as_target = wrong("The user's reconstruction is compared with the other user's likes. Compare it with his own.", order=(0, 5, 2, 3))
    latents_swapped = wrong("The two latents change places on the way to the loss. The user's comes first, then the other's.", order=(0, 1, 3, 2))
    outputs_swapped = wrong("Latent and reconstruction are taken in the wrong order. The autoencoder returns the latent first.", order=(2, 1, 0, 3))
    other_without_gradient = wrong("No gradient flows through the other user's latent, so only one of the pair is moved. Leave out `no_grad` and `detach`.", detach=3)
    reconstruction_without_gradient = wrong("No gradient flows through the reconstruction, so the decoder never learns. Hand it to the loss without `detach`.", detach=0)
    user_without_gradient = wrong("No gradient flows through the user's latent, so only the other of the pair is moved. Leave out `no_grad` and `detach`.", detach=2)
    left_in_eval = wrong("The model, or a layer inside it, stays in eval mode, where dropout masks nothing. Call `autoencoder.train()` before the loop, which reaches every layer.", start=torch.nn.Module.eval)
    sum_of_losses = wrong("You return the sum of the batches' losses, which grows with their number. The mean over all pairs is asked.", mean=lambda losses, *_: sum(losses))
    batches_not_weighted = wrong("You average over the batches, so a pair in a small last batch counts more than the others. Weight each batch's loss by its size.", mean=lambda losses, *_: sum(losses) / len(losses))
    length_of_loader = wrong("You divide by `len(loader)`: that counts batches and not pairs, and not every iterable has a length. Count the pairs as they come.", mean=lambda losses, sizes, loader: sum(losses) / len(loader))
    length_of_dataset = wrong("You ask the loader for an attribute such as `dataset` or `batch_size`, and a plain list of batches has none. Count the pairs as they come.", mean=lambda losses, sizes, loader: weighted_mean(losses, sizes, loader) * sum(sizes) / len(loader.dataset))
    sum_over_pairs = wrong("You add up the losses of all pairs and do not divide. The mean is asked: divide by the number of pairs.", mean=lambda losses, sizes, _: weighted_mean(losses, sizes, _) * sum(sizes))
    means_over_pairs = wrong("You divide the sum of the batches' losses by the number of pairs, but each of these losses is a mean already. Multiply it by the size of its batch before you add it.", mean=lambda losses, sizes, _: sum(losses) / sum(sizes))
    last_loss = wrong("You return the loss of the last batch. Keep a running total, and return the mean over all pairs.", mean=lambda losses, *_: losses[-1])
    tensor_returned = wrong("You return a tensor, and a Python float is asked. Read each loss by `loss.item()`.", read=torch.Tensor.detach)


class Variants:
    """Right answers in other styles."""

    def cleared_at_the_end(autoencoder, loader, loss_function, optimizer):
        autoencoder.train(True)
        losses, sizes = [], []
        for user, other, similarity in loader:
            latent, reconstruction = autoencoder.forward(user, True)
            loss = loss_function(reconstruction, user, latent, autoencoder.encode(other), similarity)
            loss.backward()
            optimizer.step()
            optimizer.zero_grad(set_to_none=False)
            losses, sizes = [*losses, float(loss)], [*sizes, similarity.shape[0]]
        return numpy.average(losses, weights=sizes)

    def cleared_by_the_model(autoencoder, loader, loss_function, optimizer):
        autoencoder.train()
        total, pairs = torch.zeros(()), 0
        for user, other, similarity in loader:
            other_latent, _ = autoencoder(other, mask=False)
            autoencoder.zero_grad()
            user_latent, user_reconstruction = autoencoder(user, mask=True)
            loss = loss_function(user_reconstruction=user_reconstruction, original=user, user_latent=user_latent,
                                 other_latent=other_latent, positivity=similarity)
            torch.autograd.backward(loss)
            optimizer.step()
            total, pairs = total + loss.detach() * len(other), pairs + len(other)
        return (total / pairs).item()

    def by_a_closure(autoencoder, loader, loss_function, optimizer):
        autoencoder.train()
        seen = []

        def one_step(batch):
            def closure():
                optimizer.zero_grad()
                seen.append((usual(autoencoder, *batch, loss_function), len(batch[0])))
                return seen[-1][0].backward()

            optimizer.step(closure)

        [one_step(batch) for batch in loader]
        return weighted_mean([loss.item() for loss, _ in seen], [size for _, size in seen], loader)

    def graphs_kept(autoencoder, loader, loss_function, optimizer):
        autoencoder.train()
        total = pairs = 0
        for batch in loader:
            for parameter in autoencoder.parameters():
                parameter.grad = None
            loss = usual(autoencoder, *batch, loss_function)
            loss.backward()
            optimizer.step()
            total, pairs = total + loss * len(batch[0]), pairs + len(batch[0])
        return float(total / pairs)

    def gradients_in_two_halves(autoencoder, loader, loss_function, optimizer):
        mean, pairs = 0.0, 0
        for batch in loader:
            autoencoder.train()
            half = usual(autoencoder, *batch, loss_function) / 2
            optimizer.zero_grad(), half.backward(retain_graph=True), half.backward(), optimizer.step()
            pairs += len(batch[0])
            mean += (2 * half.item() - mean) * len(batch[0]) / pairs
        return mean

    def gradients_put_by_hand(autoencoder, loader, loss_function, optimizer):
        autoencoder.train()
        seen, weights = [], list(autoencoder.parameters())
        for batch in loader:
            loss = usual(autoencoder, *batch, loss_function)
            for weight, gradient in zip(weights, torch.autograd.grad(loss, weights)):
                weight.grad = gradient
            optimizer.step()
            seen += [loss.item()] * len(batch[0])
        return sum(seen) / len(seen)


NUMBERS = ("first", "second", "third", "fourth", "fifth")
TELLS = (
    "It belongs to the user's masked pass, as the decoder gives it",
    "It is the user's own row, as the loader brings it",
    "It belongs to the user's masked pass",
    "It belongs to the other's pass, which is not masked",
    "It is the similarity, as the loader brings it",
)


def first_odd(expected, got):
    """Give the batch and the kind of what first differs in the first epoch: weights, an argument (0 to 4) or the gradient."""
    labels = "the weights at each loss", "what the loss was called with", "the gradients at each step"
    for batch, (one, two) in enumerate(zip(*(zip(*(seen[label] for label in labels)) for seen in (expected, got)))):
        if far(one[:1], two[:1]):
            return batch, "weights"
        odd = [index for index in range(5) if far(one[1][index : index + 1], two[1][index : index + 1])]
        if odd or far(one[2:], two[2:]):
            return batch, odd[0] if odd else "gradient"
    return None, None


def batches(number):
    return f"{number} batch{'es' * (number != 1)}"


class Symptoms:
    """Signs that whole families of wrong answers show."""

    def argument_left_out(expected, got):
        """You call {called} without {argument}. Compare your call with the docstring, argument by argument."""
        called, argument = re.search(r"(\w+)\.forward\(\) missing .*: '(.*)'", got.error.text).groups()
        called = {"AutoEncoder": "`autoencoder`", "Loss": "`loss_function`"}[called]
        return {"called": called, "argument": f"`{argument}`".replace("positivity", "similarity")}

    def name_unknown(expected, got):
        """You hand {called} an argument by the name {argument}, which it does not know. Hand them over by their places, in the docstring's order."""
        called, argument = re.search(r"(\w+)\.forward\(\) got an unexpected keyword argument '(\w+)'", got.error.text).groups()
        return {"called": {"AutoEncoder": "`autoencoder`", "Loss": "`loss_function`"}[called], "argument": f"`{argument}`"}

    def a_generator(expected, got):
        """Your function holds a `yield`, so a call of it runs nothing yet. Add the losses up, and `return` their mean at the end."""
        return got.entries[0].value == Opaque("generator")

    def weights_moved_too_early(expected, got):
        """A `step` moved the weights before `backward` was done with a loss that was computed from them. Keep to one batch: its loss, its
        `backward`, its `step`, and no total that goes back to earlier batches."""
        return "modified by an inplace operation" in got.error.text

    def more_than_an_iterable(expected, got):
        """With a list of batches all is right, but not with a generator, which has no length and no index, and can be passed over only once.
        Ask nothing of the loader but one `for` loop."""
        one, two = expected.compared, got.compared
        start = [entry.label for entry in one].index("a generator of batches")
        right = all(alike(*pair) for pair in zip(one[:start], two))
        return right and bool(two[start].error or len(two[start + 2].value) < len(one[start + 2].value))

    def not_in_training_mode(expected, got):
        """The model, or a layer inside it, is in eval mode in {when} pass of the epoch. Call `autoencoder.train()` before the loop."""
        modes = got["passes in training mode"]
        return {"when": "some" if modes == "some" else "every"} if modes in ("some", "none") else False

    def times_of_the_loss(expected, got):
        """For {wanted}, you call the loss function {found} times. One epoch is one pass over the loader, with one loss for each batch."""
        one, two = (len(seen["what the loss was called with"]) for seen in (expected, got))
        return {"wanted": batches(one), "found": two} if one != two else False

    def arguments_exchanged(expected, got):
        """The {first} and the {second} argument of the loss function have changed places. Compare your call with the docstring."""
        one, two = (seen["what the loss was called with"][0] for seen in (expected, got))
        odd = [at for at in range(5) if far(one[at : at + 1], two[at : at + 1])]
        return {"first": NUMBERS[odd[0]], "second": NUMBERS[odd[1]]} if len(odd) == 2 and not far([one[at] for at in odd], [two[at] for at in odd[::-1]]) else False

    def argument_of_the_loss(expected, got):
        """{name}, the {number} argument of the loss function, is not what is asked{where}. {tell}{shape}."""
        batch, odd = first_odd(expected, got)
        one, two = (seen["what the loss was called with"][batch][odd].shape for seen in (expected, got))
        return {
            "name": f"`{('user_reconstruction', 'user', 'user_latent', 'other_latent', 'similarity')[odd]}`",
            "number": NUMBERS[odd],
            "where": f" from batch {batch + 1} on" if batch else "",
            "tell": TELLS[odd],
            "shape": f", and has shape {tuple(one)} where yours has {tuple(two)}" if one != two else "",
        }

    def another_optimizer(expected, got):
        """The weights move, yet `step` of the `optimizer` that you are given is never called. Let that one move them: it holds the
        caller's learning rate."""
        return not got["the gradients at each step"] and first_odd(expected, got) and far(got["the weights at each loss"][:1], [got["the weights afterwards"]])

    def times_of_the_step(expected, got):
        """For {wanted}, you call `optimizer.step()` {found}. It belongs inside the loop, once for each batch."""
        one, two = (len(seen["the gradients at each step"]) for seen in (expected, got))
        return {"wanted": batches(one), "found": ("never", "once")[two] if two < 2 else f"{two} times"} if one != two else False

    def order_of_calls(expected, got):
        """Your epoch begins with {found}, and {wanted} is asked. The loss comes first, `backward` takes its gradients, `step` uses them."""
        one, two = (seen["the order of calls"].split(", ")[:3] for seen in (expected, got))
        return {"wanted": ", then ".join(one), "found": ", then ".join(two)} if one != two else False

    def steps_find_nothing(expected, got):
        """Each `step` finds gradients that are all 0, so the weights stay as they were. Look at what is cleared between `backward` and `step`."""
        return not any(gradient.any() for gradient in got["the gradients at each step"])

    def uphill(expected, got):
        """The gradient of your first step is exactly the negative of what is asked, so the loss grows. Call `backward` on the loss as it
        comes, without a minus sign."""
        one, two = (seen["the gradients at each step"][0] for seen in (expected, got))
        return not far([one], [-two])

    def scaled_gradient(expected, got):
        """The gradient of your first step is {factor} times what is asked. Call `backward` once for each batch, on the loss as it comes:
        not multiplied, divided, added up or clipped."""
        one, two = (seen["the gradients at each step"][0] for seen in (expected, got))
        factor = float((one * two).sum() / (one * one).sum())
        return {"factor": f"{factor:.3g}"} if abs(factor - 1) > 1e-3 and factor and not far([factor * one], [two]) else False

    def gradients_pile_up(expected, got):
        """The gradient of your second step still holds that of the first. Clear the gradients once for every batch, before `backward`."""
        one, two = (seen["the gradients at each step"] for seen in (expected, got))
        return not far([one[0], one[0] + one[1]], two[:2])

    def moved_otherwise(expected, got):
        """Your first gradient is right, yet the weights then stand elsewhere than one `optimizer.step()` brings them. Look for a changed
        learning rate, or for a line that sets weights."""
        return first_odd(expected, got)[1] == "weights"

    def steps_go_astray(expected, got):
        """The loss gets the right arguments, but the gradients at your steps are not theirs. Look at what is cleared and when, at what
        `backward` is called on, and for `detach`."""
        return far(*(seen["the gradients at each step"] for seen in (expected, got)))

    def mean_of_the_epoch(expected, got):
        """The training is right, but you return {found} where the mean loss over all pairs is asked, the Python float {wanted:.4g}. Add up each
        batch's mean times its size, and divide by the pairs."""
        one, two = (seen.entries[0].value for seen in (expected, got))
        words = f"{two:.4g}" if isinstance(two, float) else f"a `{two.kind if isinstance(two, Opaque) else type(two).__name__}`"
        trained = not far(*([seen["the weights afterwards"]] for seen in (expected, got)))
        return {"found": words, "wanted": one} if trained and two is not None and compare(one, two) else False


class Advice:
    """Right, and yet worth a word."""

    def eval_at_the_end(expected, got, source):
        """You leave the model in eval mode when the epoch ends. That is right before an evaluation, and safer where the evaluation starts."""
        return got["training mode at the end"] is False

    def graph_kept(expected, got, source):
        """You keep each batch's loss with its graph until the epoch ends, which fills the memory on large data. Add up `loss.item()`,
        a plain number."""
        return got["graphs of earlier batches"] > 0
