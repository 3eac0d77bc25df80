"""Which mistake is named, where several fit or one explains a part."""

import pytest
import torch

from grader.differences import alike, most_helpful
from grader.exercise import ids, load
from grader.forms import CODE, kind_of
from grader.judge import judge
from grader.learner.observation import DIED, TIMED_OUT, Observation
from grader.learner.observe import observe
from grader.trials.figures import verdict_of

IOU, WARM_UP = load("iou"), load("warm_up")
right = IOU.answer.intersection_over_union
mistakes = IOU.group("Mistakes")


def told(answer, seed=0):
    """Judge one attempt at `iou`."""
    return verdict_of(IOU, {"intersection_over_union": answer}, seed)


def dice_but_for_many(likes):
    """Be the Dice coefficient for a few users, and something else for more."""
    return mistakes["dice"](likes) if len(likes) < 4 else right(likes) * 0.9 + 0.01 * torch.eye(len(likes))


def test_a_mistake_that_explains_a_part_is_named_as_such():
    """Two mistakes at once: the sentence says that it fits some of the inputs."""
    found = told(dice_but_for_many)
    assert (found.diagnosis, found.message.startswith("On some of the inputs")) == ("dice", True)


def test_a_whole_likeness_goes_first():
    """The mistake alone is told in its own words."""
    assert told(mistakes["dice"]).message.startswith("Your values are the Dice coefficient")


def test_the_best_of_several_that_fit_by_chance():
    """Where draws decide, each mistake gets its own name on every seed, though others would pass the test too."""
    sampled = load("sample_negative")
    given = {"sample_negative": sampled.group("Mistakes")["given_up_too_soon"]}
    assert {verdict_of(sampled, given, seed).diagnosis for seed in range(4)} == {"given_up_too_soon"}


def test_a_sign_that_is_looked_for_without_end_is_given_up(monkeypatch):
    """An answer may be made so that a question about it takes hours: the verdict comes without it."""
    monkeypatch.setattr("grader.diagnosis.SECONDS", 0.05)

    def endless(_expected, _got):
        """Never said."""
        while True:
            pass

    monkeypatch.setattr(IOU.answer, "Symptoms", type("Symptoms", (), {"endless": endless}), raising=False)
    assert told(lambda likes: right(likes) + len(likes)).diagnosis != "endless"


@pytest.mark.parametrize("exercise_id", ["recommend_collaborative", "recommend_content", "similar_users"])
def test_an_answer_of_any_length_is_quoted_shortly(exercise_id):
    """A million ids make no sentence of megabytes."""
    exercise = load(exercise_id)
    for ids_of_it in (torch.cat([torch.arange(10**6).float(), torch.ones(1)]), torch.full((10**6,), 100)):
        found = verdict_of(exercise, {exercise.names[0]: lambda *_, answer=ids_of_it: answer}, 0)
        assert (found.score, len(found.message) < 1_000) == (0, True)


def test_the_smallest_input_is_shown():
    """Of all inputs on which the answer is wrong, the one with the fewest numbers."""
    seen = observe(IOU.probe, {"intersection_over_union": lambda likes: right(likes) ** 3}, seed=0)
    wanted = IOU.expected(0)
    wrong = [one for one, two in zip(wanted.compared, seen.compared, strict=True) if not alike(one, two)]
    smallest = min(wrong, key=lambda entry: (1 in entry.inputs["likes"].shape, entry.inputs["likes"].numel()))
    assert most_helpful(wanted, seen).expected is smallest


@pytest.mark.parametrize("exercise_id", [key for key in ids() if kind_of(load(key)) == CODE])
@pytest.mark.parametrize("ended", [TIMED_OUT, DIED])
def test_an_answer_that_says_nothing_shows_no_sign(exercise_id, ended):
    """What was stopped before its first word is told that it was stopped, and of no mistake that nobody saw."""
    exercise = load(exercise_id)
    found = judge(exercise, Observation(ended=ended, note="stopped after 1 s"), seed=0)
    assert (found.diagnosis, "after 1 s" in found.message) == (None, True)


def test_what_is_no_reason_for_an_error_does_not_hide_it():
    """The line that stopped the code is read out; what else is surely wrong comes after it."""
    calls = []

    def nothing_then_an_error(likes):
        calls.append(likes)
        return calls[1].missing if len(calls) > 1 else None

    message = told(nothing_then_an_error).message
    assert "`return calls[1].missing" in message
    assert "Beside that: `intersection_over_union` returned None." in message


def test_a_likeness_in_part_does_not_hide_an_error():
    """What some answers look like says nothing of the line that failed."""
    found = told(lambda likes: mistakes["dice"](likes) if len(likes) < 4 else likes.missing)
    assert (found.status, found.diagnosis, "raised AttributeError" in found.message) == ("raised", None, True)


def test_a_sign_in_the_error_itself_is_named():
    """A symptom that reads the error says more than the error does."""
    first = load("first_autoencoder")
    answer = first.namespace(first.group("Mistakes")["encode_missing"])
    assert verdict_of(first, answer, 0).diagnosis == "encode_missing"


def test_an_exercise_s_own_sign_beside_an_error_is_left_out():
    """A loss that is off is no reason for a batch that cannot be indexed."""
    epoch = load("train_epoch")
    right_epoch = epoch.answer.train_epoch

    def mean_of_batches(autoencoder, loader, loss_function, optimizer):
        return right_epoch(autoencoder, [loader[i] for i in range(3)], loss_function, optimizer) + 1

    found = verdict_of(epoch, {"train_epoch": mean_of_batches}, 0)
    assert (found.diagnosis, "not subscriptable" in found.message) == (None, True)


def test_a_reason_for_later_errors_says_so():
    """Likes that were put to 0 leave nothing to draw from, and the draw fails a call later."""
    sampled = load("sample_positive")
    answer = {"sample_positive": sampled.group("Mistakes")["likes_changed"]}
    assert verdict_of(sampled, answer, 0).diagnosis == "likes_changed"


def test_the_table_is_of_the_case_in_the_sentence():
    """A k of 0 that gets an answer is the smallest input; the sentence tells of ids in another one."""
    similar = load("similar_users")

    def himself_too(autoencoder, likes, user, k):
        latents = autoencoder.encode(likes.float())
        return (latents - latents[user]).norm(dim=1).argsort(stable=True)[:k]

    found = verdict_of(similar, {"similar_users": himself_too}, 0)
    assert (found.evidence.label in found.message, found.evidence.label.startswith("k = ")) == (True, False)


def test_an_empty_answer_holds_no_places():
    """Where nothing is to recommend, an answer without ids is no proof that places were returned."""
    mixed = load("recommend_collaborative")

    def untested(autoencoder, likes, user, k, n):
        if n > 0:
            return torch.tensor(mixed.answer.recommend_collaborative(autoencoder, likes, user, k, n).tolist())
        return torch.tensor([], dtype=torch.int64)

    assert verdict_of(mixed, {"recommend_collaborative": untested}, 0).diagnosis != "places_among_the_new"
