"""Answer to `vae`."""

import torch
from torch import nn

from grader.exercises.reparametrise.exercise import reparametrise

POINTS = 4
HINTS = (
    "A plain autoencoder's encoder ends in one code. What does this one end in, and which of its two outputs is decoded in eval mode?",
    "Let a common layer end in `2 * latent` numbers and cut them in two by `chunk(2, dim=1)`, or give mean and log variance a `Linear` "
    "each, with nothing after it. `self.training` tells the mode; the decoder ends in a `Sigmoid`.",
    "In `forward`: mean and log variance from `self.encode(x)`; the code is `reparametrise` of the two where `self.training`, else the "
    "mean; decode it, return all three. In `sample`: decode `torch.randn(n, latent)`, so `__init__` must keep `latent`.",
)
HINTS_FOR = {
    "noise_in_eval": "`model.eval()` sets `self.training` to False: ask for it before you draw.",
    "head_never_negative": "Look at the last thing that stands after the `Linear` of each head: it must be nothing at all.",
}
NOTICE = "`sample` never sees a row: all that it knows is in the decoder. The divergence made N(0, 1) the place to look for codes."
EQUAL = {
    "torch.nn.Sequential(torch.nn.Linear(features, 64), torch.nn.ReLU(), torch.nn.Lin -> torch.nn.Sequential(torch.nn.ReLU(), torch.nn.Linear(features, 64), torch.nn.Lin":
        "likes are never negative, and the layers are free: two linear ones in a row are an encoder",
    "torch.nn.Sequential(torch.nn.Linear(latent, 64), torch.nn.ReLU(), torch.nn.Linea -> torch.nn.Sequential(torch.nn.ReLU(), torch.nn.Linear(latent, 64), torch.nn.Linea":
        "the layers are free: a decoder may bend the code first, which still comes from N(0, 1)",
}


class VariationalAutoEncoder(torch.nn.Module):
    def __init__(self, features, latent):
        super().__init__()
        self.latent = latent
        self.encoder = torch.nn.Sequential(
            torch.nn.Linear(features, 64), torch.nn.ReLU(), torch.nn.Linear(64, 2 * latent)
        )
        self.decoder = torch.nn.Sequential(
            torch.nn.Linear(latent, 64), torch.nn.ReLU(), torch.nn.Linear(64, features), torch.nn.Sigmoid()
        )

    def forward(self, x):
        mean, log_variance = self.encode(x)
        code = reparametrise(mean, log_variance) if self.training else mean
        return self.decoder(code), mean, log_variance

    def encode(self, x):
        return self.encoder(x).chunk(2, dim=1)  # mean and log variance: half of the columns each

    def sample(self, n):
        return self.decoder(torch.randn(n, self.latent))


class Parts(VariationalAutoEncoder):
    """The code as a method of its own, which the mistakes below replace."""

    def forward(self, x):
        return own_pair(self, x, self.encode(x))

    def code(self, mean, log_variance):
        return self.drawn(mean, log_variance) if self.training else mean

    def drawn(self, mean, log_variance):
        return reparametrise(mean, log_variance)


def own_pair(self, x, pair=None):
    """A right `forward`, also beside an `encode` that is not."""
    mean, spread = pair or VariationalAutoEncoder.encode(self, x)
    return self.decoder(self.code(mean, spread)), mean, spread


def wrong(said, **members):
    """A class with other members; `said` is what a learner reads whose own behaves like it."""
    return type("Wrong", (Parts,), {"__doc__": said, **members})


def encoded(change):
    """An `encode` whose pair is changed."""
    return lambda self, x: change(*VariationalAutoEncoder.encode(self, x))


class Mistakes:
    no_module = type("Wrong", (), {"__doc__": "Your class is no `torch.nn.Module`, so no optimiser finds its weights. Derive it from that.", "__init__": lambda self, *sizes: None})
    no_super_init = wrong("Your `__init__` keeps layers before `torch.nn.Module` is set up. Call `super().__init__()` first.",
        __init__=lambda self, features, latent: setattr(self, "encoder", nn.Linear(features, 2 * latent)))

    class parts_in_a_plain_list(Parts):
        """`parameters()` misses some of your layers, so no optimiser trains them: they stand in a plain list or dict, or are made anew at each call. Make them in `__init__`, and keep them as attributes or in a `ModuleList`."""
        encoder, decoder = property(lambda self: self.parts[0]), property(lambda self: self.parts[1])

        def __init__(self, features, latent):
            nn.Module.__init__(self)
            other = VariationalAutoEncoder(features, latent)
            self.latent, self.parts = latent, [other.encoder, other.decoder]

    noise_in_eval = wrong("In eval mode your decoder gets a random code, so the same row comes back otherwise at each call. Decode the mean there: `self.training` tells the mode.", code=lambda self, mean, spread: self.drawn(mean, spread))
    never_noise = wrong("In training mode your decoder gets the mean, without any noise: that is a plain autoencoder. Decode what `reparametrise` draws.", code=lambda self, mean, spread: mean)
    mode_inverted = wrong("You draw noise in eval mode and decode the mean in training. Turn the condition round.", code=lambda self, mean, spread: mean if self.training else self.drawn(mean, spread))
    no_sigmoid = wrong("What you decode leaves [0, 1], in `forward` or in `sample`, so it holds no probabilities. End the decoder in a `Sigmoid`, and let both decode by it.", __init__=lambda self, *sizes: (VariationalAutoEncoder.__init__(self, *sizes), self.decoder.pop(3)) and None)
    sigmoid_twice = wrong("Your reconstruction never falls below 0.5, so no item is ever unlikely. Look for a second `Sigmoid`, or for a ReLU right before the one.", __init__=lambda self, *sizes: (VariationalAutoEncoder.__init__(self, *sizes), self.decoder.append(nn.Sigmoid())) and None)
    code_ignored = wrong("Your reconstruction is the same for every row, so your decoder makes nothing of its code. Follow the code from `forward` through each layer of the decoder.", forward=lambda self, x: (lambda mean, spread: (self.decoder(0 * mean), mean, spread))(*self.encode(x)))
    past_the_code = wrong("Your reconstruction depends on a row by more than the code, so something gets past it, and `sample` has the code alone. Give the decoder the code, and nothing of `x` or of the encoder's layers beside it.", forward=lambda self, x: (lambda rebuilt, mean, spread: ((rebuilt + torch.sigmoid(x)) / 2, mean, spread))(*Parts.forward(self, x)))
    rows_mixed = wrong("The same row comes back otherwise in another batch, so your users get mixed. Let each step work on a row for itself: look for a softmax, a mean or a norm along dimension 0.", forward=lambda self, x: (lambda rebuilt, mean, spread: (rebuilt.softmax(0), mean, spread))(*Parts.forward(self, x)))
    triple_in_another_order = wrong("Your triple has another order than asked. It is `(reconstruction, mean, log_variance)`.", forward=lambda self, x: (lambda rebuilt, mean, spread: (mean, spread, rebuilt))(*Parts.forward(self, x)))
    reconstruction_alone = wrong("`forward` gives the reconstruction alone, and the loss needs mean and log variance too. Return all three.", forward=lambda self, x: Parts.forward(self, x)[0])
    code_for_mean = wrong("You return the drawn code where the mean is asked, so the divergence would be taken of noise. Return what `encode` gave you.", forward=lambda self, x: (lambda mean, spread: (self.decoder(z := self.code(mean, spread)), z, spread))(*self.encode(x)))
    forward_swapped = wrong("`forward` gives the log variance before the mean. Its triple is `(reconstruction, mean, log_variance)`, in the order of `encode`.", forward=lambda self, x: (lambda rebuilt, mean, spread: (rebuilt, spread, mean))(*Parts.forward(self, x)))
    encode_draws = wrong("Your `encode` draws a code, and it is to give the pair mean and log variance, without any noise. Draw in `forward`.", forward=own_pair, encode=lambda self, x: reparametrise(*VariationalAutoEncoder.encode(self, x)))
    encode_gives_deviation = wrong("Your `encode` gives the variance or the standard deviation, while `forward` gives its logarithm. Both are to give the log variance.", forward=own_pair, encode=encoded(lambda mean, spread: (mean, torch.exp(spread / 2))))
    encode_swapped = wrong("Your `encode` gives the log variance first. It is the pair `(mean, log_variance)`, as in `forward`.", forward=own_pair, encode=encoded(lambda mean, spread: (spread, mean)))
    one_head_for_both = wrong("Mean and log variance are the same numbers, so the encoder cannot say how sure it is. Give each its own half, or its own layer.", encode=encoded(lambda mean, spread: (mean, mean)))
    one_variance_a_row = wrong("You give one log variance for each row. Each of the `latent` numbers has a variance of its own: (B, latent).", encode=encoded(lambda mean, spread: (mean, spread[:, :1])))
    head_never_negative = wrong("Mean or log variance is never negative in your encoder, so N(0, 1) is out of reach. Leave out the ReLU, sigmoid, softplus or `exp` after the last `Linear`.", encode=encoded(lambda mean, spread: (mean.relu(), spread)))
    variance_as_spread = wrong("Your noise is not stretched by the standard deviation, exp(log_variance / 2). Let `reparametrise` draw the code.", drawn=lambda self, mean, spread: mean + spread.exp() * torch.randn_like(mean))
    mean_left_out = wrong("In training mode the code that you decode does not follow the mean, but is noise around one place. Let `reparametrise` draw it from mean and log variance.", drawn=lambda self, mean, spread: torch.exp(spread / 2) * torch.randn_like(mean))
    deviation_without_noise = wrong("In training mode you add the standard deviation itself to the mean, so nothing is random. Let `reparametrise` draw the code.", drawn=lambda self, mean, spread: mean + torch.exp(spread / 2))
    noise_shared_by_rows = wrong("Every row of the batch gets the same noise. Let `reparametrise` draw a number for each element.", drawn=lambda self, mean, spread: mean + torch.exp(spread / 2) * torch.randn(mean.shape[1]))
    noise_shared_by_columns = wrong("All the numbers of one code get the same noise. Let `reparametrise` draw a number for each element.", drawn=lambda self, mean, spread: mean + torch.exp(spread / 2) * torch.randn(len(mean), 1))
    one_noise_for_all = wrong("A single random number moves all codes of the batch. Let `reparametrise` draw one for each element.", drawn=lambda self, mean, spread: mean + torch.exp(spread / 2) * torch.randn(1))
    code_without_gradient = wrong("No gradient gets from the reconstruction to the encoder, as the code is drawn without one. Let `reparametrise` draw it, outside of `no_grad`.", drawn=lambda self, mean, spread: reparametrise(mean, spread).detach())
    log_variance_without_gradient = wrong("The reconstruction's gradient never reaches the log variance, so the encoder cannot learn how sure to be. Leave out `detach`.", drawn=lambda self, mean, spread: reparametrise(mean, spread.detach()))
    sample_from_one_code = wrong("`sample` decodes the same code n times over. Draw n of them: `torch.randn(n, latent)`.", sample=lambda self, n: self.decoder(torch.randn(1, self.latent).expand(n, -1)))
    sample_seeded = wrong("`sample` draws the same codes at every call, as you set a seed or draw only once. Draw anew at each call, and leave the seed to the caller.", sample=lambda self, n: self.decoder(torch.randn(n, self.latent, generator=torch.Generator().manual_seed(0))))
    sample_through_encoder = wrong("`sample` makes up rows and sends them through the encoder, so its codes are not from N(0, 1). Draw codes of `latent` numbers, and decode them.", sample=lambda self, n: self(torch.rand(n, self.encoder[0].in_features))[0])
    sample_at_zero = wrong("`sample` decodes the code 0, so all rows come out alike. Draw the codes from N(0, 1).", sample=lambda self, n: self.decoder(torch.zeros(n, self.latent)))
    sample_uniform = wrong("`sample` draws its codes from another distribution than N(0, 1). `torch.randn` is the standard normal one, `torch.rand` is uniform.", sample=lambda self, n: self.decoder(torch.rand(n, self.latent)))
    sample_without_decoder = wrong("What `sample` gives does not come out of the decoder. Draw codes of `latent` numbers, and decode them.", sample=lambda self, n: torch.rand(n, self.encoder[0].in_features))
    sample_gives_codes = wrong("`sample` gives the codes themselves. Put them through the decoder: (n, features) is asked.", sample=lambda self, n: torch.randn(n, self.latent))
    sample_gives_one = wrong("`sample` gives one row, however many are asked. Draw a code of shape `(n, latent)`.", sample=lambda self, n: self.decoder(torch.randn(self.latent)))
    squeezed_batch_of_one = wrong("A batch of one user loses a dimension on its way. Leave out `squeeze`: (1, features) in gives (1, features) out.", forward=lambda self, x: tuple(part.squeeze() for part in Parts.forward(self, x)))


class Variants:
    class two_heads(nn.Module):
        def __init__(self, features, latent):
            super().__init__()
            self.hidden, self.mean, self.spread = nn.Linear(features, 30), nn.Linear(30, latent), nn.Linear(30, latent)
            self.up, self.out = nn.Linear(latent, 30), nn.Linear(30, features)

        def encode(self, x):
            return self.mean(hidden := torch.tanh(self.hidden(x))), self.spread(hidden)

        def decode(self, code):
            return torch.sigmoid(self.out(torch.relu(self.up(code))))

        def forward(self, x):
            mean, spread = self.encode(x)
            return self.decode(reparametrise(mean, spread) if self.training else mean), mean, spread

        @torch.no_grad()
        def sample(self, n):
            return self.decode(torch.randn(n, self.mean.out_features))

    noise_of_its_own = wrong("",
        drawn=lambda self, mean, spread: torch.distributions.Normal(mean, torch.exp(0.5 * spread)).rsample(),
        sample=lambda self, n: self.decoder(torch.distributions.Normal(0.0, 1.0).sample((n, self.latent))))

    class weights_by_hand(Parts):
        def __init__(self, features, latent):
            nn.Module.__init__(self)
            self.weight = nn.ParameterDict({name: torch.randn(features, latent) / latent**0.5 for name in ("down", "sure", "up")})
            self.decoder = lambda code: torch.sigmoid(code @ self.weight["up"].T)

        def encode(self, x):
            return [x @ self.weight["down"], x @ self.weight["sure"]]

        def sample(self, n):
            return self.decoder(reparametrise(*torch.zeros(2, n, self.weight["up"].shape[1])))

    class deep_with_norm_and_dropout(Parts):
        def __init__(self, features, latent):
            super().__init__(features, latent)
            self.encoder = nn.Sequential(nn.Linear(features, 50), nn.BatchNorm1d(50), nn.GELU(), nn.Dropout(0.1), nn.Linear(50, 2 * latent))
            self.decoder = nn.Sequential(nn.Dropout(0.0), nn.Linear(latent, 64), nn.ELU(), nn.Linear(64, features), nn.Sigmoid())

    variance_of_one_at_first = wrong("", __init__=lambda self, *sizes: (VariationalAutoEncoder.__init__(self, *sizes), nn.init.zeros_(self.encoder[2].weight[self.latent:].data), nn.init.zeros_(self.encoder[2].bias[self.latent:].data)) and None)
    sample_one_by_one = wrong("", sample=lambda self, n: torch.cat([self.decoder(torch.randn(1, self.latent)) for _ in range(n)]))
    mean_in_bounds = wrong("", encode=encoded(lambda mean, spread: (torch.tanh(mean), spread.clamp(-9, 9))))

    noise_times_the_mode = wrong("",
        code=lambda self, mean, spread: mean + self.training * torch.exp(spread / 2) * torch.randn_like(mean),
        sample=lambda self, n: self.eval().decoder(torch.randn((n, self.latent))))


def sign(name, holds):
    """What is decisive for a listed mistake, which then need not be run."""
    def symptom(expected, got):
        return holds(expected, got)

    symptom.__name__, symptom.urgent = name, True
    return symptom


def seen(label, word):
    return lambda expected, got: any(label in entry.label and word in str(entry.value) for entry in got.entries)


NOISE, EVAL = "the noise in training mode", "what the decoder gets in eval"


def noise_differs(got, expected, *, by_spread):
    """Whether the noise is not the reference's (23 degrees of freedom: chance alone passes 85 once in 10^8), and the halves differ."""
    one, two = expected[f"{NOISE}, counted"], got[f"{NOISE}, counted"]
    _, wide, narrow = got["slopes of the code"]
    return ((one - two) ** 2 / (one + two + 1)).sum() > 85 and (abs(wide / narrow - 1) > 0.1) == by_spread


def differing(expected, got):
    """Give the first two answers whose forms differ."""
    pairs = zip(expected.compared, got.compared)
    formed = [(one, two) for one, two in pairs if isinstance(one.value, dict | tuple) and isinstance(two.value, dict | tuple)]
    return next((one, two) for one, two in formed if one.value != two.value)


def form(value):
    """Say what a probe's `forms` wrote down."""
    if isinstance(value, dict):
        return f"shape {tuple(value['shape'])} and {value['dtype'].removeprefix('torch.')}"
    return "(" + "; ".join(map(form, value)) + ")" if isinstance(value, tuple) else f"`{value!r:.60}`"


class Symptoms:
    def method_missing(expected, got):
        """Your class has no method `{method}`. Besides `__init__` it needs three: `forward`, `encode` and `sample`."""
        found = [name for name in ("encode", "sample") if got.error.kind == "AttributeError" and got.error.text.endswith(f"no attribute '{name}'")]
        return {"method": found[0]} if found else False

    parts_in_a_plain_list = sign("parts_in_a_plain_list", seen("has all the weights", "False"))
    parts_in_a_plain_list.causes_errors = True    # a gradient of no weights at all is asked
    no_sigmoid = sign("no_sigmoid", seen(" mode", "beyond"))
    code_ignored = sign("code_ignored", seen("every row comes back the same", "True"))
    sample_through_encoder = sign("sample_through_encoder", seen("whether `sample` encodes", "True"))
    sample_gives_codes = sign("sample_gives_codes", lambda expected, got: got["3 drawn in training mode"]["shape"] == [3, 2])
    sample_at_zero = sign("sample_at_zero", seen("the codes drawn", "none"))
    sample_from_one_code = sign("sample_from_one_code", lambda expected, got: seen("the codes drawn", "the same in every row")(expected, got) or seen("drawn in training mode are all alike", "True")(expected, got))
    sample_without_decoder = sign("sample_without_decoder", seen("the codes drawn", "not found"))
    sample_seeded = sign("sample_seeded", seen("two calls draw the same", "True"))
    sample_uniform = sign("sample_uniform", lambda expected, got: all(abs(part - 0.4) < 0.15 for part in got["the codes drawn in training mode: mean and deviation"]))
    sigmoid_twice = sign("sigmoid_twice", seen("ever unlikely", "True"))
    one_head_for_both = sign("one_head_for_both", seen("are the same", "True"))
    head_never_negative = sign("head_never_negative", seen("are never negative", "True"))
    forward_swapped = sign("forward_swapped", seen(EVAL, "log variance"))
    mode_inverted = sign("mode_inverted", lambda expected, got: seen(EVAL, "random")(expected, got) and seen(NOISE, "none")(expected, got))
    noise_in_eval = sign("noise_in_eval", seen(EVAL, "random"))
    rows_mixed = sign("rows_mixed", seen("in another batch", "False"))
    past_the_code = sign("past_the_code", seen("gets past the code", "True"))
    code_for_mean = sign("code_for_mean", lambda expected, got: seen("against `forward`, training", "[False, True]")(expected, got) and seen(NOISE, "none")(expected, got))
    never_noise = sign("never_noise", seen(NOISE, "none"))
    mean_left_out = sign("mean_left_out", lambda expected, got: abs(got["slopes of the code"][0]) < 0.2)
    code_without_gradient = sign("code_without_gradient", seen("gradient reaches", "{'mean': False, 'log variance': False}"))
    variance_as_spread = sign("variance_as_spread", lambda expected, got: noise_differs(got, expected, by_spread=True))
    log_variance_without_gradient = sign("log_variance_without_gradient", seen("gradient reaches", "{'mean': True, 'log variance': False}"))
    deviation_without_noise = sign("deviation_without_noise", seen(NOISE, "the deviation itself"))
    noise_shared_by_rows = sign("noise_shared_by_rows", seen(NOISE, "the same in every row"))
    noise_shared_by_columns = sign("noise_shared_by_columns", seen(NOISE, "one number for each row"))
    one_noise_for_all = sign("one_noise_for_all", seen(NOISE, "one number for all"))

    def noise_not_normal(expected, got):
        """In training mode your noise has mean {mean} and standard deviation {spread}, before it is stretched. Let `reparametrise` draw it from N(0, 1)."""
        mean, spread = got[f"{NOISE}: mean and deviation"]
        return noise_differs(got, expected, by_spread=False) and {"mean": f"{mean:.2f}", "spread": f"{spread:.2f}"}

    def sample_of_another_spread(expected, got):
        """The codes that `sample` decodes have mean {mean} and standard deviation {spread}. Codes from N(0, 1) have 0 and 1, as `torch.randn` draws them."""
        mean, spread = got["the codes drawn in training mode: mean and deviation"]
        return (abs(mean) > 0.1 or abs(spread - 1) > 0.1) and {"mean": f"{mean:.2f}", "spread": f"{spread:.2f}"}

    sample_of_another_spread.urgent = True

    def encode_disagrees(expected, got):
        """In {mode} mode your `encode` gives another {part} than `forward` returns for the same rows. Let `forward` take both from `self.encode(x)`, where
        nothing is random."""
        for mode in ("eval", "training"):
            same = got[f"mean and log variance of `encode` against `forward`, {mode} mode"]
            if same and not all(same):
                return {"mode": mode, "part": "log variance" if same[0] else "mean"}
        return False

    def another_form(expected, got):
        """For {label}, `{call}` gives {seen}, and {asked} is asked. Follow the shapes from line to line."""
        one, two = differing(expected, got)
        return {"label": one.label, "call": one.name, "seen": form(two.value), "asked": form(one.value)}


class Advice:
    def rows_sum_to_one(expected, got, source):
        """The numbers of a row of yours add up to 1, so two items cannot both be likely, and a user may like many. A `Sigmoid` gives each item a probability of its own."""
        return seen("sum to 1", "True")(expected, got)

    def mode_changed(expected, got, source):
        """`sample` switches the model's mode, so a training loop that draws in between goes on without noise. Leave the mode to the caller."""
        return seen("mode after `sample`", "False")(expected, got)

    def likes_drawn(expected, got, source):
        """`sample` gives zeros and ones where the probabilities are more useful: whoever wants likes can toss the coins himself."""
        return seen("only zeros and ones", "True")(expected, got)
