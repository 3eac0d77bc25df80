"""An encoder and a decoder in a row, as one module."""

import inspect

import torch

NAMES = ("AutoEncoder",)
NEEDS = ()
STUB = '''
class AutoEncoder(torch.nn.Module):
    """An encoder and a decoder in a row. This one is broken: mend it.

    encoder: a module, (B, N) -> (B, D).  decoder: a module, (B, D) -> (B, N).
    Its parameters are those of the two parts.
    """

    def __init__(self, encoder, decoder):
        self.encoder = encoder
        self.decoder = decoder

    def forward(self, x):
        """Rebuild a batch.  x: (B, N) float32.  Returns: the reconstruction, (B, N)."""
        return self.decoder(self.encode(x))

    def encode(self, x):
        """Give the code of a batch.  x: (B, N) float32.  Returns: (B, D)."""
        return self.encoder(x)
'''
ROWS = ((1.0, 0.0, 1.0, 0.0), (0.0, 1.0, 1.0, 0.0), (1.0, 1.0, 1.0, 1.0))
DOWN, UP = [[1.0, 2, 3, 4], [1, 0, -1, -2]], [[1.0, 0], [0, 1], [1, 1], [1, -1]]


def belongs(value):
    """A later exercise shares the name; the `forward` of that one takes a mask."""
    return "mask" not in inspect.signature(value.forward).parameters


def probe(ask, answer):
    encoder, decoder = Part(DOWN), Part(UP)
    model = ask.call("an encoder and a decoder", answer.AutoEncoder, encoder, decoder, read=kind)
    if not isinstance(model, torch.nn.Module):
        return
    ask.record("its parameters", belongings(model, encoder, decoder), name="AutoEncoder")
    ask.call("the code of three rows", encode(model), torch.tensor(ROWS))
    rebuilt = ask.call("three rows", forward(model), torch.tensor(ROWS))
    weights = encoder.weight, decoder.weight
    ask.gradient("the gradient of the reconstruction", rebuilt, *weights, name="AutoEncoder.forward")
    ask.call("a batch of one row", forward(model), torch.tensor(ROWS[:1]))
    code = ask.call("the code of one row", encode(model), torch.tensor(ROWS[:1]))
    ask.gradient("the gradient of the code", code, encoder.weight, name="AutoEncoder.encode")
    at_random(ask, answer)


def at_random(ask, answer):
    """Other sizes, a code wider than the row, and both modes."""
    for features, latent in ((7, 3), (3, 5)):
        encoder = Part(torch.randn(latent, features, generator=ask.generator))
        decoder = Part(torch.randn(features, latent, generator=ask.generator))
        model = ask.call(f"two parts for {features} features", answer.AutoEncoder, encoder, decoder, read=kind)
        x = torch.randn(5, features, generator=ask.generator)
        for mode in ("training", "eval"):
            model.train(mode == "training")
            ask.call(f"the code of five rows of {features}, in {mode} mode", encode(model), x)
            ask.call(f"five rows of {features}, in {mode} mode", forward(model), x)
        modes = [part.training for part in (encoder, decoder)]
        ask.record(f"the parts' mode after `eval()`, {features} features", modes, name="AutoEncoder")


class Part(torch.nn.Module):
    """An encoder or a decoder of one known matrix."""

    def __init__(self, weight):
        super().__init__()
        self.weight = torch.nn.Parameter(torch.as_tensor(weight, dtype=torch.float32).clone())

    def forward(self, x):
        return x @ self.weight.T


def belongings(model, encoder, decoder):
    found = {id(weight) for weight in model.parameters()}
    own = {"of the encoder": id(encoder.weight) in found, "of the decoder": id(decoder.weight) in found}
    return own | {"others": len(found - {id(encoder.weight), id(decoder.weight)})}


def forward(model):
    def run(x):
        return model(x)

    run.__qualname__ = "AutoEncoder.forward"
    return run


def encode(model):
    def run(x):
        return model.encode(x)

    run.__qualname__ = "AutoEncoder.encode"
    return run


def kind(output):
    return "a torch.nn.Module" if isinstance(output, torch.nn.Module) else "no torch.nn.Module"
