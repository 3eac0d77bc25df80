"""A deep autoencoder of ratings: SELU layers down and up again, and dropout on the code."""

import torch
from torch.nn import functional
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
NAME, ROWS, CODE = "DeepRec", 211, "the code"
PRODUCTS = ("linear", "matmul", "mm", "addmm", "einsum", "tensordot", "__matmul__", "__rmatmul__")
CASES = (
    (7, (5, 3), 0.8), (12, [6], 0.5), (9, (8, 6, 4), 0.25), (9, (8, 6, 4), 0.0), (6, (4, 9), 0.5), (8, (4, 4), None)
)


def probe(ask, answer):
    for items, hidden, dropout in CASES:
        given = hidden[:], *([] if dropout is None else [dropout])
        at = f"{items} items, hidden = {hidden}" + ("" if dropout is None else f", dropout = {dropout}")
        model = ask.call(at, answer.DeepRec, items, *given, read=kind)
        if not isinstance(model, torch.nn.Module) or not formed(ask, at, model, items):
            return
        looked_into(ask, at, model, items, 0.8 if dropout is None else dropout)
    ask.record("the parameters of two models", apart(answer.DeepRec(6, (4,)), answer.DeepRec(6, (4,))), name=NAME)


def formed(ask, at, model, items):
    """Ask for the shapes of what comes back in both modes, and tell whether to go on."""
    rows = torch.randint(0, 6, (4, items), generator=ask.generator).float()
    for mode in ("training", "eval"):
        for label, batch in (("four users", rows), ("one user", rows[:1])):
            run = named(model.train(mode == "training"))
            output = ask.call(f"{label} in {mode} mode, {at}", run, batch.clone(), read=form)
            if form(output) != f"float32 of shape {tuple(batch.shape)}":
                return False
    return True


def looked_into(ask, at, model, items, p):
    """Follow a pass from product to product, in eval and in training mode."""
    silence_biases(model)
    rows = 4 * torch.randn(ROWS, items, generator=ask.generator)
    for mode in ("eval", "training"):
        trace = Trace(model.train(mode == "training"))
        label, widths = f"the layers in {mode} mode, {at}", lambda _, t=trace: t.widths(items)
        output = ask.call(label, named(trace.follow), rows.clone(), read=widths)
        said, dropped = trace.between(rows, output, p)
        ask.record(f"what stands between the layers in {mode} mode, {at}", said, name=NAME)
        if dropped is not None:
            ask.sample(f"how many numbers of the code are kept and dropped, {at}", dropped, name=NAME)
    ask.call(f"what a backward pass reaches, {at}", named(reached(model, trace)), torch.ones(4, items))
    whole = sum(w.numel() for w in model.parameters()) >= trace.numbers()
    ask.record(f"`parameters()` has all the weights, {at}", whole, name=NAME)


class Trace(TorchFunctionMode):
    """Follow a pass from product to product, each of which gives telling numbers in place of its own."""

    def __init__(self, model):
        super().__init__()
        self.model, self.given, self.made, self.weights, self.places = model, [], [], {}, set()

    def follow(self, x):
        with self:
            return self.model(x)

    def __torch_function__(self, function, types, args=(), kwargs=None):
        output = function(*args, **(kwargs or {}))
        if getattr(function, "__name__", "") not in PRODUCTS or not isinstance(output, torch.Tensor):
            return output
        flat = [item for part in args for item in (part if isinstance(part, tuple | list) else [part])]
        found = [item for item in [*flat, *(kwargs or {}).values()] if isinstance(item, torch.Tensor)]
        batch = [item.detach().float() for item in found if item.dim() == 2 and ROWS in item.shape]
        weight = [item for item in found if item.dim() == 2 and ROWS not in item.shape]
        return self.step(batch[0], max(weight, key=torch.numel), output) if batch and weight else output

    def step(self, x, weight, output):
        turned = len(output) != ROWS
        width = output.shape[0 if turned else -1]
        made = 2 * torch.randn(ROWS, width, generator=torch.Generator().manual_seed(len(self.made)))
        self.given.append(x.T if turned else x)
        self.made.append(made)
        self.weights[weight.numel(), round(float(weight.double().sum()), 4)] = weight.numel()  # a tied one counts once
        self.places.add(weight.data_ptr())
        return (made.T if turned else made).to(output.dtype, copy=True)

    def numbers(self):
        return sum(self.weights.values())

    def widths(self, items):
        """The widths from layer to layer, as they are passed through."""
        return "no product with weights" if not self.made else [items, *(part.shape[1] for part in self.made)]

    def between(self, rows, output, p):
        """Put into words what stands before each product and after the last; and count what is dropped of the code."""
        if not self.made:
            return [], None
        ends = zip([rows, *self.made], [*self.given, output.detach()], strict=True)
        said, counts = [], None
        for place, (before, after) in enumerate(ends):
            word, dropped = told(before, after, p)
            at_code = place == len(self.made) // 2
            said.append(f"{CODE}: {word}" if at_code else word)
            counts = dropped if at_code and dropped is not None else counts
        return said, counts


def told(before, after, p):
    """Say in words what turned `before` into `after`, and count what was kept and dropped."""
    if before.shape != after.shape:
        return "another width", None
    ends = {"nothing": before, "SELU": torch.selu(before)}
    for word, value in ends.items():
        if near(after, value):
            return word, None
    for word, value in reversed(ends.items()):
        for share in dict.fromkeys((p, round(1 - p, 6), 0.5, 0.8)):
            kinds = dropouts(value, share)
            for mask, what in ((near_each(after, low), near_each(after, kept)) for kept, low in kinds):
                if bool((mask | what).all()) and bool(mask.any()):
                    return dropped_words(word, mask & ~what, share, p)
    others = {"ReLU": before.relu(), "ELU": functional.elu(before), "tanh": before.tanh(), "sigmoid": before.sigmoid()}
    others |= {"leaky ReLU": functional.leaky_relu(before), "GELU": functional.gelu(before)}
    others |= {"SELU twice": torch.selu(ends["SELU"]), "SELU and ReLU": ends["SELU"].relu()}
    others |= {"a cut": before.clamp(1, 5)}
    found = (word for word, value in others.items() if near(after, value))
    return next(found, dropped_first(before, after)), None


def dropouts(value, p):
    """What a number becomes when it is kept and when it is dropped, by plain and by alpha dropout."""
    if p in (0, 1):
        return []
    low = -1.7580993408473766
    scale = ((1 - p) * (1 + p * low**2)) ** -0.5
    shift = -scale * low * p
    return [(value / (1 - p), torch.zeros(())), (scale * value + shift, torch.tensor(scale * low + shift))]


def dropped_words(word, mask, share, p):
    """Which numbers are dropped: each by itself with the asked probability, or otherwise."""
    if bool((mask == mask[:1]).all()):
        return f"{word}, and the same numbers dropped in every row", None
    if bool((mask == mask[:, :1]).all()) and mask.shape[1] > 1:
        return f"{word}, and whole rows dropped", None
    right = f"{word} and dropout" if share == p else f"{word} and dropout with another probability"
    counts = torch.stack([(~mask).sum(), mask.sum()])
    return right, counts if share == p else None


def dropped_first(before, after):
    """A dropout that stands before the SELU leaves zeros, and SELUs of what was scaled up."""
    kept = after != 0
    scaled = inverse(after)[kept] / before[kept]
    first = not bool(kept.all()) and scaled.numel() > 0 and bool((scaled - scaled.median()).abs().max() < 1e-2)
    first = first and float(scaled.median()) > 1.05
    return "dropout, then SELU" if first else "something else"


def inverse(value):
    scale, alpha = 1.0507009873554805, 1.6732632423543772
    return torch.where(value > 0, value / scale, torch.log1p((value / (scale * alpha)).clamp(min=-0.999999)))


def near_each(one, two):
    return torch.isclose(one, two.expand_as(one), rtol=1e-3, atol=1e-3)


def near(one, two):
    return bool(near_each(one, two).all())


def silence_biases(model):
    """Set all biases to 0, so that those added after a product do not blur what comes out of it."""
    with torch.no_grad():
        for weight in model.parameters():
            if weight.numel() == max(weight.shape, default=1):
                weight.zero_()


def reached(model, trace):
    """Tell whether one backward pass reaches all weights that took part in a pass."""

    def backward(x):
        output, weights = model(x), [w for w in model.parameters() if w.data_ptr() in trace.places]
        if not output.requires_grad or not all(w.requires_grad for w in weights):
            return "not every layer"
        found = torch.autograd.grad(output.sum(), weights, allow_unused=True) if weights else ()
        return "not every layer" if any(item is None for item in found) else "every layer"

    return backward


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
