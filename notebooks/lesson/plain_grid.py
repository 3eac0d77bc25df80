"""The table of likes to press where anywidget is missing: one plain ipywidgets button a cell."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from torch import Tensor


def plain_grid(likes: Tensor, users: Sequence[str], items: Sequence[str]) -> tuple[Any, list[Any]]:
    """Return the box to show, and its buttons row by row."""
    import ipywidgets

    rows = [_row(user, row, items) for user, row in zip(users, likes, strict=True)]
    return ipywidgets.VBox(rows), [button for row in rows for button in row.children[1:]]


def _row(user: str, likes: Tensor, items: Sequence[str]) -> Any:
    """The buttons of one user, behind his name."""
    import ipywidgets

    cell = ipywidgets.Layout(width="108px", margin="1px")
    buttons = [
        ipywidgets.ToggleButton(value=bool(like), tooltip=f"{user} likes {item}", layout=cell)
        for item, like in zip(items, likes, strict=True)
    ]
    for button, item in zip(buttons, items, strict=True):
        _label(button, item)
    return ipywidgets.HBox([ipywidgets.Label(user, layout=ipywidgets.Layout(width="70px")), *buttons])


def _label(button: Any, item: str) -> None:
    """Write the item on its button, with a heart while it is liked."""

    def write(_change: object = None) -> None:
        button.description = f"♥ {item}" if button.value else item
        button.button_style = "info" if button.value else ""

    button.observe(write, names="value")
    write()
