"""Read an error as a teacher would: the deepest line that is the learner's own, and what met there."""

from __future__ import annotations

import inspect
import linecache
import re
import sysconfig
import traceback
from collections.abc import Mapping
from pathlib import Path
from types import FrameType
from typing import Any

import torch

from .observation import Error

OURS = (str(Path(__file__).parent), sysconfig.get_path("stdlib"), str(Path(torch.__file__).parent))
MOST_NAMES = 3


def read_error(error: BaseException) -> Error:
    """Describe an exception by the deepest line that is the learner's own."""
    refused = isinstance(error, MemoryError) or "DefaultCPUAllocator" in _text(error)
    kind = "MemoryError" if refused else type(error).__name__
    own = [(frame, line) for frame, line in traceback.walk_tb(error.__traceback__) if _is_own(frame, line)]
    if not own:
        return Error(kind[:100], _text(error))
    frame, line = own[-1]
    code = linecache.getline(frame.f_code.co_filename, line).strip()
    return Error(kind[:100], _text(error), line, code[:200], _met(code, frame, _text(error))[:300])


def _is_own(frame: FrameType, line: int) -> bool:
    filename = frame.f_code.co_filename
    path = Path(filename)
    probe = path.name == "probe.py" or path.parent.name == "probes" or "site-packages" in path.parts
    return not filename.startswith(OURS) and not probe and bool(linecache.getline(filename, line))


def _met(code: str, frame: FrameType, text: str) -> str:
    """Say of the names in a line what they held: the shape of a tensor, None, or a number.

    Of more names than are said, those go first that the error is likely about.
    """
    names = dict.fromkeys(re.findall(r"(?<![\w.])[A-Za-z_]\w*(?!\w*\s*=[^=])", code))
    values = _locals(frame)
    held = {name: values[name] for name in names if name in values and _word(values[name])}
    likely = sorted(held, key=lambda name: _unlikely(name, held[name], code, text))[:MOST_NAMES]
    said = [f"`{name}` {_word(held[name])}" for name in held if name in likely]
    return " and ".join([", ".join(said[:-1]), said[-1]] if len(said) > 1 else said)


def _locals(frame: FrameType) -> Mapping[str, Any]:
    """Give what the names of a frame hold; a class's body may keep them in a mapping of its own, which runs code."""
    found = frame.f_locals
    return found if frame.f_code.co_flags & inspect.CO_OPTIMIZED or type(found) is dict else {}


def _unlikely(name: str, value: Any, code: str, text: str) -> int:
    """Rank a name: where an attribute is missing, no tensor goes first; else what is indexed, and numbers last."""
    tensor = isinstance(value, torch.Tensor)
    if "object has no attribute" in text:
        looked_into = bool(re.search(rf"\b{name}\.", code))
        return (0 if looked_into else 2) + tensor
    indexed = tensor and bool(re.search(rf"\b{name}\[", code))
    return 0 if indexed else 2 if type(value) in (bool, int, float) else 1


def _word(value: Any) -> str:
    if type(value) in (torch.Tensor, torch.nn.Parameter):
        return f"has shape {tuple(value.shape)}" if value.dim() else "is a tensor of one number"
    if value is None or type(value) in (bool, int, float):
        return f"is {value!r:.20}"
    return f"is a {type(value).__name__} of {len(value)}" if type(value) in (list, tuple, dict) else ""


def _text(error: BaseException) -> str:
    try:
        return str(error)[:500]
    except BaseException:  # a hostile `__str__`
        return ""
