"""Answer to `nt_xent`."""

import torch
from torch.nn import functional

POINTS = 3
HINTS = (
    "Put all 2B views below each other. Each row is a question: which of the others is my partner? How many answers are there, and which row is the right one?",
    "With every row scaled to length 1, one matrix product gives all (2B, 2B) cosines. A view must not pick itself: put minus infinity on the "
    "diagonal. What is left are logits, and `functional.cross_entropy` wants a class for each row.",
    "After `torch.cat([z1, z2])` the partner of row i is row i + B in the first half, and row i - B in the second: "
    "`torch.arange(2 * B).roll(B)`. Those are the classes.",
)
HINTS_FOR = {
    "overflow": "exp(1 / 0.01) is larger than any float32. `cross_entropy` and `logsumexp` take the largest exponent out first.",
    "self_with_logit_zero": "exp(0) = 1, and so a 0 on the diagonal still takes part. Only exp(-inf) is 0: `fill_diagonal_(-torch.inf)`.",
    "labels_not_shifted": "Write the classes down for B = 2. The rows are a1, b1, a2, b2, and their partners are rows 2, 3, 0, 1.",
}
NOTICE = "For one user alone the loss is 0: where there is nobody to mistake him for, nothing can be learnt. The other users are the teachers."
EQUAL = {
    "logits.masked_fill(torch.eye(len(views), dtype=torch.bool), -torch.inf) -> logits.masked_fill_(torch.eye(len(views), dtype=torch.bool), -torch.inf)":
        "the logits are the answer's own, and a division needs no result of its own for its gradient",
    "z1 -> z2": "z1 and z2 have the same number of rows",
}


def nt_xent(z1, z2, temperature=0.5):
    views = functional.normalize(torch.cat([z1, z2]))  # (2B, D), each row of length 1, so that products are cosines
    logits = views @ views.T / temperature
    logits = logits.masked_fill(torch.eye(len(views), dtype=torch.bool), -torch.inf)  # nobody picks himself
    partner = torch.arange(len(views)).roll(len(z1))
    return functional.cross_entropy(logits, partner)


def loss_of(z1, z2, temperature, unit=functional.normalize, self_logit=-torch.inf, classes=None, reduction="mean"):
    """NT-Xent with one part changed."""
    views = unit(torch.cat([z1, z2]))
    logits = views @ views.T / temperature
    if self_logit is not None:
        logits = logits.masked_fill(torch.eye(len(views), dtype=torch.bool), self_logit)
    return functional.cross_entropy(logits, torch.arange(len(views)).roll(len(z1)) if classes is None else classes, reduction=reduction)


def parts(z1, z2, temperature):
    """The logit of each view's partner, (2B,), and the logits of all, itself at minus infinity, (2B, 2B)."""
    views = functional.normalize(torch.cat([z1, z2]))
    logits = (views @ views.T / temperature).masked_fill(torch.eye(len(views), dtype=torch.bool), -torch.inf)
    return logits[torch.arange(len(views)), torch.arange(len(views)).roll(len(z1))], logits


def across(z1, z2, temperature):
    return functional.cross_entropy(functional.normalize(z1) @ functional.normalize(z2).T / temperature, torch.arange(len(z1)))


def told(diagnosis, answer, default=0.5):
    """A wrong answer of one line, and what its learner reads."""
    def mistake(z1, z2, temperature=default):
        return answer(z1, z2, temperature)

    mistake.__doc__ = diagnosis
    return mistake


class Mistakes:
    """Wrong answers; each docstring is what the learner reads."""

    self_not_excluded = told("Each view competes with itself, and nothing is more like it. Put minus infinity on the diagonal of the logits.",
        lambda *z: loss_of(*z, self_logit=None))
    self_with_logit_zero = told("You set a view's similarity with itself to 0, and exp(0) = 1 still takes part in the sum. To leave it out, set it to minus infinity.",
        lambda *z: loss_of(*z, self_logit=0.0))
    one_direction = told("Only the first views look for their partners, and only among the second ones. All 2B views ask, and all 2B - 1 others may be picked.",
        lambda *z: across(*z))
    rivals_of_the_other_view_alone = told("A view picks among the B views of the other half alone. The other users' views in its own half are rivals too: put all 2B together.",
        lambda *z: (across(*z) + across(z[1], z[0], z[2])) / 2)
    half_of_the_views_ask = told("The rivals are right, but only the first views ask. Average over all 2B views.",
        lambda *z: loss_of(*z, reduction="none")[:len(z[0])].mean())
    not_normalised = told("You take plain products, so long codes count more and the loss can be cheated by making them longer. Scale each row to length 1 first.",
        lambda *z: loss_of(*z, unit=lambda views: views))
    squared_norm = told("You divide by the squared length of the codes, so short ones come out large. Divide each row by its length, the root of the sum of squares.",
        lambda *z: loss_of(*z, unit=lambda views: views / (views**2).sum(1, keepdim=True)))
    normalised_over_the_batch = told("You scale the columns to length 1, over the users. A cosine wants each row at length 1: `dim=1`.",
        lambda *z: loss_of(*z, unit=lambda views: functional.normalize(views, dim=0)))
    temperature_multiplied = told("You multiply by the temperature. Divide by it: the colder, the larger the differences.",
        lambda *z: loss_of(z[0], z[1], 1 / z[2]))
    temperature_ignored = told("`temperature` does not count in your loss. Divide the similarities by it, above and below.",
        lambda *z: loss_of(z[0], z[1], 1.0))
    other_default = told("Without a temperature you take another one than 0.5. Leave the default of the first line as it was.",
        lambda *z: loss_of(*z), default=1.0)
    summed = told("You sum over the views, so the loss grows with the batch. Average over all 2B of them.",
        lambda *z: loss_of(*z, reduction="sum"))
    averaged_over_the_users = told("You sum over 2B views and divide by B, so the loss is twice as large as asked. Each view asks a question of its own: divide by 2B.",
        lambda *z: 2 * loss_of(*z))
    one_for_each_view = told("You return one loss for each view, and a single number is asked. Average over all 2B of them.",
        lambda *z: loss_of(*z, reduction="none"))
    neighbours_paired = told("After `cat` you pair each row with the one next to it, which is another user's. The partner of row i is row i + B.",
        lambda *z: loss_of(*z, classes=torch.arange(2 * len(z[0])) ^ 1))
    labels_not_shifted = told("Your classes are 0 to B - 1, twice: the first views are told to pick themselves. Their partners are rows B to 2B - 1.",
        lambda *z: loss_of(*z, self_logit=None, classes=torch.arange(len(z[0])).repeat(2)))
    itself_as_partner = told("Each view is told to pick itself. Its partner is the other view of the same user, B rows further on.",
        lambda *z: loss_of(*z, self_logit=None, classes=torch.arange(2 * len(z[0]))))
    softmax_twice = told("You hand probabilities to `cross_entropy`, which takes a softmax itself. Give it the logits.",
        lambda *z: functional.cross_entropy(parts(*z)[1].softmax(1), torch.arange(2 * len(z[0])).roll(len(z[0]))))
    sign_turned = told("Your loss has the wrong sign, so training would drive the partners apart. A cross-entropy is never below 0.",
        lambda *z: -loss_of(*z))
    partners_alone = told("Only the partners count, so the same code for everybody would be perfect. Subtract the `logsumexp` over all rivals.",
        lambda *z: -parts(*z)[0].mean())
    detached = told("The value is right, but no gradient flows back, so nothing could learn from it. Leave out `detach`, `item`, `numpy` and `no_grad`.",
        lambda *z: loss_of(*z).detach())
    one_view_detached = told("The value is right, but the gradient does not reach one of the views. Detach neither.",
        lambda *z: loss_of(z[0], z[1].detach(), z[2]))
    python_number = told("You return a Python number, and no gradient flows through one. Leave out `item()` and `float()`.",
        lambda *z: loss_of(*z).item())

    def overflow(z1, z2, temperature=0.5):
        """At temperature 0.01 your loss is not finite: exp(1 / 0.01) overflows. Let `cross_entropy` or `logsumexp` take the exponentials."""
        near, logits = parts(z1, z2, temperature)
        return -(near.exp() / logits.exp().sum(1)).log().mean()

    def partner_missing_below(z1, z2, temperature=0.5):
        """The sum over the rivals leaves the partner out, so your loss can fall below 0. Only the view itself is left out."""
        near, logits = parts(z1, z2, temperature)
        rows = torch.arange(len(logits))
        others = logits.index_put((rows, rows.roll(len(z1))), torch.tensor(-torch.inf))
        return (others.logsumexp(1) - near).mean() if len(z1) > 1 else -near.mean()

    def distance_for_cosine(z1, z2, temperature=0.5):
        """Your logits are made of distances. NT-Xent compares by the cosine: products of rows of length 1."""
        views = torch.cat([z1, z2])
        logits = (-(views[:, None] - views).square().sum(-1) / temperature).masked_fill(torch.eye(len(views), dtype=torch.bool), -torch.inf)
        return functional.cross_entropy(logits, torch.arange(len(views)).roll(len(z1)))

    def views_changed(z1, z2, temperature=0.5):
        """You scale the tensors that you were given to length 1 in place. Give the scaled ones a name of their own."""
        for views in (z1, z2):
            views.data /= views.data.norm(dim=1, keepdim=True)
        return loss_of(z1, z2, temperature)


class Variants:
    """Right answers in other styles."""

    def without_the_diagonal(z1, z2, temperature=0.5):
        views = functional.normalize(torch.cat([z1, z2]), dim=1)
        n = len(views)
        others = (views @ views.T)[~torch.eye(n, dtype=torch.bool)].reshape(n, n - 1) / temperature
        near = functional.cosine_similarity(z1, z2).repeat(2) / temperature
        return (torch.logsumexp(others, dim=1) - near).mean()

    def question_by_question(z1, z2, temperature=0.5):
        views, total = [*z1, *z2], 0.0
        for i, view in enumerate(views):
            others = [j for j in range(len(views)) if j != i]
            logits = torch.stack([functional.cosine_similarity(view, views[j], dim=0) / temperature for j in others])
            total = total - logits.log_softmax(0)[others.index((i + len(z1)) % len(views))]
        return total / len(views)

    def exponentials_in_double(z1, z2, temperature=0.5):
        views = torch.cat([z1, z2]).double()
        cosine = functional.cosine_similarity(views[:, None], views[None], dim=-1)
        power = torch.exp(cosine / temperature) * (1 - torch.eye(len(views)))
        near = torch.diagonal(power.roll(len(z1), dims=1))
        return -torch.log(near / power.sum(dim=1)).mean().float()

    def by_distances(z1, z2, temperature=0.5):
        views = functional.normalize(torch.vstack((z1, z2)))
        cosine = 1 - (views[:, None] - views).square().sum(-1) / 2
        logits = (cosine / temperature).masked_fill(torch.eye(len(views), dtype=torch.bool), -1e30)
        return functional.cross_entropy(logits, torch.eye(len(views)).roll(len(z1), 0))

    def block_by_block(z1, z2, temperature=0.5):
        one, two, itself = functional.normalize(z1), functional.normalize(z2), torch.diag(torch.full((len(z1),), 1e9))
        across, users = one @ two.T / temperature, torch.arange(len(z1))
        first = torch.cat([across, one @ one.T / temperature - itself], dim=1)
        second = torch.cat([across.T, two @ two.T / temperature - itself], dim=1)
        return (functional.cross_entropy(first, users) + functional.cross_entropy(second, users)) / 2

    def side_by_side(z1, z2, temperature=0.5):
        views = functional.normalize(torch.stack([z1, z2], dim=1).flatten(0, 1))  # a1, a2, b1, b2, ...
        logits = torch.einsum("id,jd->ij", views, views) / temperature
        logits = logits - torch.diag(torch.full((len(views),), torch.inf)).nan_to_num(nan=0.0, posinf=1e4)
        return -logits.log_softmax(dim=1)[torch.arange(len(views)), torch.arange(len(views)) ^ 1].mean()


SMALL = ("two users whose views agree, temperature 0.5", "two users with views of several lengths, temperature 0.5", "three users, temperature 1.0")


def like(name):
    """A listed mistake on small inputs, whatever it makes of a low temperature."""
    def symptom(expected, got):
        values = [getattr(Mistakes, name)(**expected.entry(label).inputs) for label in SMALL]
        return all(torch.isclose(got[label], value, atol=1e-4) for label, value in zip(SMALL, values))

    symptom.__name__ = name
    return symptom


def _wrong_labels(expected, got):
    """The labels of the wrong losses; the gradient's questions repeat them."""
    losses = [entry.label for entry in expected.compared if isinstance(entry.value, torch.Tensor) and entry.label != "those six users, with a gradient"]
    return {label for label in losses if not torch.isclose(got[label], expected[label], atol=1e-4)}


class Symptoms:
    """Families of mistakes."""

    self_not_excluded, self_with_logit_zero, partner_missing_below = map(like, ("self_not_excluded", "self_with_logit_zero", "partner_missing_below"))
    not_normalised, one_direction, rivals_of_the_other_view_alone = map(like, ("not_normalised", "one_direction", "rivals_of_the_other_view_alone"))

    def several_returned(expected, got):
        """You return several things, and `backward` needs the one number. Return the loss alone."""
        return any(isinstance(entry.value, tuple) for entry in got.compared)

    def overflow_somewhere(expected, got):
        """Your loss or its gradient is not finite where the temperature is low. Let `cross_entropy` or `logsumexp` take the exponentials."""
        if any(not torch.isclose(got[label], expected[label], atol=1e-4) for label in SMALL):
            return False
        cold = got["six users at temperature 0.01"], got["those six users, with a gradient"]
        return any(part is not None and not part.isfinite().all() for part in cold) or False in got["the gradient at temperature 0.01"]

    def infinite(expected, got):
        """Your loss is infinite: a view is told to pick one that was left out, often itself. Check that each class is the row of the partner."""
        return any(bool(entry.value.isinf().any()) for entry in got.compared if isinstance(entry.value, torch.Tensor))

    def itself_left_out_and_asked_for(expected, got):
        """For {label} your loss is {seen}: a view is told to pick one that you gave a very low logit, most likely itself. Check that each class is the row of the partner."""
        value = float(got[SMALL[0]])
        return value > 1e3 and {"label": SMALL[0], "seen": f"{value:.3g}"}

    def other_default(expected, got):
        return _wrong_labels(expected, got) == {"three users without a temperature"}

    def mask_too_weak(expected, got):
        """All is right but the loss at temperature 0.01, where logits reach -100 and below: the number on your diagonal is not low enough there. Leave the view itself out by minus infinity."""
        return _wrong_labels(expected, got) == {"six users at temperature 0.01"}

    def one_user_alone(expected, got):
        """A user alone has no rivals, so his loss must be 0, and you give {seen}. The sum below holds the partner, and the view itself is left out."""
        value = float(got["one user alone"])
        return {"seen": f"{value:.3g}"} if abs(value) > 1e-4 else False
