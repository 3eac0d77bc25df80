"""One sentence in the place of a traceback, and one output for whatever a drawing function returns."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from html import escape
from pathlib import Path
from sysconfig import get_paths
from typing import Any

import torch
from torch import Tensor

from lesson.style import image

PLACES = [Path(__file__).parent, *(Path(get_paths()[name]) for name in ("stdlib", "purelib", "platlib"))]
"""Where code lies that is not the learner's."""
ADDRESS = re.compile(r" at 0x[0-9a-fA-F]+|0x[0-9a-fA-F]{6,}")
CARD = "display:inline-block;padding:8px 14px;border-left:4px solid #C4500A;background:#FCFBF8;color:#22303C"
CODE = "background:#EEF0F1;color:#22303C;padding:0 3px"


class CannotDrawError(Exception):
    """What a function returned cannot be drawn; the message is a sentence for the learner."""


def asked_for(
    function: Callable[..., Any], *arguments: Any, shape: tuple[int, ...] | None = None, name: str = ""
) -> Tensor:
    """Return what the learner's function returns, as a tensor of that shape, without a gradient.

    Raises CannotDrawError with one sentence where it is something else.
    """
    name = name or getattr(function, "__name__", type(function).__name__)
    answer = function(*arguments)
    if not isinstance(answer, Tensor | list):
        kind = "None" if answer is None else f"a value of type {type(answer).__name__}"
        raise CannotDrawError(f"`{name}` returned {kind}. Return a tensor, then run this cell again.")
    answer = torch.as_tensor(answer).detach()
    if shape is not None and answer.shape != shape:
        got = f"a tensor of shape {tuple(answer.shape)} where {shape} was expected"
        raise CannotDrawError(f"`{name}` returned {got}. Mend the shape, then run this cell again.")
    return answer


def in_words(error: BaseException) -> dict[str, str]:
    """Return the output that stands for an error: the same words as text and as HTML, free of addresses."""
    text = " ".join(ADDRESS.sub("", sentence(error)).split())
    html = re.sub(r"`([^`]*)`", rf'<code style="{CODE}">\1</code>', escape(text))
    return {"text/plain": text, "text/html": f'<div style="{CARD}">{html}</div>'}


def sentence(error: BaseException) -> str:
    """Say what happened and what to try."""
    where = culprit(error)
    if isinstance(error, CannotDrawError):
        return str(error)
    if isinstance(error, NotImplementedError):
        return f"Nothing to draw yet: {where} is not written. Write it above, then run this cell again."
    first = (str(error).strip().splitlines() or [""])[0]
    return f"{where} raised {type(error).__name__}{': ' if first else ''}{first}. Mend it, then run this cell again."


def culprit(error: BaseException) -> str:
    """Name the innermost function that is neither ours nor of a library."""
    name, trace = "Your function", error.__traceback__
    while trace is not None:
        code = trace.tb_frame.f_code
        if _is_learners(code.co_filename):
            name = f"`{code.co_qualname.split('<locals>.')[-1]}`" if "<" not in code.co_name else name
        trace = trace.tb_next
    return name


def _is_learners(file: str) -> bool:
    """Whether code comes from a cell or a file of the learner's, not from this package or an installed one."""
    return not file.startswith("<frozen") and not any(place in Path(file).parents for place in PLACES)


def bundle_of(drawn: Any) -> tuple[dict[str, str], dict[str, Any]]:
    """Return the data and metadata of a notebook's output for a picture, a figure, HTML or text."""
    if hasattr(drawn, "bundle"):
        data, metadata = drawn.bundle()
        return data, metadata
    if hasattr(drawn, "savefig"):
        file = io.BytesIO()
        drawn.savefig(file, format="png")
        return {"text/html": image(file.getvalue(), "A figure that this cell has drawn."), "text/plain": "Picture"}, {}
    if hasattr(drawn, "_repr_html_"):
        return {"text/html": drawn._repr_html_(), "text/plain": ADDRESS.sub("", repr(drawn))}, {}
    if drawn is None:
        raise CannotDrawError("The drawing function returned None. Return a picture, then run this cell again.")
    return {"text/plain": str(drawn)}, {}
