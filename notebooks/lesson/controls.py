"""What can be moved under a picture: plain descriptions, built with ipywidgets only where a notebook shows them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import torch
from torch import Tensor

Built = tuple[Any, list[Any], Callable[[], Any]]
"""The widget to show, the widgets to watch, and a function that reads the value."""


class Control(Protocol):
    """Something to move: its first value, and how to build it with ipywidgets."""

    label: str
    value: Any

    def build(self) -> Built:
        """Build the widgets."""


@dataclass(frozen=True)
class Slider:
    """A number between two others; whole where all of them are."""

    label: str
    low: float
    high: float
    value: float
    step: float = 1

    def build(self) -> Built:
        """Build a slider that speaks when it is let go."""
        import ipywidgets

        whole = all(isinstance(number, int) for number in (self.low, self.high, self.value, self.step))
        kind = ipywidgets.IntSlider if whole else ipywidgets.FloatSlider
        ends = {"min": self.low, "max": self.high, "step": self.step, "value": self.value}
        return _one(kind(description=self.label, continuous_update=False, **ends))


@dataclass(frozen=True)
class Choice:
    """One of several named values."""

    label: str
    options: Mapping[str, Any]
    value: Any

    def build(self) -> Built:
        """Build a drop-down list."""
        import ipywidgets

        return _one(ipywidgets.Dropdown(description=self.label, options=list(self.options.items()), value=self.value))


@dataclass(frozen=True)
class Toggle:
    """Yes or no."""

    label: str
    value: bool = False

    def build(self) -> Built:
        """Build a check box."""
        import ipywidgets

        return _one(ipywidgets.Checkbox(description=self.label, value=self.value, indent=False), "10em")


@dataclass(frozen=True)
class LikeGrid:
    """A small matrix of likes to press; its value is an (M, N) int64 tensor."""

    label: str
    value: Tensor
    users: Sequence[str]
    items: Sequence[str]

    def build(self) -> Built:
        """Build one button a cell, which says what it stands for and shows a heart when it is pressed."""
        import ipywidgets

        rows = [self._row(user, likes) for user, likes in zip(self.users, self.value, strict=True)]
        buttons = [button for row in rows for button in row.children[1:]]
        return ipywidgets.VBox(rows), buttons, lambda: self._read(buttons)

    def _row(self, user: str, likes: Tensor) -> Any:
        """The buttons of one user, behind his name."""
        import ipywidgets

        cell = ipywidgets.Layout(width="108px", margin="1px")
        buttons = [
            ipywidgets.ToggleButton(value=bool(like), tooltip=f"{user} likes {item}", layout=cell)
            for item, like in zip(self.items, likes, strict=True)
        ]
        for button, item in zip(buttons, self.items, strict=True):
            _label(button, item)
        return ipywidgets.HBox([ipywidgets.Label(user, layout=ipywidgets.Layout(width="70px")), *buttons])

    def _read(self, buttons: Sequence[Any]) -> Tensor:
        """The likes that are pressed now."""
        pressed = [int(button.value) for button in buttons]
        return torch.tensor(pressed).reshape(len(self.users), len(self.items))


def _one(widget: Any, width: str = "20em") -> Built:
    """A control of one widget, wide enough for its words."""
    widget.style.description_width = "initial"
    widget.layout.width = width
    return widget, [widget], lambda: widget.value


def _label(button: Any, item: str) -> None:
    """Write the item on its button, with a heart while it is liked."""

    def write(_change: object = None) -> None:
        button.description = f"♥ {item}" if button.value else item
        button.button_style = "info" if button.value else ""

    button.observe(write, names="value")
    write()
