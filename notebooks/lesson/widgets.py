"""`explore`: a picture drawn by the learner's own function, with controls under it where a notebook can show them.

The picture is an ordinary output, updated in place. So it is saved with the notebook, and stays where no kernel runs,
where the notebook is not trusted and where it is printed; the controls are an extra.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import count
from typing import Any

from lesson.controls import Control
from lesson.friendly import bundle_of, in_words

_numbers = count(1)


class Exploration:
    """A drawing function with its controls, and the display of the picture that they change."""

    def __init__(self, draw: Callable[..., Any], controls: Mapping[str, Control]) -> None:
        """Draw nothing yet."""
        self.draw, self.controls = draw, controls
        self.readers: dict[str, Callable[[], Any]] = {name: (lambda c=c: c.value) for name, c in controls.items()}
        self.watched: dict[str, list[Any]] = {}
        self.handle: Any = None
        self.last: tuple[dict[str, str], dict[str, Any]] = ({}, {})

    def render(self) -> tuple[dict[str, str], dict[str, Any]]:
        """Return the output for the values of now: the picture, or one sentence where the function fails."""
        try:
            self.last = bundle_of(self.draw(**{name: read() for name, read in self.readers.items()}))
        except (Exception, SystemExit) as error:
            self.last = in_words(error), {}
        return self.last

    def build(self) -> Any:
        """Build the controls, which draw again at each change; return the box that holds them."""
        import ipywidgets

        shown = []
        for name, control in self.controls.items():
            widget, self.watched[name], self.readers[name] = control.build()
            shown.append(widget)
            for part in self.watched[name]:
                part.observe(self.redraw, names="value")
        # The same numbers in each fresh kernel: a notebook that is run and saved again does not change.
        row = ipywidgets.Layout(flex_flow="row wrap", align_items="center")
        return ipywidgets.Box(shown, layout=row, model_id=f"explore-{next(_numbers)}")

    def redraw(self, _change: object = None) -> None:
        """Put the picture for the values of now in the place of the old one."""
        data, metadata = self.render()
        if self.handle is not None:
            self.handle.update(data, metadata=metadata, raw=True)

    def show(self) -> None:
        """Show the picture, and the controls under it where there is a notebook with ipywidgets."""
        if not in_a_notebook():
            print(self.render()[0]["text/plain"])
            return
        from IPython.display import display

        data, metadata = self.render()
        self.handle = display(data, metadata=metadata, raw=True, display_id=True)
        names = ", ".join(control.label for control in self.controls.values())
        try:
            view = {"version_major": 2, "version_minor": 0, "model_id": self.build().model_id}
        except ImportError:
            print(f"Install ipywidgets to change: {names}")
            return
        words = f"Run this cell to change: {names}"
        display({"text/plain": words, "application/vnd.jupyter.widget-view+json": view}, raw=True)


def explore(draw: Callable[..., Any], **controls: Control) -> None:
    """Show what `draw` returns for the first values of the controls, and again whenever one of them is moved.

    `draw` gets the value of each control by its name, calls the learner's function, and returns a picture, a
    matplotlib figure, something with `_repr_html_`, or text. If it raises, one sentence stands in the picture's place.
    Where ipywidgets is missing the picture is all; without a notebook its text is printed.
    """
    Exploration(draw, controls).show()


def in_a_notebook() -> bool:
    """Whether a Jupyter kernel runs this."""
    try:
        from IPython import get_ipython
    except ImportError:
        return False
    return getattr(get_ipython(), "kernel", None) is not None
