"""Time limits and a steady state around a learner's code."""

from __future__ import annotations

import _thread
import builtins
import contextlib
import dis
import gc
import random
import signal
import sys
import threading
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType
from typing import Any

import torch

OURS = str(Path(__file__).parent)
REPEAT_SECONDS = 0.2
IMPORT_SECONDS = 4.0  # that an import may take longer: less than the judge waits for a process to come back
IMPORTING = "<frozen importlib._bootstrap>"


class TimeLimit(BaseException):
    """The learner's code ran longer than it may; no `except Exception` catches this."""


@contextlib.contextmanager
def time_limit(seconds: float | None) -> Iterator[None]:
    """Raise `TimeLimit` inside the block after `seconds`; without a main thread there is no limit.

    A loop that swallows every exception is left at its next line that no `try` of the same function covers.
    """
    if not seconds or threading.current_thread() is not threading.main_thread():
        yield
        return
    start = _alarm if hasattr(signal, "setitimer") else _timer_thread
    stop = start(seconds, _interrupter())
    try:
        yield
    finally:
        stop()


def _alarm(seconds: float, handler: Callable[[int, FrameType | None], None]) -> Callable[[], None]:
    before = signal.signal(signal.SIGALRM, handler)
    signal.setitimer(signal.ITIMER_REAL, seconds, REPEAT_SECONDS)

    def stop() -> None:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)

    return stop


def _timer_thread(seconds: float, handler: Callable[[int, FrameType | None], None]) -> Callable[[], None]:
    """Do the same where no alarm signal exists (Windows): a thread interrupts the main one."""
    before, ended = signal.signal(signal.SIGINT, handler), threading.Event()

    def tick() -> None:
        wait = seconds
        while not ended.wait(wait):
            _thread.interrupt_main()
            wait = REPEAT_SECONDS

    threading.Thread(target=tick, daemon=True).start()

    def stop() -> None:
        ended.set()
        signal.signal(signal.SIGINT, before)

    return stop


def _interrupter() -> Callable[[int, FrameType | None], None]:
    """Make a signal handler that raises at once, and from the second time on where no `try` can catch it.

    It lets an import end first, for a while: a module cut off in the middle is broken until the kernel starts anew.
    """
    calls, patience = 0, int(IMPORT_SECONDS / REPEAT_SECONDS)

    def interrupt(_signal: int, frame: FrameType | None) -> None:
        nonlocal calls, patience
        if patience and _imports(frame):
            patience -= 1
            return
        calls += 1
        if calls == 1:
            raise TimeLimit
        sys.settrace(_leave)
        while frame is not None:
            frame.f_trace = _leave
            frame = frame.f_back

    return interrupt


def _imports(frame: FrameType | None) -> bool:
    """Whether something is being imported in a frame, or was when it was called."""
    while frame is not None and frame.f_code.co_filename != IMPORTING:
        frame = frame.f_back
    return frame is not None


def _leave(frame: FrameType, event: str, _argument: Any) -> Any:
    if frame.f_code.co_filename.startswith(OURS):
        return None
    if event == "line" and not _covered(frame):
        sys.settrace(None)
        raise TimeLimit
    return _leave


def _covered(frame: FrameType) -> bool:
    """Whether an `except` or `finally` of this very frame would see an exception raised now."""
    table = dis._parse_exception_table(frame.f_code)  # type: ignore[attr-defined]
    return any(entry.start <= frame.f_lasti < entry.end for entry in table)


@contextlib.contextmanager
def one_thread() -> Iterator[None]:
    """Work on one thread: small tensors gain nothing from more, which wait for each other on a busy machine."""
    threads = torch.get_num_threads()
    try:
        _set_threads(1)
        yield
    finally:
        _set_threads(threads)


@contextlib.contextmanager
def no_collection() -> Iterator[None]:
    """Put the collection of garbage off: with torch loaded, one in the middle takes a tenth of a second."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def _set_threads(count: int) -> None:
    if torch.get_num_threads() != count:
        torch.set_num_threads(count)


def _set_input(ask: Callable[..., str]) -> None:
    builtins.input = ask


KEPT: tuple[tuple[Callable[[], Any], Callable[[Any], object]], ...] = (
    (torch.get_default_dtype, torch.set_default_dtype),
    (torch.is_grad_enabled, torch.set_grad_enabled),
    (torch.get_num_threads, _set_threads),
    (torch.get_rng_state, torch.set_rng_state),
    (torch.get_deterministic_debug_mode, torch.set_deterministic_debug_mode),
    (random.getstate, random.setstate),
    (sys.getrecursionlimit, sys.setrecursionlimit),
    (lambda: builtins.input, _set_input),
)
"""What a learner's code may change: how to read it, and how to give it back."""


@contextlib.contextmanager
def steady(seed: int) -> Iterator[None]:
    """Seed every generator, pin torch's defaults, and give all of it back as it was."""
    trace, before = sys.gettrace(), [(give_back, read()) for read, give_back in KEPT]
    numpy = sys.modules.get("numpy")
    numpy_state = numpy.random.get_state() if numpy else None
    try:
        _pin(seed)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        sys.settrace(trace)
        for give_back, value in before:
            give_back(value)
        if numpy:
            numpy.random.set_state(numpy_state)


def _pin(seed: int) -> None:
    torch.set_default_dtype(torch.float32)
    torch.set_grad_enabled(True)
    _set_threads(1)
    # `torch.empty` is NaN then, not what memory held; `use_deterministic_algorithms` does the same, and imports
    # a compiler for it at the first call: 1.5 seconds that a learner's first check would take longer.
    torch.set_deterministic_debug_mode("warn")
    _seed(seed)
    _set_input(_no_input)


def _seed(seed: int) -> None:
    torch.default_generator.manual_seed(seed)  # the CPU's alone: all the others cost a second at the first call
    random.seed(seed)
    if "numpy" in sys.modules:
        sys.modules["numpy"].random.seed(seed % 2**32)


def _no_input(*_: object) -> str:
    raise EOFError("nobody can answer `input()` while your code is being checked")
