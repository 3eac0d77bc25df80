"""Controls that a browser draws from the files here: a table of likes to press, and a choice safe from stray keys.

They need anywidget, which `lesson.controls` does without where it is missing, and no network.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import anywidget
import traitlets


def _read(*names: str) -> str:
    """The text of files that lie here, one after another."""
    return "\n".join((Path(__file__).parent / name).read_text(encoding="utf-8") for name in names)


class Front(anywidget.AnyWidget):  # type: ignore[misc]
    """What the controls share: a label, and an answer to each change, by which the page notices a silent kernel."""

    _css = _read("look.css")
    label = traitlets.Unicode().tag(sync=True)
    asked = traitlets.Int(0).tag(sync=True)
    answered = traitlets.Int(0).tag(sync=True)

    @traitlets.observe("asked")
    def _answer(self, change: Any) -> None:
        self.answered = change.new

    def __repr__(self) -> str:
        """Return the same words on every run."""
        return f"{type(self).__name__}({self.label!r})"


class LikeTable(Front):
    """A table of buttons that are pressed or not; its value is a list of rows of 0 and 1."""

    _esm = _read("asking.js", "like_table.js")
    users = traitlets.List(traitlets.Unicode()).tag(sync=True)
    items = traitlets.List(traitlets.Unicode()).tag(sync=True)
    value = traitlets.List(traitlets.List(traitlets.Int())).tag(sync=True)


class Pick(Front):
    """One of the names, or without names a whole number; its value is the place of the name, or the number."""

    _esm = _read("asking.js", "pick.js")
    names = traitlets.List(traitlets.Unicode()).tag(sync=True)
    low = traitlets.Int(0).tag(sync=True)
    high = traitlets.Int(0).tag(sync=True)
    value = traitlets.Int(0).tag(sync=True)
