"""Which output activation and which loss belong to which kind of data."""

import torch

NAMES = ("output_and_loss",)
NEEDS = ()
STUB = '''
def output_and_loss(kind):
    """Choose how a decoder ends, and what scores it.

    kind: one of
        "unit interval": numbers from 0 to 1, or likes of 0 and 1;
        "minus one to one": numbers from -1 to 1;
        "categorical": one class of several;
        "unbounded": any numbers, such as normalised measurements.
    Any other kind raises an error.

    Returns: (activation, loss), two classes of torch.nn such as (torch.nn.ReLU, torch.nn.L1Loss), not instances;
    the activation is None where the decoder ends in its last Linear layer.
    """
    raise NotImplementedError
'''
KINDS = ("unit interval", "minus one to one", "categorical", "unbounded")
STRANGE = "a rainbow"


def probe(ask, answer):
    asked = [(f'the kind "{kind}"', answer.output_and_loss, kind, pair) for kind in KINDS]
    number = f"number {int(torch.randint(10**6, (), generator=ask.generator))}"
    asked += [(f'the unknown kind "{kind}"', guarded(answer.output_and_loss), kind, str) for kind in (STRANGE, number)]
    for place in torch.randperm(len(asked), generator=ask.generator).tolist():
        label, function, kind, read = asked[place]
        ask.call(label, function, kind, read=read)


def guarded(function):
    """Any error will do where one is asked."""

    def output_and_loss(kind):
        try:
            return f"{function(kind)!r:.60}"
        except (Exception, SystemExit):
            return "an error"

    output_and_loss.__qualname__ = NAMES[0]
    return output_and_loss


def pair(output):
    """The two by name; `Identity` does nothing, so it counts as None."""
    return tuple(name(item) for item in output) if isinstance(output, tuple | list) else output


def name(item):
    if item is None or item is torch.nn.Identity or isinstance(item, torch.nn.Identity):
        return "None"
    if isinstance(item, type):
        return item.__name__ if issubclass(item, torch.nn.Module) else f"the class {item.__name__}"
    if isinstance(item, torch.nn.Module):
        return f"an instance of {type(item).__name__}"
    if isinstance(item, str):
        return f"the text {item}"
    return f"the function {getattr(item, '__name__', 'without a name')}" if callable(item) else f"{item!r:.30}"
