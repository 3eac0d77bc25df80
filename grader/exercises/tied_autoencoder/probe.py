"""An autoencoder with one weight matrix, read forwards to encode and backwards to decode."""

import copy

import torch

NAMES = ("TiedAutoEncoder",)
NEEDS = ()
STUB = '''
class TiedAutoEncoder(torch.nn.Module):
    """Encode by one weight matrix, and decode by the same matrix transposed."""

    def __init__(self, features, latent):
        """Make the one matrix, and a bias each way: features * latent + latent + features parameters in all.

        The matrix may have either shape. Whatever happens to the model later, it must stay the one matrix:
        after a step of an optimiser, in a `copy.deepcopy`, after `.double()`.
        """
        raise NotImplementedError

    def forward(self, x):
        """Rebuild a batch: latent = activation(W x + b), reconstruction = activation(transposed W latent + c).

        The activations are free, or none at all; further arguments with a default are too.
        x: (B, features) float32.  Returns: the pair (latent, reconstruction), of shapes (B, latent) and (B, features).
        """
        raise NotImplementedError
'''
FEATURES, LATENT, NAME, FORWARD = 9, 4, "TiedAutoEncoder", "TiedAutoEncoder.forward"
BY_MATRIX = "by the matrix"
BENDS = (torch.relu, torch.sigmoid, torch.tanh, *(getattr(torch.nn.functional, name) for name in (
    "leaky_relu", "elu", "selu", "gelu", "silu", "softplus", "mish", "hardtanh", "relu6", "softsign",
    "celu", "hardswish", "hardsigmoid", "tanhshrink", "logsigmoid")), lambda z: z.softmax(-1))


def probe(ask, answer):
    model = ask.call("six features and a code of two", answer.TiedAutoEncoder, 6, 2, read=kind)
    if not isinstance(model, torch.nn.Module) or not formed(ask, model):
        return
    model = ask.call(f"{FEATURES} features and a code of {LATENT}", answer.TiedAutoEncoder, FEATURES, LATENT, read=kind)
    if not counted(ask, model):
        return
    tied(ask, "as it was made", fill(model.eval(), ask.generator))
    step(model)
    tied(ask, "after two steps of the optimiser", model)
    other = ask.call("a copy of it", named("copy.deepcopy", copy.deepcopy), model, read=kind)
    change = [weight.detach().clone() for weight in model.parameters()]
    tied(ask, "in a copy", fill(other, ask.generator))
    kept = all(torch.equal(*pair) for pair in zip(change, model.parameters(), strict=True))
    ask.record("whether the first one stays as it was when its copy changes", kept, name=NAME)
    ask.call("the first one", named(f"{NAME}.double", lambda: model.double()), read=kind)
    tied(ask, "in float64", model)


def formed(ask, model):
    """Ask for the shapes of all that comes back, and tell whether they are right enough to go on."""
    likes = torch.tensor([[1.0, 0, 1, 0, 0, 1], [0, 1, 1, 0, 0, 0], [1, 1, 1, 1, 1, 1]])
    for label, x in (("three users", likes), ("one user", likes[:1])):
        output = ask.call(label, forward(model), x.clone(), read=forms)
        wanted = tuple({"shape": [len(x), width], "dtype": "torch.float32"} for width in (2, 6))
        if forms(output) != wanted:
            return False
    return True


def counted(ask, model):
    """Count what `parameters()` gives; where there are two matrices, ask how they hang together."""
    sizes = [weight.numel() for weight in model.parameters()]
    wanted = {"matrices": FEATURES * LATENT, "biases of the code": LATENT, "biases of the reconstruction": FEATURES}
    found = {name: sizes.count(size) for name, size in wanted.items()}
    found["others"] = len(sizes) - sum(found.values())
    ask.record("its parameters", found, name=NAME)
    if found["matrices"] == 2:
        ask.record("how its two matrices hang together", bond(model), name=NAME)
    if list(found.values()) != [1, 1, 1, 0]:
        return False
    matrix = parts(model)[0].detach()
    ask.record("whether its matrix starts with numbers that differ", bool((matrix != matrix[0, 0]).any()), name=NAME)
    return True


def bond(model):
    one, two = (weight for weight in model.parameters() if weight.numel() == FEATURES * LATENT)
    if one.data_ptr() == two.data_ptr():
        return "the same memory"
    words = []
    for _ in range(2):
        model(torch.zeros(1, FEATURES))
        one, two = (weight for weight in model.parameters() if weight.numel() == FEATURES * LATENT)
        same = any(turn.shape == two.shape and torch.equal(turn, two) for turn in (one, one.T))
        words.append("equal" if same else "different")
        with torch.no_grad():
            one.mul_(2)
    return f"{words[0]} at first, {words[1]} after a change"


def parts(model):
    """Find the matrix, the bias of the code and the bias of the reconstruction by their sizes."""
    sizes = (FEATURES * LATENT, LATENT, FEATURES)
    return [next(weight for weight in model.parameters() if weight.numel() == size) for size in sizes]


def fill(model, generator):
    """Give the parameters values at which no usual activation is flat."""
    with torch.no_grad():
        for weight in model.parameters():
            spread = torch.rand(weight.shape, generator=generator)
            weight.copy_(0.6 * spread - 0.3 if weight.numel() == FEATURES * LATENT else 0.3 + 0.5 * spread)
    return model


def step(model):
    """Train on two batches, as anybody would."""
    optimizer = torch.optim.SGD(model.parameters(), lr=0.01)
    for _ in range(2):
        optimizer.zero_grad()
        forward(model)(torch.ones(2, FEATURES))[1].square().mean().backward()
        optimizer.step()


def tied(ask, label, model):
    """Tell by the chain rule which matrix each way uses, whatever the activations are.

    Before its activation the code is W x + b, so its slope in W is the slope in b times x. For x = 0 the encoder has
    no slope in W, so all of the reconstruction's comes from the decoder: its slope in c times the decoder's input, at
    the transposed place.
    """
    if not isinstance(model, torch.nn.Module):
        return
    weights = parts(model)
    order = torch.randperm(FEATURES, generator=ask.generator)
    x = torch.linspace(-0.25, 0.5, FEATURES, dtype=weights[0].dtype)[None, order]
    latent, rebuilt = ask.call(f"one row, {label}", forward(model), x, read=forms)
    way, in_code, _ = slopes(latent, weights)
    word = told(way, in_code.reshape(-1, 1) * x)
    ask.record(f"how it encodes, {label}", word, name=FORWARD)
    if word == BY_MATRIX:
        slope = in_code.flatten()
        steepest = slope.abs().argmax()
        ask.record(f"what its matrix is multiplied by, {label}", way[steepest] / slope[steepest], name=FORWARD)
    aside = passes_by(model, weights[0], x)
    ask.record(f"whether x gets past the code, {label}", aside, name=FORWARD)
    way, in_code, _ = slopes(rebuilt, weights)
    elsewhere = not close(way, in_code.reshape(-1, 1) * x)
    zeros = ask.call(f"a row of zeros, {label}", forward(model), torch.zeros_like(x), read=forms)
    ask.record(f"how it decodes, {label}", decodes(model, weights, *zeros, elsewhere), name=FORWARD)
    reaches = bool((slopes(zeros[1], weights)[1] != 0).any())
    ask.record(f"whether the reconstruction's gradient reaches the encoder, {label}", reaches, name=FORWARD)


def passes_by(model, matrix, x):
    """Tell whether two rows of one code, apart by what the matrix does not see, are rebuilt differently."""
    unseen = torch.linalg.svd(turned(matrix.detach()), full_matrices=True).Vh[-1]
    with torch.no_grad():
        (code, one), (same, two) = model(x), model(x + unseen)
    return close(code, same) and not close(one, two)


def decodes(model, weights, latent, rebuilt, elsewhere):
    """Word what the decoder does with the matrix, for a row of zeros; `elsewhere`: it has a slope for another row."""
    way, _, in_last = slopes(rebuilt, weights)
    asked = in_last.reshape(1, -1)
    source = (way @ asked.T / asked.square().sum()).reshape(-1, 1)  # what the decoder multiplies by its matrix
    word = told(way, source * asked)
    if word == BY_MATRIX and not any(close(source.flatten(), read(latent[0])) for read in (lambda z: z, *BENDS)):
        return "by the matrix, from something else than the latent"
    if word == "by something else" and torch.linalg.matrix_rank(way, rtol=1e-3) == 1:
        return "by the matrix, with the bias at another place"
    if word != "without a gradient to the matrix":
        return word
    if elsewhere:
        return "by the matrix, from something else than the latent"
    with torch.no_grad():
        weights[0].mul_(1.5)
        follows = not close(model(torch.zeros(1, FEATURES, dtype=weights[0].dtype))[1], rebuilt)
        weights[0].div_(1.5)
    return f"{word}, whose changes it {'follows' if follows else 'does not follow'}"


def turned(matrix):
    """The matrix as (LATENT, FEATURES), whichever way round it is kept."""
    return matrix if matrix.shape[0] == LATENT else matrix.reshape(FEATURES, LATENT).T


def slopes(output, weights):
    """The gradients of a weighted sum of the output in the matrix and both biases, 0 where none flows."""
    if not output.requires_grad:
        return [torch.zeros_like(weight) for weight in (turned(weights[0]), *weights[1:])]
    total = (output * torch.linspace(0.5, 1.5, output.shape[1], dtype=output.dtype)).sum()
    found = torch.autograd.grad(total, weights, retain_graph=True, allow_unused=True, materialize_grads=True)
    in_matrix, *others = found
    return [turned(in_matrix), *others]


def told(found, asked):
    if not found.any():
        return "without a gradient to the matrix"
    return BY_MATRIX if asked.any() and close(found, asked) else "by something else"


def close(one, two):
    return one.shape == two.shape and torch.allclose(one, two, atol=1e-5, rtol=1e-3)


def forward(model):
    return named(FORWARD, lambda x: model(x))


def named(name, function):
    function.__qualname__ = name
    return function


def kind(value):
    return "a torch.nn.Module" if isinstance(value, torch.nn.Module) else value


def forms(value):
    """Shapes and dtypes in place of numbers, since the activations are free; a list of two is a pair too."""
    if isinstance(value, tuple | list):
        return tuple(map(forms, value))
    return {"shape": list(value.shape), "dtype": str(value.dtype)} if type(value) is torch.Tensor else value
