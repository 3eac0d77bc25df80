"""Answer to `tied_autoencoder`."""

import torch
from torch import nn
from torch.nn import functional
from torch.nn.utils import parametrize

POINTS = 4
HINTS = (
    "How many weight matrices does `parameters()` list in an autoencoder of two `Linear` layers, and how many should it list here? "
    "Where does the second direction get its matrix from, at each call?",
    "Only one `Parameter` may hold the matrix. Whatever is made from it in `__init__`, a transpose too, is a second thing that a copy or `.double()` "
    "leaves behind; so transpose it in `forward`, each time anew.",
    "Keep an ordinary `Linear(features, latent)` for encoding and one `Parameter` of `features` zeros as the other bias. Decode by "
    "`functional.linear` with the layer's weight, transposed, and that bias.",
)
HINTS_FOR = {
    "two_names_for_one_memory": "`list(model.parameters())` should show one matrix. A `Parameter` made of a transpose is a second one.",
    "transpose_kept": "What `__init__` computes stays as it was. What `forward` computes is always up to date.",
    "not_transposed": "Print `W.t()[0]` and `W.reshape(features, latent)[0]` for a small W: the first holds a column of W.",
}
NOTICE = "`W.t()` copies nothing: it is a view, made anew at each call, so there is nothing that could come apart."
EQUAL = {
    "torch.zeros(features) -> torch.ones(features)": "how a bias starts is free", "torch.sigmoid(reconstruction) -> torch.tanh(reconstruction)": "the activation is free",
    "torch.sigmoid(reconstruction) -> reconstruction": "the activation is free, or none at all",
}


class TiedAutoEncoder(torch.nn.Module):
    def __init__(self, features, latent):
        super().__init__()
        self.encoder = torch.nn.Linear(features, latent)  # holds the one matrix, (latent, features), and its own bias
        self.bias = torch.nn.Parameter(torch.zeros(features))  # of the way back

    def forward(self, x):
        latent = self.encoder(x)
        reconstruction = functional.linear(latent, self.encoder.weight.t(), self.bias)
        return latent, torch.sigmoid(reconstruction)


class Parts(TiedAutoEncoder):
    """The way back as a method of its own, which the mistakes below replace; it may keep more things."""

    def __init__(self, features, latent):
        super().__init__(features, latent)
        self.more()

    def more(self):
        pass

    def matrix(self):
        return self.encoder.weight.t()

    def decode(self, z):
        return torch.sigmoid(functional.linear(z, self.matrix(), self.bias))

    def forward(self, x):
        z = self.encoder(x)
        return z, self.decode(z)


def wrong(said, **members):
    """A class with other members; `said` is what a learner reads whose own behaves like it."""
    return type("Wrong", (Parts,), {"__doc__": said, **members})


def keep(name, made):
    """A `more` that keeps one thing, made of the weight."""
    return lambda self: setattr(self, name, made(self.encoder.weight))


def own_decoder(filled=None):
    """A `more` with a second `Linear`, filled by a function of the two weights."""
    def more(self):
        self.decoder = nn.Linear(*self.encoder.weight.shape)
        del self.bias
        if filled:
            with torch.no_grad():
                filled(self.decoder.weight, self.encoder.weight)

    return more


def share(two, one):
    two.data = one.data.t()


def by_decoder(self, z):
    return torch.sigmoid(self.decoder(z))


def copying(self, x):
    self.decoder.weight.data.copy_(self.encoder.weight.t())
    return Parts.forward(self, x)


def weak(tensor):
    return tensor.detach().clone().requires_grad_()


class Mistakes:
    no_module = type("Wrong", (), {"__doc__": "Your class is no `torch.nn.Module`, so no optimiser finds its weights. Derive it from that.", "__init__": lambda self, *sizes: None})
    no_super_init = wrong("Your `__init__` keeps layers before `torch.nn.Module` is set up. Call `super().__init__()` first.",
        __init__=lambda self, features, latent: setattr(self, "encoder", nn.Linear(features, latent)))
    two_names_for_one_memory = wrong("`parameters()` lists two matrices that lie in the same memory, by `Parameter(W.t())` or `.data`: each gets half of the gradient, and a copy or `.double()` parts them. Keep one `Parameter`, and transpose it in `forward`.",
        more=own_decoder(share), decode=by_decoder)
    copied_once = wrong("Your decoder starts with a copy of the encoder's matrix, and from the first step on there are two. Use the one `Parameter` in both directions.",
        more=own_decoder(lambda two, one: two.copy_(one.t())), decode=by_decoder)
    not_tied = wrong("Encoder and decoder have a matrix each. Keep one `Parameter`, and use it transposed on the way back.", more=own_decoder(), decode=by_decoder)
    copied_at_each_call = wrong("You copy the encoder's matrix into the decoder's at each call, so what the decoder learns is overwritten. Use the one `Parameter` in both directions, without any copy.",
        more=own_decoder(), decode=by_decoder, forward=copying)
    hidden_copy = wrong("Your decoder uses a copy of the matrix that is no parameter, so it stays as it was made. Use the `Parameter` itself, transposed in `forward`.",
        more=lambda self: self.register_buffer("back", self.encoder.weight.detach().t().clone()), matrix=lambda self: self.back)
    decoder_detached = wrong("Your decoder uses the matrix without its gradient (`.data`, `detach` or `no_grad`), so the matrix learns from one direction alone. Hand in the transposed `Parameter` itself.",
        matrix=lambda self: self.encoder.weight.data.t())
    encoder_detached = wrong("Your encoder uses the matrix without its gradient (`.data`, `detach` or `no_grad`), so the matrix learns from one direction alone. Hand in the `Parameter` itself.",
        forward=lambda self, x: (z := functional.linear(x, self.encoder.weight.detach(), self.encoder.bias), self.decode(z)))
    transpose_kept = wrong("You transpose the matrix once, in `__init__`, and keep the result: `copy.deepcopy` refuses it, and `.double()` leaves it behind. Transpose in `forward`, at each call.",
        more=keep("back", lambda weight: weight.t()), matrix=lambda self: self.back)
    copy_uses_the_first = wrong("A copy of your model still works with the matrix of the first: it is held by a lambda or a plain function made in `__init__`. Ask `self` for it in a method.",
        more=lambda self: setattr(self, "back", lambda: self.encoder.weight.t()), matrix=lambda self: self.back())
    not_transposed = wrong("Your decoder does something else with the matrix than to transpose it, such as `reshape`, `view` or an inverse. Use `W.t()`.",
        matrix=lambda self: self.encoder.weight.reshape(self.encoder.weight.shape[::-1]))
    no_parameters = wrong("`parameters()` misses your matrix or a bias, so no optimiser trains it. Make it a `torch.nn.Parameter` that is an attribute of the model.",
        more=lambda self: (setattr(self, "plain", [weak(self.encoder.weight), weak(self.encoder.bias), weak(self.bias)]), delattr(self, "encoder"), delattr(self, "bias")) and None,
        forward=lambda self, x: (z := x @ self.plain[0].T + self.plain[1], torch.sigmoid(z @ self.plain[0] + self.plain[2])))
    no_bias_back = wrong("The way back has no bias of its own. Add a `Parameter` of `features` numbers: without it, rows of zeros cannot be told from rows near the mean.",
        more=lambda self: setattr(self, "bias", None))
    no_bias_forth = wrong("The encoder has no bias. Each direction has one of its own: `latent` numbers here.", more=lambda self: setattr(self.encoder, "bias", None))
    no_bias_at_all = wrong("Neither direction has a bias. Each has one of its own: `latent` numbers on the way to the code, `features` on the way back.",
        more=lambda self: (setattr(self, "bias", None), setattr(self.encoder, "bias", None)) and None)
    more_layers = wrong("There are more parameters than one matrix and two biases, as of a second layer or a norm. One matrix does it all here.",
        more=lambda self: setattr(self, "norm", nn.LayerNorm(len(self.encoder.weight))), decode=lambda self, z: Parts.decode(self, self.norm(z)))
    one_number_as_bias = wrong("One of your biases is a single number for all columns. Each direction needs one for each column: `latent` numbers, and `features` numbers.",
        more=lambda self: setattr(self, "bias", nn.Parameter(torch.zeros(1))))
    input_shifted = wrong("Before your code's activation stands something else than `W x + b`. Add the code's bias after the product, and leave the input as it is.",
        forward=lambda self, x: (z := self.encoder(x - self.bias), self.decode(z)))
    starts_all_alike = wrong("All entries of your matrix start alike, so the numbers of a code stay alike for ever. Start with random ones, as `torch.nn.Linear` does.",
        more=lambda self: nn.init.ones_(self.encoder.weight) is None)
    pair_swapped = wrong("Your pair has the reconstruction first. It is `(latent, reconstruction)`, as in stage 04.", forward=lambda self, x: Parts.forward(self, x)[::-1])
    reconstruction_alone = wrong("`forward` gives the reconstruction alone, and the pair loss needs the latent too. Return `(latent, reconstruction)`.", forward=lambda self, x: Parts.forward(self, x)[1])
    latent_detached = wrong("No gradient gets from the reconstruction back to the encoder: the latent is detached in between. Decode the latent as it is.",
        forward=lambda self, x: (z := self.encoder(x), self.decode(z.detach())))
    squeezed_batch_of_one = wrong("A batch of one user loses a dimension on its way. Leave out `squeeze`: (1, features) in gives (1, features) out.",
        forward=lambda self, x: tuple(part.squeeze() for part in Parts.forward(self, x)))
    float32_inside = wrong("Your model turns numbers into float32 on its way, so after `.double()` two dtypes meet. Leave the conversion to the caller.",
        forward=lambda self, x: Parts.forward(self, x.float()))
    other_product = wrong("Your decoder does not multiply the latent that you return by the matrix: one of the two is scaled, negated, reordered or another one. Use the matrix as it is, only transposed, on that very latent or its activation.",
        forward=lambda self, x: (z := self.encoder(x), self.decode(2 * z)))
    x_gets_past_the_code = wrong("Two rows with the same code are rebuilt differently, so `x` reaches the reconstruction by another way too, such as `+ x`. Build it from the latent alone: a network that sees `x` has nothing to learn.",
        forward=lambda self, x: (z := self.encoder(x), self.decode(z) + x))
    bias_behind_the_activation = wrong("The bias of the way back comes in behind your last activation, or is bent itself. Add it to the product, and bend the sum.",
        decode=lambda self, z: torch.sigmoid(z @ self.encoder.weight) + self.bias)


class Variants:
    class weight_by_hand(nn.Module):
        def __init__(self, features, latent):
            super().__init__()
            self.W = nn.Parameter(torch.randn(features, latent) / features**0.5)
            self.b, self.c = nn.Parameter(torch.zeros(1, latent)), nn.Parameter(torch.zeros(1, features))

        def forward(self, x, mask=False, p=0.1):
            code = torch.tanh(x @ self.W + self.b)
            return [code, torch.sigmoid(code @ self.W.T + self.c)]

    class in_a_dict(nn.Module):
        def __init__(self, features, latent):
            super().__init__()
            weight = nn.init.xavier_uniform_(torch.empty(latent, features))
            self.parts = nn.ParameterDict({"W": weight, "down": torch.zeros(latent), "up": torch.zeros(features)})

        def forward(self, x):
            code = torch.einsum("bf,lf->bl", x, self.parts["W"]) + self.parts["down"]
            return code, torch.einsum("bl,lf->bf", torch.relu(code), self.parts["W"]).add(self.parts["up"]).relu()

    class borrowed_weight(nn.Module):
        def __init__(self, features, latent):
            super().__init__()
            self.up = nn.Linear(latent, features)
            self.down = nn.Linear(features, latent)
            del self.down.weight

        def forward(self, x):
            self.down.weight = self.up.weight.T  # no parameter: a view, set at each call
            code = self.down(x)
            del self.down.weight
            return code, self.up(code).softmax(dim=1)

    class layer_of_its_own(nn.Module):
        class Back(nn.Module):
            def __init__(self, forth):
                super().__init__()
                self.forth, self.bias = forth, nn.Parameter(torch.rand(forth.in_features) - 0.5)

            def forward(self, z):
                return torch.addmm(self.bias, z, self.forth.weight)

        def __init__(self, features, latent):
            super().__init__()
            self.encoder = nn.Sequential(nn.Linear(features, latent), nn.ELU())
            self.decoder = nn.Sequential(self.Back(self.encoder[0]), nn.Sigmoid())

        def forward(self, x):
            return (z := self.encoder(x)), self.decoder(z)

    class shared_by_parametrize(nn.Module):
        class Turned(nn.Module):
            def forward(self, weight):
                return weight.t()

        def __init__(self, features, latent):
            super().__init__()
            self.encoder, self.decoder = nn.Linear(features, latent), nn.Linear(latent, features)
            self.decoder.weight = self.encoder.weight
            parametrize.register_parametrization(self.decoder, "weight", self.Turned(), unsafe=True)

        def forward(self, x):
            return (z := self.encoder(x).sigmoid()), self.decoder(z)

    class by_a_property(Parts):
        weight = property(lambda self: self.encoder.weight)
        matrix = lambda self: torch.transpose(self.weight, 0, 1).contiguous()  # noqa: E731


def seen(label, word):
    return lambda expected, got: any(label in entry.label and word in str(entry.value) for entry in got.entries)


def sign(name, *holds):
    """The sign of a mistake that comes in another shape, or with others."""
    def symptom(expected, got):
        return any(hold(expected, got) for hold in holds)

    symptom.__name__ = name
    return symptom


LATER = ("after two steps of the optimiser", "in a copy", "in float64")


class Symptoms:
    def comes_apart(expected, got):
        """As it was made your model is tied, and {later} it is tied no longer. Let `forward` fetch the one `Parameter` from `self` at each call, and keep nothing that was made of it."""
        ways = [got[f"how it decodes, {later}"] for later in ("as it was made", *LATER)]
        later = next(place for place, way in enumerate(ways) if way is not None and way != "by the matrix")
        return {"later": LATER[later - 1]} if later else False

    two_names_for_one_memory = sign("two_names_for_one_memory", seen("hang together", "same memory"))
    copied_once = sign("copied_once", seen("hang together", "equal at first, different"))
    copied_at_each_call = sign("copied_at_each_call", seen("hang together", "equal after a change"))
    not_tied = sign("not_tied", seen("hang together", "different"))
    no_parameters = sign("no_parameters", seen("its parameters", "'matrices': 0"))
    input_shifted = sign("input_shifted", seen("how it encodes", "by something else"))
    more_layers = sign("more_layers", lambda expected, got: got["its parameters"]["others"] > 0)
    hidden_copy = sign("hidden_copy", seen("how it decodes", "does not follow"))
    decoder_detached = sign("decoder_detached", seen("how it decodes", "changes it follows"))
    encoder_detached = sign("encoder_detached", seen("how it encodes", "without a gradient"))
    transpose_kept = sign("transpose_kept", lambda expected, got: "deepcopy protocol" in got.error.text)
    other_product = sign("other_product", seen("how it decodes", "something else than the latent"))
    latent_detached = sign("latent_detached", seen("gradient reaches the encoder", "False"))
    x_gets_past_the_code = sign("x_gets_past_the_code", seen("gets past the code", "True"))
    bias_behind_the_activation = sign("bias_behind_the_activation", seen("how it decodes", "bias at another place"))
    not_transposed = sign("not_transposed", seen("how it decodes", "by something else"))
