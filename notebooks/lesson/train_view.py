"""A training run that can be watched: progress while it lasts, and a picture of its curves that stays."""

from __future__ import annotations

from html import escape
from time import monotonic
from types import TracebackType
from typing import Any

from lesson.plots import curves
from lesson.style import SOFT, Picture, blank
from lesson.widgets import in_a_notebook

PAUSE = 1 / 8
"""Seconds between two updates of the display."""


class LiveCurve:
    """Collects values and shows them: `with LiveCurve(steps=20) as view: ... view.add(loss=0.5)`.

    A notebook shows a bar and the last values at most eight times a second, and at the end, or where the
    run is interrupted, the curves. Elsewhere nothing is shown, and `picture()` returns them.
    """

    def __init__(
        self,
        steps: int | None = None,
        ylabel: str = "loss",
        floor: float | None = None,
        floor_label: str = "floor",
        title: str = "",
        xlabel: str = "epoch",
    ) -> None:
        """Show an empty picture: the first output of a cell, and equal on every run."""
        self.steps, self.values = steps, dict[str, list[float]]()
        self.look: dict[str, Any] = {"ylabel": ylabel, "floor": floor, "floor_label": floor_label, "title": title}
        self.look["xlabel"] = xlabel
        self.updated, self.handle = monotonic(), None
        if in_a_notebook():
            self._open()

    def add(self, **values: float) -> None:
        """Add one value to each named curve; a 0-dim tensor will do."""
        for name, value in values.items():
            self.values.setdefault(name, []).append(float(value))
        if self.handle is not None and monotonic() - self.updated >= PAUSE:
            self.updated = monotonic()
            self._show({"text/html": self._progress()}, {})

    def picture(self) -> Picture:
        """Return the curves so far; without any value, an empty picture."""
        picture = curves(self.values, **self.look) if self.values else blank(6.2, 3.1)[0]
        picture.kind = "training curves"
        return picture

    def done(self) -> None:
        """Put the curves in the place of the progress."""
        if self.handle is not None:
            self._show(*self.picture().bundle())

    def __enter__(self) -> LiveCurve:
        return self

    def __exit__(self, kind: type | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.done()

    def _open(self) -> None:
        from IPython.display import display

        data, metadata = self.picture().bundle()
        self.handle = display(data, metadata=metadata, raw=True, display_id=True)

    def _show(self, data: dict[str, str], metadata: dict[str, Any]) -> None:
        words = {"text/plain": "Picture: training curves"}
        self.handle.update(words | data, metadata=metadata, raw=True)  # type: ignore[attr-defined]

    def _progress(self) -> str:
        """The bar and the last values as HTML."""
        done = max(map(len, self.values.values()))
        bar = f'<progress value="{done}" max="{self.steps}"></progress> ' if self.steps else ""
        of = f" of {self.steps}" if self.steps else ""
        last = ", ".join(f"{escape(name)} {line[-1]:.4f}" for name, line in self.values.items())
        return f'{bar}{escape(self.look["xlabel"])} {done}{of} <span style="color:{SOFT}">{last}</span>'
