"""Answer to `contractive_penalty`."""

import torch
from torch.autograd.functional import jacobian

POINTS = 4
HINTS = (
    "The code (x1 + 2 x2, 3 x3) has the Jacobian [[1, 2, 0], [0, 0, 3]] for every row. What is the sum of its squared entries, and so the penalty?",
    "`torch.autograd.grad(code[:, k].sum(), x, ...)` gives the slopes of number k of the code, for all rows at once: a row's code depends "
    "on that row alone. Each k is asked for by itself, since slopes must be squared before they are added.",
    "Let `x` require a gradient and encode it once. Then, for each k, take `autograd.grad` with `create_graph=True`, square it, and add it "
    "up over k and over the columns; the mean over the rows comes last.",
)
HINTS_FOR = {
    "units_added_first": "Try the code (x1 - x2, x2 - x1): the sum of its two numbers is always 0, and yet the code moves with x.",
    "graph_cut": "`torch.autograd.grad(..., create_graph=True)` keeps the way back to the weights, so that the slope itself can be differentiated.",
    "needs_weights": "Work with what goes in and what comes out: `code = encoder(x)`, and the slopes of `code` in `x`.",
}
NOTICE = "One backward pass for each number of the code: that is what a contractive autoencoder costs. The denoising one gets by with a draw of noise."
EQUAL = {
    "x.detach().clone() -> x.detach()": "its values are never written to", "x.detach() -> x": "the clone is a tensor of its own",
    "0 -> -1": "the tuple has one item",
}


def contractive_penalty(encoder, x):
    x = x.detach().clone().requires_grad_()
    code = encoder(x)
    total = 0.0
    for unit in code.unbind(dim=1):  # (B,): one number of every row's code
        slopes = torch.autograd.grad(unit.sum(), x, create_graph=True)[0]  # (B, N)
        total = total + (slopes**2).sum(dim=1)
    return total.mean()


def jacobians(encoder, x):
    """All Jacobians, (B, D, N), with their graph."""
    whole = jacobian(lambda rows: encoder(rows).sum(dim=0), x, create_graph=True)  # (D, B, N)
    return whole.transpose(0, 1)


def wrong(said, value):
    """A penalty that makes something else of the Jacobians; `said` is what a learner reads whose own behaves like it."""
    def contractive_penalty(encoder, x):
        return value(jacobians(encoder, x))

    contractive_penalty.__doc__ = said
    return contractive_penalty


class Mistakes:
    """Wrong answers; each sentence is what the learner reads."""

    norm_not_squared = wrong("You give the mean of the Frobenius norms, and the squared norm is asked. Leave the root out.",
        lambda J: (J**2).sum(dim=(1, 2)).sqrt().mean())
    summed_over_the_batch = wrong("You sum over the rows as well, so a larger batch pays more. Sum over the entries of a row's Jacobian, and take the mean of the rows.",
        lambda J: (J**2).sum())
    mean_over_entries = wrong("You average over the entries of the Jacobian, so a wider code or a longer row pays less. Sum over them, and average over the rows alone.",
        lambda J: (J**2).mean())
    mean_over_the_code = wrong("You average over the numbers of the code. Sum over all entries of a row's Jacobian, and average over the rows alone.",
        lambda J: (J**2).sum(dim=2).mean())
    mean_over_the_columns = wrong("You average over the entries of the row. Sum over all entries of its Jacobian, and average over the rows alone.",
        lambda J: (J**2).mean(dim=2).sum(dim=1).mean())
    one_for_each_row = wrong("You give one number for each row, and a single one is asked. Take the mean over the rows.",
        lambda J: (J**2).sum(dim=(1, 2)))
    units_added_first = wrong("You take the slope of the code's sum, in which the numbers of a code cancel out. Square the slopes of each number of the code first, then add.",
        lambda J: (J.sum(dim=1) ** 2).sum(dim=1).mean())
    divided_by_the_batch_twice = wrong("Your penalty is too small by the size of the batch: the mean is taken twice, or before the squares. Take the slopes of a sum over the rows, square, and divide by the number of rows once.",
        lambda J: (J**2).sum() / len(J) ** 2)
    rows_added_first = wrong("You add or average the rows' Jacobians before you square them, so opposite slopes cancel out. Square each row's own.",
        lambda J: (J.mean(dim=0) ** 2).sum())
    first_row_alone = wrong("Your penalty looks at one row of the batch. Take the mean over all of them.",
        lambda J: (J**2)[0].sum())
    first_unit_alone = wrong("Your penalty looks at one number of the code. Every number has slopes of its own: add their squares.",
        lambda J: (J**2)[:, 0].sum(dim=1).mean())
    last_unit_alone = wrong("Of all numbers of the code only the last one counts: each replaces the one before. Add up their squared slopes.",
        lambda J: (J**2)[:, -1].sum(dim=1).mean())
    way_there_and_back = wrong("You multiply the Jacobian by its transpose, which is the slope of a reconstruction with tied weights. The penalty asks for the encoder's own slopes alone.",
        lambda J: ((J.transpose(1, 2) @ J) ** 2).sum(dim=(1, 2)).mean())
    absolute_slopes = wrong("You add the absolute values of the slopes, and their squares are asked.",
        lambda J: J.abs().sum(dim=(1, 2)).mean())
    largest_stretch = wrong("You square the Jacobian's largest singular value: the spectral norm. The Frobenius norm takes all of its entries.",
        lambda J: (torch.linalg.matrix_norm(J, ord=2) ** 2).mean())

    divided_by_the_code = wrong("You divide by how many numbers a code has, and the mean over the rows is asked. Print the shape of what you take `len` of.",
        lambda J: (J**2).sum() / J.shape[1])

    def finite_differences(encoder, x):
        """You move `x` by a small step and look how far the code goes, which gives the slopes nearly, not quite: too large a step bends them, too small a one is lost in rounding. Let autograd give them."""
        steps = 1e-3 * torch.eye(x.shape[1])
        return sum((((encoder(x + step) - encoder(x)) / 1e-3) ** 2).sum(dim=1).mean() for step in steps)

    def slopes_accumulated(encoder, x):
        """You read `x.grad` after each `backward`, and every call adds to what stands there already. Ask for the slopes of each number of the code by `torch.autograd.grad`, which adds up nothing."""
        rows, total = x.clone().requires_grad_(), 0
        for unit in encoder(rows).unbind(dim=1):
            unit.sum().backward(create_graph=True)
            total = total + (rows.grad**2).sum(dim=1)
        return total.mean()

    slopes_accumulated.status = "wrong"

    def last_row_alone(encoder, x):
        """Of all rows only the last one counts: each replaces the one before. Add up their squared slopes, and divide by the number of rows."""
        return contractive_penalty(encoder, x[-1:])

    def central_differences(encoder, x):
        """You take differences over small steps, which gives the slopes nearly, and less so the steeper the encoder bends. Let autograd give them."""
        steps = 1e-2 * torch.eye(x.shape[1])
        return sum((((encoder(x + step) - encoder(x - step)) / 2e-2) ** 2).sum(dim=1).mean() for step in steps)

    def negated(encoder, x):
        """Your penalty is negative, so it would pay the encoder for moving much. Squares are added, nothing is taken away."""
        return -contractive_penalty(encoder, x)

    def as_many_units_as_entries(encoder, x):
        """Where the code is wider than the row, the slopes of its last numbers are left out. The loop runs over the numbers of the code, not over those of the row."""
        return contractive_penalty(lambda rows: encoder(rows)[:, : x.shape[1]], x)

    def code_penalised(encoder, x):
        """You charge the code for its size, and its slopes are asked: how much it moves when the row is moved. Differentiate the code by `x`."""
        return (encoder(x) ** 2).sum(dim=1).mean()

    def length_differentiated(encoder, x):
        """You differentiate the squared length of the code, one number, so its slopes are mixed with its values. Differentiate each number of the code."""
        rows = x.detach().clone().requires_grad_()
        found = torch.autograd.grad((encoder(rows) ** 2).sum() / 2, rows, create_graph=True)[0]
        return (found**2).sum(dim=1).mean()

    def reconstruction_expected(encoder, x):
        """You differentiate the distance between row and output, as if the encoder rebuilt the row, or you need a code as wide as the row. The slopes of the code alone are asked."""
        rows = x.detach().clone().requires_grad_()
        return (torch.autograd.grad(((encoder(rows) - rows) ** 2).sum(), rows, create_graph=True)[0] ** 2).sum(dim=1).mean()

    def needs_weights(encoder, x):
        """You ask the encoder for its weights or parameters, and any callable may come, of any depth. Differentiate what it returns by `x`."""
        return sum((weight**2).sum() for weight in encoder.parameters())

    def graph_cut(encoder, x):
        """The value is right, but no gradient reaches the encoder's parameters. Keep the way back open by `create_graph=True`, and leave out `detach` and `.data`."""
        return contractive_penalty(encoder, x).detach()

    def python_number(encoder, x):
        """You return a Python number, and no gradient flows through one. Return the tensor itself, without `item` or `float`."""
        return contractive_penalty(encoder, x).item()


class Variants:
    """Right answers in other styles."""

    def by_vmap(encoder, x):
        return torch.func.vmap(torch.func.jacrev(encoder))(x).pow(2).sum(dim=(1, 2)).mean()

    def forward_mode(encoder, x):
        one_row = lambda row: encoder(row[None])[0]  # noqa: E731 - a learner's style
        J = torch.func.vmap(torch.func.jacfwd(one_row))(x)
        return torch.linalg.matrix_norm(J).square().mean()

    def sum_over_rows(encoder, x):
        J = jacobian(lambda rows: encoder(rows).sum(0), x, create_graph=True)
        return torch.einsum("dbn,dbn->", J, J) / len(x)

    def whole_and_diagonal(encoder, x):
        J = torch.autograd.functional.jacobian(encoder, x, create_graph=True)  # (B, D, B, N), 0 between rows
        return J.diagonal(dim1=0, dim2=2).pow(2).sum() / x.shape[0]

    def row_by_row(encoder, x):
        rows = [jacobian(lambda r: encoder(r.unsqueeze(0)).squeeze(0), row, create_graph=True) for row in x]
        return torch.stack([row.double().norm() ** 2 for row in rows]).mean().float()

    def entry_by_entry(encoder, x):
        x.requires_grad = True
        code, total = encoder(x), 0
        for b in range(code.size(0)):
            for k in range(code.size(1)):
                grad, = torch.autograd.grad(code[b, k], x, create_graph=True, retain_graph=True)
                total += grad[b].dot(grad[b])
        return total / code.size(0)

    def many_at_once(encoder, x):
        x = x.clone().requires_grad_()
        code = encoder(x)
        picks = torch.eye(code.shape[1])[:, None, :].expand(-1, len(x), -1)  # (D, B, D)
        J, = torch.autograd.grad(code, x, picks, create_graph=True, is_grads_batched=True)
        return J.square().sum() / len(x)

    def by_pushing(encoder, x):
        total = torch.zeros(())
        for i in range(x.shape[1]):
            step = torch.zeros_like(x)
            step[:, i] = 1
            total = total + torch.func.jvp(encoder, (x,), (step,))[1].pow(2).sum()
        return total / len(x)

    def each_row_once_for_each_unit(encoder, x):
        units = encoder(x).shape[1]
        rows = x.detach().repeat_interleave(units, dim=0).requires_grad_()
        own = encoder(rows)[range(len(rows)), [place % units for place in range(len(rows))]]
        return torch.autograd.grad(own.sum(), rows, create_graph=True)[0].pow(2).sum() / len(x)

    def filled_in(encoder, x):
        x = x.detach().clone().requires_grad_()
        code, parts = encoder(x), []
        for k in range(code.shape[1]):
            x.grad = None
            code[:, k].sum().backward(create_graph=True, inputs=[x])
            parts.append(x.grad)
        return torch.cat(parts, dim=1).square().sum(dim=1).mean()


LABELS = ("one row", "two rows and the code x1 * x1")


class Symptoms:
    """Families of mistakes."""

    def graph_cut(expected, got):
        """The value is right, but no gradient reaches the encoder's parameters. Keep the way back open by `create_graph=True`, and leave out `detach` and `.data`."""
        right = [torch.isclose(expected[label], got[label], atol=1e-3) for label in LABELS]
        return all(right) and any("no gradient" in str(entry.value) for entry in got.entries)

    def needs_weights(expected, got):
        """You ask the encoder for its weights or parameters, and any callable may come, of any depth. Differentiate what it returns by `x`."""
        return got.error.kind in ("AttributeError", "TypeError") and "'function' object" in got.error.text

    def x_without_gradient(expected, got):
        """Autograd knows no way from the code back to `x`. Ask for a gradient on a copy of `x` before the encoder runs on it, and keep
        `detach` and `no_grad` off the way."""
        return not got.entries[1:] and "does not require grad" in got.error.text

    def weights_changed(expected, got):
        """Your function changes the encoder's weights. It only measures: leave them as they are."""
        return any("stay as they were" in entry.label and entry.value is False for entry in got.entries)

    def code_penalised(expected, got):
        return abs(float(got["two rows and the code x1 * x1"]) - 41) < 1e-2  # the mean of 1 and 81


    def finite_differences(expected, got):
        gaps = [abs(float(got[label] / expected[label]) - 1) for label in (*LABELS, "two rows and the code sin(30 x1)")]
        return max(gaps) < 0.05 and any(gap > 1e-4 for gap in gaps)


    def slope_of_a_sum(expected, got):
        """For the code (x1 - x2, x2 - x1) you give 0, as if it never moved. Square the slopes of each number of the code before you add them."""
        return abs(float(got["two rows and the code (x1 - x2, x2 - x1)"])) < 1e-4

    def opposite_slopes(expected, got):
        """For the code x1 * x1, with slopes 2 and 6 in its two rows, you give {seen}, and (4 + 36) / 2 = 20 is asked. Square each row's slopes, add them up, then take the mean of the rows."""
        value = float(got["two rows and the code x1 * x1"])
        return {"seen": f"{value:.3g}"} if abs(value - 20) > 1e-2 else False


class Advice:
    """Right, and yet worth a word."""

    def gradients_left(expected, got, source):
        """Your `backward` calls leave gradients in the encoder's weights, where the next step would add them up. `torch.autograd.grad` leaves nothing behind."""
        return any("left in the weights" in entry.label and True in entry.value for entry in got.entries)
