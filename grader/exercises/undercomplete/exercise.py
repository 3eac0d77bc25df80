"""Answer to `undercomplete`."""

import torch
from torch import nn

POINTS = 3
HINTS = (
    "A row of `features` numbers becomes `latent` numbers in three layers. Which widths lie between, so that none is below `latent`, "
    "and what keeps three `Linear` layers from being worth one?",
    "Two chains by `torch.nn.Sequential`: Linear, ReLU, Linear, ReLU, Linear. They end on a `Linear`, and the second chain has the "
    "widths of the first in reverse order.",
    "With `step = (features - latent) // 3` the widths are `features`, `features - step`, `features - 2 * step` and `latent`. "
    "Put a ReLU after each `Linear` but the last, and return the two chains as a pair.",
)
HINTS_FOR = {"hidden_narrower_than_code": "Print your widths for 10 features and a code of 8, and for 300 and 200. Widths counted down from `features` "
             "to `latent`, or `max(latent, ...)`, are never too narrow."}
NOTICE = "Both networks together map `features` numbers to `features` numbers, as a copy would: the narrow code between them forbids copying."
EQUAL = {
    "3 -> 4": "the widths stay between features and latent", "3 -> 2": "the last hidden width is latent itself",
    "2 -> 3": "the widths stay between features and latent", "2 -> 1": "two hidden layers of one width",
    "features -> latent (2)": "a step of 0: hidden layers as wide as the row", "latent -> features (2)": "a step of 0: hidden layers as wide as the row",
    "features - step -> features + step": "a hidden layer wider than the row", "features - 2 * step -> features + 2 * step": "a hidden layer wider than the row",
}


def build_undercomplete(features, latent):
    step = (features - latent) // 3
    widths = [features, features - step, features - 2 * step, latent]  # 100, 74, 48, 20: never below the code
    return chained(widths), chained(widths[::-1])


def chained(widths):
    """Linear layers of these widths, a ReLU between every two, and nothing after the last."""
    layers = []
    for wide, narrow in zip(widths, widths[1:]):
        layers += [torch.nn.Linear(wide, narrow), torch.nn.ReLU()]
    return torch.nn.Sequential(*layers[:-1])


def line(*widths, between=nn.ReLU, linear=nn.Linear, last=()):
    parts = [part for ends in zip(widths, widths[1:]) for part in (linear(*ends), between())][:-1]
    return nn.Sequential(*parts, *(make() for make in last))


class Call(nn.Module):
    """A function as a layer; a module inside it is not registered."""

    def __init__(self, function):
        super().__init__()
        self.forward = lambda x: function(x)


def wrong(said, build):
    """A builder; `said` is what a learner reads whose own behaves like it."""
    def answer(features, latent):
        return build(features, latent)

    answer.__doc__ = said
    return answer


def changed(said, encoder=lambda net: net, decoder=lambda net: net):
    def answer(features, latent):
        one, two = build_undercomplete(features, latent)
        return encoder(one), decoder(two)

    answer.__doc__ = said
    return answer


def both(said, change):
    return changed(said, change, change)


ONE = {}
BENT = {"between": lambda: nn.Sequential(nn.LazyBatchNorm1d(), nn.GELU(), nn.Dropout(0.3))}
OWN = {"linear": type("Own", (nn.Linear,), {"forward": lambda self, x: x @ self.weight.T + self.bias})}


class Mistakes:
    """Wrong answers; each sentence is what the learner reads."""

    relu_on_code = changed("Your encoder ends in a ReLU, so half of what a code could say is cut off. Let its last layer be a `Linear`.", lambda net: nn.Sequential(*net, nn.ReLU()))
    sigmoid_on_code = changed("Your encoder ends in a sigmoid, which squeezes the code between 0 and 1. Let its last layer be a `Linear`.", lambda net: nn.Sequential(*net, nn.Sigmoid()))
    tanh_on_code = changed("Your encoder ends in a tanh, which squeezes the code between -1 and 1. Let its last layer be a `Linear`.", lambda net: nn.Sequential(*net, nn.Tanh()))
    code_bent_by_the_decoder = changed("Your decoder bends the code before its first `Linear`, by a ReLU or the like, so it never sees the code as it was made. Hand the code to that `Linear` as it is.",
        decoder=lambda net: nn.Sequential(nn.ReLU(), *net))
    code_as_wide_as_the_input = wrong("Your code is as wide as the input, so the network may just copy. Let the encoder end on `latent` numbers, and the decoder start there.",
        lambda features, latent: build_undercomplete(features, features))
    hidden_narrower_than_code = wrong("A hidden layer is narrower than the code, so less passes through it than the code could hold. Choose widths of at least `latent`.",
        lambda f, d: (line(f, max(1, f // 2), max(1, f // 4), d), line(d, max(1, f // 4), max(1, f // 2), f)))
    no_non_linearity = wrong("Nothing bends between your `Linear` layers, so together they are worth a single one. Put a ReLU, or the like, between every two.",
        lambda f, d: (line(f, f, f, d, between=nn.Identity), line(d, f, f, f, between=nn.Identity)))
    one_non_linearity_missing = both("Two of your `Linear` layers follow each other directly, so the two are worth one. Put a non-linearity between every two.",
        lambda net: nn.Sequential(*net[:3], *net[4:]))
    too_few_layers = wrong("One of your networks has fewer than three `Linear` layers. Put one more between.", lambda f, d: (line(f, f, d), line(d, f, f)))
    sizes_fixed = wrong("Your layers have the same sizes whatever `features` and `latent` are. Compute the widths from the two arguments.",
        lambda f, d: (line(100, 80, 60, 20), line(20, 60, 80, 100)))
    decoder_built_as_encoder = wrong("Your decoder reads `features` numbers and gives `latent`, which is the encoder's way. Turn it round: the code comes in, the row goes out.",
        lambda f, d: (build_undercomplete(f, d)[0], build_undercomplete(f, d)[0]))
    pair_swapped = wrong("You return the decoder first. Turn the pair round: `(encoder, decoder)`.", lambda f, d: build_undercomplete(f, d)[::-1])
    one_network = wrong("You return one network, and the code inside it cannot be reached. Return the two parts, as a pair.", lambda f, d: nn.Sequential(*build_undercomplete(f, d)))
    lists_of_layers = both("You return lists of layers, which cannot be called. Chain each list into one network, by `torch.nn.Sequential(*layers)`.", list)
    layers_in_a_plain_list = both("Your layers stand in a plain Python list, so `parameters()` misses them and no optimiser trains them. Use `torch.nn.ModuleList`.", Call)
    shared_between_calls = wrong("Two calls give the same layers, so training one autoencoder changes the other. Make new layers inside the function, at each call.",
        lambda *ends: ONE.setdefault(ends, build_undercomplete(*ends)))
    squeezed_batch_of_one = both("A batch of one row loses a dimension on its way through your network. Leave out `squeeze`: a batch in gives a batch out.",
        lambda net: nn.Sequential(net, Call(torch.squeeze)))
    detached = changed("The code leaves your encoder without a gradient, so the encoder could never learn. Leave out `detach`, `no_grad` and `.data`.",
        lambda net: nn.Sequential(net, Call(torch.detach)))


class Variants:
    """Right answers in other styles."""

    four_layers_and_a_sigmoid = wrong("", lambda f, d: [line(f, 640, 640, f, d, between=nn.Tanh), line(d, f, 640, 640, f, between=nn.Tanh, last=[nn.Sigmoid])])
    batch_norm_and_dropout_inside = wrong("", lambda f, d: (line(f, f, f, d, **BENT), line(d, d, f, f, **BENT)))
    products_by_hand = wrong("", lambda f, d: (line(f, f, d, d, **OWN), line(d, d, d, f, **OWN, last=[nn.Tanh])))

    def lazy_layers(features, latent):
        class Net(nn.Module):
            def __init__(self, *widths):
                super().__init__()
                self.layers = nn.ModuleList(nn.LazyLinear(width) for width in widths)

            def forward(self, x):
                for layer in self.layers[:-1]:
                    x = torch.selu(layer(x))
                return self.layers[-1](x)

        half = max(latent, features // 2)
        return Net(features, half, latent), Net(half, features, features)


def sign(name, *words):
    """The sign of a mistake that comes in one part alone, or with others: one of these words among the facts."""
    def holds(expected, got):
        facts = [fact for e in got.compared for fact in (e.value.values() if type(e.value) is dict else e.value if type(e.value) is tuple else [e.value])]
        return any(type(fact) is str and fact in words for fact in facts)

    holds.__name__ = name
    return holds


class Symptoms:
    def other_sizes(expected, got):
        """One of your networks goes from {start} to {end} numbers, and one from {first} to {last} is asked. Look at its first and last `Linear`."""
        pairs = [(one.value, two.value) for one, two in zip(expected.entries, got.entries) if type(one.value) is dict]
        one, two = next((one, two) for one, two in pairs if (one["reads"], one["gives"]) != (two["reads"], two["gives"]))
        return {"first": one["reads"], "last": one["gives"], "start": two["reads"], "end": two["gives"]}

    def not_a_layer(expected, got):
        """`Sequential` was given {what} where a layer is due. {remedy}"""
        found = got.error.text.removesuffix(" is not a Module subclass")
        listed = {"what": "a list", "remedy": "Hand it the layers themselves, with a star before the list: `*layers`."}
        named = {"what": f"the class `{found.rpartition('.')[2]}`", "remedy": "A pair of parentheses behind its name makes a layer of it."}
        return found != got.error.text and (listed if found in ("list", "tuple") else named)

    def width_not_whole(expected, got):
        """One of your widths is a float, and a layer has a whole number of them. `/` always gives a float: divide by `//`."""
        return got.error.kind == "TypeError" and "float" in got.error.text and "size" in got.error.text

    lists_of_layers = sign("lists_of_layers", "a ModuleList", "a ModuleDict")
    layers_in_a_plain_list = sign("layers_in_a_plain_list", "some", "none of them")
    too_few_layers = sign("too_few_layers", "fewer than three")
    hidden_narrower_than_code = sign("hidden_narrower_than_code", "one narrower than the code")
    no_non_linearity = sign("no_non_linearity", "nowhere")
    one_non_linearity_missing = sign("one_non_linearity_missing", "between some only")
    shared_between_calls = sign("shared_between_calls", "shared")
    detached = sign("detached", "not every parameter")
    relu_on_code = sign("relu_on_code", "a ReLU")
    sigmoid_on_code = sign("sigmoid_on_code", "a sigmoid")
    tanh_on_code = sign("tanh_on_code", "a tanh")

    def no_linear_layer(expected, got):
        """No `torch.nn.Linear` takes part in a pass through one of your networks. Build it from three of them or more."""
        return any(type(e.value) is dict and len(e.value) == 1 for e in got.entries)

    def code_not_linear(expected, got):
        """Something stands between your encoder's last `Linear` and the decoder's first. Leave the code as the one makes it, and hand it to the other."""
        return any(e.value == "something else" for e in got.compared)
