"""Answer to `pair_dataset`."""

import ast
import random
import re

import numpy
import torch
from torch.utils.data import Dataset, WeightedRandomSampler

from grader.differences import alike
from grader.exercises.iou.exercise import intersection_over_union

POINTS = 5
HINTS = (
    "Which of your two matrices holds the weights of a draw, and which one the similarity? Is it always the same matrix for both?",
    "Toss the coin first, `torch.rand(()) < self.p`, and let it choose a row of weights and nothing else. Sampling, rows and "
    "similarity then stand once, below the choice.",
    "`next(iter(WeightedRandomSampler(weights, num_samples=1)))` is the partner's number j. Where `weights` sum to 0, take the "
    "other row; then copy rows i and j as float32 and read `self.iou[i, j]`.",
)
HINTS_FOR = {
    "hands_out_a_view": "`data[i]` shares its memory with `data`, and so does `data[i].float()` where `data` is float32. "
    "`.clone()` makes a row of its own.",
    "index_not_shifted": "Without user i, position k stands for user k before i and for user k + 1 from i on. A weight of 0 for "
    "him, in a copy of the row, keeps every position where it was.",
    "similarity_from_inverse": "The coin decides with which weights j is drawn. What the two users share does not depend on it.",
}
NOTICE = ("An unlike pair does not get similarity 0: it keeps its own IoU, and that number is what the loss will pull the two "
          "codes towards.")
EQUAL = {
    "torch.rand(()) < self.p -> torch.rand(()) <= self.p": "one case in 16 million",
    "wanted.sum() -> wanted.mean()": "both are above 0 at the same time",
    "1 -> 2 (4)": "the first of two draws",
}


class PairDataset(Dataset):
    def __init__(self, likes, p):
        if not 0 <= p <= 1:
            raise ValueError(f"p must lie in [0, 1], but is {p}")
        if likes.dim() != 2:
            raise ValueError(f"likes must be (M, N), but have shape {tuple(likes.shape)}")
        strange = likes[(likes != 0) & (likes != 1)]
        if len(strange):
            raise ValueError(f"likes must be 0 or 1, but hold {strange[0].item()}")
        self.data = likes
        self.p = p
        self.iou = intersection_over_union(likes)
        self.iou_inverse = 1 - self.iou

    def __len__(self):
        return len(self.data)

    def __getitem__(self, i):
        alike = torch.rand(()) < self.p
        j = self._draw(self._weights(i, alike))
        return self._row(i), self._row(j), self.iou[i, j]    # always `iou`, whatever j was drawn with

    def _weights(self, i, alike):
        wanted, other = (self.iou[i], self.iou_inverse[i]) if alike else (self.iou_inverse[i], self.iou[i])
        return wanted if wanted.sum() > 0 else other    # never both empty: they add up to 1 everywhere

    def _draw(self, weights):
        return next(iter(WeightedRandomSampler(weights, num_samples=1)))

    def _row(self, i):
        return self.data[i].float().clone()    # `float` alone hands out the data itself where they are float32


class Quick(PairDataset):
    """The same with Python's random numbers, which cost half as much; the judge asks its own wrong answers often."""
    def __getitem__(self, i):
        j = self._draw(self._weights(i, random.random() < self.p))
        return self._row(i), self._row(j), self.iou[i, j]

    def _weights(self, i, alike):
        wanted, other = (self.iou[i], self.iou_inverse[i]) if alike else (self.iou_inverse[i], self.iou[i])
        return wanted if wanted.any() else other

    def _draw(self, weights):
        try:
            return random.choices(range(len(weights)), weights.tolist())[0]
        except ValueError:    # no weight at all, or NaN: torch's error is the one to be seen
            return super()._draw(weights)


def without(i, weights):
    weights = weights.clone()
    weights[i] = 0
    return weights


class Mistakes:
    """Wrong answers; each docstring is what the learner reads."""

    class no_length(Dataset):
        """Your class has no `__len__`, so a `DataLoader` cannot know how many users there are. Add one that returns M."""
        __init__, __getitem__ = PairDataset.__init__, PairDataset.__getitem__
        _weights, _draw, _row = PairDataset._weights, PairDataset._draw, PairDataset._row

    class iou_hidden_by_attribute(Quick):
        """Your class has a method `iou`, and `self.iou = ...` puts a tensor over it, so the next call of `iou` calls a tensor.
        Give the method another name."""
        def __init__(self, likes, p):
            self.iou = intersection_over_union
            self.iou = self.iou(likes)
            self.iou_inverse = 1 - self.iou(likes)

    class python_float(Quick):
        """Your similarity is a Python number, which a `DataLoader` collates to float64, and `BCELoss` refuses that. Return the
        0-dim float32 tensor `iou[i, j]`, without `.item()`."""
        def __getitem__(self, i): return (*super().__getitem__(i)[:2], super().__getitem__(i)[2].item())

    class dimension_on_similarity(Quick):
        """Your similarity has shape `(1,)`, so a batch of them is `(B, 1)`. Index with a plain number j, and it is 0-dim."""
        def __getitem__(self, i): return (*super().__getitem__(i)[:2], super().__getitem__(i)[2][None])

    class dimension_on_other(Quick):
        """Your `other` has shape `(1, N)`: it was picked with a list or a tensor of one index. Take the number out of it first."""
        def __getitem__(self, i): return (lambda user, other, similarity: (user, other[None], similarity))(*super().__getitem__(i))

    class similarity_from_inverse(Quick):
        """Your similarity comes from `iou_inverse`, at least where the partner was drawn with it. It is `iou[i, j]` for both
        kinds: the target that the loss pulls the pair towards."""
        def __getitem__(self, i):
            weights = self._weights(i, torch.rand(()) < self.p)
            j = self._draw(weights)
            return self._row(i), self._row(j), weights[j]

    class label_as_similarity(Quick):
        """Your similarity says only which kind was drawn, 1 or 0. It is `iou[i, j]`, which tells how alike the two are."""
        def __getitem__(self, i):
            alike = torch.rand(()) < self.p
            return self._row(i), self._row(self._draw(self._weights(i, alike))), alike.float()

    class similarity_of_another_draw(Quick):
        """`similarity` and `other` belong to different users: they come from two draws, or from positions in different rows.
        Draw j once, keep it, and use it for both."""
        def __getitem__(self, i):
            return super().__getitem__(i)[:2] + super().__getitem__(i)[2:]

    class similarity_with_himself(Quick):
        """Your similarity is 1 for every pair, as it is of a user with himself. Read `iou[i, j]`, with i for the row and the j that was drawn for the column."""
        def __getitem__(self, i): return (*super().__getitem__(i)[:2], self.iou.new_ones(()))

    class p_inverted(Quick):
        """With p = 1 you draw unlike partners, and with p = 0 alike ones. An alike one is due where the random number is below p."""
        def _weights(self, i, alike): return super()._weights(i, not alike)

    class uniform_draws(Quick):
        """You draw every user as often as any other. Draw with the row of weights, `iou[i]` or `iou_inverse[i]`."""
        def _draw(self, weights): return int(torch.randint(len(weights), ()))

    class one_mixed_row(Quick):
        """You mix both rows of weights by p and draw once, so the kind with the larger sum comes too often. Toss for the kind
        first, then draw with its weights alone."""
        def _weights(self, i, alike):
            mixed = self.p * self.iou[i] + (1 - self.p) * self.iou_inverse[i]
            return mixed if mixed.sum() > 0 else 1 - mixed

    class p_ignored(Quick):
        """Your data set tosses a fair coin, whatever p is: at p = 1 half of the partners are unlike. Compare the random number with `self.p`."""
        def _weights(self, i, alike): return super()._weights(i, torch.rand(()) < 0.5)

    class rows_swapped(Quick):
        """Your items begin with the partner's row, and user i's own comes second. Return `(user, other, similarity)` in this order."""
        def __getitem__(self, i): return (lambda user, other, similarity: (other, user, similarity))(*super().__getitem__(i))

    class partner_drawn_once(Quick):
        """Every access gives user i the same partner, drawn once when the data set was made. Draw in `__getitem__`, so that
        every epoch sees new pairs."""
        def __init__(self, likes, p):
            super().__init__(likes, p)
            self.partner = [self._draw(self._weights(i, torch.rand(()) < p)) for i in range(len(self))]

        def __getitem__(self, i):
            return self._row(i), self._row(self.partner[i]), self.iou[i, self.partner[i]]

    class nothing_random(Quick):
        """Every access gives user i the same partner, in a new data set too: you take the highest weight in place of a draw, or
        set a seed at each access. Draw with the weights, and leave seeds to the notebook."""
        def _draw(self, weights): return int(weights.argmax())

    class always_himself(Quick):
        """The partner of user i is always user i. Use the j that was drawn for the other row and for the similarity."""
        def __getitem__(self, i): return (self._row(i), self._row(i), self.iou[i, i])

    class kind_decided_once(Quick):
        """At p = 0.5 all the pairs of a data set are of one kind: you tossed once for all, or compared p with a fixed number.
        Toss at each access, with a new random number."""
        def _weights(self, i, alike): return super()._weights(i, self.p > 0.5)

    class index_not_shifted(Quick):
        """You leave user i out of his row of weights, and then use the position in the shorter row as the user's number: from i
        on it is one too low. Set his weight to 0 in a copy instead, or shift the position back."""
        def _weights(self, i, alike):
            weights = super()._weights(i, alike)
            shorter = torch.cat([weights[:i], weights[i + 1 :]])
            return shorter if shorter.sum() > 0 else weights

    class iou_changed_by_access(Quick):
        """Each access changes your `iou` or `iou_inverse`: a row taken from a matrix is a view, and you write into it. Take
        `.clone()` of the row first."""
        def _weights(self, i, alike):
            weights = super()._weights(i, alike)
            weights[i] = 0
            return weights

    class hands_out_a_view(Quick):
        """The rows you return share their memory with `data`, so masking a batch in place would erase likes for good. Return
        copies, by `.clone()`."""
        def _row(self, i): return self.data[i].float()

    class nan_weights(Quick):
        """A pair without likes has NaN in your `iou`, from 0 / 0, and the draw then fails. Make it 0, as your
        `intersection_over_union` does."""
        def __init__(self, likes, p):
            super().__init__(likes, p)
            self.iou[~likes.any(1)[:, None] & ~likes.any(1)] = torch.nan
            self.iou_inverse = 1 - self.iou

    class crash_on_zero_weights(Quick):
        """A user for whom one kind does not exist breaks the draw: one without likes at p = 1, or one like whom everybody is at
        p = 0. Where all weights are 0, draw with those of the other kind."""
        def _weights(self, i, alike): return self.iou[i] if alike else self.iou_inverse[i]

    class falls_back_on_himself(Quick):
        """At p = 1 a user without likes gets himself as partner. Where all weights are 0, draw with those of the other kind;
        only if these are 0 too is it he himself."""
        def _weights(self, i, alike):
            weights = self.iou[i] if alike else self.iou_inverse[i]
            return weights if weights.sum() > 0 else torch.eye(len(self))[i]


class Variants:
    """Right answers in other styles."""

    class multinomial(Dataset):
        def __init__(self, likes, p=0.5):
            assert 0 <= p <= 1
            self.data, self.p, self.iou = likes.clone().bool(), float(p), intersection_over_union(likes).double()

        iou_inverse = property(lambda self: torch.ones(()) - self.iou)
        def __len__(self): return self.data.size(0)

        def __getitem__(self, index):
            rows = torch.stack([1 - self.iou[index], self.iou[index]])
            kind = int(torch.bernoulli(torch.tensor(self.p)))
            other = torch.multinomial(rows[kind if rows[kind].any() else 1 - kind], 1).item()
            return *self.data[[index, other]].to(torch.float32), self.iou[index][other].float()

    class loops_and_numpy(Dataset):
        def __init__(self, likes, p):
            self.data, self.p = likes, p
            sets = [set(row.nonzero().flatten().tolist()) for row in likes]
            self.iou = torch.tensor([[len(a & b) / max(len(a | b), 1) for b in sets] for a in sets])
            self.iou_inverse = 1 - self.iou

        def __len__(self):
            return len(self.iou)

        def __getitem__(self, i):
            weights = (self.iou if random.random() < self.p else self.iou_inverse)[i].double().numpy()
            weights = weights if weights.any() else 1 - weights
            j = numpy.random.choice(len(self), p=weights / weights.sum())
            return [torch.tensor(self.data[k].tolist(), dtype=torch.float) for k in (i, j)] + [torch.tensor(float(self.iou[i, j]))]

    class inverse_cdf(PairDataset):
        def _draw(self, weights):
            steps = weights.double().cumsum(0)
            return torch.searchsorted(steps, torch.rand((), dtype=torch.float64) * steps[-1], right=True)

    class rejection(PairDataset):
        def _draw(self, weights):
            while True:
                j = random.randrange(len(weights))
                if random.random() < weights[j]:
                    return j


class Readings:
    """Other readings of the statement that are accepted."""

    class self_left_out(Quick):
        """Right: pairs are drawn as asked. You never pair a user with himself, which is a permitted reading."""
        def _weights(self, i, alike):
            for kind in (self.iou, self.iou_inverse) if alike else (self.iou_inverse, self.iou):
                weights = without(i, kind[i])
                if weights.any():
                    return weights
            return torch.eye(len(self))[i]

    class self_left_out_of_alike_pairs(Quick):
        """Right: pairs are drawn as asked. You never draw a user as alike to himself, which is a permitted reading."""
        def _weights(self, i, alike):
            asked = alike or not self.iou_inverse[i].any()
            return others if asked and (others := without(i, self.iou[i])).any() else super()._weights(i, False)


FIRST = "user 0 of two who like the same"
TWINS = [f"user 0 of two twins and a stranger, p = {p}" for p in (0, 1)]
OWN = "similarity and iou[i, j]"
FIFTY = "user 2 of fifty users, asked 24 times at p = 1"
RARE = ("a user without likes", "users who all like", "the only user")


def _likeness(got):
    """How the similarities relate to `iou[i, j]`, for the first users where they do not agree with it."""
    said = [entry.value[OWN] for entry in got.entries if type(entry.value) is dict and OWN in entry.value]
    return next((one for one in said if one != "the same"), "the same")


def _counts(expected, got):
    """The counts of partners where all kinds of weights occur: wanted, seen, and the place of user i himself."""
    return [(one.value, two.value, int(one.label.split()[4]) + 1) for one, two in zip(expected.entries, got.entries)
            if one.sample and one.label.startswith("the draws for user")]


def _one_partner(expected, got):
    """Whether all is right until the partners are asked for again and again, and one and the same comes."""
    *before, drawn, _ = got.entries
    others = expected[FIFTY] | {"partners": "one and the same partner at every access"}
    return drawn.label == FIFTY and drawn.value == others and all(map(alike, expected.entries, before))


class Symptoms:
    """Signs of a trap, whatever else is different; one without a sentence has that of the mistake of its name."""

    def nan_weights(expected, got): return got["`iou` of users of whom one likes nothing"].isnan().any()
    def crash_on_zero_weights(expected, got): return got.error and got.entries[-1].label.startswith(RARE)
    def falls_back_on_himself(expected, got): return got["a user without likes, p = 1"]["users drawn"] == [1]
    def one_mixed_row(expected, got):    # 0.3 * 2 of 0.3 * 2 + 0.7 * 60 is 0.014
        alike, unlike = got["the alike and the unlike pairs at p = 0.3"]
        return alike / (alike + unlike) < 0.06

    def nothing_random(expected, got): return _one_partner(expected, got) and not got.entries[-1].value
    def partner_drawn_once(expected, got): return _one_partner(expected, got) and got.entries[-1].value

    def missing_attribute(expected, got):
        """Your data set has no `self.{attribute}`. Set it in `__init__`."""
        names = ("data", "p", "iou", "iou_inverse")
        return {"attribute": next(name for name in names if got[f"`{name}` of three users"] == "missing")}

    def no_dataset(expected, got):
        """Your class is not derived from `torch.utils.data.Dataset`. Name that in the brackets of its first line."""
        return got["derived from Dataset"] is False

    def reciprocal(expected, got):
        """Your `iou_inverse` is 1 / iou, which is infinite for users who share nothing. It is the complement, `1 - iou`."""
        return (got["`iou_inverse` of three users"] * expected["`iou` of three users"] - 1).abs().max() < 1e-3

    def diagonal_removed(expected, got):
        """The diagonal of your `iou` is 0, so `1 - iou` draws a user as unlike himself. Leave `iou` whole; to rule him out,
        change a copy of his weights."""
        return not got["`iou` of three users"].diagonal().any()

    def sampler_used_up(expected, got):
        """Your sampler's iterator was made once, and is used up at the second access. Call `iter(sampler)` at every access."""
        return got.error.kind == "StopIteration"

    def no_length(expected, got): return got["`len` of three users"] == "missing"
    def items_counted(expected, got):
        """Your `__len__` gives the number of items. The data set has one entry for each user, so give the number of rows."""
        return got["`len` of three users"] == 4 and expected["`len` of three users"] == 3

    def iou_hidden_by_attribute(expected, got): return "'Tensor' object is not callable" in got.error.text
    def python_float(expected, got): return type(got[FIRST][2]) is float
    def dimension_on_other(expected, got): return got[FIRST][1].shape == (1, 3)
    def dimension_on_similarity(expected, got): return got[FIRST][2].shape == (1,)

    def rows_swapped(expected, got):
        one, two = expected[TWINS[0]][0], got[TWINS[0]][0]
        return one["user"] == two["other"] != two["user"] == one["other"]

    def p_inverted(expected, got): return [got[one] for one in TWINS] == [expected[one] for one in TWINS[::-1]]
    def one_kind_only(expected, got):
        """You draw the same kind of partner at p = 0 as at p = 1. With probability p the weights are `iou[i]`, else `iou_inverse[i]`."""
        return got[TWINS[0]] == got[TWINS[1]] and any(entry.value == "1 of 2 kinds" for entry in got.entries)

    def index_not_shifted(expected, got):
        kinds = any(entry.value == "2 of 2 kinds" for entry in got.entries)
        return kinds and got[TWINS[0]] == got[TWINS[1]] == expected[TWINS[1]]

    def kind_decided_once(expected, got): return any(entry.value == "1 of 2 kinds" for entry in got.entries)

    for sign in (nan_weights, crash_on_zero_weights, falls_back_on_himself, one_mixed_row, nothing_random, partner_drawn_once,
                 missing_attribute, no_dataset, reciprocal, diagonal_removed, sampler_used_up, no_length, items_counted,
                 iou_hidden_by_attribute, python_float, dimension_on_other, dimension_on_similarity, rows_swapped, p_inverted,
                 one_kind_only, kind_decided_once):
        sign.urgent = True    # it decides, so the mistake of its name need not be run, and none of the others
    del sign
    nan_weights.causes_errors = True    # nothing can be drawn with them

    def parts_of_the_item(expected, got):
        """Your items have other parts than asked. Return `(user, other, similarity)`: two rows of likes and one 0-dim tensor."""
        return len(got[FIRST]) != 3 or [part.dim() for part in got[FIRST]] != [1, 1, 0]

    def weight_zero_drawn(expected, got):
        """You draw users whose weight is 0, such as one who shares no like at p = 1. Look at the toss for the kind, and at the row
        of weights that j is drawn with."""
        return any(len(got[label]) > 1 for label in TWINS) or any("of weight 0" in one.label and one.value for one in got.entries)

    def never_drawn(expected, got):
        """Some users whose weight is above 0 are never drawn. Draw with the weights themselves, without a threshold or a maximum."""
        cases = ((one[j], two[j]) for one, two, himself in _counts(expected, got) for j in range(len(one)) if j != himself)
        return any(wanted > 20 and not seen for wanted, seen in cases)

    def evenly_drawn(expected, got):
        """You draw evenly among the users whose weight is above 0. Draw in proportion to it: at twice the weight, twice as often."""
        _, counts, _ = _counts(expected, got)[0]
        return counts[1] > 0.8 * counts.sum()    # 42 of 48 users are like the first; right draws take them in a third of the cases

    def similarity_with_himself(expected, got): return _likeness(got) == "one for all" and got[TWINS[0]][0]["similarity"] == 1

    def similarity_from_inverse(expected, got):
        unlike = got[TWINS[0]][0]
        told = unlike["similarity"] == 1 and unlike["user"] != unlike["other"]
        return got[FIRST][2] == 0 or told or _likeness(got) == "the complement"

    def label_as_similarity(expected, got): return _likeness(got) == "one for all"

    def rounded_similarity(expected, got):
        """Your similarity is rounded: it is near `iou[i, j]`, and not equal to it. Hand the number on as it is."""
        return _likeness(got).startswith("rounded")

    def similarity_of_another_draw(expected, got): return _likeness(got) == "different"
    def iou_changed_by_access(expected, got): return any("as before" in one.label and not one.value for one in got.entries)
    def hands_out_a_view(expected, got): return not any(got["a user whose rows were masked in place"][0]["user"])
    def users_left_out(expected, got):
        """Your data set leaves out the users without likes, so the numbers of the others no longer fit `iou`. Keep every row."""
        return got["`data` of users of whom one likes nothing"].shape[0] < 2

    def not_exactly_p(expected, got):
        """You draw alike pairs with another probability than p. Toss with `torch.rand(()) < self.p`, at every access."""
        alike, unlike = got["the alike and the unlike pairs at p = 0.3"]
        return abs(alike / (alike + unlike) - 0.3) > 0.09

    def allowed_input_refused(expected, got):
        """Your tests refuse what is allowed: p may be 0 or 1, and likes int64, bool or float32. Refuse only what lies outside."""
        return got.error.kind in ("ValueError", "AssertionError")


class Advice:
    """What a right answer may lack; together they cost one point."""

    def input_unchecked(expected, got, source):
        """The fifth point is open: some p outside [0, 1], data that are not 2-D, or entries other than 0 and 1 get through, or your
        `ValueError` does not name the value. Test all three in `__init__`."""
        named = {"p = 1.5": r"1\.5", "p = -0.25": r"-0?\.2", "likes of shape (3,)": "3", "likes of shape (4, 2, 3)": r"4\D+2\D+3",
                 "likes with a 7": "7", "likes with a 0.5": r"0?\.5"}
        return not all(re.search(f"(?s)^ValueError: .*{value}", str(got[label])) for label, value in named.items())

    def sampling_twice(expected, got, source):
        """The fifth point is open: the sampling code stands twice, once for each kind. Let the coin choose the weights, and draw once below."""
        calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call) and _name_of(node.func) in SAMPLERS]
        return sum(not any(_name_of(part) == "p" for part in ast.walk(call)) for call in calls) > 1

    input_unchecked.costs = sampling_twice.costs = 1


SAMPLERS = ("WeightedRandomSampler", "multinomial", "choices", "choice", "searchsorted", "Categorical")


def _name_of(node):
    return getattr(node, "attr", getattr(node, "id", ""))
