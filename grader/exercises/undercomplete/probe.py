"""An encoder that narrows down to a short code, and a decoder that widens again."""

import torch

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
MORE = 60  # the last of these has fewer than so many more, by the seed
TINY = 4  # of so few features a hidden layer may hold one number, which a norm or a softmax makes a constant
PARTS, CALLED = ("encoder", "decoder"), "build_undercomplete"


def probe(ask, answer):
    *others, (many, code) = SIZES
    for sizes in (*others, (many + int(torch.randint(MORE, (), generator=ask.generator)), code)):
        at = "{} features and a code of {}".format(*sizes)
        pair = ask.call(at, answer.build_undercomplete, *sizes, read=kinds)
        if kinds(pair) != ("a torch.nn.Module",) * 2:
            return
        for part, module, ends in zip(PARTS, pair, (sizes, sizes[::-1]), strict=True) if sizes[0] > TINY else ():
            examine(ask, f"the {part} at {at}", module.eval(), ends, sizes[1])
        if sizes[0] < 20:
            together(ask, at, pair, torch.randn(4, sizes[0], generator=ask.generator))
    again(ask, pair, ask.call("a second call", answer.build_undercomplete, *sizes, read=kinds))


def examine(ask, at, module, ends, latent):
    trace, rows = ask.LayerTrace(module), torch.randn(ask.LayerTrace.ROWS, ends[0], generator=ask.generator)
    output = ask.call(at, named(trace.follow), rows, read=lambda _: trace.facts(latent, counted))
    coded = "encoder" in at  # a row may be rescaled first, and what ends the decoder is free
    start = "the input itself" if trace.starts_with(rows) else "something else"
    ask.record(f"what the first `Linear` of {at} gets", start, name=CALLED, aside=coded)
    if not coded and trace.starts_with(rows):
        ask.record(f"two of the rows that it gets, of {at}", trace.given[0][:2], name=CALLED)
    ask.record(f"what follows the last `Linear` of {at}", follows(output, trace.last), name=CALLED, aside=not coded)


def together(ask, at, pair, rows):
    """Ask for shapes and gradients through both, with the numbers that the layers really give."""
    encoder, decoder = (part.eval() for part in pair)
    ask.call(f"the code of four rows, at {at}", named(encoder), rows, read=form)
    ask.call(f"the reconstruction of four rows, at {at}", named(lambda x: decoder(encoder(x))), rows, read=form)
    ask.call(f"the code of one row, at {at}", named(encoder), rows[:1], read=form)
    ask.call(f"the reconstruction of one row, at {at}", named(lambda x: decoder(encoder(x))), rows[:1], read=form)
    chain = torch.nn.ModuleList([encoder.train(), decoder.train()])
    trace, many = ask.LayerTrace(encoder), torch.randn(ask.LayerTrace.ROWS, rows.shape[1], generator=ask.generator)
    at_end = f"what follows the encoder's last `Linear` in training, at {at}"
    ask.call(at_end, named(trace.follow), many, read=lambda code: follows(code, trace.last))
    ask.call(f"what a backward pass reaches, at {at}", named(reached(chain)), rows, read=str)


def counted(layers):
    return "three or more" if layers > 2 else "fewer than three"


def follows(output, last):
    """Word what turns the numbers of the last `Linear` into the output."""
    if type(output) is not torch.Tensor:
        return "no tensor"
    ends = {"nothing": last, "a ReLU": last.relu(), "a sigmoid": last.sigmoid(), "a tanh": last.tanh()}
    return next((word for word, wanted in ends.items() if same(output.detach(), wanted)), "something else")


def same(one, two):
    return one.shape == two.shape and torch.allclose(one, two, atol=1e-4)


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
    return tuple(kind(item) for item in output)


def kind(item):
    if not isinstance(item, torch.nn.Module):
        return item
    callable_too = type(item).forward is not torch.nn.Module.forward or "forward" in vars(item)
    return "a torch.nn.Module" if callable_too else f"a {type(item).__name__}"


def form(output):
    return f"{str(output.dtype)[6:]} of shape {tuple(output.shape)}" if type(output) is torch.Tensor else output
