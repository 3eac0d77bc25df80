"""An encoder that narrows down to a short code, and a decoder that widens again."""

import torch
from torch.overrides import TorchFunctionMode

NAMES = ("build_undercomplete",)
NEEDS = ()
STUB = '''
def build_undercomplete(features, latent):
    """Build an encoder and a decoder with a code narrower than the data.

    Each has three torch.nn.Linear layers or more, and a non-linearity between every two. The code is linear:
    nothing between the encoder's last Linear and the decoder's first. No hidden layer is narrower than the code.
    What follows the decoder's last Linear is free.

    features: how many numbers a row has.  latent: how many a code has, always fewer than features.
    Returns: the pair (encoder, decoder) of torch.nn.Module, (B, features) -> (B, latent) -> (B, features), float32.
    """
    raise NotImplementedError
'''
SIZES = ((6, 3), (100, 20), (10, 8), (2, 1), (300, 200))
THIRD, PARTS, CALLED = 8, ("encoder", "decoder"), "build_undercomplete"


def probe(ask, answer):
    for sizes in SIZES:
        at = "{} features and a code of {}".format(*sizes)
        pair = ask.call(at, answer.build_undercomplete, *sizes, read=kinds)
        if kinds(pair) != ("a torch.nn.Module",) * 2:
            return
        for part, module, ends in zip(PARTS, pair, (sizes, sizes[::-1]), strict=True):
            examine(ask, f"the {part} at {at}", module.eval(), ends, sizes[1])
        if sizes[0] < 20:
            together(ask, at, pair, torch.randn(4, sizes[0], generator=ask.generator))
    again(ask, pair, ask.call("a second call", answer.build_undercomplete, *sizes, read=kinds))


def examine(ask, at, module, ends, latent):
    trace, rows = Trace(module), torch.randn(3 * THIRD, ends[0], generator=ask.generator)
    output = ask.call(at, named(trace.follow), rows, read=lambda _: trace.facts(latent))
    coded = "encoder" in at  # a row may be rescaled first, and what ends the decoder is free
    ask.record(f"what the first `Linear` of {at} gets", trace.gets(rows), name=CALLED, aside=coded)
    ask.record(f"what follows the last `Linear` of {at}", trace.follows(output), name=CALLED, aside=not coded)


def together(ask, at, pair, rows):
    """Ask for shapes and gradients through both, with the numbers that the layers really give."""
    encoder, decoder = pair
    ask.call(f"the code of one row, at {at}", named(encoder), rows[:1], read=form)
    ask.call(f"the reconstruction of one row, at {at}", named(lambda x: decoder(encoder(x))), rows[:1], read=form)
    chain = torch.nn.ModuleList([encoder.train(), decoder.train()])
    ask.call(f"what a backward pass reaches, at {at}", named(reached(chain)), rows, read=str)


class Trace(TorchFunctionMode):
    """Follow a pass from `Linear` to `Linear`, each of which gives telling numbers in place of its own."""

    def __init__(self, module):
        super().__init__()
        self.module, self.weights, self.given, self.open, self.last = module, [], [], [], torch.zeros(1, 0)

    def follow(self, x):
        linear = [part for part in self.module.modules() if isinstance(part, torch.nn.Linear)]
        hooks = [part.register_forward_pre_hook(self.enter) for part in linear]
        hooks += [part.register_forward_hook(self.leave) for part in linear]
        try:
            with self:
                return self.module(x)
        finally:
            for hook in hooks:
                hook.remove()

    def __torch_function__(self, function, types, args=(), kwargs=None):
        kwargs = kwargs or {}
        if function is not torch.nn.functional.linear:
            return function(*args, **kwargs)
        given = dict(zip(("input", "weight", "bias"), args, strict=False)) | kwargs
        return self.step(given["input"], given["weight"])

    def enter(self, part, args):
        self.open.append(len(self.weights))

    def leave(self, part, args, output):
        """A subclass of `Linear` that multiplies by itself never calls the function above."""
        return self.step(args[0], part.weight) if self.open.pop() == len(self.weights) else None

    def step(self, x, weight):
        self.given.append(x.detach().clone())
        self.weights.append(weight)
        self.last = 3 * torch.randn(*x.shape[:-1], len(weight), generator=torch.Generator().manual_seed(len(weight)))
        self.last[0] = torch.linspace(-2, 3, len(weight))
        if len(self.last) == 3 * THIRD:
            self.last[2 * THIRD :] = (self.last[:THIRD] + self.last[THIRD : 2 * THIRD]) / 2
        return self.last.to(x.dtype, copy=True)

    def facts(self, latent):
        """Plain words, equal for every right answer, whatever its widths."""
        used = {id(weight): weight for weight in self.weights}
        if not used:
            return {"Linear layers": "none"}
        hidden = [len(weight) for weight in self.weights[:-1]]
        bends = [bent(given) for given in self.given[1:]]
        known = sum(weight.numel() for weight in self.module.parameters())
        whole = known >= sum(weight.numel() for weight in used.values())
        return {
            "reads": self.weights[0].shape[1],
            "gives": len(self.weights[-1]),
            "Linear layers": "three or more" if len(used) > 2 else "fewer than three",
            "non-linear": "between every two" if all(bends) else "between some only" if any(bends) else "nowhere",
            "hidden layers": "wide enough" if min(hidden, default=latent) >= latent else "one narrower than the code",
            "layers in parameters()": "all" if whole else "some" if known else "none of them",
        }

    def gets(self, rows):
        return "the input itself" if self.given and same(self.given[0], rows) else "something else"

    def follows(self, output):
        if type(output) is not torch.Tensor:
            return "no tensor"
        ends = {"nothing": self.last, "a ReLU": self.last.relu(), "a sigmoid": self.last.sigmoid()}
        ends |= {"a tanh": self.last.tanh()}
        return next((word for word, wanted in ends.items() if same(output.detach(), wanted)), "something else")


def same(one, two):
    return one.shape == two.shape and torch.allclose(one, two, atol=1e-4)


def bent(given):
    """Whether a layer's input shows a bend: an affine function maps the middle of two rows to the middle."""
    middle = (given[:THIRD] + given[THIRD : 2 * THIRD]) / 2
    return not torch.allclose(given[2 * THIRD : 3 * THIRD], middle, rtol=1e-3, atol=1e-3)


def reached(chain):
    """Tell whether a backward pass through both reaches every parameter."""

    def backward(x):
        code = chain[0](x)
        output, weights = chain[1](code), list(chain.parameters())
        if not weights or not output.requires_grad or not code.requires_grad:
            return "not every parameter"
        found = torch.autograd.grad(output.sum(), weights, allow_unused=True)
        return "every parameter" if all(item is not None for item in found) else "not every parameter"

    return backward


def again(ask, first, second):
    """Tell whether a second call gives new layers."""
    if kinds(second) == ("a torch.nn.Module",) * 2:
        ids = [{id(weight) for part in pair for weight in part.parameters()} for pair in (first, second)]
        ask.record("the parameters of two calls", "shared" if ids[0] & ids[1] else "apart", name=CALLED)


def named(function):
    """Let a message call a pass through what was built by the name it was built with."""

    def run(x):
        return function(x)

    run.__qualname__ = CALLED
    return run


def kinds(output):
    """The pair by its kinds; a list of two is a pair too."""
    if not isinstance(output, tuple | list):
        return output
    return tuple("a torch.nn.Module" if isinstance(item, torch.nn.Module) else item for item in output)


def form(output):
    return f"{str(output.dtype)[6:]} of shape {tuple(output.shape)}" if type(output) is torch.Tensor else output
