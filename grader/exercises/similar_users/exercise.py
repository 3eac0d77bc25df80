"""Answer to `similar_users`."""

import numpy
import torch

from grader.exercises import id_lists
from grader.exercises.euclidean_similarity.exercise import EuclideanSimilarity

from .probe import PLANE

POINTS = 2
HINTS = (
    "The autoencoder gives every user a place in the latent space. Which place is nearest to each user, and should it "
    "be in the answer?",
    "Encode all likes at once, take the similarity of one row to all rows, sort, and leave the user out before you "
    "cut at k. How does your sort treat users who are equally alike?",
    "`similarity = EuclideanSimilarity()(latents[user].expand_as(latents), latents)`, then `order = "
    "similarity.argsort(descending=True, stable=True)`; keep `order[order != user]`, and cut.",
)
HINTS_FOR = {
    "likes_not_converted": "A `Linear` layer multiplies by float32 weights, and takes float32 alone: `likes.float()`.",
    "ties_left_to_topk": "`topk` promises nothing about equal values; a stable sort keeps them in the order of their ids.",
    "ties_left_to_chance": "`argsort(descending=True, stable=True)` keeps the lower id first among equal values.",
    "user_himself_included": "`order[order != user]` leaves him out, wherever he stands.",
}
NOTICE = "The likes were needed only to get the latents: a million users become a million short rows of numbers."
EQUAL = {
    "EuclideanSimilarity()(latents[user].expand_as(latents), latents) -> EuclideanSimilarity()(latents, latents[user].expand_as(latents))": "a similarity is symmetric",
    "latents[user].expand_as(latents) -> latents[user]": "`PairwiseDistance` broadcasts by itself",
}


def similar_users(autoencoder, likes, user, k):
    if k < 1 or not 0 <= user < len(likes):
        raise ValueError(f"k must be at least 1 and user a row of the likes, but they are {k} and {user}")
    with torch.no_grad():
        latents = autoencoder.encode(likes.float())
    similarity = EuclideanSimilarity()(latents[user].expand_as(latents), latents)
    order = similarity.argsort(descending=True, stable=True)  # stable: among equals the lower id stays first
    return order[order != user][:k]


def _latents(autoencoder, likes, user, k):
    if not (k >= 1 and 0 <= user < likes.shape[0]):
        raise ValueError("no such user, or k too small")
    return autoencoder.encode(likes.float()).detach()


def _distances(*arguments):
    latents = _latents(*arguments)
    return (latents - latents[arguments[2]]).pow(2).sum(dim=1).sqrt()


def _nearest(values, user, k, largest=True):
    order = values.argsort(descending=largest, stable=True)
    return order[order != user][:k]


class Mistakes:
    """Wrong answers; each docstring is what the learner reads."""

    def user_himself_included(autoencoder, likes, user, k):
        """The user himself is among his neighbours, for nobody is nearer to him. Leave him out before you cut."""
        return _distances(autoencoder, likes, user, k).argsort(stable=True)[:k]

    def cut_before_he_is_left_out(autoencoder, likes, user, k):
        """One neighbour is missing: you cut at k and leave the user out afterwards. Leave him out first."""
        order = _distances(autoencoder, likes, user, k).argsort(stable=True)[:k]
        return order[order != user]

    def first_of_the_order_dropped(autoencoder, likes, user, k):
        """You drop the first of the order as if he were always the user himself. Another user may have the very same
        latent: drop the id, not the place."""
        return _distances(autoencoder, likes, user, k).argsort(stable=True)[1 : k + 1]

    def himself_at_the_end(autoencoder, likes, user, k):
        """You push the user himself to the end, and where k is large he is returned all the same. Leave him out."""
        distance = _distances(autoencoder, likes, user, k)
        distance[user] = torch.inf
        return distance.argsort(stable=True)[:k]

    def shortened_list(autoencoder, likes, user, k):
        """You return places in the list without the user, so every id after his is one too low. Shift those back."""
        distance = list(_distances(autoencoder, likes, user, k))
        return torch.tensor(distance[:user] + distance[user + 1 :]).argsort(stable=True)[:k]

    def least_alike_first(autoencoder, likes, user, k):
        """The least alike users come first in your answer. A similarity sorts downwards, a distance upwards."""
        return _nearest(_distances(autoencoder, likes, user, k), user, k)

    def compares_the_likes(autoencoder, likes, user, k):
        """You compare the likes, or their reconstructions. Compare the latents, the rows of `autoencoder.encode(...)`."""
        if k < 1 or not 0 <= user < len(likes):
            raise ValueError("no such user, or k too small")
        rows = likes.float()
        return _nearest(EuclideanSimilarity()(rows[user].expand_as(rows), rows), user, k)

    def in_the_order_of_ids(autoencoder, likes, user, k):
        """Your neighbours are the right ones, but in the order of their ids. The most alike user comes first."""
        return _nearest(_distances(autoencoder, likes, user, k), user, k, largest=False).sort().values

    def dot_product(autoencoder, likes, user, k):
        """You rank by the dot product of the latents, which favours long ones. Use `EuclideanSimilarity`."""
        latents = _latents(autoencoder, likes, user, k)
        return _nearest(latents @ latents[user], user, k)

    def cosine(autoencoder, likes, user, k):
        """You rank by the cosine of the latents, which looks at their direction alone. Use `EuclideanSimilarity`."""
        latents = _latents(autoencoder, likes, user, k)
        return _nearest(torch.cosine_similarity(latents, latents[user][None]), user, k)

    def city_block(autoencoder, likes, user, k):
        """You add up the absolute differences, the city-block distance. Take the root of the summed squares, as
        `EuclideanSimilarity` does."""
        latents = _latents(autoencoder, likes, user, k)
        return _nearest((latents - latents[user]).abs().sum(dim=1), user, k, largest=False)

    def largest_difference(autoencoder, likes, user, k):
        """You rank by the largest difference of two latents, in whatever dimension. Take the root of the summed squares, as
        `EuclideanSimilarity` does."""
        latents = _latents(autoencoder, likes, user, k)
        return _nearest((latents - latents[user]).abs().amax(dim=1), user, k, largest=False)

    def first_dimension_alone(autoencoder, likes, user, k):
        """You compare the first numbers of the latents alone. Compare them whole, by `EuclideanSimilarity`."""
        latents = _latents(autoencoder, likes, user, k)[:, 0]
        return _nearest((latents - latents[user]).abs(), user, k, largest=False)

    def standardised(autoencoder, likes, user, k):
        """You bring the latents to one scale before you compare them, which changes who is near. Compare them as the encoder gives them."""
        latents = _latents(autoencoder, likes, user, k)
        latents = (latents - latents.mean(dim=0)) / (latents.std(dim=0, correction=0) + 1e-8)
        return _nearest((latents - latents[user]).norm(dim=1), user, k, largest=False)

    def alike_to_the_first_user(autoencoder, likes, user, k):
        """You look for the users most alike to user 0. Compare all of them with the row of the user who is asked for."""
        latents = _latents(autoencoder, likes, user, k)
        return _nearest((latents - latents[0]).norm(dim=1), user, k, largest=False)

    def doubles_left_out(autoencoder, likes, user, k):
        """You leave out whoever has the very latent of the user, and he is the most alike of all. Only the user himself goes: compare ids."""
        distance = _distances(autoencoder, likes, user, k)
        order = distance.argsort(stable=True)
        return order[distance[order] > 0][:k]

    def whole_numbers(autoencoder, likes, user, k):
        """You cut the latents to whole numbers, so users between these fall together. Leave them float32."""
        latents = _latents(autoencoder, likes, user, k).long().float()
        return _nearest((latents - latents[user]).norm(dim=1), user, k, largest=False)

    def one_too_few(autoencoder, likes, user, k):
        """You return one neighbour too few, also where nobody else is in the way. `[:k]` has the first k."""
        return _nearest(_distances(autoencoder, likes, user, k), user, k - 1, largest=False)

    def dropout_left_on(autoencoder, likes, user, k):
        """Your latents come from a masked input, so chance decides who is alike. Use `encode`, or `mask=False`."""
        _latents(autoencoder, likes, user, k)
        latents, _ = autoencoder(likes.float(), mask=True)
        return _nearest((latents - latents[user]).pow(2).sum(dim=1), user, k, largest=False)

    def ties_to_the_higher_id(autoencoder, likes, user, k):
        """Of two equally alike users yours puts the higher id first. Sort with `descending=True, stable=True`."""
        order = (-_distances(autoencoder, likes, user, k)).argsort(stable=True).flip(0)
        return order[order != user][:k]

    def ties_left_to_topk(autoencoder, likes, user, k):
        """`topk` breaks ties at will, so equally alike users come in no order. A stable sort keeps the lower id first."""
        similarity = 1 / (1 + _distances(autoencoder, likes, user, k))
        similarity[user] = 0
        return similarity.topk(min(k, len(likes) - 1)).indices

    def more_than_there_are(autoencoder, likes, user, k):
        """`topk` cannot give more neighbours than there are users. Cut at min(k, M - 1), or sort and slice."""
        return (-_distances(autoencoder, likes, user, k)).topk(k + 1).indices[1:]

    def values_not_ids(autoencoder, likes, user, k):
        """You return the similarities themselves. Return the users' ids: `argsort` gives places, `sort` gives both."""
        similarity = 1 / (1 + _distances(autoencoder, likes, user, k))
        return similarity[_nearest(similarity, user, k)]

    def likes_not_converted(autoencoder, likes, user, k):
        """The likes go into the autoencoder as they came, and its layers take float32 alone. Turn them into float32
        by `.float()` first."""
        return _nearest(autoencoder.encode(likes), user, k)

    def nothing_refused(autoencoder, likes, user, k):
        """A k below 1, or a user who is not there, gets some answer or another error. Test both first and raise a
        `ValueError`."""
        latents = autoencoder.encode(likes.float())
        return _nearest((latents - latents[user]).norm(dim=1), user % len(likes), max(k, 0), largest=False)


class Variants:
    """Right answers in other styles."""

    def distances_of_all_pairs(autoencoder, likes, user, k):
        latents = _latents(autoencoder, likes, user, k)
        order = torch.cdist(latents, latents)[user].sort(stable=True).indices
        return order[order != user][:k]

    def sorted_in_python(autoencoder, likes, user, k):
        if k < 1 or user not in range(len(likes)):
            raise ValueError(f"{k=} {user=}")
        autoencoder.eval()
        similarity, own = EuclideanSimilarity(), autoencoder.encode(likes[user].float()[None])
        alike = [similarity(own, autoencoder.encode(row[None])).item() for row in likes.float()]
        others = sorted((other for other in range(len(likes)) if other != user), key=lambda other: (-alike[other], other))
        return torch.tensor(others[:k], dtype=torch.long)

    def latents_of_the_forward_pass(autoencoder, likes, user, k):
        _latents(autoencoder, likes, user, k)
        latents, _ = autoencoder(likes.to(torch.float32), False)
        similarity = EuclideanSimilarity()(latents[user : user + 1], latents).detach()
        similarity[user] = -torch.inf
        return similarity.sort(descending=True, stable=True)[1][: min(k, len(likes) - 1)]

    def numpy_inside(autoencoder, likes, user, k):
        latents = _latents(autoencoder, likes, user, k).numpy().astype(numpy.float64)
        distance = numpy.linalg.norm(latents - latents[user], axis=1)
        order = numpy.lexsort((numpy.arange(len(likes)), distance))
        return torch.from_numpy(order[order != user][:k])

    def one_after_another(autoencoder, likes, user, k):
        distance, found = _distances(autoencoder, likes, user, k).tolist(), []
        others = [other for other in range(len(likes)) if other != user]
        while others and len(found) < k:
            found.append(others.pop(others.index(min(others, key=distance.__getitem__))))
        return torch.tensor(found, dtype=torch.int64)

    def ids_of_the_others(autoencoder, likes, user, k):
        latents = _latents(autoencoder, likes, user, k)
        ids = torch.cat([torch.arange(user), torch.arange(user + 1, len(likes))])
        gaps = latents[ids] - latents[user]
        return ids[torch.einsum("md,md->m", gaps, gaps).sort(stable=True).indices[:k]]


def _hamming(rows, row):
    return (rows.int() - row.int()).abs().sum(dim=1)


def _iou_distance(rows, row):
    both, either = (rows.bool() & row.bool()).sum(dim=1), (rows.bool() | row.bool()).sum(dim=1)
    return 1 - both / either.clamp(min=1)


def _nearest_by(measure, inputs, found):
    """Whether the ids found are those of the rows of likes that are nearest by a measure; ties may stand anyhow."""
    if type(found) is not torch.Tensor:
        return False
    far = measure(inputs["likes"], inputs["likes"][inputs["user"]])
    others = far[torch.arange(len(far)) != inputs["user"]].sort().values
    return far[found].tolist() == others[: len(found)].tolist()


class Symptoms:
    """Signs in what came back; each docstring is what the learner reads."""

    def nothing_to_stack(expected, got):
        """For {case} there is nothing to return, and `stack` and `cat` make no tensor of nothing. Return an empty int64 tensor there."""
        return "non-empty" in got.error.text and {"case": expected.entries[len(got.entries) - 1].label}

    def mask_left_out(expected, got):
        """You call the autoencoder without its `mask`. `encode` needs none, and masks nothing."""
        return "missing" in got.error.text and "'mask'" in got.error.text

    def himself_found(expected, got):
        """For {case}, the user himself is in your answer. Leave his id out, wherever it stands, before you cut at k."""
        odd = [(one, two.value) for one, two in id_lists.differing(expected, got) if not two.error and type(one.value) is not str]
        found = [one.label for one, value in odd if (value == one.inputs["user"]).any()]
        return {"case": found[0]} if found else False

    def likes_in_place_of_latents(expected, got):
        """Your neighbours are those with the most alike likes, so you compare rows of likes or their reconstructions.
        Compare the latents, the rows of `autoencoder.encode(...)`."""
        pairs = [(one.inputs, two.value) for one, two in zip(expected.entries, got.entries) if type(one.value) is torch.Tensor]
        return any(all(_nearest_by(measure, inputs, found) for inputs, found in pairs) for measure in (_hamming, _iou_distance))

    def double_left_out(expected, got):
        """For {case}, you answer {found}, and the most alike user of all is missing. Only the user himself goes: compare ids, neither latents
        nor likes."""
        for entry, asked, found in id_lists.lists(expected, got):
            if "very same" not in entry.label:
                return False
            if asked[0] not in found:
                return {"case": entry.label, "found": found}

    def first_user_compared(expected, got):
        """Your neighbours are those of user 0. Compare all latents with the row of the user who is asked for."""
        return [got[label].tolist() for label in ("users at 5, 0, 1 and 3 on the latent line", "latents in the plane")] == [[0, 3], [0, 1, 4]]

    def whole_numbers_alone(expected, got):
        """Your neighbours are right where all latents are whole numbers, and only there. Look for a rounding, for `long` or for `int`."""
        return {entry.label for entry, _, _ in id_lists.lists(expected, got)} == {"latents between whole numbers"}

    def direction_alone(expected, got):
        """For latents in the plane, you rank by their direction from the origin. Compare them as the encoder gives them, by
        `EuclideanSimilarity`, without dividing by their lengths."""
        plane = torch.tensor(PLANE).float()
        order = torch.cosine_similarity(plane, plane[2:3]).argsort(descending=True)
        doubles = set(got["a second user with the very same latent"].tolist()) == {0, 1}
        return doubles and got["latents in the plane"].tolist() == order[order != 2][:3].tolist()

    def large_k_refused(expected, got):
        """You refuse a k larger than the number of other users. Give all the others then: min(k, M - 1) of them."""
        return any(entry.error and entry.error.kind == "ValueError" and entry.label.startswith(("more neigh", "one user")) for entry in got.entries)

    def user_0_refused(expected, got):
        """You refuse user 0, who likes nothing here. The rows count from 0, so he is the first, and a row of zeros has a latent as any other."""
        return got.error.kind == "ValueError" and expected.entries[len(got.entries) - 1].label == "a user who likes nothing"

    def ties_left_to_chance(expected, got):
        """Your order is right but where users are equally alike, and there the lower id comes first. Sort with
        `stable=True`: `topk` and a plain sort break ties at will."""
        return {one.label for one, _ in id_lists.differing(expected, got) if type(one.value) is not str} == {"many equally alike users"}

    def bad_input_taken(expected, got):
        """For {case}, `{name}` raises no `ValueError`. Test `k` and `user` first: Python counts negative ones from
        the end."""
        odd = [one for one, _ in id_lists.differing(expected, got)]
        return odd[:1] != [] and all(type(one.value) is str for one in odd) and {"case": odd[0].label}

    no_ids, not_one_row = id_lists.no_ids, id_lists.not_one_row
    too_many_ids, other_order = id_lists.too_many_ids, id_lists.other_order
    id_out_of_place, id_left_out = id_lists.id_out_of_place, id_lists.id_left_out
    bad_input_taken.status = "wrong"
