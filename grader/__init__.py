"""Check exercises where they are written: `check`, `hint`, `solution`, `progress`, `reset`, `earlier`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .desks.notebook.calls import check, earlier, hint, progress, reset, solution

__all__ = ["check", "earlier", "hint", "progress", "reset", "solution"]


def __getattr__(name: str) -> Any:
    """Load the notebook's desk at its first use: a probe that imports this package loads no answer."""
    if name not in __all__:
        raise AttributeError(_unknown(name), name=name)  # no `obj`: Python would add its own guess
    from .desks.notebook import calls

    return getattr(calls, name)


def __dir__() -> list[str]:
    """List what a learner calls, for the completion by Tab."""
    return sorted(__all__)


def _unknown(name: str) -> str:
    import difflib

    near = difflib.get_close_matches(name, __all__, n=1)
    listed = ", ".join(sorted(__all__))
    return f"`grader` has {listed}, and no `{name}`{f': did you mean `{near[0]}`?' if near else '.'}"
