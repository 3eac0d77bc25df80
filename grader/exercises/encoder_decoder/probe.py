"""Two stacks of layers: one from a row of likes to a short code, one from the code back to the row."""

import torch

NAMES = ("build_encoder", "build_decoder")
NEEDS = ()
STUB = '''
def build_encoder(items, latent):
    """Build the network that turns rows of likes into codes.

    Three or four torch.nn.Linear layers with a non-linearity between every two. Nothing follows the last one:
    the code is linear. No hidden layer is narrower than the code.

    items: how many items a row has.  latent: how many numbers a code has.
    Returns: a torch.nn.Module, from (B, items) to (B, latent), both float32.
    """
    raise NotImplementedError


def build_decoder(latent, items):
    """Build the network that turns codes back into rows, by the same rules.

    Its output is the sigmoid of the last Linear layer, once, with nothing between the two.

    Returns: a torch.nn.Module, from (B, latent) to (B, items), both float32.
    """
    raise NotImplementedError
'''
SIZES = ((6, 3), (100, 20), (10, 8), (90, 60))  # fixed widths such as 80 and 60 are wide enough for these codes
MORE = 60  # the last of these has fewer than so many more, by the seed


def probe(ask, answer):
    *sizes, (many, code) = SIZES
    sizes.append((many + int(torch.randint(MORE, (), generator=ask.generator)), code))
    for name in NAMES:
        for items, latent in sizes:
            ends = (items, latent) if name == "build_encoder" else (latent, items)
            if not examine(ask, name, getattr(answer, name), ends, latent):
                return


def examine(ask, name, build, ends, latent):
    """Look at one network; say whether it is one."""
    size, called = " and ".join(words(end, latent) for end in ends), f"{name}({ends[0]}, {ends[1]})"
    module = ask.call(size, build, *ends, read=kind)
    if not isinstance(module, torch.nn.Module):
        return False
    trace = ask.LayerTrace(module.eval())
    rows = torch.randn(trace.ROWS, ends[0], generator=ask.generator)
    pass_through, facts = named(called, trace.follow), lambda _: trace.facts(latent, counted)
    output = ask.call(f"the layers at {size}", pass_through, rows, read=facts)
    ask.record(f"a last `Linear` that gives {numbers(trace.last)}, at {size}", corner(output), name=called)
    if max(ends) <= max(SIZES[0]):
        closely(ask, name, module, build, ends, rows, trace)
    return True


def closely(ask, name, module, build, ends, rows, trace):
    """Ask of the smallest network what need not be asked of all."""
    size, called = " and ".join(words(end, min(ends)) for end in ends), f"{name}({ends[0]}, {ends[1]})"
    start = "the code itself" if trace.starts_with(rows) else "something else"
    free = name == "build_encoder"  # a row may be rescaled first
    ask.record(f"what the first `Linear` gets, at {size}", start, name=called, aside=free)
    if not free and trace.starts_with(rows):
        ask.record(f"two of the rows that it gets, at {size}", trace.given[0][:2], name=called)
    users = (torch.rand(4, ends[0], generator=ask.generator) < 0.4).float()
    ask.call(f"a batch of one, at {size}", named(called, module), users[:1], read=form)
    ask.call(f"what a backward pass reaches, at {size}", named(called, reached(module.train())), users, read=str)
    ask.call(f"training mode, at {size}", named(called, ask.LayerTrace(module).follow), rows, read=corner)
    twins(ask, name, module, ask.call(f"a second call, at {size}", build, *ends, read=kind), users)


def words(end, latent):
    return f"a code of {latent}" if end == latent else f"{end} items"


def counted(layers):
    return ("fewer than three", "three or four", "more than four")[(layers > 2) + (layers > 4)]


def numbers(last):
    """The first row that the last `Linear` gave, as far as it can be read."""
    row = [f"{number:g}" for number in last[0].tolist()]
    return ", ".join(row) if len(row) < 7 else "many numbers"


def reached(module):
    """Tell which parameters one backward pass reaches."""

    def backward(x):
        weights, output = list(module.parameters()), module(x)
        if not weights or not output.requires_grad:
            return "no parameter"
        found = torch.autograd.grad(output.sum(), [w for w in weights if w.requires_grad], allow_unused=True)
        count = sum(item is not None for item in found)
        return f"{count} of {len(weights)} parameters" if count < len(weights) else "every parameter"

    return backward


def twins(ask, name, one, two, users):
    """Tell whether a second call gives new layers, with new numbers in them."""
    if not isinstance(two, torch.nn.Module):
        return
    ask.call(f"a pass of a second `{name}`", named(name, two), users, read=form, aside=True)  # makes lazy layers
    first, second = list(one.parameters()), list(two.parameters())
    shared = {id(weight) for weight in first} & {id(weight) for weight in second}
    ask.record(f"the parameters of two `{name}`s", "shared" if shared else "apart", name=name)
    pairs = list(zip(first, second, strict=False))
    same = bool(pairs) and all(a.shape == b.shape and torch.equal(a, b) for a, b in pairs)
    ask.record(f"the first numbers of two `{name}`s", "the same" if same else "different", name=name, aside=True)


def named(name, function):
    """Let a message call `function`, a pass through what was built, by the name it was built with."""

    def run(x):
        return function(x)

    run.__qualname__ = name
    return run


def kind(output):
    return "a torch.nn.Module" if isinstance(output, torch.nn.Module) else output


def form(output):
    return f"{str(output.dtype)[6:]} of shape {tuple(output.shape)}" if type(output) is torch.Tensor else output


def corner(output):
    return output[:2, :6] if type(output) is torch.Tensor and output.dim() == 2 else output
