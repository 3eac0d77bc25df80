"""Answer to `encoder_decoder`."""

import torch
from torch import nn

POINTS = 3
HINTS = (
    "Three `Linear` layers take a row from `items` numbers to `latent` numbers. Which two widths lie between, and what has to "
    "stand between the layers, so that three of them can do more than one?",
    "`torch.nn.Sequential` chains layers: Linear, ReLU, Linear, ReLU, Linear. The two builders end differently: a code may hold "
    "any numbers, and a like is predicted by a number between 0 and 1.",
    "Walk from `items` to `latent` in three equal steps: the widths between are `items - step` and `items - 2 * step` with "
    "`step = (items - latent) // 3`. The decoder walks the same way up and ends in `torch.nn.Sigmoid()`.",
)
HINTS_FOR = {"hidden_narrower_than_code": "Try `build_encoder(10, 8)` on paper: half of 10 is 5, and 8 numbers must pass through. "
             "Take equal steps from `items` to `latent`, or `max(latent, ...)`."}
EQUAL = dict.fromkeys((
    "(items - latent) / 3 -> (items - latent) * 3", "items - latent -> items + latent", "3 -> 4", "3 -> 2", "items -> latent (3)",
    "latent -> items (3)", "latent -> items (4)", "latent -> items (5)", "items - step -> items + step", "items -> latent (6)",
    "items - 2 * step -> items + 2 * step", "items -> latent (7)", "2 * step -> 2 / step", "2 -> 3", "2 -> 1", "items -> latent",
    "hidden_widths(items, latent) -> hidden_widths(latent, items)", "latent -> items", "items -> latent (2)", "latent -> items (2)",
    "hidden_widths(items, latent) -> hidden_widths(latent, items) (2)",
    "return (max(latent, round(items - step)), max(latent, round(items - 2 * step))) -> "
    "return (max(latent, round(items - 2 * step)), max(latent, round(items - step)))",
    "max(latent, round(items - step)) -> max(round(items - step), latent)",
    "max(latent, round(items - 2 * step)) -> max(round(items - 2 * step), latent)",
), "hidden layers of other widths, none narrower than the code")
NOTICE = "Nothing was trained yet, and the decoder's outputs lie around 0.5: the sigmoid of a number near 0."


def hidden_widths(items, latent):
    """Two widths on the way from the items to the code, in equal steps: 100, 80, 60, 40."""
    step = (items - latent) / 3
    return max(latent, round(items - step)), max(latent, round(items - 2 * step))


def build_encoder(items, latent):
    wide, narrow = hidden_widths(items, latent)
    return torch.nn.Sequential(
        torch.nn.Linear(items, wide),
        torch.nn.ReLU(),
        torch.nn.Linear(wide, narrow),
        torch.nn.ReLU(),
        torch.nn.Linear(narrow, latent),  # nothing after it: a code may be any number
    )


def build_decoder(latent, items):
    wide, narrow = hidden_widths(items, latent)
    return torch.nn.Sequential(
        torch.nn.Linear(latent, narrow),
        torch.nn.ReLU(),
        torch.nn.Linear(narrow, wide),
        torch.nn.ReLU(),
        torch.nn.Linear(wide, items),
        torch.nn.Sigmoid(),  # once: how likely is a like?
    )


def down(items, latent):
    return [items, *hidden_widths(items, latent), latent]


def up(latent, items):
    return down(items, latent)[::-1]


def chain(way, *last, between=nn.ReLU, linear=nn.Linear):
    """A builder: Linear layers of the widths that `way` gives, something between every two, and `last` after them."""
    def build(start, end):
        ends = zip(way(start, end), way(start, end)[1:])
        parts = [part for pair in ends for part in (linear(*pair), between())][:-1]
        return nn.Sequential(*parts, *(make() for make in last))

    return build


class Call(nn.Module):
    """A function as a layer; a module inside it is not registered."""

    def __init__(self, function):
        super().__init__()
        self.forward = lambda x: function(x)


def pair(said, encoder=build_encoder, decoder=build_decoder):
    """Two builders; `said` is what a learner reads whose own behave like these."""
    return type("Pair", (), {"__doc__": said, "build_encoder": encoder, "build_decoder": decoder})


def both(said, alter):
    return pair(said, lambda *ends: alter(build_encoder(*ends)), lambda *ends: alter(build_decoder(*ends)))


ONE = {}
OWN = {"linear": type("Own", (nn.Linear,), {"forward": lambda self, x: x @ self.weight.T + self.bias})}
INSIDE = {"between": lambda: nn.Sequential(nn.LazyBatchNorm1d(), nn.GELU(), nn.Dropout(0.3))}
WIDE = {"way": lambda start, end: [start, 640, 640, 640, end], "between": lambda: nn.ReLU(inplace=True)}


class Mistakes:
    """Wrong answers; each sentence is what the learner reads."""

    relu_on_code = pair("Your encoder ends in a ReLU, so no code can hold a negative number. Let its last layer be a `Linear`.", encoder=chain(down, nn.ReLU))
    sigmoid_on_code = pair("Your encoder ends in a sigmoid, so codes are squeezed between 0 and 1. That belongs to the decoder: leave the code linear.",
        encoder=chain(down, nn.Sigmoid))
    relu_before_decoder = pair("Something changes the code before your decoder's first `Linear`, such as a ReLU that drops its negative half. Hand the code to that layer as it is.",
        decoder=lambda *ends: nn.Sequential(nn.ReLU(), build_decoder(*ends)))
    no_non_linearity = pair("Nothing bends between your `Linear` layers, so together they are worth a single one. Put a ReLU, or the like, between every two.",
        chain(down, between=nn.Identity), chain(up, nn.Sigmoid, between=nn.Identity))
    one_non_linearity_missing = both("Two of your `Linear` layers follow each other directly, so the two are worth one. Put a non-linearity between every two.",
        lambda net: nn.Sequential(*net[:3], *net[4:]))
    too_few_layers = pair("One of your networks has fewer than three `Linear` layers. Three or four are asked in each: put one more between.",
        chain(lambda a, b: [a, b, b]), chain(lambda a, b: [a, b, b], nn.Sigmoid))
    too_many_layers = pair("One of your networks has more than four `Linear` layers. Three or four are asked in each: take some out.",
        chain(lambda a, b: [a, a, a, a, a, b]), chain(lambda a, b: [a, b, b, b, b, b], nn.Sigmoid))
    hidden_narrower_than_code = pair("A hidden layer is narrower than the code, so less passes through it than the code could hold. Choose widths of at least `latent`.",
        chain(lambda a, b: [a, a // 2, a // 4, b]), chain(lambda a, b: [a, b // 4, b // 2, b], nn.Sigmoid))
    sigmoid_missing = pair("Your decoder gives the raw numbers of its last `Linear`, below 0 and above 1 too. End it with a sigmoid.", decoder=chain(up))
    sigmoid_twice = pair("Your decoder applies the sigmoid twice, so no output is below 0.5 or above 0.731. Keep one of the two.", decoder=chain(up, nn.Sigmoid, nn.Sigmoid))
    relu_before_sigmoid = pair("A ReLU stands between your decoder's last `Linear` and the sigmoid, so no output is below 0.5. Take it out.",
        decoder=chain(up, nn.ReLU, nn.Sigmoid))
    softmax_output = pair("Your decoder ends in a softmax, so the outputs of all items add up to 1. A user may like many: give each item its own sigmoid.",
        decoder=chain(up, lambda: nn.Softmax(dim=-1)))
    decoder_built_as_encoder = pair("Your decoder reads `items` numbers and gives `latent`, which is the encoder's way. Turn it round: the code comes in, the row goes out.",
        decoder=chain(lambda latent, items: down(items, latent), nn.Sigmoid))
    sizes_fixed = pair("Your layers have the same sizes whatever `items` and `latent` are. Compute the widths from the two arguments.",
        chain(lambda *_: [100, 80, 60, 40]), chain(lambda *_: [40, 60, 80, 100], nn.Sigmoid))
    list_of_layers = both("You return a list of layers, which can neither be called nor trained. Chain them by `torch.nn.Sequential(*layers)`.", list)
    layers_in_a_plain_list = both("Your layers stand in a plain Python list, so `parameters()` misses them and no optimiser trains them. Use `torch.nn.ModuleList`.", Call)
    dropout_on_code = pair("In training mode something more follows your encoder's last `Linear`, such as dropout or batch norm. Leave the code as that layer makes it.",
        encoder=chain(down, nn.Dropout))
    shared_between_calls = pair("Two calls give the same layers, so training one network changes the other. Make new layers inside the function, at each call.",
        lambda *ends: ONE.setdefault(ends, build_encoder(*ends)), lambda *ends: ONE.setdefault((ends, "up"), build_decoder(*ends)))
    squeezed_batch_of_one = both("A batch of one user loses a dimension on its way through your network. Leave out `squeeze`: a batch in gives a batch out.",
        lambda net: nn.Sequential(net, Call(torch.squeeze)))
    detached = both("No gradient passes through your network, so it could never learn. Leave out `detach`, `no_grad` and `.data`.",
        lambda net: nn.Sequential(net, Call(torch.detach)))


class Variants:
    functions_between = pair("", chain(down, between=lambda: Call(torch.tanh)),
        chain(up, lambda: Call(lambda x: 1 / (1 + torch.exp(-x))), between=lambda: Call(nn.functional.gelu)))
    batch_norm_and_dropout_inside = pair("", chain(down, **INSIDE), chain(up, nn.Sigmoid, **INSIDE))
    four_layers_of_one_width = pair("", chain(**WIDE), lambda *ends: nn.Sequential(chain(**WIDE)(*ends), nn.Sigmoid()))
    products_by_hand = pair("", chain(down, **OWN), chain(up, nn.Sigmoid, **OWN))

    class a_class_of_lazy_layers:
        class build_encoder(nn.Module):
            def __init__(self, items, latent):
                super().__init__()
                self.first, self.second, self.third = nn.LazyLinear(items), nn.LazyLinear(items), nn.LazyLinear(latent)

            def forward(self, x):
                return self.third(torch.selu(self.second(torch.selu(self.first(x)))))


def sign(name, *words):
    """The sign of a mistake that comes in one builder alone, or with others: one of these words among the facts."""
    def holds(expected, got):
        facts = [fact for e in got.entries for fact in (e.value.values() if type(e.value) is dict else [e.value])]
        return any(type(fact) is str and fact in words for fact in facts)

    holds.__name__ = name
    return holds


def layers(expected, got):
    return [(one.value, two.value) for one, two in zip(expected.entries, got.entries) if one.label.startswith("the layers") and type(two.value) is dict]


def differs(expected, got, label, name):
    pairs = [(one.value, two.value) for one, two in zip(expected.entries, got.entries)
             if one.label == two.label and one.label.startswith(label) and one.name.startswith(name)]
    return any(type(one) is not type(two) or one.shape != two.shape or not torch.allclose(one, two, atol=1e-3) for one, two in pairs)


class Symptoms:
    def other_sizes(expected, got):
        """`{name}` builds a network from {start} to {end} numbers, and one from {first} to {last} is asked. Look at its first and last `Linear`."""
        one, two = next((one, two) for one, two in layers(expected, got) if (one["reads"], one["gives"]) != (two["reads"], two["gives"]))
        return {"first": one["reads"], "last": one["gives"], "start": two["reads"], "end": two["gives"]}

    layers_in_a_plain_list = sign("layers_in_a_plain_list", "some", "none of them")
    too_few_layers = sign("too_few_layers", "fewer than three")
    too_many_layers = sign("too_many_layers", "more than four")
    no_non_linearity = sign("no_non_linearity", "nowhere")
    one_non_linearity_missing = sign("one_non_linearity_missing", "between some only")
    hidden_narrower_than_code = sign("hidden_narrower_than_code", "one narrower than the code")
    shared_between_calls = sign("shared_between_calls", "shared")
    detached = sign("detached", "no parameter")

    def list_of_layers(expected, got):
        return any(type(entry.value) is list for entry in got.entries)

    def squeezed_batch_of_one(expected, got):
        return any(entry.label.startswith("a batch of one") and entry.value.count(",") == 1 and entry.value.endswith(",)") for entry in got.entries)

    def float64_weights(expected, got):
        """Your network holds its numbers in float64, and rows come in float32. Leave out `double()`, and `dtype=` where layers are made."""
        return "same dtype" in got.error.text and "double" in got.error.text.lower()

    def no_linear_layer(expected, got):
        """No `torch.nn.Linear` takes part in a pass through your network. Build it from three or four of them."""
        return any(len(facts) == 1 for _, facts in layers(expected, got))

    def code_not_linear(expected, got):
        """Your encoder changes what its last `Linear` gives. Leave the code as that layer makes it."""
        return differs(expected, got, "a last `Linear`", "build_encoder")

    def not_the_sigmoid(expected, got):
        """Your decoder's output is not the sigmoid of what its last `Linear` gives. Apply a sigmoid to it, and nothing else."""
        return differs(expected, got, "a last `Linear`", "build_decoder")

    def dropout_on_code(expected, got):
        return differs(expected, got, "training mode", "build_encoder")

    def acts_in_training_only(expected, got):
        """In training mode something more stands between your decoder's last `Linear` and the sigmoid, such as dropout or batch norm. Take it out there."""
        return differs(expected, got, "training mode", "build_decoder")


class Advice:
    def same_numbers_at_each_call(expected, got, source):
        """Two calls start from the very same numbers, as after a fixed seed. Let each network start from its own."""
        return any(e.label.startswith("the first numbers") and e.value == "the same" for e in got.entries)
