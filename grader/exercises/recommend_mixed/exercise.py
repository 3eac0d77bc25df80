"""Answer to `recommend_mixed`."""

import itertools
import re

import numpy
import torch

from grader.exercises import id_lists as signs
from grader.exercises.recommend_collaborative.exercise import recommend_collaborative
from grader.exercises.recommend_content.exercise import recommend_content

POINTS = 2
HINTS = (
    "One list is 0 1 4, the other 2 0. What comes out if they take turns, and where does the second 0 go?",
    "Three steps, one after the other: interleave both lists to their ends, drop every item that came before, cut at "
    "n. What does the shorter list give once it has ended?",
    "For each `place in range(n)` add `content[place : place + 1].tolist()`, then the same slice of the other list: a "
    "slice past the end is empty. `dict.fromkeys(turns)` keeps the first of each in order.",
)
HINTS_FOR = {
    "empty_is_float": "An empty list tells `torch.tensor` nothing about its type: name it, `dtype=torch.int64`.",
    "sorted_by_id": "`list(dict.fromkeys(turns))` drops repeats and keeps the order; `set` and `torch.unique` do not.",
}
NOTICE = "Each recommender covers for the other: one cannot leave what a user likes already, the other needs people like him."


def recommend_mixed(autoencoder, likes, user, k, n):
    content = recommend_content(autoencoder, likes, user, n)
    votes = recommend_collaborative(autoencoder, likes, user, k, n)
    turns = []
    for place in range(n):  # a slice past the end is empty, so the longer list goes on alone
        turns += content[place : place + 1].tolist() + votes[place : place + 1].tolist()
    first_places = list(dict.fromkeys(turns))
    return torch.tensor(first_places[:n], dtype=torch.int64)


def _lists(autoencoder, likes, user, k, n):
    return (recommend_content(autoencoder, likes, user, n).tolist(), recommend_collaborative(autoencoder, likes, user, k, n).tolist())


def _turns(*lists):
    return [item for pair in itertools.zip_longest(*lists) for item in pair if item is not None]


def _cut(items, n):
    return torch.tensor(list(dict.fromkeys(items))[:n], dtype=torch.int64)


class Mistakes:
    """Wrong answers; each docstring is what the learner reads."""

    def collaborative_first(autoencoder, likes, user, k, n):
        """The collaborative list begins in your answer. Let the content-based one have the first turn."""
        return _cut(_turns(*_lists(autoencoder, likes, user, k, n)[::-1]), n)

    def threshold_too_high(autoencoder, likes, user, k, n):
        """Items with a low reconstruction are missing from your answer. The content-based list belongs in it whole, down to
        a reconstruction of 0."""
        return _cut(_turns(recommend_content(autoencoder, likes, user, n, 0.2).tolist(), _lists(autoencoder, likes, user, k, n)[1]), n)

    def one_list_after_the_other(autoencoder, likes, user, k, n):
        """You put one list behind the other, so the second is cut off. Let them take turns, item by item."""
        return _cut(sum(_lists(autoencoder, likes, user, k, n), []), n)

    def two_at_a_time(autoencoder, likes, user, k, n):
        """Each list gives two items before the other has its turn. Let them take turns item by item."""
        content, votes = _lists(autoencoder, likes, user, k, n)
        return _cut([item for at in range(0, n, 2) for item in content[at : at + 2] + votes[at : at + 2]], n)

    def items_of_both_first(autoencoder, likes, user, k, n):
        """You put first what stands in both lists. Here no item jumps the queue: the lists take turns from their beginnings on."""
        lists = _lists(autoencoder, likes, user, k, n)
        return _cut([item for item in lists[0] if item in lists[1]] + _turns(*lists), n)

    def item_0_taken_for_nothing(autoencoder, likes, user, k, n):
        """Item 0 is in none of your answers: a bare `if item` takes 0 for nothing. Compare with None, or count places."""
        return _cut([item for item in _turns(*_lists(autoencoder, likes, user, k, n)) if item], n)

    def stops_at_the_shorter(autoencoder, likes, user, k, n):
        """You stop where the shorter list ends, as `zip` does. Let the longer one go on alone."""
        return _cut([item for pair in zip(*_lists(autoencoder, likes, user, k, n)) for item in pair], n)

    def repeats_kept(autoencoder, likes, user, k, n):
        """An item that stands in both lists comes twice in your answer. Keep only its first place."""
        return torch.tensor(_turns(*_lists(autoencoder, likes, user, k, n))[:n], dtype=torch.int64)

    def repeat_within_a_turn(autoencoder, likes, user, k, n):
        """An item that both lists have in the same turn comes twice: you look for it before the turn has been added.
        Compare the two of a turn as well."""
        mixed = []
        for pair in itertools.zip_longest(*_lists(autoencoder, likes, user, k, n)):
            mixed += [item for item in pair if item is not None and item not in mixed]
        return torch.tensor(mixed[:n], dtype=torch.int64)

    def later_place_kept(autoencoder, likes, user, k, n):
        """Of an item that comes twice you keep the later place. Keep the first."""
        return _cut(list(dict.fromkeys(_turns(*_lists(autoencoder, likes, user, k, n))[::-1]))[::-1], n)

    def cut_before_repeats_go(autoencoder, likes, user, k, n):
        """You cut at n before the repeated items are dropped, so too few remain. Cut last."""
        return _cut(_turns(*_lists(autoencoder, likes, user, k, n))[:n], n)

    def half_of_each(autoencoder, likes, user, k, n):
        """You take half of n from each list, so repeats and a short list leave too few. Take up to n from each,
        interleave, and cut last."""
        return _cut(_turns(*(items[: (n + 1) // 2] for items in _lists(autoencoder, likes, user, k, n))), n)

    def n_shared_out(autoencoder, likes, user, k, n):
        """You share n out between the two lists, so repeats and a short list leave too few. Take up to n from each,
        interleave, and cut last."""
        content, votes = _lists(autoencoder, likes, user, k, n)
        return _cut(_turns(content[: (n + 1) // 2], votes[: max(1, n // 2)]), n)

    def turn_passed_on(autoencoder, likes, user, k, n):
        """Where a list's item is there already you take its next one, so the lists get out of step. Interleave them
        whole, and drop the repeats afterwards."""
        mixed, lists = [], [iter(items) for items in _lists(autoencoder, likes, user, k, n)]
        for _ in range(n):
            for items in lists:
                mixed += [item for item in itertools.islice((new for new in items if new not in mixed), 1)]
        return _cut(mixed, n)

    def sorted_by_id(autoencoder, likes, user, k, n):
        """Your items come in the order of their ids: `set` and `torch.unique` forget who came first. Drop the repeats
        and keep the order."""
        return torch.tensor(sorted(set(_turns(*_lists(autoencoder, likes, user, k, n))))[:n], dtype=torch.int64)

    def in_both_lists_only(autoencoder, likes, user, k, n):
        """You keep only what stands in both lists. An item of either list may be recommended."""
        content, votes = _lists(autoencoder, likes, user, k, n)
        return _cut([item for item in content if item in votes], n)

    def content_alone(autoencoder, likes, user, k, n):
        """Nothing of the collaborative list is in your answer. Let the two lists take turns."""
        return recommend_content(autoencoder, likes, user, n)

    def repeats_dropped_too_early(autoencoder, likes, user, k, n):
        """You drop from the collaborative list all that the content-based one has, so its later items come too early.
        Interleave both lists whole, and drop the repeats afterwards."""
        content, votes = _lists(autoencoder, likes, user, k, n)
        return _cut(_turns(content, [item for item in votes if item not in content]), n)

    def k_and_n_exchanged(autoencoder, likes, user, k, n):
        """You ask n neighbours for k items. k is the number of neighbours, n that of items."""
        content = recommend_content(autoencoder, likes, user, n).tolist()
        return _cut(_turns(content, recommend_collaborative(autoencoder, likes, user, n, k).tolist()), n)

    def never_cut(autoencoder, likes, user, k, n):
        """You return all of both lists, more than n items. Cut at n when the repeats are gone."""
        return _cut(_turns(*_lists(autoencoder, likes, user, k, n)), 2 * n)

    def votes_alone(autoencoder, likes, user, k, n):
        """Nothing of the content-based list is in your answer. Let the two lists take turns."""
        return recommend_collaborative(autoencoder, likes, user, k, n)

    def threshold_left_out(autoencoder, likes, user, k, n):
        """Items with a reconstruction below 0 are in your answer. Ask `recommend_content` with its threshold of 0."""
        _, votes = _lists(autoencoder, likes, user, k, n)
        return _cut(_turns(recommend_content(autoencoder, likes, user, n, threshold=-1e9).tolist(), votes), n)

    def empty_is_float(autoencoder, likes, user, k, n):
        """Where there is nothing to recommend your empty tensor is float32. Say `dtype=torch.int64` when you make
        it."""
        return torch.tensor(_cut(_turns(*_lists(autoencoder, likes, user, k, n)), n).tolist())


class Variants:
    """Right answers in other styles."""

    def zipped(autoencoder, likes, user, k, n):
        mixed = []
        for pair in itertools.zip_longest(*_lists(autoencoder, likes, user, k, n)):
            for item in pair:
                if item is not None and item not in mixed:
                    mixed.append(item)
        return torch.tensor(mixed, dtype=torch.long)[:n]

    def padded_tensors(autoencoder, likes, user, k, n):
        table = torch.full((n, 2), -1, dtype=torch.int64)
        votes = recommend_collaborative(autoencoder=autoencoder, likes=likes, user=user, k=k, n=n)
        content = recommend_content(autoencoder, likes, user, n, threshold=0.0)
        table[: len(content), 0], table[: len(votes), 1] = content, votes
        flat = table.flatten()
        flat = flat[flat >= 0]
        repeated = (flat[:, None] == flat[None, :]).tril(-1).any(dim=1)
        return flat[~repeated][:n]

    def by_place(autoencoder, likes, user, k, n):
        best = {}
        for turn, items in enumerate(_lists(autoencoder, likes, user, k, n)):
            for place, item in enumerate(items):
                best[item] = min(best.get(item, 9**9), 2 * place + turn)
        return torch.tensor(sorted(best, key=best.get)[:n]).long()

    def numpy_inside(autoencoder, likes, user, k, n):
        turns = numpy.array(_turns(*_lists(autoencoder, likes, user, k, n)), dtype=numpy.int64)
        return torch.from_numpy(turns[numpy.sort(numpy.unique(turns, return_index=True)[1])][:n])

    def woven_by_recursion(autoencoder, likes, user, k, n):
        def weave(one, two):
            return [one[0], *weave(two, one[1:])] if one else two

        return _cut(weave(*_lists(autoencoder, likes, user, k, n)), n)


def _named(entry):
    """Give the two lists that a label names, if it names any."""
    named = re.search(r"lists ([\d ]+) and ([\d ]+)$", entry.label)
    return [[int(word) for word in part.split()] for part in named.groups()] if named else None


class Symptoms:
    """Signs in what came back; each docstring is what the learner reads."""

    def good_input_refused(expected, got):
        """For {case}, you raise a `ValueError`, and an answer is asked. Leave the tests to the two recommenders: either list may be
        short or empty."""
        *before, last = expected.entries[: len(got.entries)]
        return before != [] and got.error.kind == "ValueError" and "raise" in got.error.code and {"case": last.label}

    no_ids, not_one_row, user_0_refused, too_many_ids = signs.no_ids, signs.not_one_row, signs.user_0_refused, signs.too_many_ids

    def item_twice(expected, got):
        """For {case}, the id {id} comes twice in your answer, {found}. Whatever has its place already is passed over."""
        entry, _, found = next(signs.lists(expected, got))
        twice = [item for item in found if found.count(item) > 1]
        return {"case": entry.label, "found": found, "id": twice[0]} if twice else False

    def repeats_lost(expected, got):
        """For {case}, an item of both lists is missing from your answer, {found}. Only its second place goes, the first one stays."""
        odd = [(entry, *lists, set(asked), found) for entry, asked, found in signs.lists(expected, got) if (lists := _named(entry))]
        both = [set(content) & set(votes) & asked for _, content, votes, asked, _ in odd]
        lost = [not shared & set(found) for shared, (*_, found) in zip(both, odd) if shared]
        return {"case": odd[0][0].label, "found": odd[0][-1]} if len(lost) > 1 and all(lost) and both[0] else False

    def item_0_never_there(expected, got):
        """Item 0 is in none of your answers. A bare `if item` takes 0 for nothing: compare with None, or count places."""
        odd = [(asked, found) for _, asked, found in signs.lists(expected, got) if 0 in asked]
        return len(odd) > 2 and not any(0 in found for _, found in odd)

    def ends_with_a_list(expected, got):
        """With {case}, your answer is empty. Where one list is empty or has ended, the other goes on alone."""
        empty = [entry.label for entry, asked, found in signs.lists(expected, got) if asked and not found]
        return next(({"case": label} for label in empty if label.startswith(("no votes", "an empty list"))), False)

    def one_too_few(expected, got):
        """Your answers end one item too early: for {case}, with {found}. Look at where you cut: `[:n]` keeps n items."""
        full = [(one, two.value) for one, two in zip(expected.entries, got.entries) if len(one.value) == one.inputs["n"]]
        short = all(torch.equal(one.value[:-1], found) for one, found in full)
        return {"case": full[0][0].label, "found": full[0][1].tolist()} if short else False

    def id_of_neither_list(expected, got):
        """For {case}, you answer {found}, and {id} stands in neither list. Look at what fills up a list that has ended, and at whose lists you ask for."""
        for entry, _, found in signs.lists(expected, got):
            strange = [item for item in found if (lists := _named(entry)) and item not in lists[0] + lists[1]]
            if strange:
                return {"case": entry.label, "found": found, "id": strange[0]}

    def out_of_turn(expected, got):
        """For {case}, you answer {found}, and {place} it is the {which} list's turn, with {item}. Take one item of each list in turn,
        the content-based one first, down to their ends."""
        for entry, asked, found in signs.lists(expected, got):
            if lists := _named(entry):
                place = next((at for at, pair in enumerate(zip(asked, found)) if pair[0] != pair[1]), min(len(asked), len(found)))
                turns = [(item, which) for pair in itertools.zip_longest(*lists) for item, which in zip(pair, ("content-based", "collaborative"))]
                words = {"place": f"after {', '.join(map(str, asked[:place]))}" if place else "first of all"}
                return words | {"case": entry.label, "found": found, "item": asked[place], "which": dict(turns[::-1])[asked[place]]}

    def content_cut_short(expected, got):
        """With no votes, and scores down to 0, your answer ends after {found}, and the content-based list goes on. Ask
        `recommend_content` for n items, with its threshold of 0."""
        asked, found = (seen["no votes, and scores down to 0"].tolist() for seen in (expected, got))
        return len(found) < len(asked) and asked[: len(found)] == found and {"found": found}

    def bad_input_taken(expected, got):
        """For {case}, `{name}` raises no `ValueError`. Let the two recommenders test what they are given: call them
        before all else."""
        odd = [one for one, two in zip(expected.entries, got.entries) if two.error or repr(one.value) != repr(two.value)]
        return odd[:1] != [] and all(type(one.value) is str for one in odd) and {"case": odd[0].label}

    other_order, id_out_of_place, id_left_out = signs.other_order, signs.id_out_of_place, signs.id_left_out
    bad_input_taken.status = "wrong"
