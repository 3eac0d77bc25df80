"""Answer to `warm_up`."""

import torch

POINTS = 1
HINTS = (
    "A user's likes are one row of the matrix. How many of a row's entries are 1, and how many entries has it?",
    "The share is the mean of a row of zeros and ones. Which `dim` does `mean` have to take away so that the users are "
    "left, and which dtype does it ask for?",
    "Turn the likes into floats first, `likes.float()`, and take the mean over the items, which is `dim=1`.",
)
HINTS_FOR = {
    "over_users": "`dim` names the dimension that disappears. The users, dimension 0, are to stay.",
    "mean_of_integers": "`likes.float()` is a copy of the likes in float32, and that has a mean.",
    "integers_have_no_mean": "`likes.float()` is a copy of the likes in float32, and that has a mean.",
}
NOTICE = "The mean of zeros and ones is a share. You will meet this trick again and again: as density, as recall, as the chance of a like."


def like_rate(likes):
    return likes.float().mean(dim=1)


class Mistakes:
    """Wrong answers; each docstring is what the learner reads."""

    def over_users(likes):
        """You give one number for each item: the share of the users who like it. Take the mean along each user's
        row, which is the other dimension."""
        return likes.float().mean(dim=0)

    def counts(likes):
        """You count each user's likes, and a share of the items is asked. Divide the count by the number of items."""
        return likes.float().sum(dim=1)

    def divided_by_users(likes):
        """You divide each user's likes by the number of users. The share is one of all items, so divide by `likes.shape[1]`."""
        return likes.float().sum(dim=1) / likes.shape[0]

    def share_of_all_likes(likes):
        """You divide each user's likes by the likes of everybody. Divide by the number of items, which is the same
        for every user."""
        return likes.float().sum(dim=1) / likes.float().sum()

    def percentage(likes):
        """Your values are percentages, up to 100. Give the share itself, which lies between 0 and 1."""
        return 100 * likes.float().mean(dim=1)

    def one_number(likes):
        """You give one number for all users together. Tell `mean` which dimension to take away, so that one number a
        user is left."""
        return likes.float().mean()

    def keeps_the_dimension(likes):
        """Your result has a second dimension of size 1. Leave out `keepdim=True` (or the extra index), so that the
        shape is `(M,)`."""
        return likes.float().mean(dim=1, keepdim=True)

    def squeezes_one_user(likes):
        """For a single user your result loses its dimension and is a bare number. `squeeze()` takes away every
        dimension of size 1: name the one you mean, or take the mean over `dim=1` alone."""
        return likes.float().mean(dim=1, keepdim=True).squeeze()

    def share_of_dislikes(likes):
        """You give the share of the items that each user does not like. Count the ones, not the zeros."""
        return 1 - likes.float().mean(dim=1)

    def mean_of_integers(likes):
        """`mean` takes the likes as they come, in int64, and PyTorch has no mean of integers or bools. Turn them into
        float32 first by `.float()`."""
        return likes.mean(dim=1)

    def likes_anything(likes):
        """Your values are 1 for everybody who likes something, however little. Take the mean of a row where you take its maximum."""
        return likes.float().amax(dim=1)

    def one_item_short(likes):
        """You leave out an item at the end or at the start of each row. A slice with `:` alone, or no slice at all, takes them all."""
        return likes[:, :-1].float().mean(dim=1)

    def divided_by_one_less(likes):
        """You divide by one item less than there are. A share is one of all items: divide by `likes.shape[1]`."""
        return likes.float().sum(dim=1) / (likes.shape[1] - 1)

    def divided_by_the_largest(likes):
        """You divide each user's likes by those of whoever likes most, so his share is always 1. Divide by the number of items, which is the same for every user."""
        counts = likes.float().sum(dim=1)
        return counts / counts.max()

    def median(likes):
        """You give the middle of each row, which is 0 or 1, and a share is asked. The mean weighs all entries."""
        return likes.float().median(dim=1).values

    def scatter(likes):
        """You give how far the entries of a row scatter around their mean. The mean itself is the share."""
        return likes.float().std(dim=1)

    def smoothed(likes):
        """You add 1 to a count, so that even a user without likes gets a share above 0. Divide the count as it is."""
        return (likes.float().sum(dim=1) + 1) / (likes.shape[1] + 1)

    def first_user_alone(likes):
        """You give the first user's share alone. If you work in a loop, let it go through all users before the `return`, which stands outside of it."""
        return likes[:1].float().mean(dim=1)

    def without_the_last_user(likes):
        """Your result is one user short. `range(len(likes))` ends with the last user by itself."""
        return likes[:-1].float().mean(dim=1)

    def total_of_bytes(likes):
        """Your counts are kept in 8 bits and start again from 0 past 255. Count in float32 or int64."""
        return likes.to(torch.uint8).sum(dim=1, dtype=torch.uint8) / likes.shape[1]


class Variants:
    """Right answers in other styles."""

    def count_and_divide(likes):
        return likes.sum(dim=1) / likes.shape[1]

    def loop(likes):
        return torch.tensor([sum(row) / len(row) for row in likes.tolist()])

    def rows_one_by_one(likes):
        rates = torch.zeros(len(likes))
        for user, row in enumerate(likes):
            rates[user] = torch.count_nonzero(row).item() / row.numel()
        return rates

    def numpy_inside(likes):
        return torch.from_numpy(likes.numpy().mean(axis=1)).float()

    def product_with_ones(likes):
        users, items = likes.shape
        return likes.to(torch.float32) @ torch.full((items,), 1 / items)

    def double_mean(likes):
        return torch.mean(likes, dim=-1, dtype=torch.float64).to(torch.float32)

    def running_total(likes):
        total = 0
        for n, column in enumerate(likes.T.unbind(), start=1):
            total = total + (column.float() - total) / n
        return total

    def pairs_counted(likes):
        return torch.bincount(likes.nonzero()[:, 0], minlength=len(likes)) / likes.shape[1]

    def length_of_a_row(likes):
        return torch.linalg.vector_norm(likes.float(), ord=1, dim=1) / likes.shape[1]

    def column_by_column(likes):
        return torch.stack([column.float() for column in likes.T]).sum(0) / likes.size(1)


class Symptoms:
    """Families of mistakes."""

    def fraction_lost(expected, got):
        """Your division drops the fraction, so nearly every share is 0. Use `/`, which gives floats, and keep the
        result a float."""
        pairs = [(one.value, two.value) for one, two in zip(expected.compared, got.compared, strict=True)]
        return all(two.double().equal(one.double().floor()) for one, two in pairs)

    def one_item_short(expected, got):
        return all(two.value.allclose(one.inputs["likes"][:, 1:].float().mean(1), atol=1e-4, equal_nan=True) for one, two in zip(expected.entries, got.entries, strict=True))

    def first_user_alone(expected, got):
        return all(two.value.numel() == 1 and two.value.flatten().allclose(one.value[:1], atol=1e-4) for one, two in zip(expected.entries, got.entries, strict=True))

    def one_size_alone(expected, got):
        """Your shares are right where there are {items} items, and wrong for any other number. Read the number of items off the likes: `likes.shape[1]`."""
        right = {}
        for one, two in zip(expected.entries, got.entries, strict=True):
            right.setdefault(one.inputs["likes"].shape[1], []).append(two.value.shape == one.value.shape and two.value.allclose(one.value, atol=1e-4))
        sizes = [items for items, found in right.items() if all(found)]
        return len(sizes) == 1 and sizes[0] > 1 and {"items": sizes[0]}

    def argument_not_used(expected, got):
        """You give the same numbers whatever likes come in. Use the parameter of the function, not a variable of the notebook."""
        values = [entry.value for entry in got.entries if type(entry.value) is torch.Tensor]
        return len(values) > 2 and all(value.equal(values[0]) for value in values)

    def rounded(expected, got):
        """Your shares are rounded. Give the number as it is, and round where you print."""
        pairs = [(one.value, two.value) for one, two in zip(expected.compared, got.compared, strict=True)]
        return any(all(one.round(decimals=d).allclose(two.float()) for one, two in pairs) for d in (1, 2, 3))

    def integers_have_no_mean(expected, got):
        """`mean` met likes that are no floats, and PyTorch has no mean of integers or bools. Turn the likes into
        float32 first by `.float()`."""
        return "could not infer output dtype" in got.error.text
