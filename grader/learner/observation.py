"""What a probe wrote down: the evidence on which the judge decides."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import Any

from .plain import MAX_TEXT, NotPlain, plain

DONE, STOPPED, TIMED_OUT, PROBE_FAILED, DIED = "done", "stopped", "timed out", "probe failed", "died"
ENDINGS = (DONE, STOPPED, TIMED_OUT, PROBE_FAILED, DIED)
NO_GRADIENT = "no gradient"
MAX_ENTRIES = 2_000


@dataclass(frozen=True)
class Error:
    """An exception in the learner's code: its class, its text, the line of his cell, and what met in that line."""

    kind: str
    text: str
    line: int | None = None
    code: str = ""
    met: str = ""

    @property
    def place(self) -> str:
        """Where it happened, as a sentence goes on; "" where no line of the learner's is known."""
        where = f" in line {self.line} of your cell, `{self.code}`" if self.line else ""
        return where + (f", where {self.met}" if self.met else "")


@dataclass(frozen=True)
class Entry:
    """One question and what came back.

    `aside` entries are evidence for advice and symptoms; the agreement of two answers ignores them.
    `sample` entries hold counts and are compared by frequencies. `inputs` never cross the border:
    the judge has its own.
    """

    label: str
    name: str
    value: Any = None
    error: Error | None = None
    changed: tuple[str, ...] = ()
    printed: bool = False
    aside: bool = False
    sample: bool = False
    inputs: dict[str, Any] = field(default_factory=dict, compare=False)


@dataclass(frozen=True)
class Observation:
    """All entries of one probe, in the order asked, and how the probe ended."""

    entries: tuple[Entry, ...] = ()
    ended: str = DONE
    missing: tuple[str, ...] = ()
    misfits: tuple[tuple[str, str], ...] = ()  # names bound to the wrong kind of thing: (name, kind)
    note: str = ""  # for the staff: a traceback, a limit that was hit

    def __getitem__(self, label: str) -> Any:
        """Give the value recorded under `label`, None where the probe did not get there."""
        entry = self.entry(label)
        return entry.value if entry else None

    def entry(self, label: str) -> Entry | None:
        """Give the entry of that label, if the probe got there."""
        return next((entry for entry in self.entries if entry.label == label), None)

    @property
    def error(self) -> Error | None:
        """The first error in the learner's code, asides left out."""
        return next((entry.error for entry in self.entries if entry.error and not entry.aside), None)

    @property
    def compared(self) -> tuple[Entry, ...]:
        """The entries that two answers must agree on."""
        return tuple(entry for entry in self.entries if not entry.aside)


def to_tree(observation: Observation) -> dict[str, Any]:
    """Turn an observation into plain data; the inputs stay behind."""
    tree = {f.name: getattr(observation, f.name) for f in fields(Observation)}
    tree["entries"] = [_entry_tree(entry) for entry in observation.entries]
    return tree


def _entry_tree(entry: Entry) -> dict[str, Any]:
    tree = {f.name: getattr(entry, f.name) for f in fields(Entry) if f.name != "inputs"}
    tree["error"] = entry.error and {f.name: getattr(entry.error, f.name) for f in fields(Error)}
    return tree


def from_tree(tree: Any) -> Observation:
    """Read an observation from plain data that is not trusted; raises `NotPlain` where a type is off."""
    _expect(tree, dict)
    if len(_expect(tree.get("entries"), list)) > MAX_ENTRIES:
        raise NotPlain(f"an observation of more than {MAX_ENTRIES} entries")
    entries = tuple(_entry(item) for item in tree["entries"])
    if tree.get("ended") not in ENDINGS:
        raise NotPlain("an observation ended in an unknown way")
    misfits = tuple((_text(name), _text(kind)) for name, kind in _expect(tree.get("misfits"), tuple))
    return Observation(entries, tree["ended"], _texts(tree.get("missing")), misfits, _text(tree.get("note")))


def _entry(tree: Any) -> Entry:
    _expect(tree, dict)
    flags = {key: _expect(tree.get(key), bool) for key in ("printed", "aside", "sample")}
    return Entry(
        label=_text(tree.get("label")),
        name=_text(tree.get("name")),
        value=plain(tree.get("value")),
        error=_error(tree.get("error")),
        changed=_texts(tree.get("changed")),
        **flags,
    )


def _error(tree: Any) -> Error | None:
    if tree is None:
        return None
    _expect(tree, dict)
    line = tree.get("line")
    return Error(
        _text(tree.get("kind")),
        _text(tree.get("text")),
        line if type(line) is int else None,
        _text(tree.get("code")),
        _text(tree.get("met")),
    )


def _texts(value: Any) -> tuple[str, ...]:
    return tuple(_text(item) for item in _expect(value, tuple))


def _text(value: Any) -> str:
    text: str = _expect(value, str)
    return text[:MAX_TEXT]


def _expect(value: Any, kind: type) -> Any:
    if type(value) is not kind:
        raise NotPlain(f"expected {kind.__name__}, got {type(value).__name__}")
    return value
