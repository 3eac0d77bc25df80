"""How many of the hidden likes the first k recommendations find again."""

import torch

NAMES = ("recall_at_k",)
NEEDS = ()
STUB = '''
def recall_at_k(ranked, held_out, k):
    """Divide the hits among the first k items by the most hits that there can be: min(k, number held out).

    ranked: item ids, best first; may be shorter than k, or empty.  held_out: the hidden item ids, in any order.
    Both are 1-D int64 tensors, or lists.  k: at least 1.
    Returns: a float or a 0-dim tensor in [0, 1]; 0 where nothing was held out.
    """
    raise NotImplementedError
'''
SOME = [7, 2, 9, 4, 1], [8, 4, 2]
TENSORS = (
    ("three hidden items and k = 4", *SOME, 4),
    ("three hidden items and k = 2", *SOME, 2),
    ("one hidden item at the third place", [5, 3, 8, 0], [8], 3),
    ("a hidden item just behind the cut", [5, 3, 8, 0], [8], 2),
    ("a ranking shorter than k", [6, 0], [0, 3, 5, 6], 10),
    ("an empty ranking", [], [3, 1], 5),
    ("no hidden item", [3, 1, 2], [], 2),
    ("neither ranking nor hidden items", [], [], 1),
)
LISTS = ("lists in place of tensors", *SOME, 4), ("an empty list of hidden items", [3, 1, 2], [], 2)


def probe(ask, answer):
    for label, ranked, held_out, k in TENSORS:
        ask.call(label, answer.recall_at_k, ids(ranked), ids(held_out), k, read=as_float)
    for index in range(8):
        ranked, held_out, k = shuffled(ask.generator)
        ask.call(f"shuffled items {index + 1}", answer.recall_at_k, ranked, held_out, k, read=as_float)
    for label, ranked, held_out, k in LISTS:
        ask.call(label, answer.recall_at_k, list(ranked), list(held_out), k, read=as_float)


def ids(items):
    return torch.tensor(items, dtype=torch.int64)


def shuffled(generator):
    """Draw 20 items in a random order, some of them hidden, with one that is never ranked among the hidden."""
    order = torch.randperm(20, generator=generator)
    hidden = int(torch.randint(3, 12, (), generator=generator))
    held_out = torch.randperm(25, generator=generator)[:hidden]
    k = int(torch.randint(2, 12, (), generator=generator))
    return order, held_out, k


def as_float(output):
    """A number may come as a Python float, a NumPy one or a 0-dim tensor; 0 and 1 may be whole."""
    if type(output) is torch.Tensor and output.dim() == 0 and output.dtype != torch.bool:
        return float(output)
    if isinstance(output, float):
        return float(output)
    return float(output) if type(output) is int else output
