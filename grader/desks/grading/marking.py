"""Mark one submission: observe its answers in processes of their own, judge them, and follow through."""

from __future__ import annotations

import functools
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from ... import messages
from ...at_scale import expected_at_scale
from ...course import stage_of
from ...exercise import Exercise, load
from ...job import Limits, Task
from ...judge import judge, unwritten
from ...launch import Launcher
from ...learner.observation import Observation
from ...sources import answer_source
from ...verdict import Status, Verdict
from ..submissions.find import Submission
from ..submissions.plan import Place, plan, redefines
from . import free_text, sentences
from .observer import Observer

RANK = (
    Status.BROKEN,
    Status.MISSING,
    Status.NOT_YET,
    Status.TIMED_OUT,
    Status.RAISED,
    Status.WRONG,
    Status.TO_MARK,
    Status.CORRECT,
)


@dataclass(frozen=True)
class Run:
    """What all submissions of one run share.

    Attributes:
        exercises: what is marked, in the order taught.
        seed: of every probe.
        launcher: starts the processes that run learners' code.
        ask: runs a function where our own answers may be run, and gives what it returns.
    """

    exercises: tuple[Exercise, ...]
    seed: int
    launcher: Launcher
    ask: Callable[[Callable[[], Any]], Any]
    limits: Limits = field(default_factory=Limits)


@dataclass(frozen=True)
class Marked:
    """A submission with its verdicts, in the order of the exercises.

    Attributes:
        warnings: what to know about its files.
        answers: the text that each exercise was judged on, by id.
        texts: by id, what a person marks: question -> free text.
        restarts: processes that had to be started again.
        limited: whether a limit of time or memory may have cost it something.
    """

    name: str
    verdicts: tuple[Verdict, ...]
    warnings: tuple[str, ...] = ()
    answers: dict[str, str] = field(default_factory=dict)
    texts: dict[str, dict[str, str]] = field(default_factory=dict)
    restarts: int = 0
    limited: bool = False


def mark(submission: Submission, run: Run) -> Marked:
    """Mark every exercise of the run; what a submission holds never makes it fail."""
    try:
        return _Marking(submission, run).marked()
    except Exception:  # our fault: this submission is reported as such, the others go on
        note = traceback.format_exc(limit=-8)
        verdicts = tuple(_broken(exercise, note) for exercise in run.exercises)
        return Marked(submission.name, verdicts, submission.warnings)


def needs_of(exercise: Exercise) -> tuple[str, ...]:
    """List the ids that an exercise builds on, directly or through others, its own needs last."""
    found = dict.fromkeys(deeper for need in exercise.needs for deeper in (*needs_of(load(need)), need))
    return tuple(found)


class _Marking:
    """The marking of one submission: its plan, its time left and its verdicts so far."""

    def __init__(self, submission: Submission, run: Run) -> None:
        self.submission, self.run = submission, run
        self.plan = plan(submission.notebooks, run.exercises)
        stages = {key: place.notebook for key, place in self.plan.places.items()}
        self.observer = Observer(submission.notebooks, stages, run.seed, run.limits, run.launcher)
        self.texts: dict[str, dict[str, str]] = {}
        self.right: set[str] = set()  # answers that are right without any help
        self.passed: set[str] = set()  # and those that are right with it

    def marked(self) -> Marked:
        """Give all verdicts: first of the learner's answers as they are, then with right ones handed in."""
        placed = [exercise for exercise in self.run.exercises if exercise.id in self.plan.places]
        seen = self.observer.observe([self._task(exercise) for exercise in placed if not self._alone(exercise)])
        own = [self._own(exercise, seen) for exercise in self.run.exercises]
        self.right = {verdict.exercise for verdict in own if verdict.status is Status.CORRECT}
        self.passed = set(self.right)
        verdicts = [self._followed(load(verdict.exercise), verdict) for verdict in own]
        return Marked(
            self.submission.name,
            tuple(verdicts),
            self.submission.warnings + self.plan.warnings,
            {exercise: place.source for exercise, place in self.plan.places.items()},
            self.texts,
            self.observer.restarts,
            self.observer.limited,
        )

    def _alone(self, exercise: Exercise) -> bool:
        """Whether an answer is observed at full size; a stub is asked with the others, where it says so at once."""
        return exercise.isolated and not self.plan.places[exercise.id].stub

    def _task(self, exercise: Exercise, *, observe: bool = True) -> Task:
        place = self.plan.places[exercise.id]
        return Task(exercise, place.notebook, place.own, observe)

    def _own(self, exercise: Exercise, seen: dict[str, Observation]) -> Verdict:
        """Judge an answer with the learner's own earlier ones."""
        if exercise.id not in self.plan.places:
            nowhere = sentences.not_found(self.submission, exercise)
            self.texts[exercise.id] = free_text.texts(exercise, Observation(), self.submission.notebooks)
            verdict = Verdict(exercise.id, Status.MISSING, nowhere, max_score=exercise.points)
            return free_text.waiting(verdict, self.texts[exercise.id], Observation())
        if exercise.id in seen and (not exercise.isolated or unwritten(seen[exercise.id])):
            return self._judge(exercise, seen[exercise.id])
        tasks = [*self._beside(exercise, needs_of(exercise)), self._task(exercise)]
        return self._judge(exercise, self.observer.observe(tasks, at_scale=True)[exercise.id])

    def _beside(self, exercise: Exercise, more: tuple[str, ...] = ()) -> list[Task]:
        """List the other answers of its stage, and more, which only run: `grader.earlier` gives them on."""
        others = [key for key in dict.fromkeys((*more, *stage_of(exercise.id).exercises)) if key != exercise.id]
        return [self._task(load(key), observe=False) for key in others if key in self.plan.places]

    def _judge(self, exercise: Exercise, got: Observation) -> Verdict:
        place = self.plan.places[exercise.id]
        self.texts[exercise.id] = free_text.texts(exercise, got, self.submission.notebooks)
        try:
            at_scale = exercise.isolated and not unwritten(got)
            expected = expected_at_scale(exercise, self.run.seed, self.run.launcher) if at_scale else None
            verdict: Verdict = self.run.ask(
                functools.partial(judge, exercise, got, seed=self.run.seed, source=place.source, expected=expected)
            )
        except Exception:
            return _broken(exercise, traceback.format_exc(limit=-8))
        if got.missing and got.note:
            verdict = replace(verdict, message=sentences.did_not_run(got), staff_note=got.note)
        elif verdict.status is Status.MISSING:  # a stub that was given out broken raises, which is no news
            verdict = replace(verdict, staff_note="")
        return free_text.waiting(verdict, self.texts[exercise.id], got)

    def _followed(self, exercise: Exercise, own: Verdict) -> Verdict:
        """Judge an answer once more with right earlier ones, where that can help; the better counts."""
        needs = needs_of(exercise)
        if own.status is Status.CORRECT or not self._may_help(exercise, needs):
            return own
        if self.observer.left <= 0:
            return replace(own, advice=(*own.advice, sentences.NO_TIME))
        try:
            again = self._with_help(exercise, needs)
        except Exception:  # our fault: the learner's own work counts as it is
            return replace(own, staff_note=f"{own.staff_note}\n{traceback.format_exc(limit=-8)}")
        return again if _worth(again) >= _worth(own) else own

    def _with_help(self, exercise: Exercise, needs: tuple[str, ...]) -> Verdict:
        """Judge an answer beside the course's own answers to what it builds on."""
        handed = {need: answer_source(need) for need in needs}
        beside = [task for task in self._beside(exercise) if task.exercise.id not in handed]
        seen = self.observer.observe([*beside, self._task(exercise)], handed=handed, at_scale=self._alone(exercise))
        again = self._judge(exercise, seen[exercise.id])
        self.passed |= {exercise.id} if again.status is Status.CORRECT else set()
        return replace(again, advice=(*again.advice, sentences.helped(needs, self.right, self.passed)))

    def _may_help(self, exercise: Exercise, needs: tuple[str, ...]) -> bool:
        """Whether an earlier answer is not right, or another version of it stands in this exercise's notebook."""
        place = self.plan.places.get(exercise.id)
        if place is None or place.stub or not needs:
            return False
        return any(need not in self.right or self._has_another(place, load(need)) for need in needs)

    def _has_another(self, place: Place, need: Exercise) -> bool:
        elsewhere = self.plan.places[need.id].notebook != place.notebook
        return elsewhere and redefines(self.submission.notebooks[place.notebook], need.names)


def _worth(verdict: Verdict) -> tuple[float, int]:
    """Rank by marks, then by status; of two that are level, the look beside right answers blames the right exercise."""
    return verdict.score, RANK.index(verdict.status)


def _broken(exercise: Exercise, note: str) -> Verdict:
    return Verdict(exercise.id, Status.BROKEN, messages.broken(exercise.id), max_score=exercise.points, staff_note=note)
