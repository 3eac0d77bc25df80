"""An exercise: the question and the answer of one folder, and what the answers look like when asked."""

from __future__ import annotations

import functools
import importlib
import inspect
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

from .learner.observation import Entry, Observation
from .learner.observe import observe

FOLDER = Path(__file__).parent / "exercises"
OTHER_DRAWS = 7919
KEPT = 64  # observations of our own answers
GROUPS = ("Mistakes", "Variants", "Readings", "Symptoms", "Advice")


class UnknownExercise(KeyError):
    """No exercise has that id."""

    def __str__(self) -> str:
        return str(self.args[0])


@dataclass(frozen=True)
class Exercise:
    """One folder of `exercises/`: `probe` asks, `answer` knows."""

    id: str
    probe: ModuleType
    answer: ModuleType
    seen: dict[tuple[str, str, int], Observation] = field(init=False, default_factory=dict, compare=False, repr=False)

    @functools.cached_property
    def names(self) -> tuple[str, ...]:
        """What the learner defines."""
        return tuple(self.probe.NAMES)

    @property
    def needs(self) -> tuple[str, ...]:
        """The ids of the exercises that this one builds on."""
        return tuple(self.probe.NEEDS)

    @property
    def points(self) -> int:
        """The marks of a right answer."""
        return int(self.answer.POINTS)

    @property
    def title(self) -> str:
        """What is asked, in one sentence."""
        return sentence(self.probe)

    @property
    def isolated(self) -> bool:
        """Whether the learner's answer is judged in a process of its own, under a memory limit."""
        return bool(getattr(self.probe, "ISOLATED", False))

    def group(self, name: str) -> dict[str, Any]:
        """Give the members of one of the answer's classes, by name, in the order written."""
        members = vars(getattr(self.answer, name, object))
        return {key: value for key, value in members.items() if not key.startswith("_") and callable(value)}

    def hints(self, diagnosis: str | None = None) -> list[str]:
        """Give the hints, the one for a diagnosed mistake first."""
        special = self.answer.HINTS_FOR.get(diagnosis)
        return [*([special] if special else []), *self.answer.HINTS]

    def said_of(self, sign: Callable[..., Any]) -> str:
        """Give the sentence of a symptom; one without a docstring has that of the mistake of its name."""
        return sentence(sign) or sentence(self.group("Mistakes").get(sign.__name__, sign))

    def reference(self) -> dict[str, Any]:
        """Give the right answer as a namespace."""
        return {name: getattr(self.answer, name) for name in self.names}

    def namespace(self, implementation: Any) -> dict[str, Any]:
        """Give another answer as a namespace; of several names, those it leaves out are the reference's."""
        if len(self.names) == 1:
            return {self.names[0]: implementation}
        return self.reference() | {k: v for k, v in vars(implementation).items() if k in self.names}

    def observed(self, group: str, name: str, seed: int) -> Observation:
        """Observe one answer of ours, once; `group` "" is the reference."""
        key = group, name, seed
        if key not in self.seen:
            namespace = self.namespace(self.group(group)[name]) if group else self.reference()
            found = observe(self.probe, namespace, seed=seed, seconds=60, draws=seed + OTHER_DRAWS)
            while len(self.seen) >= KEPT:
                self.seen.pop(next(iter(self.seen)))
            self.seen[key] = found
        return self.seen[key]

    def followed(self, group: str, name: str, seed: int, go_on: Callable[[Entry], bool]) -> Observation:
        """Observe one answer of ours no further than it goes the wanted way; what was observed whole is given so."""
        if (group, name, seed) in self.seen:
            return self.seen[group, name, seed]
        namespace = self.namespace(self.group(group)[name])
        return observe(self.probe, namespace, seed=seed, seconds=60, draws=seed + OTHER_DRAWS, go_on=go_on)

    def expected(self, seed: int) -> Observation:
        """Observe what others are compared with: the reference, or the cheaper variant that `COMPARED_WITH` names."""
        cheaper = getattr(self.answer, "COMPARED_WITH", "")
        return self.observed("Variants" if cheaper else "", cheaper, seed)


def sentence(documented: Any) -> str:
    """Give a docstring as one line."""
    return " ".join(inspect.cleandoc(documented.__doc__ or "").split())


def load(exercise_id: object) -> Exercise:
    """Load the two files of an exercise; blanks around the id do no harm.

    Raises:
        UnknownExercise: where there is no such folder; the message names the nearest ids.
    """
    if type(exercise_id) is not str:
        raise UnknownExercise(f'An exercise is named by a string such as "iou", not by {type(exercise_id).__name__}.')
    if exercise_id.strip() not in ids():
        raise UnknownExercise(f"There is no exercise `{exercise_id[:40]}`. {_nearest(exercise_id)}")
    return _load(exercise_id.strip())


def _nearest(exercise_id: str) -> str:
    import difflib

    near = difflib.get_close_matches(exercise_id, ids(), n=3, cutoff=0.6)
    return f"Did you mean {' or '.join(f'`{i}`' for i in near)}?" if near else "`grader.progress()` lists them all."


@functools.cache
def _load(exercise_id: str) -> Exercise:
    package = f"{__package__}.exercises.{exercise_id}"
    return Exercise(
        exercise_id, importlib.import_module(f"{package}.probe"), importlib.import_module(f"{package}.exercise")
    )


@functools.cache
def ids() -> tuple[str, ...]:
    """List every exercise folder."""
    return tuple(sorted(path.parent.name for path in FOLDER.glob("*/probe.py")))
