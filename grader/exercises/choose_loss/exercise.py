"""Answer to `choose_loss`."""

import torch
from torch import nn

POINTS = 2
HINTS = (
    "Which numbers can the decoder give at all: any, those from 0 to 1, or those from -1 to 1? And which numbers does a loss take: "
    "probabilities, or the raw numbers of a `Linear` layer?",
    "A sigmoid covers 0 to 1, a tanh -1 to 1, and no activation leaves every number possible. Some losses bring their own activation: "
    "`BCEWithLogitsLoss` a sigmoid, `CrossEntropyLoss` a softmax.",
    "A dict from kind to pair will do, and `pairs[kind]` raises a `KeyError` by itself. For three of the four kinds, `MSELoss` is among the right losses; "
    "`CrossEntropyLoss` fits the fourth, after no activation.",
)
HINTS_FOR = {"softmax_twice": "The documentation of `CrossEntropyLoss` says what its input is: unnormalised logits."}
NOTICE = "The range of the data chooses the activation, and the activation the loss. A loss with its own sigmoid or softmax takes the raw numbers."


def output_and_loss(kind):
    pairs = {
        "unit interval": (torch.nn.Sigmoid, torch.nn.BCELoss),  # or no activation and BCEWithLogitsLoss
        "minus one to one": (torch.nn.Tanh, torch.nn.MSELoss),
        "categorical": (None, torch.nn.CrossEntropyLoss),  # its softmax is inside
        "unbounded": (None, torch.nn.MSELoss),  # normalise the data first
    }
    return pairs[kind]  # another kind: KeyError


UNIT, MINUS, CLASSES, FREE = (f'the kind "{kind}"' for kind in ("unit interval", "minus one to one", "categorical", "unbounded"))
STRANGE = 'the unknown kind "a rainbow"'
DISTANCES = ("MSELoss", "L1Loss", "SmoothL1Loss", "HuberLoss")
PERMITTED = {
    UNIT: (("Sigmoid", "MSELoss"), ("Sigmoid", "BCELoss"), ("None", "BCEWithLogitsLoss")),
    MINUS: tuple(("Tanh", loss) for loss in DISTANCES),
    CLASSES: (("None", "CrossEntropyLoss"), ("None", "BCEWithLogitsLoss"), ("LogSoftmax", "NLLLoss")),
    FREE: tuple(("None", loss) for loss in DISTANCES),
}


def wrong(said, label, *pair):
    """A choice that is wrong for one kind of data; `said` is what a learner reads who made it."""
    def output(kind):
        return pair if f'"{kind}"' in label else output_and_loss(kind)

    output.__doc__, output.label, output.pair = said, label, tuple(getattr(item, "__name__", "None") for item in pair)
    return output


def each(said, change):
    """The right pairs, all changed in the same way."""
    def output(kind):
        return change(output_and_loss(kind))

    output.__doc__ = said
    return output


class Mistakes:
    """Wrong answers; each sentence is what the learner reads."""

    sigmoid_twice = wrong("For the unit interval you end in a sigmoid and use `BCEWithLogitsLoss`, which applies one more. Leave the activation out, or take the loss for probabilities.",
        UNIT, nn.Sigmoid, nn.BCEWithLogitsLoss)
    bce_of_raw_numbers = wrong("For the unit interval `BCELoss` gets raw numbers, and it refuses whatever is below 0 or above 1. Put a sigmoid before it, or take the loss that has one inside.",
        UNIT, None, nn.BCELoss)
    unit_left_open = wrong("For the unit interval nothing keeps the output between 0 and 1. Choose an activation whose range is just that.", UNIT, None, nn.MSELoss)
    tanh_for_the_unit_interval = wrong("For the unit interval you end in a tanh, half of whose range are negative numbers. Choose an activation from 0 to 1.", UNIT, nn.Tanh, nn.MSELoss)
    relu_for_the_unit_interval = wrong("For the unit interval you end in a ReLU, which does not stop at 1. Choose an activation from 0 to 1.", UNIT, nn.ReLU, nn.MSELoss)
    softmax_for_the_unit_interval = wrong("For the unit interval you end in a softmax, which makes all outputs of a row add up to 1. A row may hold many ones: bend each output by itself.", UNIT, nn.Softmax, nn.BCELoss)
    sigmoid_for_negatives = wrong("For data from -1 to 1 you end in a sigmoid, which never gives a negative number. Choose an activation of that range.", MINUS, nn.Sigmoid, nn.MSELoss)
    minus_one_left_open = wrong("For data from -1 to 1 nothing keeps the output in that range. Choose an activation whose range is just that.", MINUS, None, nn.MSELoss)
    bce_for_negatives = wrong("For data from -1 to 1 you use a binary cross-entropy, which takes probabilities alone. Choose a loss that measures a distance.", MINUS, nn.Tanh, nn.BCELoss)
    softmax_twice = wrong("For classes you end in a softmax and use `CrossEntropyLoss`, which applies one more. Hand it the raw numbers.", CLASSES, nn.Softmax, nn.CrossEntropyLoss)
    log_softmax_twice = wrong("For classes you end in a log-softmax and use `CrossEntropyLoss`, which has one inside. Use one of the two: leave the activation out, or choose another loss.",
        CLASSES, nn.LogSoftmax, nn.CrossEntropyLoss)
    nll_of_probabilities = wrong("For classes `NLLLoss` gets the probabilities of a softmax, and it takes their logarithms. Use the activation that gives those.", CLASSES, nn.Softmax, nn.NLLLoss)
    nll_of_raw_numbers = wrong("For classes `NLLLoss` gets raw numbers, and it takes logarithms of probabilities. Put the activation before it that gives those, or use the loss that has it inside.",
        CLASSES, None, nn.NLLLoss)
    distance_between_classes = wrong("For classes you measure a distance, as if class 3 lay between 2 and 4. Choose a loss that scores the probability of the right class.", CLASSES, None, nn.MSELoss)
    sigmoid_before_the_bce_of_classes = wrong("For classes you end in a sigmoid, and `BCELoss` then rounds sure answers off. Leave the activation out, and take a loss for raw numbers.", CLASSES, nn.Sigmoid, nn.BCELoss)
    sigmoid_for_unbounded = wrong("For unbounded data you end in a sigmoid, so nothing below 0 or above 1 can be given back. Leave the activation out.", FREE, nn.Sigmoid, nn.MSELoss)
    tanh_for_unbounded = wrong("For unbounded data you end in a tanh, so nothing beyond -1 and 1 can be given back. Leave the activation out.", FREE, nn.Tanh, nn.MSELoss)
    relu_for_unbounded = wrong("For unbounded data you end in a ReLU, so no negative number can be given back. Leave the activation out.", FREE, nn.ReLU, nn.MSELoss)
    cross_entropy_of_numbers = wrong("For unbounded data you use a cross-entropy, which scores probabilities. Choose a loss that measures a distance.", FREE, None, nn.CrossEntropyLoss)
    pair_swapped = each("You return the loss first and the activation second. Turn the pair round.", lambda pair: pair[::-1])
    instances = each("You return instances, made by the parentheses. Return the classes themselves: `torch.nn.MSELoss` without `()`.", lambda pair: tuple(item and item() for item in pair))
    names_as_text = each("You return the names as texts. Return the classes themselves, such as `torch.nn.MSELoss` without quotes.", lambda pair: tuple(item and item.__name__ for item in pair))
    loss_alone = each("You return the loss alone. Return the pair: the activation, which may be None, and the loss.", lambda pair: pair[1])

    def unknown_kind_accepted(kind):
        """A kind that is not in the list gets an answer, or None, so a typing error passes unseen. Raise an error there."""
        return output_and_loss(kind) if f'"{kind}"' in UNIT + MINUS + CLASSES + FREE else (None, torch.nn.MSELoss)


class Variants:
    """Right answers in other styles."""

    def a_match_with_logits(kind):
        match kind:
            case "unit interval":
                return None, nn.BCEWithLogitsLoss
            case "minus one to one":
                return nn.Tanh, nn.SmoothL1Loss
            case "categorical":
                return nn.LogSoftmax, nn.NLLLoss
            case "unbounded":
                return nn.Identity, nn.HuberLoss
        raise ValueError(f"unknown kind {kind!r}")

    def a_chain_of_ifs(kind):
        assert kind in ("unit interval", "minus one to one", "categorical", "unbounded")
        if kind == "categorical":
            return [nn.Identity, nn.BCEWithLogitsLoss]
        activation = {"unit interval": nn.Sigmoid, "minus one to one": nn.Tanh}.get(kind)
        return [activation, nn.MSELoss if activation is nn.Sigmoid else nn.L1Loss]

    def two_lists(kind):
        kinds = ["minus one to one", "unit interval", "unbounded", "categorical"]
        losses = [nn.HuberLoss, nn.BCELoss, nn.SmoothL1Loss, nn.CrossEntropyLoss]
        return ([nn.Tanh, nn.modules.activation.Sigmoid] + [None] * 2)[kinds.index(kind)], losses[kinds.index(kind)]


def sign(name):
    """The sign of one wrong choice among others."""
    mistake = getattr(Mistakes, name)

    def symptom(expected, got):
        return got[mistake.label] == mistake.pair

    symptom.__name__ = name
    return symptom


def chosen(got):
    return {label: got[label] for label in PERMITTED if type(got[label]) is tuple}


SIGNS = {name: sign(name) for name, mistake in vars(Mistakes).items() if hasattr(mistake, "pair")}


def told(name, word):
    """The sign of a mistake that some of the choices show."""
    def symptom(expected, got):
        return any(word in str(item) for pair in chosen(got).values() for item in pair)

    symptom.__name__ = name
    return symptom


def functions(expected, got):
    """You return functions, such as `torch.sigmoid`. Return the classes of `torch.nn`, such as `torch.nn.Sigmoid`."""
    return any("the function" in str(item) for pair in chosen(got).values() for item in pair)


def do_not_fit(expected, got):
    """For {label}, `{activation}` and `{loss}` do not go together with the data. Ask which numbers the decoder must be able to give, and what the loss takes."""
    label, pair = next((label, pair) for label, pair in chosen(got).items() if pair not in PERMITTED[label])
    return {"label": label, "activation": pair[0], "loss": pair[1]}


def no_pair(expected, got):
    """You return {found}, and the pair of the one `kind` is asked. Return its activation and its loss, and nothing else."""
    found = next(got[label] for label in PERMITTED if type(got[label]) is dict or len(got[label]) != 2)
    return {"found": "a dict" if type(found) is dict else f"{len(found)} things"}


def listed_kind_refused(expected, got):
    """You raise an error for a kind that is on the list: {text}. Compare the kinds in your answer with those of the docstring, letter by letter."""
    text = got.error.text
    return {"text": text[:60]} if got.error.kind in ("KeyError", "ValueError", "AssertionError") else False


def taken_by_every_kind(expected, got):
    """The kinds {kinds} and an unknown one all get the same pair, so one of your branches takes whatever reaches it. Give every comparison a `==` of its own: `kind == "a" or "b"` is always true."""
    alike = [label for label in PERMITTED if got[label] == got[FREE]]
    return unknown_kind_accepted(expected, got) and CLASSES in alike and {"kinds": ", ".join(label.removeprefix("the kind ") for label in alike)}


def pair_swapped(expected, got):
    return all(str(pair[0]).endswith("Loss") for pair in chosen(got).values())


def unknown_kind_accepted(expected, got):
    return got[STRANGE] not in (None, "an error")


SIGNS = {"no_pair": no_pair, "listed_kind_refused": listed_kind_refused, "taken_by_every_kind": taken_by_every_kind} | SIGNS
SIGNS |= {"pair_swapped": pair_swapped, "instances": told("instances", "an instance of"), "names_as_text": told("names_as_text", "the text"), "functions": functions,
          "do_not_fit": do_not_fit, "unknown_kind_accepted": unknown_kind_accepted}
Symptoms = type("Symptoms", (), SIGNS)
