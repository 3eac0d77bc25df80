"""Answer to `masked_mse`."""

import torch
from torch.nn import functional

POINTS = 2
HINTS = (
    "Take one user of a thousand items who rated twenty of them. How many squared errors should his mean be made of?",
    "`ratings != 0` is a mask: `prediction[mask]` picks the rated cells. Or multiply the squared errors by the mask, add them up and "
    "divide by how many ones the mask has. What happens to either where it has none?",
    "The sum of the squared errors of the rated cells, over `mask.sum().clamp(min=1)`: with nothing rated that is 0 / 1, and the sum "
    "still hangs on `prediction`.",
)
HINTS_FOR = {
    "nan_where_nothing_is_rated": "The sum of nothing is 0, and so is the number of cells. Which of the two may you change so that 0 comes out?",
    "no_gradient_where_nothing_is_rated": "`prediction.sum() * 0` is 0 and hangs on `prediction`. A sum over an empty selection does so too.",
}
NOTICE = ("The divisor changes from batch to batch, so each rating weighs the same within a batch and not across batches: "
          "one of a batch with few ratings weighs more.")


def masked_mse(prediction, ratings):
    rated = ratings != 0
    squares = (prediction - ratings)[rated].square()
    return squares.sum() / rated.sum().clamp(min=1)  # nothing rated: an empty sum over 1


def error(prediction, ratings, rated=None, weight=1.0):
    rated = ratings != 0 if rated is None else rated
    return (weight * (prediction - ratings) ** 2 * rated).sum()


def error_of_each(prediction, ratings):
    return (prediction - ratings).square() * (ratings != 0)


class Mistakes:
    """Wrong answers; each docstring is what the learner reads."""

    def unmasked(prediction, ratings):
        """The cells without a rating count as ratings of 0, so the cheapest prediction is close to 0 everywhere. Leave them out by `ratings != 0`."""
        return functional.mse_loss(prediction, ratings)

    def divided_by_all_cells(prediction, ratings):
        """You add up the right squares and divide by all cells, so with few ratings the loss is tiny. Divide by the number of rated cells."""
        return error(prediction, ratings) / ratings.numel()

    def unrated_in_the_error_alone(prediction, ratings):
        """The squared errors of all cells are added up, and divided by the number of rated ones. The mask belongs to both."""
        return (prediction - ratings).square().sum() / (ratings != 0).sum().clamp(min=1)

    def summed(prediction, ratings):
        """You add the squared errors up and do not divide. Divide by the number of rated cells."""
        return error(prediction, ratings)

    def divided_by_users(prediction, ratings):
        """You divide by the number of users. A user with more ratings has more errors to add up: divide by the number of rated cells."""
        return error(prediction, ratings) / len(ratings)

    def divided_by_the_sum_of_ratings(prediction, ratings):
        """You divide by the ratings added up, as if one of 5 stars were five ratings. Divide by how many cells are rated."""
        return error(prediction, ratings) / ratings.sum().clamp(min=1)

    def mean_of_user_means(prediction, ratings):
        """You average within each user first, so one rating of a user with few counts more than one of a user with many. Take one mean over all rated cells."""
        return error_of_each(prediction, ratings).sum(1).div((ratings != 0).sum(1).clamp(min=1)).mean()

    def mean_of_means_of_who_rated(prediction, ratings):
        """You average within each user who rated something, then over these users, so one rating of a user with few counts more. Take one mean over all rated cells."""
        count = (ratings != 0).sum(1)
        return (error_of_each(prediction, ratings).sum(1) / count.clamp(min=1)).sum() / (count > 0).sum().clamp(min=1)

    def mean_of_item_means(prediction, ratings):
        """You average within each item first, so a rating of an item that few rated counts more than another. Take one mean over all rated cells."""
        return (error_of_each(prediction, ratings).sum(0) / (ratings != 0).sum(0).clamp(min=1)).mean()

    def root(prediction, ratings):
        """You return the root of the mean. The mean squared error is asked: leave the `sqrt` for when you report."""
        return (masked_mse(prediction, ratings) + 1e-12).sqrt()

    def absolute_error(prediction, ratings):
        """You average the absolute errors. Square them: an error of 2 stars counts four times as much as an error of 1."""
        return ((prediction - ratings).abs() * (ratings != 0)).sum() / (ratings != 0).sum().clamp(min=1)

    def squared_after_the_mean(prediction, ratings):
        """You square the mean error, in which errors up and errors down cancel out. Square each error first, then take the mean."""
        return (((prediction - ratings) * (ratings != 0)).sum() / (ratings != 0).sum().clamp(min=1)).square()

    def squared_after_the_sum(prediction, ratings):
        """You add the errors up before you square, so errors up and errors down cancel out. Square each error first, then take the mean."""
        return ((prediction - ratings) * (ratings != 0)).sum().square() / (ratings != 0).sum().clamp(min=1)

    def not_squared(prediction, ratings):
        """You take the mean of the errors as they are, so errors up and errors down cancel out, and it can fall below 0. Square each error first."""
        return ((prediction - ratings) * (ratings != 0)).sum() / (ratings != 0).sum().clamp(min=1)

    def halved(prediction, ratings):
        """Your loss is half of what is asked. Some books put a half before the squares, but a mean has none."""
        return masked_mse(prediction, ratings) / 2

    def mask_inverted(prediction, ratings):
        """You score the cells that nobody rated, and leave the ratings out. The mask is true where `ratings != 0`."""
        return error(prediction, ratings, ratings == 0) / (ratings == 0).sum().clamp(min=1)

    def mask_of_the_prediction(prediction, ratings):
        """Your mask looks at where the prediction is not 0, which is nearly everywhere. Ask `ratings` who rated what."""
        return error(prediction, ratings, prediction != 0) / (prediction != 0).sum().clamp(min=1)

    def rated_and_predicted(prediction, ratings):
        """You leave out rated cells where the prediction is exactly 0, and these are errors like any other. The mask asks `ratings` alone."""
        rated = (ratings != 0) & (prediction != 0)
        return error(prediction, ratings, rated) / rated.sum().clamp(min=1)

    def weighted_by_the_rating(prediction, ratings):
        """You multiply by the ratings in place of the mask, so an error at 5 stars counts five times as much as one at 1. A mask holds 0 and 1: `ratings != 0`."""
        return error(prediction, ratings, weight=ratings) / (ratings != 0).sum().clamp(min=1)

    def positive_ratings_only(prediction, ratings):
        """You leave out negative ratings, and they occur once a mean was taken away. A cell is rated where `ratings != 0`."""
        return error(prediction, ratings, ratings > 0) / (ratings > 0).sum().clamp(min=1)

    def nan_where_nothing_is_rated(prediction, ratings):
        """Where nothing is rated your loss is 0 / 0, which is NaN, and one such batch spoils all weights. Divide by at least 1: `clamp(min=1)`."""
        return (prediction - ratings)[ratings != 0].square().mean()

    def no_gradient_where_nothing_is_rated(prediction, ratings):
        """Where nothing is rated you return a 0 that is cut off from the prediction, so `backward` raises or reaches nothing. Let the 0 come out of a sum over the prediction."""
        return masked_mse(prediction, ratings) if bool((ratings != 0).any()) else torch.tensor(0.0)

    def detached(prediction, ratings):
        """The value is right, but no gradient flows back to the prediction, so nothing would learn. Leave out `detach`, `item`, `no_grad` and NumPy."""
        return masked_mse(prediction, ratings).detach()

    def python_number(prediction, ratings):
        """You return a Python number, through which no gradient flows. Leave out `item()` and `float()`."""
        return masked_mse(prediction, ratings).item()

    def one_for_each_user(prediction, ratings):
        """You return one loss for each user, and `backward` needs a single number. Take one mean over all rated cells."""
        return error_of_each(prediction, ratings).sum(1) / (ratings != 0).sum(1).clamp(min=1)

    def not_reduced(prediction, ratings):
        """You return one number for each cell. Add up the rated ones, and divide by how many they are."""
        return error_of_each(prediction, ratings)

    def prediction_masked_in_place(prediction, ratings):
        """You write zeros into the prediction that you were given, and whoever ranks by it finds them there. Multiply into a new tensor."""
        with torch.no_grad():
            prediction *= ratings != 0
        return masked_mse(prediction, ratings)

    def ratings_filled_in_place(prediction, ratings):
        """You write into the ratings that you were given, and the next epoch finds them changed. Work on a copy, or pick the rated cells by a mask."""
        rated = ratings != 0
        ratings[~rated] = prediction.detach()[~rated]
        return (prediction - ratings).square().sum() / rated.sum().clamp(min=1)


class Variants:
    """Right answers in other styles."""

    def by_multiplication(prediction, ratings):
        mask = (ratings != 0).float()
        return functional.mse_loss(prediction * mask, ratings, reduction="sum") / max(1, int(mask.sum()))

    def cell_by_cell(prediction, ratings):
        total, count = 0 * prediction.sum(), 0
        for user, item in torch.nonzero(ratings).tolist():
            total, count = total + (prediction[user, item] - ratings[user, item]) ** 2, count + 1
        return total / count if count else total

    def branch_for_nothing(prediction, ratings):
        if not ratings.any():
            return prediction.sum() * 0
        index = ratings.nonzero(as_tuple=True)
        return functional.mse_loss(prediction[index], ratings[index])

    def in_double(prediction, ratings):
        rated = ratings.double().ne(0)
        gap = torch.where(rated, prediction.double() - ratings.double(), 0.0)
        return (torch.einsum("bn,bn->", gap, gap) / torch.count_nonzero(rated).clamp_min(1)).float()

    def of_a_sparse_matrix(prediction, ratings):
        cells = ratings.to_sparse().coalesce()
        gaps = prediction[tuple(cells.indices())] - cells.values()
        return gaps @ gaps / max(len(gaps), 1)

    def mean_without_nan(prediction, ratings):
        squares = (prediction - ratings).square()
        return torch.where(ratings == 0, torch.nan, squares).nanmean() if (ratings != 0).any() else (0 * squares).sum()

    def small_divisor(prediction, ratings):
        mask = ratings.bool().to(prediction.dtype)
        return torch.linalg.vector_norm((prediction - ratings) * mask) ** 2 / (mask.sum() + 1e-7)

    def perfect_where_unrated(prediction, ratings):
        target = torch.where(ratings == 0, prediction.detach(), ratings)
        return torch.nn.MSELoss(reduction="none")(prediction, target).mean() * ratings.numel() / ratings.count_nonzero().clamp(min=1)


class Readings:
    """Other answers that the text permits."""

    def zero_of_its_own(prediction, ratings):
        """Where nothing is rated, your 0 is a tensor of its own: `backward` runs and no gradient reaches the prediction. A sum over no cells is 0 as well, and stays tied to it."""
        return masked_mse(prediction, ratings) if (ratings != 0).any() else torch.tensor(0.0, requires_grad=True)


SMALL = "two users with three ratings", "one user who rated everything", "one user with one rating", "three users, one of them without ratings"
NOTHING = "two users who rated nothing"
ROOTED = "two users with three ratings", "one user who rated everything"


class Symptoms:
    """Families of mistakes."""

    def root(expected, got):
        return all(abs(float(got[label] ** 2 - expected[label])) < 1e-4 and expected[label] > 1.1 for label in ROOTED)

    root.urgent = True

    def ratings_filled_in_place(expected, got):
        return any(entry.value is False for entry in got.entries if entry.label.startswith("whether the ratings"))


    def nan_where_nothing_is_rated(expected, got):
        return bool(got[NOTHING].isnan())


    def nan_gradient_where_nothing_is_rated(expected, got):
        """Where nothing is rated your loss is 0 and its gradient NaN: the 0 / 0 was put right too late, and `backward` still goes through it. Divide by something else than 0 from the start."""
        return bool(got[f"the gradient of {NOTHING}"][0].isnan().any())

    def no_gradient_where_nothing_is_rated(expected, got):
        whole, value = got["the gradient of a prediction with a gradient"], got[NOTHING]
        cut = got[f"the gradient of {NOTHING}"] == ["no gradient"] and float(value) == 0 and getattr(value, "shape", ()) == ()
        return isinstance(whole[0], torch.Tensor) and cut


    def some_ratings_left_out(expected, got):
        """With stars your loss is right, and with half ratings and negative ones it is not. A cell is rated where `ratings != 0`."""
        pairs = [(one.label, one.value, got[one.label]) for one in expected.entries if isinstance(one.value, torch.Tensor)]
        odd = [label for label, one, two in pairs if label != NOTHING and abs(float(one - two)) > 1e-4]
        return odd == ["ratings from which a mean was taken"]

    def divisor_too_large(expected, got):
        """You divide by the number of rated cells plus {extra}. Only where that number is 0 another one may stand in its place."""
        counts = [int((list(expected.entry(label).inputs.values())[1] != 0).sum()) for label in SMALL]
        extras = [count * (float(expected[label] / got[label]) - 1) for label, count in zip(SMALL, counts)]
        return extras[0] > 1e-3 and max(extras) - min(extras) < 1e-2 * extras[0] and {"extra": f"{extras[0]:.3g}"}

    def unrated_cells_count(expected, got):
        """For a user who rated everything your loss is right, and with empty cells it is {seen}, where {asked} is asked. Look at what the empty cells add, and at what you divide by."""
        full, label = "one user who rated everything", "two users with three ratings"
        return abs(float(got[full] - expected[full])) < 1e-4 and abs(float(got[label] - expected[label])) > 1e-4 and {
            "seen": f"{float(got[label]):.4g}", "asked": f"{float(expected[label]):.4g}"}
