"""The page that a learner gets back."""

from __future__ import annotations

import re

import pytest
import torch

from grader.desks.records.record import Line, Record
from grader.desks.reports.report import report
from grader.desks.view.show import evidence_html, returned_html
from grader.verdict import Evidence

LIKES = torch.tensor([[1.0, 0, 1], [0, 3, 1]])


def page(*, reveal=False, **details):
    """Write the page of one answer."""
    line = {"id": "iou", "status": "wrong", "score": 1, "max_score": 2, "message": "m"} | details
    return report(Record("ada", (Line(**line),), seed=7), titles={"iou": "t"}, reveal=reveal)


def evidence(got, **inputs):
    """Give a learner's part of the evidence."""
    return returned_html(Evidence("three users", "iou", inputs or {"likes": LIKES}, torch.tensor([77.0]), got))


def test_what_came_back():
    """A page says what the code returned, its shape, its dtype and the case."""
    text = evidence(torch.tensor([[0.5, 8.0]]))
    assert all(word in text for word in ("three users", "1 × 2, float32", ">0.5<", ">8<"))


def test_what_is_hidden():
    """Neither the inputs nor what was expected is on it."""
    text = evidence(torch.tensor([[0.5, 8.0]]), hidden=torch.tensor([4321.0]))
    assert not re.search("4321|hidden|77|expected|≠", text)


@pytest.mark.parametrize(
    "got", [LIKES, LIKES.T, LIKES.long(), LIKES.flatten(), [LIKES, 1], LIKES.tolist(), {"a": torch.cat([LIKES, LIKES])}]
)
def test_an_input_handed_back(got):
    """Code that hands its input back does not show it by that."""
    assert "which holds what it was given" in evidence(got)


@pytest.mark.parametrize("got", [None, 3, "text", [1, 2], torch.zeros(0), torch.ones(2, 3), LIKES * 2])
def test_other_things(got):
    """Anything else is shown."""
    assert "yours" in evidence(got)


def test_reveal():
    """On request the whole evidence is shown, and else the learner's part."""
    both = {"evidence": evidence_html(Evidence("a case", "f", {}, 2, 3)), "returned": "CAME BACK"}
    shown = [page(reveal=on, **both) for on in (True, False)]
    assert [("expected" in text, "CAME BACK" in text) for text in shown] == [(True, False), (False, True)]


def test_hints_are_folded():
    """A hint opens on request."""
    assert "<details><summary>A hint</summary><p>Look <code>there</code>.</p></details>" in page(hint="Look `there`.")


def test_a_person_is_heard():
    """A mark by hand and its comment are on the page."""
    assert '<p class="hand">Marked by a person: &lt;b&gt;</p>' in page(hand="Marked by a person: <b>")


@pytest.mark.parametrize(("score", "said"), [(1, "◐</span> partly"), (0, "✗</span> wrong")])
def test_partly(score, said):
    """What a person gave some of the points is not called wrong, neither at the exercise nor in the counts."""
    text = page(hand="Marked by a person.", score=score)
    assert (said in text, f"{said[0]}</span> 1 {said.split()[1]}" in text) == (True, True)


def test_no_empty_paragraph():
    """Where the machine has nothing to say any more, there is no empty line for it."""
    assert "<p></p>" not in page(message="", hand="Marked by a person.")


def test_line_breaks_of_a_comment():
    """The lines of a comment stay lines on the page."""
    text = page(hand="a\nb")
    assert ("a\nb</p>" in text, re.search(r"\.hand \{[^}]*white-space: pre-line", text) is None) == (True, False)


def test_the_outline():
    """The page has one h1, a header, a main part and a footer, and runs and loads nothing."""
    text = page()
    counts = [
        len(re.findall(tag, text)) for tag in ("<h1", "<header>", "<main>", "<footer>", "<script", "default-src 'none'")
    ]
    assert counts == [1, 1, 1, 1, 0, 1]


def test_untouched_stages_are_folded():
    """A stage in which nothing was written takes one line; an answer that did not run, or was marked, is shown."""
    shown = [page(status="missing", staff_note=note) for note in ("", "SyntaxError")]
    shown.append(page(status="missing", hand="Marked by a person."))
    assert ["1 exercise, nothing to judge yet</summary>" in text for text in shown] == [True, False, False]
