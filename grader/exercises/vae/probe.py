"""An autoencoder whose code can be drawn at random."""

import torch
from torch.overrides import TorchFunctionMode

NAMES = ("VariationalAutoEncoder",)
NEEDS = ("reparametrise",)
STUB = '''
class VariationalAutoEncoder(torch.nn.Module):
    """Encode each row as a normal distribution, and decode a code drawn from it."""

    def __init__(self, features, latent):
        """Make an encoder to mean and log variance, `latent` numbers each, a decoder to `features` probabilities."""
        raise NotImplementedError

    def forward(self, x):
        """Rebuild a batch from a code drawn by `reparametrise` in training mode, and from the mean in eval mode.

        x: (B, features) float32.  Returns: (reconstruction, mean, log_variance), of shapes (B, features), (B, latent)
        and (B, latent); the reconstruction lies in [0, 1].
        """
        raise NotImplementedError

    def encode(self, x):
        """Give (mean, log_variance), (B, latent) each; nothing is random here."""
        raise NotImplementedError

    def sample(self, n):
        """Draw n codes from N(0, 1), in either mode, and decode them: (n, features) in [0, 1]."""
        raise NotImplementedError
'''
FEATURES, LATENT, ROWS, PLACES, NAME, OWN = 41, 23, 251, 5, "VariationalAutoEncoder", "each element its own"
LINEAR = ("linear", "matmul", "mm", "addmm", "einsum", "tensordot", "bmm", "baddbmm", "__matmul__", "__rmatmul__")
AHEAD = ("relu", "leaky_relu", "elu", "selu", "gelu", "silu", "tanh", "dropout", "layer_norm", "batch_norm", "clone")


def probe(ask, answer):
    model = ask.call("six features and a code of two", answer.VariationalAutoEncoder, 6, 2, read=forms)
    if not isinstance(model, torch.nn.Module) or not formed(ask, model):
        return
    model = ask.call("41 features and a code of 23", answer.VariationalAutoEncoder, FEATURES, LATENT, read=forms)
    x = 4 * torch.randn(ROWS, FEATURES, generator=ask.generator)
    ask.call(f"{ROWS} rows", (sight := Watch()).over(method(model.eval())), x.clone(), read=forms)
    ask.record("`parameters()` has all the weights", sight.leaves <= {*map(id, model.parameters())}, name=NAME)
    seen = sight.code is not None  # whether the decoder is one that can be looked into
    first = drawn(ask, model, seen)
    evaluated(ask, model.eval(), x, sight, first)
    trained(ask, model.train(), x, seen, first)


def formed(ask, model):
    """Ask for the shapes of all that comes back, and tell whether they are right enough to go on."""
    likes = torch.tensor([[1.0, 0, 1, 0, 0, 1], [0, 1, 1, 0, 0, 0], [1, 1, 1, 1, 1, 1]])
    for label, x, mode in (("three users", likes, "training"), ("one user", likes[:1], "eval")):
        model.train(mode == "training")  # a batch norm takes no batch of one in training
        one = ask.call(f"the code of {label}", method(model, "encode"), x.clone(), read=forms)
        two = ask.call(f"{label} in {mode} mode", method(model), x.clone(), read=forms)
        if shapes(one) != [[len(x), 2]] * 2 or shapes(two) != [[len(x), 6]] + [[len(x), 2]] * 2:
            return False
        ask.call(f"{len(x)} drawn in {mode} mode", method(model, "sample"), len(x), read=forms)
    numbers = torch.randint(2, 64, (4,), generator=ask.generator).tolist()
    ask.call("four numbers of rows drawn", named(f"{NAME}.sample", lambda: [*map(model.sample, numbers)]), read=forms)
    return True


def drawn(ask, model, seen):
    """Follow what is drawn to the decoder's first product, which tells the codes and the decoder's weight."""
    codes = []
    for mode in ("training", "eval"):
        model.train(mode == "training")
        watch = Watch()
        rows = ask.call(f"{ROWS} drawn in {mode} mode", watch.over(method(model, "sample")), ROWS, read=forms)
        ask.record(f"the {mode} mode after `sample`", model.training == (mode == "training"), aside=True)
        ask.record(f"rows drawn in {mode} mode sum to 1", bool(((rows.sum(1) - 1).abs() < 1e-4).all()), aside=True)
        ask.record(f"drawn in {mode} mode are all alike", torch.allclose(rows, rows[:1].expand_as(rows)), aside=True)
        ask.record(f"only zeros and ones drawn in {mode} mode", bool(((rows == 0) | (rows == 1)).all()), aside=True)
        code = watch.code if seen else torch.randn(ROWS, LATENT)
        ask.record(f"whether `sample` encodes rows in {mode} mode", watch.encodes, aside=True)
        tell(ask, f"the codes drawn in {mode} mode", code, f"{NAME}.sample")
        codes.append(code)
    again = shared(codes[0]) == OWN and codes[1] is not None and codes[0].equal(codes[1])
    ask.record("whether two calls draw the same codes", again, name=f"{NAME}.sample")
    return watch.first


def evaluated(ask, model, x, sight, first):
    """In eval mode the decoder gets the mean, and `encode` says the same as `forward`."""
    rebuilt, mean, spread, watch = both_ways(ask, "eval", model, x, first)
    alike, likely = torch.allclose(rebuilt, rebuilt[:1].expand_as(rebuilt), atol=1e-6), rebuilt.min() >= 0.5
    ask.record("whether every row comes back the same in eval mode", alike, name=f"{NAME}.forward")
    ask.record("whether no item is ever unlikely", bool(likely and rebuilt.max() > 0.5), name=f"{NAME}.forward")
    heads = [bool((part >= 0).all()) and bool((part > 0).any()) for part in (mean, spread)]
    ask.record("whether mean and log variance are never negative", heads, name=f"{NAME}.encode")
    ask.record("whether mean and log variance are the same", mean.equal(spread), name=f"{NAME}.encode")
    gets = decoded(watch.codes, mean, spread, sight.code) if sight.codes else "the mean"
    ask.record("what the decoder gets in eval mode", gets, name=f"{NAME}.forward")
    narrow(ask, model, x[:PLACES], rebuilt[:PLACES])


def narrow(ask, model, rows, rebuilt):
    """Some rows, as many times as they have features: they come back as in any batch, and by way of the mean alone.

    Where the mean stands still, for small steps, the reconstruction has to.
    """
    copies = rows.repeat_interleave(FEATURES, 0).requires_grad_()
    again, mean, _ = ask.call(f"{PLACES} rows, 41 times over, in eval mode", method(model), copies.clone(), read=forms)
    same = torch.allclose(again[::FEATURES], rebuilt, atol=1e-4)
    ask.record("whether a row comes back the same in another batch", same, name=f"{NAME}.forward")
    known, slopes = slope(mean, copies)[:, :LATENT], slope(again, copies)
    _, size, ways = torch.linalg.svd(known, full_matrices=False)
    ways = ways * (size > 1e-6 * size[:, :1]).unsqueeze(2)
    past = (slopes - slopes @ ways.mT @ ways).norm() > 1e-3 * slopes.norm()  # rounding leaves 1e-6
    ask.record("whether anything gets past the code", mean.requires_grad and bool(past), name=f"{NAME}.forward")


def slope(of, at):
    """Give the slopes of number j, taken in copy j: (rows, copies, features)."""
    each = of.reshape(PLACES, FEATURES, -1).diagonal(dim1=1, dim2=2).sum()
    found = torch.zeros_like(at)
    if each.requires_grad:
        found = torch.autograd.grad(each, at, retain_graph=True, allow_unused=True, materialize_grads=True)[0]
    return found.double().reshape(PLACES, FEATURES, FEATURES)


def decoded(codes, mean, spread, before):
    """Say what entered the decoder; `before` did so on the same rows in another call."""
    for name, part in (("the mean", mean), ("the log variance", spread)):
        if any(torch.allclose(code, part, atol=1e-3) for code in codes):
            return name
    return "the same code at each call, not the mean" if codes and codes[0].equal(before) else "a code drawn at random"


def trained(ask, model, x, seen, first):
    """In training mode the decoder gets mean + deviation * noise, and all that is learnt hears of it."""
    rebuilt, mean, spread, watch = both_ways(ask, "training", model, x, first)
    hears = named(f"{NAME}.forward", lambda: heard(model, rebuilt, mean, spread))
    ask.call("whether the reconstruction's gradient reaches mean and log variance", hears)
    code = watch.code if seen else mean + torch.exp(spread / 2) * torch.randn(ROWS, LATENT)
    noise = None if code is None else ((code - mean) / torch.exp(spread / 2)).detach()
    wide = spread.flatten().argsort(stable=True).argsort().reshape(spread.shape) >= spread.numel() // 2
    if noise is not None:
        off = (mean - mean.mean(0)).detach()
        follows = float((code.detach() * off).sum() / (off**2).sum())
        ask.record("slopes of the code", [follows, float(noise[wide].std()), float(noise[~wide].std())], aside=True)
    tell(ask, "the noise in training mode", noise, f"{NAME}.forward", wide)


def both_ways(ask, mode, model, x, first):
    """Ask `forward` and `encode` from one state of chance, so that a dropout in the encoder is the same."""
    watch, state = Watch(first), torch.get_rng_state()
    rebuilt, *code = ask.call(f"{ROWS} rows in {mode} mode", watch.over(method(model)), x.clone(), read=forms)
    torch.set_rng_state(state)
    alone = ask.call(f"the code of {ROWS} rows in {mode} mode", method(model, "encode"), x.clone(), read=forms)
    agree = [torch.allclose(one, two, atol=1e-4) for one, two in zip(code, alone, strict=True)]
    ask.record(f"mean and log variance of `encode` against `forward`, {mode} mode", agree, name=f"{NAME}.encode")
    return rebuilt, *code, watch


def tell(ask, label, noise, name, wide=None):
    """Say which elements share their noise, and count it in twelve bins that standard normal noise fills alike.

    Three such tests, each with a false alarm of 1e-7 (`same_frequencies`), make 3e-7 for a right answer.
    The elements that are `wide` have bins of their own: a wrong spread makes that half too wide, the other too narrow.
    """
    ask.record(label, shared(noise), name=name)
    if shared(noise) == OWN:
        ask.record(f"{label}: mean and deviation", [float(noise.mean()), float(noise.std())], aside=True)
        bins = torch.bucketize(noise.nan_to_num(nan=99.0).flatten(), torch.special.ndtri(torch.arange(1, 12) / 12))
        bins = bins if wide is None else bins + 12 * wide.flatten()
        ask.sample(f"{label}, counted", torch.bincount(bins, minlength=12 if wide is None else 24), name=name)


def shared(noise):
    if noise is None:
        return "not found"
    rows, columns = (torch.allclose(noise, one.expand_as(noise), atol=1e-3) for one in (noise[:1], noise[:, :1]))
    if rows and columns:
        none, itself = (bool(((noise - value).abs() < 1e-3).all()) for value in (0, 1))
        return "none" if none else "the deviation itself" if itself else "one number for all"
    return "the same in every row" if rows else "one number for each row" if columns else OWN


def heard(model, rebuilt, mean, spread):
    """Whether the reconstruction's gradient reaches the weights that mean alone, and log variance alone, come from."""
    weights = list(model.parameters())

    def slopes(part):
        if not part.requires_grad:
            return torch.zeros(sum(weight.numel() for weight in weights))
        return torch.cat([slope.flatten() for slope in torch.autograd.grad(
            part.sum(), weights, retain_graph=True, allow_unused=True, materialize_grads=True)])

    whole, one, two = (slopes(part) != 0 for part in (rebuilt, mean, spread))
    alone = {"mean": one & ~two, "log variance": two & ~one}
    return {name: bool(mask.any()) and bool(whole[mask].float().mean() > 0.5) for name, mask in alone.items()}


class Watch(TorchFunctionMode):
    """Write down what enters the decoder: codes in the first product with a weight, or in those with `first`.

    Attributes:
        codes: the code as it was drawn, then what activations ahead of that product made of it.
        leaves: the weights that were met, by id.
        encodes: whether whole rows were multiplied, which only an encoder does.
    """

    def __init__(self, first=None):
        super().__init__()
        self.first, self.codes, self.leaves, self.before, self.encodes = first, [], set(), {}, False
        self.single = []  # codes that come one by one

    @property
    def code(self):
        return self.codes[0] if self.codes else None

    def over(self, function):
        def run(*arguments):
            with self:
                return function(*arguments)

        return named(function.__qualname__, run)

    def __torch_function__(self, function, types, args=(), kwargs=None):
        name, kwargs = getattr(function, "__name__", ""), kwargs or {}
        output = function(*args, **kwargs)
        flat = [item for part in args for item in (part if isinstance(part, tuple | list) else [part])]
        tensors = [item for item in [*flat, *kwargs.values()] if isinstance(item, torch.Tensor)]
        if name in LINEAR:
            self.product(tensors)
        elif name in AHEAD and tensors and isinstance(output, torch.Tensor) and output.shape == tensors[0].shape:
            self.before[id(output)] = (output, [*self.chain(tensors[0]), output])
        return output

    def chain(self, tensor):
        """Give what a tensor was made of, one activation after the other, and itself at last."""
        return self.before.get(id(tensor), (0, [tensor]))[1]

    def product(self, tensors):
        self.encodes |= any(item.shape == (ROWS, FEATURES) for item in tensors)
        codes = [item for item in tensors if item.dim() == 2 and set(item.shape) == {ROWS, LATENT}]
        codes = codes or self.gathered(tensors)
        weights = [item for item in tensors if not any(item is code for code in codes)]
        self.leaves |= {id(item) for item in weights if item.is_leaf and item.requires_grad}
        places = {item.data_ptr() for item in weights if item.dim() == 2}
        if codes and places and (not self.first or places & self.first):
            self.first = self.first or places
            found = [code.detach() for code in self.chain(codes[0])]
            self.codes = self.codes or [code if len(code) == ROWS else code.T for code in found]


    def gathered(self, tensors):
        """Give the codes that were decoded one by one, once all are there."""
        passing = [item for item in tensors if not (item.is_leaf and item.requires_grad)]
        lone = [item for item in passing if item.shape in ((LATENT,), (1, LATENT))]
        self.single += [item.reshape(1, LATENT) for item in lone]
        return [torch.cat(self.single[:ROWS])] if lone and len(self.single) >= ROWS else []


def method(model, name="forward"):
    return named(f"{NAME}.{name}", lambda x: model(x) if name == "forward" else getattr(model, name)(x))


def named(name, function):
    function.__qualname__ = name
    return function


def shapes(value):
    return [list(part.shape) for part in value if type(part) is torch.Tensor] if isinstance(value, tuple | list) else []


def forms(value):
    """Shapes and ranges in place of numbers, which are chance; a list of tensors is a tuple too."""
    if isinstance(value, tuple | list):
        return tuple(map(forms, value))
    if type(value) is not torch.Tensor:
        article = "a" if isinstance(value, torch.nn.Module) else "no"
        return f"{article} torch.nn.Module" if hasattr(value, "__dict__") else value
    form = {"shape": list(value.shape), "dtype": str(value.dtype)}
    if form["shape"][-1:] in ([6], [FEATURES]):
        form["range"] = "in [0, 1]" if bool(((value >= 0) & (value <= 1)).all()) else "beyond [0, 1]"
    return form
