"""What `grader.check` and its like return: text for every place, HTML where it can be shown."""

from __future__ import annotations

import sys
from typing import Any

from ...verdict import Status, Verdict


class Result:
    """One answer of the grader, shown once when it is made and again wherever it is displayed later."""

    def __init__(self, text: str, html: str, verdict: Verdict | None = None) -> None:
        self.text, self.html, self.verdict = text, html, verdict
        self._shown_in: int | None = None

    @property
    def status(self) -> Status | None:
        """The status of a check, None of anything else."""
        return self.verdict.status if self.verdict else None

    def show(self) -> Result:
        """Show it now: as a display in a notebook, else as printed text."""
        if _shell() is not None:
            self._display()
        else:
            print(self.text)
        self._shown_in = _cell()
        return self

    def _ipython_display_(self) -> None:
        """Show it as a cell's value, unless that very cell has shown it already."""
        if self._shown_in != _cell():
            self._display()

    def _display(self) -> None:
        from IPython.display import display

        display({"text/plain": self.text, "text/html": self.html}, raw=True)

    def _repr_html_(self) -> str:
        return self.html

    def __repr__(self) -> str:
        return self.text


def _cell() -> int | None:
    """Give the number of the cell that runs now."""
    shell = _shell()
    return shell.execution_count if shell else None


def _shell() -> Any:
    ipython = sys.modules.get("IPython")
    return ipython.get_ipython() if ipython else None
