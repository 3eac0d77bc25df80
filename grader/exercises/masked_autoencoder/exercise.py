"""Answer to `masked_autoencoder`."""

import torch
from torch import nn

POINTS = 4
HINTS = (
    "Three things are kept and two are done. What must `__init__` call first, so that the parts that it keeps are found by "
    "`parameters()`? And where on the way does the mask act: on the row, on the code or on the output?",
    "`torch.nn.Dropout(p)` is made once, in `__init__`. At each call it draws a new mask for every row, scales what it keeps, and "
    "does nothing in eval mode: all of that is wanted here, so nothing is left to write.",
    "In `forward`: if `mask`, replace `x` by `self.dropout(x)`. Then take the latent from the encoder, the reconstruction from "
    "the decoder of that latent, and return the two.",
)
HINTS_FOR = {"masks_in_eval": "`print(model.training)` tells the mode. A Dropout kept in `self` follows `model.eval()`; one made "
             "inside `forward` is new at each call, and a new module is in training mode."}
NOTICE = "`mask` and the mode are two switches: the dropout acts where `mask` is true and the model is in training mode."


class AutoEncoder(torch.nn.Module):
    def __init__(self, encoder, decoder, p=0.1):
        super().__init__()
        self.encoder = encoder
        self.decoder = decoder
        self.dropout = torch.nn.Dropout(p)

    def forward(self, x, mask):
        if mask:
            x = self.dropout(x)  # a new mask at each call, and for each row its own
        latent = self.encode(x)
        return latent, self.decoder(latent)

    def encode(self, x):
        return self.encoder(x)


run = AutoEncoder.forward


def made(dropout=nn.Dropout):
    """An `__init__` whose dropout is made by this function of p."""
    def __init__(self, encoder, decoder, p=0.1):
        AutoEncoder.__init__(self, encoder, decoder, p)
        self.dropout, self.kept = dropout(p), {}

    return __init__


def wrong(said, **members):
    """A class with other members; `said` is what a learner reads whose own behaves like it."""
    return type("Wrong", (AutoEncoder,), {"__doc__": said, **members})


class Mistakes:
    """Wrong answers; each sentence is what the learner reads."""

    mask_on_code = wrong("Your mask hides parts of the code. Send `x` alone through the dropout, before the encoder sees it.",
        forward=lambda self, x, mask: (z := self.encoder(x), self.decoder(self.dropout(z) if mask else z)))
    mask_on_output = wrong("Your mask hides parts of the reconstruction. Send `x` alone through the dropout, before the encoder sees it.",
        forward=lambda self, x, mask: (z := self.encoder(x), self.dropout(self.decoder(z)) if mask else self.decoder(z)))
    always_masked = wrong("The row is masked even where `mask` is False. Use the dropout only if `mask` is true.", forward=lambda self, x, mask: run(self, x, True))
    never_masked = wrong("Nothing is hidden where `mask` is True in training mode: the encoder gets the whole row. Hand it what the dropout returns.",
        forward=lambda self, x, mask: run(self, x, False))
    mask_inverted = wrong("Your mask is on where `mask` is False, and off where it is True. Turn the condition round.", forward=lambda self, x, mask: run(self, x, not mask))
    same_for_every_row = wrong("The same items are hidden from every user of the batch. Send the whole batch through the dropout, which draws for each entry.",
        forward=lambda self, x, mask: run(self, x * self.dropout(torch.ones_like(x[0])) if mask else x, False))
    mask_fixed = wrong("The same entries are hidden at each call, so nothing is ever learnt about them. Draw the mask in `forward`, anew each time.",
        __init__=made(),
        drawn=lambda self, x: self.kept.setdefault(x.shape, self.dropout(torch.ones_like(x))),
        forward=lambda self, x, mask: run(self, x * self.drawn(x) if mask and self.training else x, False))
    in_place = wrong("Your dropout writes its zeros into the caller's own tensor, so the data lose likes for good. Leave out `inplace=True`.",
        __init__=made(lambda p: nn.Dropout(p, inplace=True)))
    tuple_swapped = wrong("You return the reconstruction first and the latent second. Turn the pair round: `(latent, reconstruction)`.",
        forward=lambda self, x, mask: run(self, x, mask)[::-1])

    class parts_in_a_plain_list(AutoEncoder):
        """`parameters()` misses your encoder or decoder, so no optimiser trains it: it stands in a plain list, or as a copy. Keep the very module as an attribute."""
        encoder, decoder = property(lambda self: self.parts[0]), property(lambda self: self.parts[1])

        def __init__(self, encoder, decoder, p=0.1):
            nn.Module.__init__(self)
            self.parts, self.dropout = [encoder, decoder], nn.Dropout(p)

    squeezed_batch_of_one = wrong("A batch of one user loses a dimension on its way. Leave out `squeeze`: (1, N) in gives (1, D) and (1, N) out.",
        forward=lambda self, x, mask: tuple(part.squeeze() for part in run(self, x, mask)))
    latent_detached = wrong("The latent that you return carries no gradient, so a loss on it teaches nothing. Return it as the encoder made it.",
        forward=lambda self, x, mask: (z := self.encoder(self.dropout(x) if mask else x).detach(), run(self, x, mask)[1]))
    decoder_cut_off = wrong("The decoder gets a latent without a gradient, so the encoder learns nothing from the reconstruction. Leave out `detach`.",
        forward=lambda self, x, mask: (z := run(self, x, mask)[0], self.decoder(z.detach())))

    class no_super_init(AutoEncoder):
        """Your `__init__` keeps the parts before `torch.nn.Module` is set up. Call `super().__init__()` first."""
        def __init__(self, encoder, decoder, p=0.1):
            self.encoder, self.decoder, self.dropout = encoder, decoder, nn.Dropout(p)

    p_ignored = wrong("Your dropout does not hide the share `p` that it is given. Make it by `torch.nn.Dropout(p)`, once, in `__init__`.", __init__=made(lambda p: nn.Dropout()))
    p_is_kept = wrong("Your mask keeps the share `p` and hides the rest. `p` is the share that is hidden, as in `torch.nn.Dropout(p)`.",
        __init__=made(lambda p: nn.Dropout(1 - p)))
    not_scaled = wrong("Your mask leaves what it keeps as it was, so masked rows are smaller than whole ones. Dropout scales what it keeps by `1 / (1 - p)`.",
        forward=lambda self, x, mask: run(self, x * (self.dropout(torch.ones_like(x)) > 0) if mask else x, False))
    masks_in_eval = wrong("Your dropout still hides entries in eval mode: it was made inside `forward`, or `F.dropout` was not told the mode. Make one `torch.nn.Dropout(p)` in `__init__`.",
        forward=lambda self, x, mask: run(self, nn.functional.dropout(x, self.dropout.p) if mask else x, False))
    encode_masks = wrong("Your `encode` hides a part of the row in training mode. It never masks: hand `x` to the encoder as it is.",
        forward=lambda self, x, mask: (z := self.encoder(self.dropout(x) if mask else x), self.decoder(z)),
        encode=lambda self, x: self.encoder(self.dropout(x)))
    encode_missing = wrong("There is no method `encode`, and later stages ask it for a user's latent. Write it: it hands `x` to the encoder, never masked.",
        encode=property(lambda self: nn.Module.__getattr__(self, "encode")))
    latent_of_the_whole_row = wrong("The reconstruction comes from the masked row, but the latent that you return from the whole one. Decode the very latent that you return.",
        forward=lambda self, x, mask: (self.encoder(x), run(self, x, mask)[1]))
    mode_changed = wrong("Your `forward` or `encode` switches between training and eval mode, so later calls are masked or not by accident. Leave the mode to the caller.",
        encode=lambda self, x: self.eval().encoder(x))
    relu_on_latent = wrong("Negative numbers of the code are 0 in the latent that you return. Return and decode it as the encoder made it.",
        forward=lambda self, x, mask: (z := run(self, x, mask)[0].relu(), self.decoder(z)))
    sigmoid_added = wrong("You send what the decoder gives through a sigmoid, and its own layers end as they should. Return the decoder's output as it is.",
        forward=lambda self, x, mask: (run(self, x, mask)[0], run(self, x, mask)[1].sigmoid()))
    row_handed_back = wrong("Your reconstruction is the row itself, and the decoder has no part in it. Return what the decoder makes of the latent.",
        forward=lambda self, x, mask: (run(self, x, mask)[0], self.dropout(x) if mask else x))
    row_times_mask = wrong("You multiply the row by `mask`, so False wipes it out and True hides nothing. `mask` is a switch: if it is true, use the dropout.",
        forward=lambda self, x, mask: run(self, x * mask, False))


class Variants:
    functional = wrong("", forward=lambda self, x, mask: run(self, nn.functional.dropout(x, self.dropout.p, self.training and mask), False))

    class parts_in_a_dict(nn.Module):
        def __init__(self, encoder, decoder, p=0.1):
            super().__init__()
            self.parts = nn.ModuleDict({"down": encoder, "up": decoder, "noise": nn.Dropout(p)})

        def forward(self, x, mask):
            code = self.parts["down"](self.parts["noise"](x) if mask else x)
            return [code, self.parts["up"](code)]

        @torch.no_grad()
        def encode(self, x):
            return self.parts["down"](x)

    class chain(nn.Sequential):
        def __init__(self, encoder, decoder, p=0.1):
            super().__init__(nn.Dropout(p), encoder, decoder)

        def forward(self, x, mask):
            return (code := self[1](self[0](x) if mask else x), self[2](code))

        def encode(self, x):
            return self.get_submodule("1")(x)

    class row_after_row(AutoEncoder):
        def forward(self, x, mask):
            codes = [self.encoder(self.dropout(row) if mask else row) for row in x.split(1)]
            return torch.cat(codes), torch.cat([self.decoder(code) for code in codes])

        def encode(self, x):
            was, _ = self.training, self.eval()
            code, _ = self.forward(x, True)
            self.train(was)
            return code

    class drawn_by_hand(AutoEncoder):
        def forward(self, x, mask):
            hidden = (torch.rand_like(x) < self.dropout.p) & self.training & mask
            return run(self, torch.where(hidden, 0.0, x / (1 - self.dropout.p) if self.training and mask else x), False)


def sign(name, holds):
    """The sign of a mistake that comes in another shape, or with others."""
    def symptom(expected, got):
        return holds(expected, got)

    symptom.__name__ = name
    return symptom


def seen(label, word):
    return lambda expected, got: any(label in entry.label and word in str(entry.value) for entry in got.entries)


def other_share(expected, got):
    pairs = [(one.value, two.value) for one, two in zip(expected.compared, got.compared)]
    same = all(one | {"what is kept": ""} == two | {"what is kept": ""} for one, two in pairs if type(one) is dict)
    return same and any(other_counts(expected, got))


def other_counts(expected, got):
    """For `p` left out, 0.3 and 0.8: whether another number of items is hidden."""
    return [abs(one.value[1] - two.value[1]) > 300 for one, two in zip(expected.entries, got.entries) if one.sample]


def mode_changed(expected, got):
    return any(one.label.startswith("the mode after") and one.value != two.value for one, two in zip(expected.entries, got.entries))


def squeezed(expected, got):
    return got["the latent of one user"].dim() == 1 or min(part.dim() for part in got["a batch of one user"]) == 1


class Symptoms:
    parts_in_a_plain_list = sign("parts_in_a_plain_list", seen("its parameters", "False"))
    squeezed_batch_of_one = sign("squeezed_batch_of_one", squeezed)
    relu_on_latent = sign("relu_on_latent", seen("mask false, in training", "encoder > relu"))
    sigmoid_added = sign("sigmoid_added", lambda expected, got: torch.allclose(got["three users, mask false"][1], expected["three users, mask false"][1].sigmoid(), atol=1e-4))
    always_masked = sign("always_masked", seen("mask false, in training", " > mask"))
    mask_on_code = sign("mask_on_code", seen("mask true, in training", "encoder > mask"))
    mask_on_output = sign("mask_on_output", seen("mask true, in training", "decoder > mask"))
    never_masked = sign("never_masked", seen("mask true, in training", "'latent': 'input > encoder', 'reconstruction': 'input > encoder"))
    same_for_every_row = sign("same_for_every_row", seen("mask true, in training", "the same in every row"))
    not_scaled = sign("not_scaled", seen("mask true, in training", "its own', 'what is kept': 'times 1'"))
    mask_fixed = sign("mask_fixed", seen("the zeros of the two calls in training", "the same"))
    masks_in_eval = sign("masks_in_eval", seen("mask true, in eval", " > mask"))
    encode_masks = sign("encode_masks", seen("the latent of 32 users", " > mask"))
    latent_of_the_whole_row = sign("latent_of_the_whole_row", seen("mask true, in training", "'latent': 'input > encoder', 'reconstruction': 'input > mask"))
    mode_changed = sign("mode_changed", mode_changed)
    encode_missing = sign("encode_missing", lambda expected, got: got.error.kind == "AttributeError" and "'encode'" in got.error.text)

    def other_default(expected, got):
        """Where `p` is given it is kept to, but where it is left out your dropout hides another share than the stub's. Compare your first line of `__init__` with it."""
        return other_counts(expected, got) == [True, False, False]

    p_ignored = sign("p_ignored", other_share)

    def input_changed(expected, got):
        """Your encoder gets something else than the rows even where nothing is masked. Hand `x` on as it is."""
        return seen("mask false, in eval", "something else > encoder")(expected, got)

    def latent_changed(expected, got):
        """The latent that you return is not what the encoder gave, even where nothing is masked. Return and decode it as it came."""
        return seen("mask false, in eval", "'latent': 'something else")(expected, got)

    def reconstruction_changed(expected, got):
        """The reconstruction that you return is not what the decoder makes of the latent. Return the decoder's output as it came."""
        return seen("mask false, in eval", "'reconstruction': 'something else")(expected, got)

    def whole_users_hidden(expected, got):
        """Your mask hides some users altogether and leaves the others whole. `torch.nn.Dropout` draws for each entry of the batch."""
        return seen("mask true, in training", "in whole rows")(expected, got)

    def other_noise(expected, got):
        """Where `mask` is True, your encoder gets something else than a row with some entries hidden. `torch.nn.Dropout` sets them to 0 and scales the rest."""
        return seen("mask true, in training", "'latent': 'something else")(expected, got)


class Advice:
    def encode_without_gradient(expected, got, source):
        """What your `encode` gives carries no gradient. That is fine for reading codes, and in the way of any loss on them."""
        return got["whether what `encode` gives carries a gradient"] is False

    def without_a_dropout_layer(expected, got, source):
        """You mask without a `torch.nn.Dropout` layer. Kept in `self`, one shows up when the model is printed, and follows its mode by itself."""
        return got["its dropout layers"] == []
