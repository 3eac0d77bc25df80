"""Answer to `train_epoch`."""

import numpy
import torch

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


def usual(autoencoder, user, other, similarity, loss_function, masks=(True, False), order=(0, 1, 2, 3), detach=False):
    """The loss of one batch, as it should be, or with masks or arguments exchanged."""
    latent, reconstruction = autoencoder(user, masks[0])
    other_latent, other_reconstruction = autoencoder(other, masks[1])
    given = (reconstruction, user, latent, other_latent.detach() if detach else other_latent, other_reconstruction, other)
    return loss_function(*(given[index] for index in order), similarity)


def descend(optimizer, loss):
    optimizer.zero_grad(), loss.backward(), optimizer.step()


def weighted_mean(losses, sizes, loader):
    return sum(loss * size for loss, size in zip(losses, sizes)) / sum(sizes)


def wrong(text, update=descend, mean=weighted_mean, start=torch.nn.Module.train, read=torch.Tensor.item, only=None, **exchanged):

    def train_epoch(autoencoder, loader, loss_function, optimizer):
        start(autoencoder)
        losses, sizes = [], []
        for user, other, similarity in loader:
            loss = usual(autoencoder, user, other, similarity, loss_function, **exchanged)
            update(optimizer, loss)
            losses, sizes = [*losses, read(loss)], [*sizes, len(user)]
            if only == len(losses):
                break
        return mean(losses, sizes, loader)

    train_epoch.__doc__ = text
    return train_epoch


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
    no_backward = wrong("`step` is called, but no gradient was ever computed, so the weights stay as they were. Call `loss.backward()` before it.", update=lambda optimizer, loss: (optimizer.zero_grad(), optimizer.step()))
    gradient_ascent = wrong("Your steps go uphill: the loss grows. Call `backward` on the loss itself, not on its negative.", update=lambda optimizer, loss: descend(optimizer, -loss))
    one_step_an_epoch = all_at_once
    first_batch_only = wrong("Only the first batch is used. Does your `return` stand inside the loop?", only=1)
    masks_swapped = wrong("The other user is masked and the user is not. It is the user whose likes are hidden and must be rebuilt: mask true for him, false for the other.", masks=(False, True))
    both_masked = wrong("Both users are masked. The other is only looked at for where he stands, so he goes in unmasked.", masks=(True, True))
    neither_masked = wrong("Nobody is masked, so the network may copy what it sees. Pass the user with mask true.", masks=(False, False))
    others_reconstruction = wrong("The reconstruction that you score is the other user's. Take the one that came with the user's latent.", order=(4, 1, 2, 3))
    other_as_target = wrong("The user's reconstruction is compared with the other user's likes. Compare it with his own.", order=(0, 5, 2, 3))
    latents_swapped = wrong("The two latents change places on the way to the loss. The user's comes first, then the other's.", order=(0, 1, 3, 2))
    outputs_swapped = wrong("Latent and reconstruction are taken in the wrong order. The autoencoder returns the latent first.", order=(2, 1, 0, 3))
    other_without_gradient = wrong("No gradient flows through the other user's latent, so only one of the pair is moved. Leave out `no_grad` and `detach`.", detach=True)
    left_in_eval = wrong("The model, or a layer inside it, stays in eval mode, where dropout masks nothing. Call `autoencoder.train()` before the loop, which reaches every layer.", start=torch.nn.Module.eval)
    sum_of_losses = wrong("You return the sum of the batches' losses, which grows with their number. The mean over all pairs is asked.", mean=lambda losses, *_: sum(losses))
    batches_not_weighted = wrong("You average over the batches, so a pair in a small last batch counts more than the others. Weight each batch's loss by its size.", mean=lambda losses, *_: sum(losses) / len(losses))
    length_of_loader = wrong("You divide by `len(loader)`: that counts batches and not pairs, and not every iterable has a length. Count the pairs as they come.", mean=lambda losses, sizes, loader: sum(losses) / len(loader))
    length_of_dataset = wrong("You ask the loader for its `dataset`, and a plain list of batches has none. Count the pairs as they come.", mean=lambda losses, sizes, loader: weighted_mean(losses, sizes, loader) * sum(sizes) / len(loader.dataset))
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


class Symptoms:
    """Signs that whole families of wrong answers show."""

    def not_in_training_mode(expected, got):
        """The model, or a layer inside it, is in eval mode while it should learn. Call `autoencoder.train()` before the loop."""
        return got["the model in training mode"] is False

    def argument_of_the_loss(expected, got):
        """The {number} argument of the loss function is not what is asked. Compare with the docstring, and look at who was masked."""
        one, two = (seen["what the loss was called with"][0] for seen in (expected, got))
        odd = [index for index in range(5) if far(one[index : index + 1], two[index : index + 1])]
        return {"number": ("first", "second", "third", "fourth", "fifth")[odd[0]]} if odd else False

    def steps_go_astray(expected, got):
        """The losses are fed rightly, but the gradients that the steps find are not what they should be. Look at what is cleared, and when."""
        return far(*(seen["the gradients at each step"] for seen in (expected, got)))

    def mean_of_the_epoch(expected, got):
        """The training is right, but what you return is not the mean loss over all pairs, a Python float. Add up each batch's mean times its size."""
        return got.entries[0].value is not None and not far(*([seen["the weights afterwards"]] for seen in (expected, got)))


class Advice:
    """Right, and yet worth a word."""

    def eval_at_the_end(expected, got, source):
        """You leave the model in eval mode when the epoch ends. That is right before an evaluation, and safer where the evaluation starts."""
        return got["training mode at the end"] is False

    def graph_kept(expected, got, source):
        """You keep each batch's loss with its graph until the epoch ends, which fills the memory on large data. Add up `loss.item()`,
        a plain number."""
        return got["graphs of earlier batches"] > 0
