"""What a learner calls in a notebook: check, hint, solution, progress, reset, earlier."""

from __future__ import annotations

import functools
import inspect
import linecache
import sys
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from ... import course, exercise, sources
from ...forms import CODE, kind_of
from ...verdict import Status, Verdict
from ..view.show import prose, verdict_html, verdict_text
from . import checking, next_step
from .own_source import cell_text
from .progress import Progress, find_folder
from .result import Result


class NoSuchExercise(exercise.UnknownExercise):
    """`earlier` has nothing to give: a notebook ends the cell, and shows the sentence without a traceback."""

    def _render_traceback_(self) -> list[str]:
        return [str(self)]


@functools.cache
def _progress() -> Progress:
    return Progress(find_folder())


def _show(text: str, html: str, **facts: Any) -> Result:
    warning = _progress().warning
    _progress().warning = ""
    if warning:
        text, html = f"{warning}\n{text}", f"<div>{prose(warning)}</div>{html}"
    return Result(text, html, **facts).show()


def _plain(text: str) -> Result:
    return _show(text, "".join(f"<div>{prose(line)}</div>" for line in text.split("\n")))


def _for_known(function: Callable[..., Result]) -> Callable[..., Result]:
    """Answer an unknown exercise id with a sentence rather than a traceback."""

    @functools.wraps(function)
    def guarded(exercise_id: str, *arguments: Any) -> Result:
        try:
            known = exercise.load(exercise_id).id
        except exercise.UnknownExercise as error:
            return _plain(str(error))
        return function(known, *arguments)

    return guarded


@_for_known
def check_in(exercise_id: str, namespace: dict[str, Any]) -> Result:
    """Check one exercise in a namespace, keep the outcome, and show it."""
    verdict = _with_earlier_pass(checking.verdict(exercise_id, namespace))
    _keep(verdict, namespace)
    step, hints = next_step.after(verdict), next_step.hints_for(verdict)
    return _show(verdict_text(verdict, step), verdict_html(verdict, step, hints), verdict=verdict)


def _with_earlier_pass(verdict: Verdict) -> Verdict:
    """Note that points once earned stay, where the verdict speaks of none."""
    passed = _progress().of(verdict.exercise).get("status") == Status.CORRECT
    if not passed or verdict.status in (Status.CORRECT, Status.BROKEN):
        return verdict
    return replace(verdict, advice=(*verdict.advice, "Your earlier pass and its points stay."))


def _keep(verdict: Verdict, namespace: dict[str, Any]) -> None:
    """Write down the outcome; a pass once earned stays, and its source text is kept."""
    progress, exercise_id = _progress(), verdict.exercise
    passed = progress.of(exercise_id).get("status") == Status.CORRECT
    if verdict.status is Status.CORRECT:
        best = max(verdict.score, progress.of(exercise_id).get("score") or 0)
        source = checking.portable_source(exercise.load(exercise_id), namespace)
        progress.update(exercise_id, status=str(verdict.status), score=best, diagnosis=None, has_text=bool(source))
        if source:
            progress.keep(exercise_id, source)
    elif verdict.status is not Status.BROKEN and verdict.diagnosis != checking.LENT:
        kept = {} if passed else {"status": str(verdict.status), "score": 0}
        progress.update(exercise_id, diagnosis=verdict.diagnosis, **kept)


@_for_known
def hint(exercise_id: str) -> Result:
    """Show one more hint at each call; the first answers the last diagnosis where it can."""
    steps = _hints(exercise_id)
    if not steps:
        return _plain(f"{exercise_id} has no hints: its check explains every answer that is not right.")
    shown = min(int(_progress().of(exercise_id).get("hints", 0)) + 1, len(steps))
    _progress().update(exercise_id, hints=shown)
    more = (
        f'`grader.hint("{exercise_id}")` gives the next.'
        if shown < len(steps)
        else f'That was the last; `grader.solution("{exercise_id}")` shows a worked answer.'
    )
    return _plain(f"Hint {shown} of {len(steps)} for {exercise_id}: {steps[shown - 1]}\n{more}")


def _hints(exercise_id: str) -> list[str]:
    return exercise.load(exercise_id).hints(_progress().of(exercise_id).get("diagnosis"))


@_for_known
def solution(exercise_id: str) -> Result:
    """Show the worked answer after a pass, or once all hints were shown; it says that it was shown."""
    known = _progress().of(exercise_id)
    steps = len(_hints(exercise_id))
    if not steps and known.get("status") != Status.CORRECT:
        return _plain("The answers come after a pass: the check explains each one that is not right.")
    if known.get("status") != Status.CORRECT and int(known.get("hints") or 0) < steps:
        seen = known.get("hints") or 0
        return _plain(
            f"The worked answer comes after a pass or after all hints: you have seen {seen} of {steps}.\n"
            f'`grader.hint("{exercise_id}")` gives the next.'
        )
    _progress().update(exercise_id, solution_shown=True)
    code = sources.solution(exercise_id)
    said = f"A worked answer to {exercise_id}. Your progress notes that it was shown."
    return _show(f"{said}\n\n{code}", f"<div>{prose(said)}</div>{_code_html(code)}")


def _code_html(code: str) -> str:
    from html import escape

    return f'<pre style="padding:.6em;border:1px solid rgba(128,128,128,.4)">{escape(code)}</pre>'


@_for_known
def reset(exercise_id: str) -> Result:
    """Start an exercise anew: its stub comes back in a new cell; passed work is kept aside."""
    aside = _progress().forget(exercise_id)
    stub = exercise.load(exercise_id).probe.STUB.strip("\n")
    shell = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
    if shell is not None:
        shell.set_next_input(stub)
    kept = f", and your passed work is kept beside your progress as {aside}" if aside else ""
    said = f"{exercise_id} starts anew: hints and status are cleared{kept}."
    return _show(f"{said}\n\n{stub}", f"<div>{prose(said)}</div>{_code_html(stub)}")


def earlier(exercise_id: str) -> Any:
    """Give the learner's own earlier work where it passed, else the course's, and say which.

    Returns:
        The function or class of the exercise; a tuple of them where it has several names.

    Raises:
        NoSuchExercise: for an id that does not exist, and for a quiz or a text, whose answers nobody hands out.
    """
    try:
        loaded = exercise.load(exercise_id)
    except exercise.UnknownExercise as error:
        raise NoSuchExercise(*error.args) from None
    if kind_of(loaded) != CODE:
        raise NoSuchExercise(f"`{exercise_id}` is answered in words, and no later work builds on it.")
    found, why = _own_work(loaded)
    whose = "your own, which passed" if found else f"the course's, since {why}"
    _plain(f"`{exercise_id}` here is {whose}.")
    values = tuple((found or loaded.reference())[name] for name in loaded.names)
    return values if len(values) > 1 else values[0]


def _own_work(loaded: exercise.Exercise) -> tuple[dict[str, Any] | None, str]:
    source = _progress().kept(loaded.id)
    if _progress().of(loaded.id).get("status") != Status.CORRECT:
        return None, "yours has not passed yet"
    if source is None and _progress().of(loaded.id).get("has_text") is False:
        return None, "yours hangs on something that cannot be kept as text"
    if source is None:
        return None, f"the text of yours, `{loaded.id}.py`, is not beside your progress: check it again to put it there"
    namespace: dict[str, Any] = {"__name__": f"earlier_{loaded.id}"}
    filename = f"<your {loaded.id}>"
    linecache.cache[filename] = (len(source), None, source.splitlines(keepends=True), filename)  # for `cell_text`
    try:
        exec(compile(source, filename, "exec"), namespace)
        return {name: namespace[name] for name in loaded.names}, ""
    except Exception as error:  # the learner's own text, run again where its surroundings may have changed
        return None, f"yours could not be run again ({type(error).__name__})"


def progress() -> Result:
    """Show every stage, the points earned and what is next."""
    from .progress_view import progress_html, progress_text

    known = {exercise_id: _progress().of(exercise_id) for exercise_id in course.exercise_ids()}
    return _show(progress_text(known), progress_html(known))


def check(exercise_id: str) -> Result:
    """Check the learner's answer to one exercise, in the namespace of the caller; never raises for what it does."""
    frame = inspect.currentframe()
    caller = frame.f_back if frame else None
    namespace = {**caller.f_globals, **caller.f_locals} if caller else {}
    return check_in(exercise_id, namespace)


__all__ = ["cell_text", "check", "earlier", "hint", "progress", "reset", "solution"]
