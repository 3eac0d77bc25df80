"""An autoencoder that hides part of its input when it is told to."""

import inspect

import torch

NAMES = ("AutoEncoder",)
NEEDS = ()
STUB = '''
class AutoEncoder(torch.nn.Module):
    """An encoder and a decoder in a row, with a mask before them that can be switched on."""

    def __init__(self, encoder, decoder, p=0.1):
        """Keep the two parts, and make one torch.nn.Dropout(p).

        encoder: a module, (B, N) -> (B, D).  decoder: a module, (B, D) -> (B, N).
        """
        raise NotImplementedError

    def forward(self, x, mask):
        """Rebuild a batch of rows.

        x: (B, N) float32.  mask: True or False; if True, the whole batch goes through the dropout first.
        Returns: the pair (latent, reconstruction), in this order, of shapes (B, D) and (B, N).
        """
        raise NotImplementedError

    def encode(self, x):
        """Give the (B, D) latent of a batch, never masked."""
        raise NotImplementedError
'''
LIKES = ((1.0, 0.0, 1.0, 0.0), (0.0, 1.0, 1.0, 0.0), (1.0, 1.0, 1.0, 1.0))
DOWN, UP = [[1.0, 2, 3, 4], [1, 0, -1, 0]], [[1.0, 0], [0, 1], [1, 1], [1, -1]]
ITEMS, FORWARD = 10_000, "AutoEncoder.forward"


def belongs(value):
    """An earlier exercise shares the name; the `forward` of this one takes a mask."""
    return "mask" in inspect.signature(value.forward).parameters


def probe(ask, answer):
    encoder, decoder = Part(DOWN), Part(UP)
    model = ask.call("an encoder and a decoder", answer.AutoEncoder, encoder, decoder, read=kind)
    if not isinstance(model, torch.nn.Module):
        return
    ask.record("its parameters", belongings(model, encoder, decoder), name="AutoEncoder")
    rates = [part.p for part in model.modules() if isinstance(part, torch.nn.Dropout)]
    ask.record("its dropout layers", rates, name="AutoEncoder", aside=True)
    if by_hand(ask, model.eval(), encoder, decoder):
        followed(ask, answer)
        counted(ask, answer)


def by_hand(ask, model, encoder, decoder):
    """Ask for what can be worked out on paper, in eval mode; tell whether the answer is a pair."""
    output = ask.call("three users, mask false", forward(model), torch.tensor(LIKES), False, read=pair)
    if type(pair(output)) is not tuple or len(output) != 2:
        return False
    ask.call("the latent of three users", encode(model), torch.tensor(LIKES))
    code = ask.call("the latent of one user", encode(model), torch.tensor(LIKES[:1]))
    carries = isinstance(code, torch.Tensor) and code.requires_grad
    ask.record("whether what `encode` gives carries a gradient", carries, aside=True)
    one = torch.tensor(LIKES[1:2])
    latent, rebuilt = ask.call("a batch of one user", forward(model, by_name=True), one, False, read=pair)
    some = torch.randint(-3, 4, (5, 4), generator=ask.generator).float()
    ask.call("five rows of any numbers, mask false", forward(model), some, False, read=pair)
    ask.gradient("the gradient of the latent", latent, encoder.weight, name=FORWARD)
    ask.gradient("the gradient of the reconstruction", rebuilt, encoder.weight, decoder.weight, name=FORWARD)
    return True


def followed(ask, answer):
    """Follow a large batch from part to part, in training mode and in eval mode."""
    encoder = Part(torch.randn(5, 40, generator=ask.generator))
    decoder = Part(torch.randn(40, 5, generator=ask.generator))
    model = ask.call("an encoder, a decoder and p = 0.5", answer.AutoEncoder, encoder, decoder, 0.5, read=kind)
    for mode in ("training", "eval"):
        model.train(mode == "training")
        watch = Watch(0.5 + torch.rand(32, 40, generator=ask.generator), encoder, decoder)
        run, x = forward(model), watch.x
        ask.call(f"32 users, mask false, in {mode} mode", run, x.clone(), False, read=watch.tell)
        ask.call(f"the latent of 32 users in {mode} mode", encode(model), x.clone(), read=watch.path)
        modes = {part.training for part in model.modules()}
        ask.record(f"the mode after `forward` and `encode`, which was {mode} mode", words(modes), name="AutoEncoder")
        model.train(mode == "training")
        ask.call(f"32 users, mask true, in {mode} mode", run, x.clone(), True, read=watch.tell)
        first = watch.zeros
        ask.call(f"the same 32 users again, mask true, in {mode} mode", run, x.clone(), True, read=watch.tell)
        again = "there are none" if not first.any() else "the same" if torch.equal(first, watch.zeros) else "different"
        ask.record(f"the zeros of the two calls in {mode} mode", again, name=FORWARD)


def words(modes):
    return " and ".join("training" if mode else "eval" for mode in sorted(modes))


def counted(ask, answer):
    """Count what is dropped from one long row of ones."""
    for label, given in (("p left out", {}), ("p = 0.3", {"p": 0.3}), ("p = 0.8", {"p": 0.8})):
        encoder, decoder, row = Part(torch.ones(1, ITEMS)), Part(torch.ones(ITEMS, 1)), torch.ones(1, ITEMS)
        model = ask.call(f"two parts, {label}", answer.AutoEncoder, encoder, decoder, read=kind, **given)
        ask.call(f"{ITEMS:,} items, mask true, {label}", forward(model.train()), row, True, read=lambda _: "")
        dropped = int((encoder.calls[-1][0] == 0).sum()) if encoder.calls else 0
        ask.sample(f"kept and dropped items, {label}", [ITEMS - dropped, dropped], name=FORWARD)


class Part(torch.nn.Module):
    """An encoder or a decoder that writes down what it is given and what it makes of it."""

    def __init__(self, weight):
        super().__init__()
        self.weight = torch.nn.Parameter(torch.as_tensor(weight, dtype=torch.float32).clone())
        self.calls = []

    def forward(self, x):
        output = x @ self.weight.T
        self.calls.append((x.detach().clone(), output.detach().clone()))
        return output


class Watch:
    """Tell how an output came about: from which part, and where something was hidden on the way."""

    def __init__(self, x, encoder, decoder):
        self.x, self.parts = x, {"encoder": encoder, "decoder": decoder}

    def tell(self, output):
        self.zeros, self.factor = torch.zeros_like(self.x, dtype=torch.bool), 1.0
        if type(pair(output)) is not tuple or len(output) != 2:
            return output
        paths = {"latent": self.path(output[0]), "reconstruction": self.path(output[1])}
        return paths | {"zeros": pattern(self.zeros), "what is kept": f"times {self.factor:.3g}"}

    def path(self, value):
        known = [("input", self.x, None)]
        calls = [(name, call) for name, part in self.parts.items() for call in joined(part.calls, len(self.x))]
        known += [(name, after, before) for name, (before, after) in calls]
        return self.trail(value.detach(), known) if type(value) is torch.Tensor else value

    def trail(self, value, known):
        for kinds in (("",), (" > mask", " > relu", " > zeros")):
            for index, (name, source, before) in reversed(list(enumerate(known))):
                last = self.hidden(value, source)
                if last in kinds:
                    return ("" if before is None else f"{self.trail(before, known[:index])} > ") + name + last
        return "something else"

    def hidden(self, value, source):
        """Say what was hidden of `source`: "" for nothing, None where `value` is something else."""
        if value.shape != source.shape:
            return None
        if torch.allclose(value, source, atol=1e-4):
            return ""
        zeros = value == 0
        if torch.allclose(value, source.relu(), atol=1e-4):
            return " > relu"
        factors = value[~zeros] / source[~zeros]
        if zeros.all() or not zeros.any() or not torch.allclose(factors, factors[0].expand_as(factors), rtol=1e-3):
            return " > zeros" if zeros.all() else None
        self.zeros, self.factor = zeros, float(factors[0])
        return " > mask"


def joined(calls, rows):
    """Put calls for one row each together, as if they had been one for all."""
    single = [[side.reshape(1, -1) for side in call] for call in calls[-rows:] if call[0].numel() == call[0].shape[-1]]
    return calls + ([tuple(torch.cat(sides) for sides in zip(*single, strict=True))] if len(single) == rows else [])


def pattern(zeros):
    if not zeros.any():
        return "none"
    if (zeros == zeros[:1]).all():
        return "the same in every row"
    return "in whole rows" if (zeros == zeros[:, :1]).all() else "in each row its own"


def belongings(model, encoder, decoder):
    found = {id(weight) for weight in model.parameters()}
    own = {"of the encoder": id(encoder.weight) in found, "of the decoder": id(decoder.weight) in found}
    return own | {"others": len(found - {id(encoder.weight), id(decoder.weight)})}


def forward(model, by_name=False):
    def run(x, mask):
        return model(x, mask=mask) if by_name else model(x, mask)

    run.__qualname__ = FORWARD
    return run


def encode(model):
    def run(x):
        return model.encode(x)

    run.__qualname__ = "AutoEncoder.encode"
    return run


def kind(output):
    return "a torch.nn.Module" if isinstance(output, torch.nn.Module) else output


def pair(output):
    """A list of two is a pair too."""
    return tuple(output) if isinstance(output, tuple | list) else output
