"""A verdict as HTML: hints that open one after another, and after a pass something to notice."""

from __future__ import annotations

import re

import pytest
import torch

from grader.desks.view.show import evidence_html, verdict_html, verdict_text
from grader.exercise import ids, load
from grader.verdict import Evidence, Status, Verdict

STEPS = ["Look at `likes`.", "Count <them>.", "Divide."]


def html_of(status=Status.WRONG, hints=()):
    """Draw a verdict."""
    return verdict_html(Verdict("iou", status, "m"), "go on.", hints)


@pytest.mark.parametrize(("rows", "said"), [(200, True), (2, False)])
def test_what_is_too_large_is_named(rows, said):
    """An input that is left out is not left out in silence."""
    html = evidence_html(Evidence("many users", "iou", {"likes": torch.zeros(rows, 4)}, 1.0, 2.0))
    words = f"Too large to show: <code>likes</code>, a tensor of shape ({rows}, 4)."
    assert (words in html) == said


def test_each_hint_stands_inside_the_one_before_it():
    """They open one by one, also where no kernel runs."""
    order = re.findall(r"<details|</details>|Hint \d of 3", html_of(hints=STEPS))
    assert order == [*(x for i in (1, 2, 3) for x in ("<details", f"Hint {i} of 3")), *["</details>"] * 3]


def test_hints_are_folded():
    """None is open until it is asked for."""
    assert "<details open" not in html_of(hints=STEPS)


def test_a_hint_is_prose():
    """Code is set as code, and nothing in it becomes markup."""
    html = html_of(hints=STEPS)
    assert ("Look at <code>likes</code>." in html, "Count &lt;them&gt;." in html) == (True, True)


def test_without_hints_nothing_is_folded():
    """A quiz has none."""
    assert "<details" not in html_of()


def test_the_text_has_no_hints():
    """What is printed and compared is the same with and without them."""
    assert "Hint" not in verdict_text(Verdict("iou", Status.WRONG, "m"), "go on.")


@pytest.mark.parametrize(("status", "labelled"), [(Status.CORRECT, True), (Status.WRONG, False)])
def test_what_to_notice_stands_out(status, labelled):
    """After a pass its sentence has a name and a tint of its own."""
    assert ("<strong>Notice:</strong> m" in html_of(status)) == labelled


@pytest.mark.parametrize("banned", ["var(", "<svg", "<style", "aria-", "class=", "currentColor"])
def test_a_sanitiser_leaves_it_whole(banned):
    """Nothing is used that an untrusted notebook loses."""
    assert banned not in html_of(hints=STEPS) + html_of(Status.CORRECT)


@pytest.mark.parametrize("exercise", ids())
def test_every_pass_leaves_something_to_notice(exercise):
    """Each exercise says one thing of some length after a pass, and no two say the same."""
    said = [load(other).answer.NOTICE for other in ids()]
    notice = load(exercise).answer.NOTICE
    assert (len(notice.split()) >= 6, said.count(notice)) == (True, 1)
