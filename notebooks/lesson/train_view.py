"""A training run that can be watched: its curves while it lasts, and a picture of them that stays."""

from __future__ import annotations

from html import escape
from time import monotonic
from types import TracebackType
from typing import Any

from lesson.line_chart import HEIGHT, WIDTH, chart
from lesson.plots import curves
from lesson.style import Picture, blank, image
from lesson.widgets import in_a_notebook

PAUSE = 1 / 8
"""Seconds between two updates of the display."""
WORDS = "Picture: training curves"

_running: list[LiveCurve] = []
_stopped_in: list[int] = []


class Stopped(KeyboardInterrupt):
    """A training run was interrupted in this cell, so no other one starts in it."""

    def _render_traceback_(self) -> list[str]:
        """Show the sentence alone in a notebook."""
        return [str(self)]


class LiveCurve:
    """Collects values and shows them: `with LiveCurve(steps=20) as view: ... view.add(loss=0.5)`.

    A notebook shows the curves at most eight times a second, and how long it may still take. An interrupt ends the
    block and nothing else: the curves stay, `stopped` is True, and the cell goes on behind the block with what was
    learnt so far. Elsewhere nothing is shown, an interrupt goes on, and `picture()` returns the curves.
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
        """Show nothing yet."""
        self.steps, self.values, self.stopped = steps, dict[str, list[float]](), False
        self.look: dict[str, Any] = {"ylabel": ylabel, "xlabel": xlabel, "title": title}
        self.floor = None if floor is None else (floor_label, float(floor))
        self.shown, self.handle = in_a_notebook(), None
        self.began = self.updated = monotonic()

    def add(self, **values: float) -> None:
        """Add one value to each named curve; a 0-dim tensor will do."""
        for name, value in values.items():
            self.values.setdefault(name, []).append(float(value))
        if self.shown and self.handle is None:
            self._open()
        elif self.handle is not None and monotonic() - self.updated >= PAUSE:
            self._draw(self._progress())

    def picture(self) -> Picture:
        """Return the curves so far; without any value, an empty picture."""
        name, level = self.floor or ("", None)
        look = self.look | {"floor": level, "floor_label": name}
        picture = curves(self.values, **look) if self.values else blank(6.2, 3.1)[0]
        picture.kind = "training curves"
        return picture

    def done(self, why: str = "") -> None:
        """Put the curves as they stay in the place of those that move, with a word on why they end too early."""
        if self.handle is not None:
            self._draw(f"<strong>■ {escape(why)}</strong>" if why else "", why)

    def __enter__(self) -> LiveCurve:
        if _stopped_in == [_cell()]:
            raise Stopped("Not started: a training run was stopped in this cell. Run the cell again to start anew.")
        self.began = monotonic()
        if self.shown and self.handle is None:
            self._open()
        _running.append(self)
        return self

    def __exit__(self, kind: type | None, error: BaseException | None, trace: TracebackType | None) -> bool:
        """Keep the curves; of an interrupt the outermost block makes a sentence, and any other error goes on."""
        _running.remove(self)
        self.stopped = isinstance(error, KeyboardInterrupt)
        ended = f"Ended by an error after {self._count()}" if error else ""
        self.done(f"Stopped after {self._count()}; what was learnt is kept." if self.stopped else ended)
        kept = self.stopped and self.handle is not None and not _running
        if kept and (cell := _cell()):
            _stopped_in[:] = [cell]
        return kept

    def _open(self) -> None:
        """Show the empty card alone, which but for the image is what stays; then the bar under it."""
        from IPython.display import display

        self.handle = display(self._bundle(), raw=True, display_id=True)
        self._draw(self._progress())

    def _draw(self, line: str, why: str = "") -> None:
        self.updated = monotonic()
        self.handle.update(self._bundle(line, why), raw=True)  # type: ignore[attr-defined]

    def _bundle(self, line: str = "", why: str = "") -> dict[str, str]:
        """The curves so far as an image with words, and a line of HTML under it."""
        drawn = chart(self.values, self.steps or 0, self.floor, **self.look)
        html = f"<div>{image(drawn.encode(), self._story(), (WIDTH, HEIGHT), 'svg+xml')}</div>"
        return {"text/html": html + (f"<div>{line}</div>" if line else ""), "text/plain": f"{WORDS}\n{why}".strip()}

    def _progress(self) -> str:
        """The bar, the count, the last values and the time that is left, as HTML."""
        done, left = self._done(), ""
        last = "".join(f", {escape(name)} {line[-1]:.4g}" for name, line in self.values.items())
        if self.steps and 0 < done < self.steps:
            left = f"; about {_time(self._spent() / done * (self.steps - done))} left"
        bar = f'<progress value="{done}" max="{self.steps}">{done}</progress> ' if self.steps else ""
        return f"<label>{bar}{escape(self._count())}{last}{left}</label>"

    def _story(self) -> str:
        """The picture in words."""
        ends = (f"{name} from {line[0]:.3g} to {line[-1]:.3g}" for name, line in self.values.items())
        return f"{self.look['title'] or 'Training curves'}, {self._count()}: {'; '.join(ends) or 'nothing yet'}."

    def _count(self) -> str:
        of = f" of {self.steps}" if self.steps else ""
        return f"{self.look['xlabel']} {self._done()}{of}"

    def _done(self) -> int:
        return max(map(len, self.values.values()), default=0)

    def _spent(self) -> float:
        return monotonic() - self.began


def _time(seconds: float) -> str:
    """Say a time in whole seconds or minutes."""
    return f"{max(round(seconds), 1)} s" if seconds < 100 else f"{round(seconds / 60)} min"


def _cell() -> int:
    """Give the number of the cell that runs now; 0 where there is no notebook."""
    if not in_a_notebook():
        return 0
    from IPython import get_ipython

    return int(get_ipython().execution_count)  # type: ignore[no-untyped-call]
