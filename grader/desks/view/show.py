"""A verdict as stable text and as HTML that any notebook shows, trusted or not."""

from __future__ import annotations

import re
from array import array
from collections.abc import Sequence
from html import escape
from typing import Any

import torch

from ...learner.plain import Opaque
from ...messages import kind_of
from ...verdict import Evidence, Status, Verdict
from . import value_table, values

COLOURS = {Status.CORRECT: "#2e7d32", Status.MISSING: "#8a6d00", Status.NOT_YET: "#8a6d00", Status.TO_MARK: "#8a6d00"}
BAD = "#c62828"
FEW, SOME, MANY = 4, 1_000, 100_000  # numbers: fewer may be shared by chance, and more need no look
NOTICE = "background:rgba(46,125,50,.14);border-radius:3px;padding:.35em .7em;margin:.4em 0;max-width:50em"
BOX = "border-left:4px solid {colour};padding:.3em 0 .3em .9em;margin:.2em 0"


def verdict_text(verdict: Verdict, next_step: str = "") -> str:
    """Write a verdict as text; the same on every run."""
    lines = [verdict.headline, verdict.message, *(f"Note: {line}" for line in verdict.advice)]
    lines += [evidence_text(verdict.evidence)] if verdict.evidence else []
    return "\n".join([*lines, f"Next: {next_step}"] if next_step else lines)


def verdict_html(verdict: Verdict, next_step: str = "", hints: Sequence[str] = ()) -> str:
    """Draw a verdict; literal colours and plain elements alone, so that a sanitiser leaves it whole.

    Hints are folded, each inside the one before it: they open one by one, also where no kernel runs.
    """
    colour = COLOURS.get(verdict.status, BAD)
    sign, head = verdict.headline.split(" ", 1)
    head = f"<strong>{_coloured(sign, colour)} {escape(head)}</strong>"
    parts = [f"<div>{head}</div>", _message(verdict)]
    parts += [f"<div>Note: {prose(line)}</div>" for line in verdict.advice]
    parts += [evidence_html(verdict.evidence)] if verdict.evidence else []
    parts += [f"<div>Next: {prose(next_step)}</div>"] if next_step else []
    parts += [_folded(hints, 1)] if hints else []
    return f'<div style="{BOX.format(colour=colour)}">{"".join(parts)}</div>'


def _message(verdict: Verdict) -> str:
    """Set the sentence; after a pass it is something to notice, and stands out."""
    if verdict.status is not Status.CORRECT:
        return f"<div>{prose(verdict.message)}</div>"
    return f'<div style="{NOTICE}"><strong>Notice:</strong> {prose(verdict.message)}</div>'


def _folded(hints: Sequence[str], number: int) -> str:
    """Fold the hints from one on, each with all later ones in it."""
    later = _folded(hints, number + 1) if number < len(hints) else ""
    head = f'<summary style="cursor:pointer">Hint {number} of {len(hints)}</summary>'
    inside = f'<div style="padding:.2em 0 0 1.2em">{prose(hints[number - 1])}{later}</div>'
    return f'<details style="margin-top:.4em">{head}{inside}</details>'


def prose(text: str) -> str:
    """Escape a sentence, and set what stands in backticks as code."""
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(text))


def evidence_text(evidence: Evidence) -> str:
    """Write the question, the answer wanted and the answer got beside each other."""
    return f"For {evidence.label}:\n" + values.side_by_side(_columns(evidence))


def evidence_html(evidence: Evidence) -> str:
    """Draw the question, the answer wanted and the answer got as tables."""
    drawn = [value_table.tables(title, value) for title, value in _inputs(evidence)]
    drawn += [value_table.tables("expected", evidence.expected, evidence.got, mark=False)]
    drawn += [value_table.tables("yours", evidence.got, evidence.expected)]
    side = "display:flex;flex-wrap:wrap;align-items:flex-start"
    return f'<div>For {prose(evidence.label)}:</div><div style="{side}">{"".join(drawn)}</div>{_left_out(evidence)}'


def _left_out(evidence: Evidence) -> str:
    """Say which inputs are too large to be shown."""
    shown = dict(_inputs(evidence))
    large = [f"`{k}`, {kind_of(v)}" for k, v in evidence.inputs.items() if _is_large(v) and k not in shown]
    return f"<div>Too large to show: {prose('; '.join(large))}.</div>" if large else ""


def returned_html(evidence: Evidence) -> str:
    """Draw what the learner's code returned, and nothing that is hidden: no input, no answer that was expected."""
    got = evidence.got
    head = f"<div>For {prose(evidence.label)}, your code returned:</div>"
    if any(_holds(got, value) for value in evidence.inputs.values()):
        return f"{head}<div>{prose(kind_of(got))}, which holds what it was given.</div>"
    return head + value_table.tables("yours", got)


def _holds(value: Any, hidden: Any) -> bool:
    """Whether the numbers of an input, as they are or transposed, stand in a value one after another."""
    inside, rows = _numbers(value, MANY), _numbers(hidden, SOME)
    columns = _numbers(hidden.mT, SOME) if isinstance(hidden, torch.Tensor) and hidden.dim() > 1 else rows
    return len(rows) >= FEW and any(numbers.tobytes() in inside.tobytes() for numbers in (rows, columns))


def _numbers(value: Any, most: int) -> array[float]:
    """Give the first numbers in a plain value, in order."""
    if isinstance(value, torch.Tensor):
        return array("d", (value.flatten()[:most].double() + 0.0).tolist())
    if isinstance(value, dict | list | tuple):
        parts = value.values() if isinstance(value, dict) else value
        return array("d", (number for part in parts for number in _numbers(part, most)))[:most]
    return array("d", [value] if isinstance(value, int | float) else [])


def _columns(evidence: Evidence) -> list[tuple[str, Any]]:
    return [*_inputs(evidence), ("expected", evidence.expected), ("yours", evidence.got)]


def _inputs(evidence: Evidence) -> list[tuple[str, Any]]:
    """Give the inputs that can be read: no large tensors, and no objects of which only the kind is known."""
    shown = {
        key: value
        for key, value in evidence.inputs.items()
        if not isinstance(value, Opaque) and not _is_large(value)
    }
    return list(shown.items())[:4]


def _is_large(value: Any) -> bool:
    return isinstance(value, torch.Tensor) and value.numel() > 64


def _coloured(text: str, colour: str) -> str:
    return f'<span style="color:{colour}">{escape(text)}</span>'
