"""Run one probe against one namespace and give back what it saw."""

from __future__ import annotations

import ast
import builtins
import contextlib
import functools
import traceback
from collections.abc import Callable, Iterator
from types import FunctionType, ModuleType, SimpleNamespace
from typing import Any, NoReturn

from .ask import MAX_NOTE, Ask, Unanswered
from .errors import read_error
from .limits import TimeLimit, steady, time_limit
from .observation import DONE, PROBE_FAILED, STOPPED, TIMED_OUT, Entry, Observation

SHELLS = ("IPython.", "ipykernel.")


def observe(
    probe: ModuleType,
    namespace: dict[str, Any],
    *,
    seed: int,
    seconds: float | None = None,
    at_scale: bool = False,
    draws: int | None = None,
    go_on: Callable[[Entry], bool] | None = None,
) -> Observation:
    """Observe the names of `probe` in `namespace`; never raises for what the learner's code does.

    Args:
        probe: a module with `NAMES`, `STUB` and `probe(ask, answer)`.
        namespace: where the learner's names stand.
        seed: of the probe's inputs.
        seconds: the time limit; None for none.
        at_scale: also ask the large inputs of an `ISOLATED` probe.
        draws: seed of the global generators while it runs, `seed` by default. The judge observes its own answers
            with another one, so that no verdict can hang on the same random numbers being drawn.
        go_on: asked after each entry; where it says no, the probe ends there.
    """
    missing = tuple(name for name in probe.NAMES if name not in namespace)
    if missing:
        return Observation(missing=missing)
    misfits = tuple(_misfits(probe, namespace))
    if misfits:
        return Observation(misfits=misfits)
    ask = Ask(seed, at_scale, go_on)
    answer = SimpleNamespace(**{name: namespace[name] for name in probe.NAMES})
    ended, note = _run(probe, ask, answer, seed if draws is None else draws, seconds)
    return Observation(tuple(ask.entries), ended, note=note or ask.note)


def _run(probe: ModuleType, ask: Ask, answer: SimpleNamespace, seed: int, seconds: float | None) -> tuple[str, str]:
    try:
        with steady(seed), _exits_raise(answer), time_limit(seconds):
            probe.probe(ask, answer)
    except Unanswered:
        return STOPPED, ""
    except TimeLimit as limit:
        return TIMED_OUT, f"stopped after {seconds:g} s{read_error(limit).place}"
    except Exception as error:
        return PROBE_FAILED, "".join(traceback.format_exception(error, limit=-8))[-MAX_NOTE:]
    return DONE, ""


@contextlib.contextmanager
def _exits_raise(answer: SimpleNamespace) -> Iterator[None]:
    """Let `exit` and `quit` end the learner's code as they do in plain Python: IPython's own end the kernel later."""
    spaces = [vars(builtins), *(space for value in vars(answer).values() for space in globals_of(value))]
    old = [(space, name, space.get(name)) for space in spaces for name in ("exit", "quit")]
    old = [(space, name, value) for space, name, value in old if space is spaces[0] or _is_of_a_shell(value)]
    for space, name, _ in old:
        space[name] = _exit
    try:
        yield
    finally:
        for space, name, value in reversed(old):
            space.pop(name, None) if value is None else space.update({name: value})


def globals_of(value: Any) -> list[dict[str, Any]]:
    """Give the namespaces in which a function, or a class's methods, look their names up."""
    parts = vars(value).values() if isinstance(value, type) else (value,)
    return [part.__globals__ for part in parts if isinstance(part, FunctionType)]


def _is_of_a_shell(value: Any) -> bool:
    return str(type(value).__module__).startswith(SHELLS)


def _exit(code: object = None) -> NoReturn:
    raise SystemExit(code)


def _misfits(probe: ModuleType, namespace: dict[str, Any]) -> list[tuple[str, str]]:
    """List the names that are bound to something else than the stub defines: (name, what it is)."""
    fits: dict[str, Callable[[Any], bool]] = {
        "class": lambda value: isinstance(value, type),
        "function": callable,
        "dict": lambda value: type(value) is dict,
    }
    kinds = wanted(probe.STUB)
    odd = [name for name in probe.NAMES if name in kinds and not fits[kinds[name]](namespace[name])]
    return [(name, type(namespace[name]).__name__) for name in odd]


@functools.cache
def wanted(stub: str) -> dict[str, str]:
    """Give what a stub defines at its top level: name -> "class", "function" or "dict"."""
    kinds = {}
    for node in ast.parse(stub).body:
        if isinstance(node, ast.ClassDef | ast.FunctionDef):
            kinds[node.name] = "class" if isinstance(node, ast.ClassDef) else "function"
        elif isinstance(node, ast.Assign) and isinstance(node.value, ast.Dict):
            kinds |= {target.id: "dict" for target in node.targets if isinstance(target, ast.Name)}
    return kinds
