"""Check exercises where they are written: `check`, `hint`, `solution`, `progress`, `reset`, `earlier`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .desks.notebook.calls import check, earlier, hint, progress, reset, solution

__all__ = ["check", "earlier", "hint", "progress", "reset", "solution"]


def __getattr__(name: str) -> Any:
    """Load the notebook's desk at its first use: a probe that imports this package loads no answer."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from .desks.notebook import calls

    return getattr(calls, name)
