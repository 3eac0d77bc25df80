"""What can be moved under a picture: plain descriptions, built as widgets only where a notebook shows them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import torch
from torch import Tensor

from lesson.plain_grid import plain_grid

Built = tuple[Any, list[Any], Callable[[], Any]]
"""The widget to show, the widgets to watch, and a function that reads the value."""


class Control(Protocol):
    """Something to move: its first value, and how to build it as a widget."""

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
        """Build radio buttons that keep their keys to themselves, or without anywidget a drop-down list."""
        import ipywidgets

        values = list(self.options.values())
        picked = _pick(self.label, names=list(self.options), high=len(values) - 1, value=values.index(self.value))
        if picked is not None:
            return picked, [picked], lambda: values[picked.value]
        return _one(ipywidgets.Dropdown(description=self.label, options=list(self.options.items()), value=self.value))


@dataclass(frozen=True)
class Number:
    """A whole number of many."""

    label: str
    low: int
    high: int
    value: int

    def build(self) -> Built:
        """Build a field with a step down and a step up, or without anywidget a plain one."""
        import ipywidgets

        picked = _pick(self.label, low=self.low, high=self.high, value=self.value)
        if picked is not None:
            return picked, [picked], lambda: picked.value
        ends = {"min": self.low, "max": self.high, "value": self.value}
        return _one(ipywidgets.BoundedIntText(description=self.label, **ends))


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
        """Build a table of buttons, or without anywidget rows of plain ones."""
        try:
            from lesson.front import LikeTable
        except ImportError:
            box, buttons = plain_grid(self.value, self.users, self.items)
            pressed = lambda: [int(button.value) for button in buttons]  # noqa: E731
            return box, buttons, lambda: torch.tensor(pressed()).reshape(self.value.shape)
        words = {"label": self.label, "users": list(self.users), "items": list(self.items)}
        table = LikeTable(value=self.value.tolist(), **words)
        return table, [table], lambda: torch.tensor(table.value)


def _pick(label: str, **what: Any) -> Any:
    """A control for one of many, or None where anywidget is missing."""
    try:
        from lesson.front import Pick
    except ImportError:
        return None
    return Pick(label=label, **what)


def _one(widget: Any, width: str = "20em") -> Built:
    """A control of one widget, wide enough for its words."""
    widget.style.description_width = "initial"
    widget.layout.width = width
    return widget, [widget], lambda: widget.value
