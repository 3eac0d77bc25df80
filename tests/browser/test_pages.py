"""What the grader writes for people to read, before axe: a learner's page, the class, look-alikes; light and dark."""

from __future__ import annotations

import pytest
import test_class_page as a_class
import test_look_alikes as alike
import test_report as a_report
import torch

from grader.desks.alike.look_alikes import LookAlikes
from grader.desks.records.record import Records
from grader.desks.view.show import evidence_html
from grader.verdict import Evidence

from .axe import complaints

LIKES = torch.eye(3)
WRONG = {
    "evidence": evidence_html(Evidence("three users", "iou", {"likes": LIKES}, LIKES, LIKES * 0.5)),
    "hint": "Look at `clamp`.",
    "hand": "Seen.",
    "diagnosis": "dice",
}


def look_alikes(folder):
    """Write the page of two who handed in the same."""
    found, kept = LookAlikes(), Records(folder)
    for name, answer in (("ada", alike.LOOPS), ("Ben", alike.RENAMED), ("Chen", alike.OTHER)):
        found.add(one := alike.record(name, answer=answer))
        kept.put(one)
    found.write(folder)
    return (folder / "similar.html").read_text("utf-8")


PAGES = {
    "learner": lambda _: a_report.page(reveal=True, **WRONG),
    "look-alikes": look_alikes,
    "class": lambda _: a_class.page(
        a_class.record("ada", "correct", "wrong", diagnosis="dice"),
        a_class.record("Ben", "wrong", "timed out", "to mark", seconds=90.0, restarts=3),
        note="No sandbox.",
    ),
}


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing(browser, name, theme, tmp_path):
    """Names, roles, order and contrast are in order."""
    page = browser.new_page(color_scheme=theme)
    page.set_content(PAGES[name](tmp_path))
    page.locator("details").evaluate_all("all => all.forEach(one => one.open = true)")
    found = complaints(page, "html")
    page.close()
    assert found == []


def test_axe_sees_what_is_wrong(browser):
    """The checker itself works: grey on grey and a picture without words are found."""
    page = browser.new_page()
    page.set_content('<html lang="en"><title>t</title><main><img src="data:,"><p style="color:#bbb">grey</p></main>')
    found = {line.split()[0] for line in complaints(page, "html")}
    page.close()
    assert {"image-alt", "color-contrast"} <= found
