"""What a learner calls: check, hint, solution, progress, reset, earlier."""

from __future__ import annotations

import builtins
import linecache
from unittest.mock import Mock

import pytest
import torch
from IPython.core.autocall import ExitAutocall

import grader
from grader.desks.notebook import calls
from grader.exercise import load
from grader.sources import answer_source


def written(exercise_id):
    """Give the names of a notebook in which the right answer stands as a learner's own text."""
    source, filename = answer_source(exercise_id), f"<cell of {exercise_id}>"
    linecache.cache[filename] = (len(source), None, source.splitlines(keepends=True), filename)
    space = {"__name__": "__main__"}
    exec(compile(source, filename, "exec"), space)
    return space


RIGHT = {"iou": written("iou")}
STUBBED = """
def intersection(likes):
    raise NotImplementedError
def union(likes):
    n = likes.shape[1]
    none = 1 - likes.long()
    return n - none @ none.T
def intersection_over_union(likes):
    return intersection(likes).float() / union(likes).float().clamp(min=1)
"""
BUILT_ON = """
def intersection(likes):
    return likes.float() @ likes.float().T + 1
def union(likes):
    counts = likes.float().sum(dim=1)
    return counts[:, None] + counts - intersection(likes)
def intersection_over_union(likes):
    return intersection(likes).float() / union(likes).float().clamp(min=1)
"""


def check(exercise_id, **namespace):
    """Check in a namespace given by hand."""
    return calls.check_in(exercise_id, namespace)


def dice(likes):
    """Answer wrongly, in a way that has a name."""
    return load("iou").group("Mistakes")["dice"](likes)


def test_check_finds_the_callers_names():
    """`check` looks where it is called."""
    intersection_over_union = RIGHT["iou"]["intersection_over_union"]  # noqa: F841 - found by its name
    assert grader.check("iou").status == "correct"


def test_tab_offers_what_is_called():
    """The completion of a notebook asks `dir`."""
    assert dir(grader) == ["check", "earlier", "hint", "progress", "reset", "solution"]


def test_a_misspelt_call_is_told_what_there_is():
    """The error names all calls and the nearest."""
    with pytest.raises(AttributeError, match=r"has check, earlier, hint, .* no `chek`: did you mean `check`"):
        grader.chek("iou")


def test_the_text_is_the_same_on_every_run():
    """nbval compares it."""
    assert check("iou", intersection_over_union=dice).text == check("iou", intersection_over_union=dice).text


def test_the_view_shows_expected_beside_got():
    """A wrong matrix is drawn with a sign on each cell that differs."""
    html = check("iou", intersection_over_union=dice).html
    assert ("expected" in html, "yours" in html, "≠" in html) == (True, True, True)


def test_a_wrong_answer_brings_its_hints():
    """They stand in the view and not in the text, and do not count as asked for: the solution stays closed."""
    found = check("iou", intersection_over_union=load("iou").group("Mistakes")["nan_for_empty_users"])
    seen = ("0 / 0 is NaN" in found.html, "0 / 0 is NaN" in found.text, "seen 0 of 4" in grader.solution("iou").text)
    assert seen == (True, False, True)


def test_a_view_never_holds_the_solution():
    """Hints lead there, and stop before it."""
    assert "def intersection_over_union" not in check("iou", intersection_over_union=dice).html


def test_a_hostile_error_is_escaped():
    """What a learner's code says never becomes HTML."""

    def hostile(likes):
        raise ValueError("<script>alert(1)</script>")

    assert "<script>" not in check("iou", intersection_over_union=hostile).html


def test_only_near_ids_are_named():
    """A long id that shares a few letters is no help."""
    assert grader.check("intersectoin").text == "There is no exercise `intersectoin`. Did you mean `intersection`?"


def test_an_unknown_exercise_is_a_sentence():
    """A misspelt id names the nearest."""
    assert grader.check("iuo").text == "There is no exercise `iuo`. Did you mean `iou`?"


@pytest.mark.parametrize("odd", [None, 3, [], {}, "", "?" * 500])
def test_an_odd_id_is_a_sentence(odd):
    """Whatever is asked for, no traceback through our files."""
    assert grader.check(odd).text.startswith(("There is no exercise", "An exercise is named by a string"))


def test_a_verdict_is_shown_where_progress_cannot_be_kept(progress_folder):
    """The warning comes first, the verdict all the same."""
    progress_folder.touch()
    assert "could not be saved" in check("iou", intersection_over_union=dice).text


def test_hints_go_on_where_progress_cannot_be_kept(progress_folder):
    """The kernel remembers them."""
    progress_folder.touch()
    assert ["Hint 2 of 3" in grader.hint("iou").text for _ in range(2)] == [False, True]


def test_reset_speaks_of_passed_work_only_where_some_is():
    """An exercise that never passed has none."""
    assert "passed work" not in grader.reset("iou").text


def test_a_text_that_waits_for_a_person_leads_on():
    """Nothing is left to mend: the next exercise is named, by the check and by the progress."""
    text = check("essay_contrastive", essay_contrastive={"two_words": "a", "relatives": "b", "your_choice": "c"}).text
    assert ("on to `reparametrise`" in text, "Next: essay_contrastive" in grader.progress().text) == (True, False)


MISSPELT = {
    "capitals": ("first_autoencoder", "Autoencoder", "There is an `Autoencoder`: is that it?"),
    "a letter too many": ("intersection", "intersections", "There is an `intersections`: is that it?"),
    "another spelling": ("reparametrise", "reparametrize", "There is a `reparametrize`: is that it?"),
    "nothing alike": ("intersection", "rate", "Write your answer in its cell"),
    "another exercise's": ("sample_positive", "sample_negative", "Write your answer in its cell"),
}


@pytest.mark.parametrize("case", MISSPELT)
def test_a_misspelt_name_is_pointed_at(case):
    """Capitals count for nothing, and the name of another exercise is no slip."""
    exercise_id, name, words = MISSPELT[case]
    assert words in check(exercise_id, **{name: dice}).text


LENT = {
    "a function": ("union", lambda: grader.earlier("union")),
    "a class": ("first_autoencoder", lambda: grader.earlier("first_autoencoder")),
    "a class built on it": ("first_autoencoder", lambda: type("A", (grader.earlier("first_autoencoder"),), {})),
    "a dict": ("quiz_similarity", lambda: load("quiz_similarity").reference()["quiz_similarity"]),
    "another exercise's": ("union", lambda: grader.earlier("intersection")),
}


@pytest.mark.parametrize("case", LENT)
def test_the_courses_answer_is_nobodys_own(case):
    """What `earlier` lends earns nothing, and nothing is kept of it."""
    exercise_id, lend = LENT[case]
    found = check(exercise_id, **{load(exercise_id).names[0]: lend()})
    kept = calls._progress().of(exercise_id), calls._progress().kept(exercise_id)
    assert (found.status, "holds the course's answer now" in found.text, kept) == ("missing", True, ({}, None))


def test_the_learners_own_that_earlier_gives_is_his():
    """His passed answer, taken up again, passes again."""
    check("iou", **RIGHT["iou"])
    assert check("iou", intersection_over_union=grader.earlier("iou")).status == "correct"


def test_not_yet_names_what_is_open():
    """Where only what it builds on is at fault, that is said."""
    namespace = {}
    exec(STUBBED, namespace)
    found = calls.check_in("iou", namespace)
    assert (found.status, "`intersection`" in found.text) == ("not yet", True)


def test_not_yet_knows_what_a_class_builds_on():
    """A class's methods look names up in the notebook, of which a check holds a copy."""
    space = written("recommender_loss")
    exec("class EuclideanSimilarity(torch.nn.Module):\n    def forward(self, a, b):\n        return a[:, 0] * 0", space)
    assert check("recommender_loss", **space).status == "not yet"


def test_not_yet_leaves_out_what_only_builds_on_the_fault():
    """A union that is right with a right intersection is not to be mended."""
    namespace = {}
    exec(BUILT_ON, namespace)
    assert "`iou` builds on `intersection`, and that is not right yet" in calls.check_in("iou", namespace).text


def test_the_namespace_is_left_as_it_was():
    """Right answers are lent for a second look, and taken back."""
    namespace = {}
    exec(STUBBED, namespace)
    before = dict(namespace)
    calls.check_in("iou", namespace)
    assert namespace == before


def test_an_endless_loop_is_stopped(monkeypatch):
    """The kernel comes back, and the limit is named."""

    def endless(likes):
        while True:
            pass

    monkeypatch.setattr("grader.desks.notebook.checking.SECONDS", 0.2)
    assert "was stopped after 0.2 s" in check("iou", intersection_over_union=endless).text


LEAVES = {
    "exit": "def union(likes):\n    exit()",
    "quit, once": "def union(likes):\n    if len(likes) < 3:\n        quit()\n    return right(likes)",
    "helper": "def helper():\n    exit(3)\ndef union(likes):\n    return helper()",
}


@pytest.mark.parametrize("case", LEAVES)
def test_leaving_python_is_told_and_the_kernel_stays(case):
    """IPython's own `exit` only asks the kernel to end after the cell: while a check runs it is plain Python's."""
    shell = Mock()
    space = {"exit": ExitAutocall(shell), "quit": ExitAutocall(shell), "right": written("union")["union"]}
    exec(LEAVES[case], space)
    before = dict(space), builtins.exit
    found = check("union", **space)
    assert ("by SystemExit" in found.text, shell.ask_exit.called, (space, builtins.exit)) == (True, False, before)


def test_leaving_python_in_a_method_is_told():
    """A class's methods look `exit` up in the same namespace."""
    space = {"exit": ExitAutocall(Mock()), "nn": torch.nn}
    exec("class AutoEncoder(nn.Module):\n    def __init__(self, *a, **k):\n        exit()", space)
    assert "by SystemExit" in check("first_autoencoder", **space).text


def test_hints_go_step_by_step():
    """Each call gives one more, the last again and again."""
    texts = [grader.hint("iou").text[:11] for _ in range(4)]
    assert texts == ["Hint 1 of 3", "Hint 2 of 3", "Hint 3 of 3", "Hint 3 of 3"]


def test_the_first_hint_answers_the_diagnosis():
    """A known mistake has a hint of its own where the author wrote one."""
    check("iou", intersection_over_union=load("iou").group("Mistakes")["nan_for_empty_users"])
    assert "0 / 0 is NaN" in grader.hint("iou").text


def test_the_solution_waits_for_the_hints():
    """It is not shown before a pass or all hints."""
    assert "seen 0 of 3" in grader.solution("iou").text


def test_the_solution_after_all_hints():
    """After them it is shown, and says so."""
    for _ in range(3):
        grader.hint("iou")
    assert "def intersection_over_union" in grader.solution("iou").text


def test_progress_counts_points():
    """A pass shows in the table."""
    check("iou", intersection_over_union=RIGHT["iou"]["intersection_over_union"])
    assert "2 of " in grader.progress().text.splitlines()[-2]


def test_a_pass_once_earned_stays():
    """A later wrong attempt takes no points away."""
    check("iou", intersection_over_union=RIGHT["iou"]["intersection_over_union"])
    check("iou", intersection_over_union=dice)
    assert calls._progress().of("iou")["status"] == "correct"


@pytest.mark.parametrize("first", [True, False])
def test_a_wrong_answer_after_a_pass_says_that_the_points_stay(first):
    """The headline counts this answer alone, so the note tells of the earlier one; without a pass there is none."""
    if first:
        check("iou", **RIGHT["iou"])
    assert ("Note: Your earlier pass and its points stay." in check("iou", intersection_over_union=dice).text) == first


def test_earlier_gives_the_courses_until_a_pass(capsys):
    """Without a pass, the course's answer, and it says so."""
    grader.earlier("iou")
    assert capsys.readouterr().out == "`iou` here is the course's, since yours has not passed yet.\n"


def test_earlier_gives_the_learners_own(capsys):
    """After a pass, the learner's own text is run again."""
    check("iou", intersection_over_union=RIGHT["iou"]["intersection_over_union"])
    capsys.readouterr()
    own = grader.earlier("iou")
    assert (capsys.readouterr().out, own(torch.ones(1, 2)).item()) == ("`iou` here is your own, which passed.\n", 1.0)


@pytest.mark.parametrize("text", ["import torch\n1 / 0", "def f(:"])
def test_earlier_survives_broken_work(text, progress_folder, capsys):
    """Kept work that does not run any more is passed over, with the reason."""
    calls._progress().update("iou", status="correct")
    calls._progress().keep("iou", text)
    grader.earlier("iou")
    assert "yours could not be run again" in capsys.readouterr().out


def test_earlier_says_what_could_not_be_kept(capsys):
    """A passed answer that hangs on a tensor of another cell has no text, and is not called unpassed."""
    space = {"__name__": "__main__", "one": torch.tensor(1)}
    exec("def union(likes):\n    none = one - likes.long()\n    return likes.shape[1] - none @ none.T", space)
    check("union", **space)
    grader.earlier("union")
    assert "yours hangs on something that cannot be kept as text" in capsys.readouterr().out


def test_earlier_says_that_a_kept_text_is_gone(progress_folder, capsys):
    """A file that was deleted comes back with the next check."""
    check("iou", **RIGHT["iou"])
    (progress_folder / "iou.py").unlink()
    grader.earlier("iou")
    assert "the text of yours, `iou.py`, is not beside your progress: check it again" in capsys.readouterr().out


@pytest.mark.parametrize("name", ["quiz_similarity", "essay_contrastive"])
def test_earlier_hands_out_no_letters(name):
    """The answers of a quiz are not lent: a copy of them would earn the points."""
    with pytest.raises(LookupError, match="answered in words"):
        grader.earlier(name)


def test_earlier_ends_the_cell_with_a_sentence():
    """IPython shows what the error itself gives in place of a traceback."""
    with pytest.raises(calls.NoSuchExercise) as found:
        grader.earlier("train_epohc")
    assert found.value._render_traceback_() == ["There is no exercise `train_epohc`. Did you mean `train_epoch`?"]


def test_reset_gives_the_stub_back():
    """The stub's text comes back, and the status is gone."""
    check("iou", intersection_over_union=RIGHT["iou"]["intersection_over_union"])
    text = grader.reset("iou").text
    assert ("raise NotImplementedError" in text, calls._progress().of("iou").get("status")) == (True, None)


def test_a_check_leaves_no_trace_in_the_state():
    """Random numbers after a check are those that would have come without it."""
    torch.manual_seed(1)
    wanted = torch.rand(2)
    torch.manual_seed(1)
    check("iou", intersection_over_union=dice)
    assert torch.equal(torch.rand(2), wanted)
