"""A deep autoencoder of ratings: SELU layers down and up again, and dropout on the code."""

import functools

import torch
from torch import nn
from torch.overrides import TorchFunctionMode

NAMES = ("DeepRec",)
NEEDS = ()
STUB = '''
class DeepRec(torch.nn.Module):
    """A deep autoencoder of ratings."""

    def __init__(self, items, hidden, dropout=0.8):
        """Make the layers. With hidden = (128, 64) they go from items to 128, to 64 (the code), to 128, to items.

        A SELU follows each layer but the last, the code's too; the last layer's output is left as it is.
        After the code's SELU comes a dropout, torch.nn.Dropout or torch.nn.AlphaDropout, and there is no other.

        items: how many items a row has.  hidden: a tuple or list of widths, one or more.
        dropout: the probability that a number of the code is dropped, in training mode only.
        """
        raise NotImplementedError

    def forward(self, ratings):
        """Rebuild a batch of ratings. ratings: (B, items) float32.  Returns: (B, items) float32."""
        raise NotImplementedError
'''
NAME, ROWS, CODE = "DeepRec", 53, "the code"
OTHER = "something else"
PRODUCTS = ("linear", "matmul", "mm", "mv", "addmm", "addmv", "einsum", "tensordot", "__matmul__", "__rmatmul__")
# The cheapest questions that tell most mistakes apart come first: what differs there is asked no further.
CASES = (
    (7, [5, 3], 0.8), (9, (8, 6, 4), 0.25), (8, (4, 4), None), (12, (6,), 0.5), (6, (4, 9), 0.5), (9, (8, 6, 4), 0.0)
)
BENDS = {
    "ReLU": torch.relu, "tanh": torch.tanh, "GELU": nn.functional.gelu, "ELU": nn.functional.elu,
    "leaky ReLU": nn.functional.leaky_relu, "SELU twice": lambda x: torch.selu(torch.selu(x)),
    "SELU and ReLU": lambda x: torch.selu(x).relu(), "sigmoid": torch.sigmoid, "a cut": lambda x: x.clamp(1, 5),
}
# Five chi-square tests, one a case with dropout: a right answer is refused once in 2 * 10 ** 6 by chance. That all of
# its 53 rows, or two passes, drop alike is far rarer: at most 0.68 ** (52 * 3), for the narrowest code.


def probe(ask, answer):
    for case, (items, hidden, dropout) in enumerate(CASES):
        given = hidden[:], *([] if dropout is None else [dropout])
        at = f"{items} items, hidden = {hidden}" + ("" if dropout is None else f", dropout = {dropout}")
        model = ask.call(at, answer.DeepRec, items, *given, read=kind)
        users = 4 if case else int(torch.randint(4, 64, (), generator=ask.generator))
        label = f"{users} users in eval mode, {at}"
        if not isinstance(model, torch.nn.Module) or not formed(ask, label, model, users, items):
            return
        if not looked_into(ask, at, model, items, 0.8 if dropout is None else dropout):
            return
        if case == 0 and not formed(ask, f"one user in training mode, {at}", model, 1, items):
            return
        if case == 0:
            asked_twice(ask, model, items)
            ask.call("the parameters of two models", twice(answer.DeepRec), 6, (4,), read=lambda pair: apart(*pair))


def formed(ask, label, model, users, items):
    """Ask for the shape of what comes back, and tell whether to go on."""
    rows = torch.randint(0, 6, (users, items), generator=ask.generator).float()
    return form(ask.call(label, named(model.train("training" in label)), rows.clone(), read=form)) == like(rows)


def looked_into(ask, at, model, items, p):
    """Follow a pass from product to product in both modes, the one that shows more first; tell whether to go on."""
    silence_biases(model)
    rows = ratings_of(ask, items)
    for mode in ("training", "eval"):
        trace = Trace(model.train(mode == "training"))
        label, read = f"the layers in {mode} mode, {at}", functools.partial(trace.widths, items)
        output = ask.call(label, named(trace.follow), rows.clone(), read=read)
        if form(output) != like(rows):
            return False
        said, dropped = trace.between(rows, output.detach(), p)
        ask.record(f"what stands between the layers in {mode} mode, {at}", said, name=NAME)
        if mode == "eval" and said[:1] == ["nothing"]:
            ask.record(f"two of the rows that the first layer gets, {at}", trace.first()[:2], name=NAME)
        if dropped is not None:
            ask.sample(f"how many numbers of the code are kept and dropped, {at}", dropped, name=NAME)
    ask.call(f"what a backward pass reaches, {at}", named(reached(model, trace)), torch.ones(4, items))
    whole = sum(w.numel() for w in model.parameters()) >= trace.numbers()
    ask.record(f"`parameters()` has all the weights, {at}", whole, name=NAME)
    return True


def ratings_of(ask, items):
    """Numbers of either sign, and a third of zeros, as where nothing is rated."""
    rows = 4 * torch.randn(ROWS, items, generator=ask.generator)
    return rows * (torch.rand(ROWS, items, generator=ask.generator) < 0.67)


def asked_twice(ask, model, items):
    """Ask for the same users twice: equal in eval mode, and with other numbers dropped in training mode."""
    rows = ratings_of(ask, items)
    for mode in ("eval", "training"):
        model.train(mode == "training")
        label, run = f"the same users twice in {mode} mode", named(twice(model))
        ask.call(label, run, rows.clone(), read=lambda pair: "alike" if near(*pair) else "different")


class Trace(TorchFunctionMode):
    """Follow the rows of a pass from product to product, each of which gives telling numbers in place of its own.

    What was made from the rows is known by its id, with the number of products that it went through: rows may go
    all at once, one by one, or as columns.
    """

    def __init__(self, model):
        super().__init__()
        self.model, self.depths, self.alive, self.given, self.made, self.weights = model, {}, [], {}, {}, {}
        self.chance = torch.Generator().manual_seed(1)

    def follow(self, x):
        self.mark(x, 0)
        with self:
            return self.model(x)

    def mark(self, tensor, depth):
        self.depths[id(tensor)] = depth
        self.alive.append(tensor)  # else its id may become another's

    def __torch_function__(self, function, types, args=(), kwargs=None):
        output = function(*args, **(kwargs or {}))
        found = [(item, self.depths.get(id(item))) for item in tensors([*args, *(kwargs or {}).values()])]
        known = [(depth, item) for item, depth in found if depth is not None]
        if known:
            depth, x = max(known, key=lambda pair: pair[0])
            weights = [item for item, place in found if place is None and item.dim() == 2]
            if weights and getattr(function, "__name__", "") in PRODUCTS and isinstance(output, torch.Tensor):
                output, depth = self.step(depth, x, max(weights, key=torch.numel), output), depth + 1
            for part in tensors([output]):
                self.mark(part, depth)
        return output

    def step(self, depth, x, weight, output):
        made = 2 * torch.randn(output.shape, generator=self.chance)
        self.given.setdefault(depth, []).append(rows_of(x.detach().float(), weight).clone())
        self.made.setdefault(depth, []).append(rows_of(made, weight))
        self.weights[weight.numel(), round(float(weight.double().sum()), 4)] = weight.numel()  # a tied one counts once
        return made.to(output.dtype, copy=True)

    def first(self):
        """What the first layer was given, all rows together."""
        return joined(self.given[0])

    def numbers(self):
        return sum(self.weights.values())

    def widths(self, items, output):
        """The widths from layer to layer, as they are passed through; or the form of an output that is off."""
        if form(output) != like(torch.empty(ROWS, items)):
            return form(output)
        widths = [items, *(parts[-1].shape[1] for parts in self.made.values())]
        return widths if self.made else "no product with weights"

    def between(self, rows, output, p):
        """Put into words what stands before each product and after the last; and count what is dropped of the code."""
        if not self.made:
            return [], None
        made, given = ([joined(parts) for parts in all_of_them.values()] for all_of_them in (self.made, self.given))
        said, counts = [], None
        for place, (before, after) in enumerate(zip([rows, *made], [*given, output], strict=True)):
            at_end = told_at_the_end(rows, before, after) if after is output else None
            word, dropped = (at_end, None) if at_end else told(before, after, p)
            at_code = place == len(made) // 2
            said.append(f"{CODE}: {word}" if at_code else word)
            counts = dropped if at_code and dropped is not None else counts
        return said, counts


def tensors(items):
    """The tensors in a list, also those in lists inside it."""
    flat = [item for part in items for item in (part if isinstance(part, tuple | list) else [part])]
    return [item for item in flat if isinstance(item, torch.Tensor)]


def rows_of(x, weight):
    """Turn what goes into or comes out of a product into rows: one row may be a vector, and many may be columns."""
    return x.T if x.dim() == 2 and x.shape[1] not in weight.shape else x.reshape(-1, x.shape[-1])


def joined(parts):
    """All rows at one depth, the last time that all came at once; else they came in parts."""
    whole = [part for part in parts if len(part) == ROWS]
    alike = [part for part in parts if part.shape[1] == parts[-1].shape[1]]
    return whole[-1] if whole else torch.cat(alike)


def told(before, after, p):
    """Say in words what turned `before` into `after`, and count what was kept and dropped."""
    if before.shape != after.shape:
        return "another width", None
    if bool(after.isnan().any()):
        return "NaN", None
    ends = {"nothing": before, "SELU": torch.selu(before)}
    word = next((word for word, value in ends.items() if near(after, value)), None)
    word = word or next((word for word, bend in BENDS.items() if near(after, bend(before))), None)
    return (word, None) if word else told_of_dropout(ends, before, after, p)


def told_of_dropout(ends, before, after, p):
    """Say in words what was dropped, and how, and count it; `ends` are what it may have been dropped of."""
    for word, value in reversed(ends.items()):
        found = plain_dropout(word, value, after, p) or alpha_dropout(word, value, after, p)
        if found:
            return found
    return dropped_first(before, after), None


def told_at_the_end(rows, before, after):
    """Say what became of the output with the help of the ratings, if anything did."""
    if not before.shape == after.shape == rows.shape:
        return None
    rated = rows != 0
    others = {"0 where nothing is rated": before * rated, "the ratings put back": torch.where(rated, rows, before)}
    others |= {"the ratings added": before + rows}
    return next((word for word, value in others.items() if near(after, value)), None)


def plain_dropout(word, value, after, p):
    """Numbers set to 0, and all others times one factor."""
    live = value.abs() > 1e-2
    gone = (after == 0) & live
    scales = (after / value)[live & ~gone]
    if len(scales) < 8 or bool((scales - scales.median()).abs().max() > 1e-2 * scales.median().abs()):
        return None
    scale, share = float(scales.median()), float(gone.sum() / live.sum())
    if not gone.any():
        return f"{word} times {scale:.3g}", None
    return dropped_words(word, gone, near_one(scale * (1 - p)), how_dropped(scale, share, p), live)


def how_dropped(scale, share, p):
    """Say how a dropout differs from what is asked: in its probability, its number or its factor."""
    if near_one(scale * (1 - p) ** 2):
        return "dropout twice"
    if any(near_one(scale * (1 - other)) and abs(share - other) < 0.25 for other in (1 - p, 0.5, 0.8)):
        return "dropout with another probability"
    return f"dropout, what is kept times {scale:.3g} and not {1 / (1 - p):.3g}" if p < 1 else "dropout"


def alpha_dropout(word, value, after, p):
    """Numbers set to a low value, and all others scaled and shifted, as `torch.nn.AlphaDropout` does."""
    for share in dict.fromkeys((p, round(1 - p, 6), 0.5, 0.8)):
        if share in (0, 1):
            continue
        low = -1.7580993408473766
        scale = ((1 - share) * (1 + share * low**2)) ** -0.5
        shift = -scale * low * share
        gone, kept = near_each(after, torch.tensor(scale * low + shift)), near_each(after, scale * value + shift)
        if bool((gone | kept).all()) and bool(gone.any()):
            return dropped_words(word, gone & ~kept, share == p, "dropout with another probability", kept | gone)
    return None


def dropped_words(word, gone, right, otherwise, live):
    """Which numbers are dropped: each by itself as asked, or otherwise; a right one is counted."""
    kept = live & ~gone
    if not bool((gone.any(dim=0) & kept.any(dim=0)).any()):
        return f"{word}, and the same numbers dropped in every row", None
    if not bool((gone.any(dim=1) & kept.any(dim=1)).any()) and gone.shape[1] > 1:
        return f"{word}, and whole rows dropped", None
    counts = torch.stack([kept.sum(), gone.sum()])
    return (f"{word} and dropout", counts) if right else (f"{word} and {otherwise}", None)


def dropped_first(before, after):
    """A dropout that stands before the SELU leaves zeros, and SELUs of what was scaled up."""
    kept = after != 0
    scaled = inverse(after)[kept] / before[kept]
    first = not bool(kept.all()) and scaled.numel() > 0 and bool((scaled - scaled.median()).abs().max() < 1e-2)
    first = first and float(scaled.median()) > 1.05
    return "dropout, then SELU" if first else OTHER


def inverse(value):
    scale, alpha = 1.0507009873554805, 1.6732632423543772
    return torch.where(value > 0, value / scale, torch.log1p((value / (scale * alpha)).clamp(min=-0.999999)))


def near_each(one, two):
    return (one - two).abs() <= 1e-3 + 1e-3 * two.abs()


def near(one, two):
    return torch.allclose(one, two, rtol=1e-3, atol=1e-3)


def near_one(number):
    return abs(number - 1) < 0.01


def is_bias(weight):
    return weight.numel() == max(weight.shape, default=1)


def silence_biases(model):
    """Set all biases to 0, so that those added after a product do not blur what comes out of it."""
    with torch.no_grad():
        for weight in filter(is_bias, model.parameters()):
            weight.zero_()


def reached(model, trace):
    """Tell whether one backward pass reaches as many weights in `parameters()` as took part in a pass."""

    def backward(x):
        output, weights = model(x), [w for w in model.parameters() if w.requires_grad and not is_bias(w)]
        if not output.requires_grad or not weights:
            return "no layer"
        found = torch.autograd.grad(output.sum(), weights, allow_unused=True)
        count = sum(w.numel() for w, gradient in zip(weights, found, strict=True) if gradient is not None)
        return "every layer" if count >= trace.numbers() else "not every layer" if count else "no layer"

    return backward


def twice(function):
    """Call it two times with the same arguments."""

    def run(*given):
        return function(*given), function(*given)

    run.__qualname__ = NAME
    return run


def apart(one, two):
    return "shared" if {id(w) for w in one.parameters()} & {id(w) for w in two.parameters()} else "apart"


def named(function):
    """Let a message call a pass by the name of what is asked."""

    def run(ratings):
        return function(ratings)

    run.__qualname__ = f"{NAME}.forward"
    return run


def kind(output):
    return "a torch.nn.Module" if isinstance(output, torch.nn.Module) else output


def form(output):
    if isinstance(output, tuple | list):
        return tuple(map(form, output))
    return f"{str(output.dtype)[6:]} of shape {tuple(output.shape)}" if type(output) is torch.Tensor else output


def like(batch):
    return f"float32 of shape {tuple(batch.shape)}"
