"""Signs that the exercises share whose answer is a row of ids: what is no id, too many, left out or in another order.

Written as those in `symptoms.py`: the name is the diagnosis, the docstring the sentence.
"""

import torch

MOST = 300  # ids that are looked at: an answer may hold millions


def differing(expected, got):
    """Give the pairs of entries that differ."""
    return [(one, two) for one, two in zip(expected.entries, got.entries, strict=False) if two.error or repr(one.value) != repr(two.value)]


def lists(expected, got):
    """Give, for each row of numbers that differs, its question, the ids that are asked and what came; none where arguments were changed."""
    pairs = [] if any(entry.changed for entry in got.entries) else differing(expected, got)
    for one, two in pairs:
        if not two.error and all(type(entry.value) is torch.Tensor and entry.value.dim() == 1 for entry in (one, two)):
            yield one, one.value.tolist(), [round(item, 3) for item in two.value[:MOST].tolist()]


def no_ids(expected, got):
    """For {case}, `{name}` returns {found}, and these are no ids. `argsort` gives the places of the values, `sort` gives both."""
    for entry, asked, found in lists(expected, got):
        if asked != found and any(isinstance(item, float) for item in found):
            return {"case": entry.label, "found": found[:9]}


def not_one_row(expected, got):
    """For {case}, `{name}` returns shape {shape}, and one row of ids is asked. Look at `squeeze`, at `unsqueeze` and at indices like `[0]`."""
    for one, two in differing(expected, got):
        if type(one.value) is type(two.value) is torch.Tensor and two.value.dim() != 1:
            return {"case": one.label, "shape": tuple(two.value.shape)}


def user_0_refused(expected, got):
    """You refuse user 0, and the rows count from 0: he is the first. Refuse what is below 0, or not below the number of users."""
    pairs = zip(expected.entries, got.entries, strict=False)
    return any(two.error and two.error.kind == "ValueError" and one.inputs["user"] == 0 for one, two in pairs)


def worst_first(expected, got):
    """For {case}, your ids come just the other way round: {found}. Similarities, votes and reconstructions sort downwards, distances upwards."""
    odd = [part for part in lists(expected, got) if len(part[1]) > 2]
    if odd and all(found == asked[::-1] for _, asked, found in odd):
        return {"case": odd[0][0].label, "found": odd[0][2]}


def too_many_ids(expected, got):
    """For {case}, `{name}` returns {found} ids, and `{word}` is {most}. Cut the list last, by `[:{word}]`."""
    for entry, _, found in lists(expected, got):
        word = "n" if "n" in entry.inputs else "k"
        if len(found) > entry.inputs[word]:
            return {"case": entry.label, "found": len(got[entry.label]), "word": word, "most": entry.inputs[word]}


def other_order(expected, got):
    """For {case}, your ids are the right ones and stand in another order: {found}. Look at the step that orders them."""
    odd = [part for part in lists(expected, got) if part[1] != part[2]]
    if odd and all(sorted(asked) == sorted(found) for _, asked, found in odd):
        return {"case": odd[0][0].label, "found": odd[0][2]}


def id_out_of_place(expected, got):
    """For {case}, you answer {found}, and the id {id} should not be there. Look at how you rank, and at what you leave out."""
    for entry, asked, found in lists(expected, got):
        if set(found) - set(asked):
            return {"case": entry.label, "found": found, "id": next(item for item in found if item not in asked)}


def id_left_out(expected, got):
    """For {case}, you answer {found}, and the id {id} is missing. Look at what you leave out, and at where you cut."""
    for entry, asked, found in lists(expected, got):
        if set(asked) - set(found):
            return {"case": entry.label, "found": found, "id": next(item for item in asked if item not in found)}
