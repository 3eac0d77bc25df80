"""Answer to `first_autoencoder`."""

import copy

import torch
from torch import nn

POINTS = 2
HINTS = (
    "Make one and read the last line of the error: what has not been called yet when the first part is assigned?",
    "`torch.nn.Module` keeps a list of the parts that it holds, so that `parameters()` finds them. Somebody has to make that list "
    "before the first part can go on it.",
    "One line is missing, and it is the first one of `__init__`: the parent's own `__init__` is called through `super()`.",
)
HINTS_FOR = {"parts_not_registered": "`list(model.parameters())` shows what an optimiser would train. A module shows up there where it is an "
             "attribute of its own, or stands in a `torch.nn.ModuleList`."}
NOTICE = "The class has no layers of its own: `parameters()` finds those of its two parts, because they were assigned as attributes."


class AutoEncoder(torch.nn.Module):
    def __init__(self, encoder, decoder):
        super().__init__()  # makes the lists in which the parts are registered
        self.encoder = encoder
        self.decoder = decoder

    def forward(self, x):
        return self.decoder(self.encode(x))

    def encode(self, x):
        return self.encoder(x)


run = AutoEncoder.forward


def wrong(said, **members):
    """A class with other members; `said` is what a learner reads whose own behaves like it."""
    return type("AutoEncoder", (AutoEncoder,), {"__doc__": said, **members})


class Mistakes:
    """Wrong answers; each sentence is what the learner reads."""

    class no_super_init(AutoEncoder):
        """Your `__init__` assigns the parts before `torch.nn.Module` is set up: "cannot assign module before Module.__init__() call".
        Call `super().__init__()` as its first line."""
        def __init__(self, encoder, decoder):
            self.encoder, self.decoder = encoder, decoder

    super_given_arguments = wrong("`torch.nn.Module` was handed the two parts for itself, and its `__init__` takes none. Leave the parentheses of `super().__init__()` empty, and look at how your own `__init__` is spelt.",
        __init__=lambda self, *parts: nn.Module.__init__(self, *parts))

    class super_not_called(AutoEncoder):
        """`super.__init__()` asks the word `super` itself, which knows no object yet. Write its parentheses too: `super()` finds the parent class."""
        def __init__(self, encoder, decoder):
            super.__init__()

    class not_a_module:
        """Your class no longer derives from `torch.nn.Module`, so it has no parameters and cannot be called. Keep the base class, and set it up in `__init__`."""
        def __init__(self, encoder, decoder):
            self.encoder, self.decoder = encoder, decoder

    class parts_not_registered(AutoEncoder):
        """`parameters()` misses your encoder or decoder, so no optimiser would train it. Assign each part to an attribute of its own, not to a plain list or dict."""
        encoder, decoder = property(lambda self: self.parts[0]), property(lambda self: self.parts[1])

        def __init__(self, encoder, decoder):
            nn.Module.__init__(self)
            self.parts = [encoder, decoder]

    class other_parts(AutoEncoder):
        """Your module holds copies of the two parts, or layers of its own in their place. Keep the very modules that are handed in."""
        def __init__(self, encoder, decoder):
            AutoEncoder.__init__(self, copy.deepcopy(encoder), copy.deepcopy(decoder))

    class layers_of_its_own(AutoEncoder):
        """Your module has parameters besides those of the two parts. It only chains the two: leave other layers out."""
        def __init__(self, encoder, decoder):
            AutoEncoder.__init__(self, encoder, decoder)
            self.more = nn.Linear(2, 2)

    returns_the_pair = wrong("You return the code and the reconstruction together. Here `forward` gives the reconstruction alone; `encode` is there for the code.",
        forward=lambda self, x: (self.encode(x), run(self, x)))
    returns_the_code = wrong("Your `forward` stops at the code. Send it through the decoder, and return what comes out.", forward=lambda self, x: self.encoder(x))
    encode_rebuilds = wrong("Your `encode` goes all the way to the reconstruction. Return what the encoder gives, before the decoder.",
        encode=lambda self, x: self.decoder(self.encoder(x)), forward=lambda self, x: self.decoder(self.encoder(x)))
    decoder_first = wrong("The row meets the decoder first, which is made for codes. Send it through the encoder, and the code through the decoder.",
        encode=lambda self, x: self.decoder(x), forward=lambda self, x: self.encoder(self.decoder(x)))
    code_bent = wrong("Something follows your encoder, so the code is not what that made of the row. Hand the code over as it is.", encode=lambda self, x: torch.relu(self.encoder(x)))
    output_bent = wrong("Something follows your decoder, such as a sigmoid. Which one belongs there depends on the data, so the decoder brings its own.",
        forward=lambda self, x: torch.sigmoid(run(self, x)))
    squeezed_batch_of_one = wrong("A batch of one row loses a dimension on its way. Leave out `squeeze`: a batch in gives a batch out.", forward=lambda self, x: run(self, x).squeeze())
    code_detached = wrong("The code reaches the decoder without a gradient, so the encoder learns nothing from the reconstruction. Leave out `detach` and `no_grad`.",
        forward=lambda self, x: self.decoder(self.encoder(x).detach()))
    no_gradient = wrong("No gradient flows through your `forward`, so neither part could learn. Leave out `no_grad` and `detach`.", forward=torch.no_grad()(lambda self, x: run(self, x)))
    encode_missing = wrong("There is no method `encode` left, and later cells ask it for a code. Put it back: it gives what the encoder makes of `x`.",
        encode=property(lambda self: nn.Module.__getattr__(self, "encode")))


class Variants:
    class parts_under_other_names(nn.Module):
        def __init__(self, encoder, decoder):
            super().__init__()
            self.encode, self.decode = encoder, decoder  # the module itself in the place of the method

        def forward(self, x):
            return self.decode(self.encode(x))

    class a_module_list(nn.Module):
        def __init__(self, encoder, decoder):
            nn.Module.__init__(self)
            self.parts = nn.ModuleList([encoder, decoder])

        def forward(self, x):
            for part in self.parts:
                x = part(x)
            return x

        def encode(self, x):
            return self.parts[0](x)

    class a_sequential(nn.Sequential):
        def __init__(self, encoder, decoder):
            super().__init__(encoder, decoder)

        def encode(self, x):
            return self[0](x)

    class added_by_name(nn.Module):
        def __init__(self, encoder, decoder, **more):
            super().__init__(**more)
            self.add_module("down", encoder)
            self.register_module("up", decoder)
            self.encode = self.down.forward

        def forward(self, inputs):
            return self.get_submodule("up").forward(self.encode(inputs))

    class set_up_by_new(AutoEncoder):
        def __new__(cls, *parts):
            return nn.Module.__new__(cls)

        def __init__(self, encoder, decoder):
            super(AutoEncoder, self).__init__()
            self.both = nn.Sequential(encoder, decoder)
            self.encoder = self.both[0]

        def forward(self, x):
            return self.both(x)


def sign(name, holds):
    """The sign of a mistake that comes in another shape, or with others."""
    def symptom(expected, got):
        return holds(expected, got)

    symptom.__name__ = name
    return symptom


def parts(got):
    found = got["its parameters"]
    return found["of the encoder"] and found["of the decoder"], found["others"]


def without_gradient(got):
    return [type(item) is str for item in got["the gradient of the reconstruction"]]


class Symptoms:
    other_parts = sign("other_parts", lambda expected, got: not parts(got)[0] and parts(got)[1] > 0)
    parts_not_registered = sign("parts_not_registered", lambda expected, got: not parts(got)[0])
    layers_of_its_own = sign("layers_of_its_own", lambda expected, got: parts(got)[1] > 0)
    squeezed_batch_of_one = sign("squeezed_batch_of_one", lambda expected, got: got["the code of one row"].dim() == 1)
    encode_missing = sign("encode_missing", lambda expected, got: got.error.kind == "AttributeError" and "'encode'" in got.error.text)
    returns_the_pair = sign("returns_the_pair", lambda expected, got: type(got["three rows"]) in (tuple, list))
    code_detached = sign("code_detached", lambda expected, got: without_gradient(got) == [True, False])

    def forward_does_more(expected, got):
        """Your `encode` is right, but `forward` gives something else than the decoder makes of that code. Chain the two parts, with nothing before, between or after them."""
        same = [torch.allclose(expected[label], got[label], atol=1e-3) for label in ("the code of three rows", "three rows")]
        return same == [True, False] and not any(entry.changed for entry in got.entries)
