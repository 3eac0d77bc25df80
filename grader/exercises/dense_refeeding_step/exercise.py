"""Answer to `dense_refeeding_step`."""

import torch
from torch.nn import functional

from grader.exercises.masked_mse.exercise import masked_mse

POINTS = 4
HINTS = (
    "How many forward passes are there, how many steps, and what stands between them? Which tensor of the first pass is needed "
    "again in the second, and what must it forget?",
    "The first half is any training step: forward, `masked_mse`, clear, `backward`, `step`. Then take the output that you already "
    "have, `detach()` it, and do the same once more with it in the place of the ratings.",
    "Call the detached output `dense`. In the second half the loss is `torch.nn.functional.mse_loss(model(dense), dense)`: no mask. "
    "It needs its own `zero_grad`, `backward` and `step`.",
)
HINTS_FOR = {
    "not_detached": "`output.detach()` gives the same numbers without their history. Use it for the input and for the target.",
    "recomputed_after_the_step": "Keep the output that `masked_mse` was given. Nothing else is needed from the first pass.",
    "no_zero_grad_between": "PyTorch adds to `.grad` at each `backward`, so clear it before the second one too.",
}
NOTICE = ("The second step costs as much as the first, and nobody gave a single new rating for it. All that it can teach is that "
          "the model should agree with itself.")

EQUAL = {"functional.mse_loss(model(dense), dense) -> functional.mse_loss(dense, model(dense))": "a squared error is symmetric"}


def dense_refeeding_step(model, ratings, optimizer):
    output = model(ratings)
    descend(optimizer, masked_mse(output, ratings))
    dense = output.detach()                                    # what the first pass said, as plain numbers
    descend(optimizer, functional.mse_loss(model(dense), dense))  # every cell of it is a target


def descend(optimizer, loss):
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()


def full(output, target):
    return functional.mse_loss(output, target)


def wrong(said, first=masked_mse, dense=lambda output, *_: output.detach(), second=lambda output, dense, ratings: full(output, dense), into=lambda dense, ratings: dense, updates=(descend, descend), run=None):
    """A step with another part in it; `said` is what a learner reads whose own behaves like it."""
    def dense_refeeding_step(model, ratings, optimizer):
        output = model(ratings)
        updates[0](optimizer, first(output, ratings))
        target = dense(output, ratings, model)
        updates[1](optimizer, second(model(into(target, ratings)), target, ratings))

    answer = run or dense_refeeding_step
    answer.__doc__ = said
    return answer


def verbs(*names):
    """An update that does some of the three things, in this order."""
    return lambda optimizer, loss: [loss.backward() if name == "backward" else getattr(optimizer, name)() for name in names]


def before_the_step(model, ratings, optimizer):
    output = model(ratings)
    again = model(output.detach())
    descend(optimizer, masked_mse(output, ratings))
    descend(optimizer, full(again, output.detach()))


def added_up(model, ratings, optimizer):
    output = model(ratings)
    dense = output.detach()
    descend(optimizer, masked_mse(output, ratings) + full(model(dense), dense))


def on_itself(model, dense, optimizer):
    descend(optimizer, full(model(dense), dense))


def in_order(*parts):
    """Some of the two steps, on the ratings and on the output of the latest pass, in another order or number."""
    def run(model, ratings, optimizer):
        for part in parts:
            output = model(ratings)
            descend(optimizer, masked_mse(output, ratings)) if part == "ratings" else on_itself(model, output.detach(), optimizer)

    return run


def then_in_eval(model, ratings, optimizer):
    output = model(ratings)
    descend(optimizer, masked_mse(output, ratings))
    on_itself(model.eval(), output.detach(), optimizer)


def once_more(model, ratings, optimizer):
    dense_refeeding_step(model, ratings, optimizer)
    on_itself(model, model(ratings).detach(), optimizer)


class Mistakes:
    """Wrong answers; each sentence is what the learner reads."""

    not_detached = wrong("The output of the first pass still hangs on its graph, so the second `backward` runs into the first pass again. Use `output.detach()`, as input and as target.", dense=lambda output, ratings, model: output)
    both_passes_before_the_step = wrong("Your second pass runs before the first step, so its `backward` needs weights that are no longer there. Take the first step, then do the second pass.", run=before_the_step)
    one_step_for_both = wrong("You add both losses up, or their gradients, and step once. Two steps are asked: the second pass goes through weights that the first step has moved.", run=added_up)
    first_step_only = wrong("One step is taken, on the ratings: that is training without re-feeding. Take a second one on the output, with its own `backward` and `step`.", run=in_order("ratings"))
    dense_step_only = wrong("No step is taken on the ratings themselves, so the model only learns to agree with itself. Follow `masked_mse` by its own `backward` and `step`.", run=in_order("dense"))
    dense_step_first = wrong("Your dense step comes before the step on the ratings. The ratings come first.", run=in_order("dense", "ratings"))
    fed_twice = wrong("You feed the output back more than once. One dense step follows the step on the ratings.", run=once_more)
    original_ratings_as_target = wrong("Your second pass is compared with the original ratings, at the cells that were rated. Its target is the dense output that went in.", second=lambda output, dense, ratings: masked_mse(output, ratings))
    original_ratings_as_full_target = wrong("Your second pass is compared with the original ratings over all cells, so the empty ones are fitted as 0. Its target is the dense output that went in.", second=lambda output, dense, ratings: full(output, ratings))
    ratings_as_second_input = wrong("Your second pass gets the ratings once more. Feed the dense output back: it is input and target.", into=lambda dense, ratings: ratings)
    two_steps_on_the_ratings = wrong("Both of your steps are on the ratings, so nothing is fed back. The second pass gets the output of the first.", run=in_order("ratings", "ratings"))
    second_loss_masked = wrong("Your second loss looks at the rated cells alone. The dense output has a value in every cell: take the mean over all of them.", second=lambda output, dense, ratings: (output - dense)[ratings != 0].square().mean())
    second_loss_on_unrated = wrong("Your second loss leaves the rated cells out. Take the mean over all cells of the dense output.", second=lambda output, dense, ratings: (output - dense)[ratings == 0].square().mean())
    unrated_cells_left_out = wrong("Your second pass gets the output at the rated cells alone, so it is as sparse as the ratings. Feed back the output of all cells.", into=lambda dense, ratings: dense * (ratings != 0))
    recomputed_after_the_step = wrong("You compute the dense output anew after the first step, so it is what other weights say. Keep the output of the first pass, detached.", dense=lambda output, ratings, model: model(ratings).detach())
    known_ratings_put_in = wrong("You put the known ratings into the dense output. It goes back as the model said it, right or wrong.", dense=lambda output, ratings, model: torch.where(ratings != 0, ratings, output.detach()))
    known_ratings_as_target = wrong("The dense output goes into your second pass as it is, and its target holds the known ratings. It is its own target, in every cell.", second=lambda output, dense, ratings: full(output, torch.where(ratings != 0, ratings, dense)))
    own_output_as_target = wrong("Your second step finds no gradient: its pass is compared with its own output, or goes through a copy of the model. Send the dense output through `model` itself, and compare with what went in.", second=lambda output, dense, ratings: full(output, output.detach()))
    rounded_to_stars = wrong("You round the output to whole stars before you feed it back. It goes back as the model said it.", dense=lambda output, ratings, model: output.detach().round())
    cut_to_the_stars = wrong("You cut the output to 1 to 5 stars before you feed it back. It goes back as the model said it.", dense=lambda output, ratings, model: output.detach().clamp(1, 5))
    first_loss_unmasked = wrong("Your first loss fits the empty cells as ratings of 0. Score the rated cells alone, by `masked_mse`.", first=full)
    first_loss_summed = wrong("Your first loss is a sum over the rated cells. Take their mean, by `masked_mse`.", first=lambda output, ratings: (output - ratings)[ratings != 0].square().sum())
    divided_by_all_cells = wrong("Your first loss is divided by the number of all cells, the empty ones too. Take the mean over the rated cells, by `masked_mse`.", first=lambda output, ratings: ((output - ratings) * (ratings != 0)).square().mean())
    mean_of_user_means = wrong("Your first loss takes a mean for each user and then the mean of these, so a rating of whoever rates little counts for more. Take one mean over all rated cells, by `masked_mse`.", first=lambda output, ratings: (((output - ratings) * (ratings != 0)).square().sum(1) / (ratings != 0).sum(1).clamp(min=1)).mean())
    root_taken = wrong("You take the root of the losses, and the gradient of a root is another one. Step on the mean squared errors themselves.", first=lambda output, ratings: masked_mse(output, ratings).sqrt(), second=lambda output, dense, ratings: full(output, dense).sqrt())
    absolute_error = wrong("Your second loss takes absolute differences. Square them, and take the mean: `torch.nn.functional.mse_loss`.", second=lambda output, dense, ratings: (output - dense).abs().mean())
    summed_over_items = wrong("Your second loss adds up the items of each user and averages over the users alone, so it grows with the number of items. Take the mean over all cells.", second=lambda output, dense, ratings: (output - dense).square().sum(1).mean())
    both_losses_summed = wrong("Both of your losses are sums, so the steps grow with the batch. Take the mean: over the rated cells first, then over all.", first=lambda output, ratings: (output - ratings)[ratings != 0].square().sum(), second=lambda output, dense, ratings: (output - dense).square().sum())
    dense_loss_summed = wrong("Your second loss is a sum over the cells, so its step is far larger than the first. Take the mean.", second=lambda output, dense, ratings: (output - dense).square().sum())
    no_zero_grad_between = wrong("The gradients of the first step are still there at the second `backward`, which adds to them. Clear them before it.", updates=(descend, verbs("backward", "step")))
    no_zero_grad_at_the_start = wrong("The gradients of your second step are still there when the next batch comes, and its `backward` adds to them. Clear them before each `backward`.", updates=(verbs("backward", "step"), descend))
    never_cleared = wrong("You never clear the gradients, so each step repeats all earlier ones. Call `optimizer.zero_grad()` before each `backward`.", updates=(verbs("backward", "step"),) * 2)
    cleared_after_backward = wrong("You clear the gradients after `backward` and before `step`, so no step finds any. Clear them before `backward`.", updates=(verbs("backward", "zero_grad", "step"),) * 2)
    never_steps = wrong("The gradients are computed and never used: the weights stay as they were. Call `optimizer.step()` after each `backward`.", updates=(verbs("zero_grad", "backward"),) * 2)
    dense_step_uphill = wrong("Your second step goes uphill: its loss grows. Call `backward` on the loss itself, not on its negative.", updates=(descend, lambda optimizer, loss: descend(optimizer, -loss)))
    gradient_ascent = wrong("Your steps go uphill: the losses grow. Call `backward` on the loss itself, not on its negative.", updates=(lambda optimizer, loss: descend(optimizer, -loss),) * 2)
    second_pass_in_eval = wrong("You put the model into eval mode for a pass that it learns from, so its dropout is left out there. Leave the mode to the caller.", run=then_in_eval)


class Variants:
    """Right answers in other styles."""

    def all_in_one(model, ratings, optimizer):
        model.train()
        optimizer.zero_grad()
        output, mask = model(ratings), (ratings != 0).float()
        loss = torch.sum(((output - ratings) * mask) ** 2) / mask.sum()
        loss.backward()
        optimizer.step()
        dense = torch.tensor(output.tolist())
        optimizer.zero_grad(set_to_none=False)
        (again := torch.mean((model(dense) - dense) ** 2)).backward()
        optimizer.step()
        return loss.item(), again.item()

    def by_a_loop(model, ratings, optimizer):
        x, losses = ratings, []
        for loss_of in (masked_mse, torch.nn.MSELoss()):
            for parameter in model.parameters():
                parameter.grad = None
            output = model.forward(x)
            losses.append(loss_of(output, x))
            torch.autograd.backward(losses[-1])
            optimizer.step()
            x = output.detach().clone()
        return losses

    def cleared_afterwards(model, ratings, optimizer):
        output = model(ratings)
        for target in (ratings, output.data):
            masked_mse(output, target).backward() if target is ratings else full(model(target), target).backward()
            optimizer.step()
            model.zero_grad()

    def by_closures(model, ratings, optimizer):
        kept = []

        def closure(x, loss_of):
            optimizer.zero_grad()
            kept.append(model(x))
            loss_of(kept[-1], x).backward()

        optimizer.step(lambda: closure(ratings, masked_mse))
        return optimizer.step(lambda dense=kept[0].detach(): closure(dense, full))

    def masked_where_not_zero(model, ratings, optimizer):
        for _ in range(2):
            output = model(ratings)
            descend(optimizer, masked_mse(output, ratings))
            ratings = output.detach()

    def another_pass_before_the_step(model, ratings, optimizer):
        with torch.no_grad():
            dense = model(ratings)
        for x, loss_of in ((ratings, masked_mse), (dense, full)):
            descend(optimizer, loss_of(model(x), x))


def first_off(expected, got):
    """The label of the first step whose gradients differ."""
    both = ((one.label, one.value, got[one.label]) for one in expected.entries if one.label.startswith("the gradients"))
    return next(label for label, one, two in both if not torch.allclose(one, two, 1e-4, 1e-4))


def _numbers(row):
    return ", ".join(f"{number:.2f}" for number in row.tolist())


class Symptoms:
    """Families of mistakes."""

    def not_detached(expected, got):
        return "backward through the graph a second time" in got.error.text or (
            got["a pass whose input hangs on another pass"] is True and got.error.kind == "RuntimeError")

    not_detached.urgent = True

    def other_number_of_steps(expected, got):
        """You take {seen} with the optimiser that you are given, and two steps are asked: one for each loss. Look where `step` is called."""
        seen = got["the number of steps in the first batch, 3 users and 4 items"]
        return {"seen": {0: "no step", 1: "one step"}.get(seen, f"{seen} steps")} if seen not in (2, None) else False

    def ratings_changed(expected, got):
        """You change the ratings that you are given, and the next epoch meets them changed. Work on a copy: `output.detach()` is a tensor of its own."""
        return any("ratings" in entry.changed for entry in got.entries)

    def first_step_is_off(expected, got):
        """The gradients that your first step finds are not those of `masked_mse` on the ratings. Look at its loss, and at what is cleared when."""
        return "first step" in first_off(expected, got)

    def second_input_is_off(expected, got):
        """Into your second pass go {seen} for the first user, where the first pass said {asked}. Feed back the output as it came, before the step, detached."""
        one, two = (seen["what goes into the last pass in the first batch, 3 users and 4 items"][0][0] for seen in (expected, got))
        return {"seen": _numbers(two), "asked": _numbers(one)} if not torch.allclose(one, two, 1e-4, 1e-4) else False

    def second_step_is_off(expected, got):
        """Your first step is right, and so is what goes into the second pass, but not its gradients. Look at what its output is compared with, over which cells, and at what is cleared when."""
        return "second step" in first_off(expected, got)


class Advice:
    """Right, and yet worth a word."""

    def more_passes_than_two(expected, got, source):
        """Your step runs the model more than twice. With dropout each pass says something else, so use the very output that was scored."""
        return got["the passes in the first batch, 3 users and 4 items"] > 2

    def nothing_rated(expected, got, source):
        """A batch in which nothing is rated makes your weights NaN. `masked_mse` gives 0 there."""
        return got["finite weights where nothing is rated"] is False

    def cleared_too_late(expected, got, source):
        """Gradients that somebody left in the model go into your first step. Clear before `backward` rather than after `step`."""
        return got["old gradients at the start do harm"] is True
