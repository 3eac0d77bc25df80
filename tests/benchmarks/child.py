"""A process that measures: it makes ways ready, then runs the one that it is told to and says what that took."""

from __future__ import annotations

import contextlib
import importlib
import io
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import psutil
import torch

STATUS, FORGET = Path("/proc/self/status"), Path("/proc/self/clear_refs")


def main(name: str, size: str, *ways: str) -> None:
    """Serve ways of a benchmark's module at a size: a line of JSON when ready, then one for each way that is named."""
    torch.set_num_threads(1)
    torch.manual_seed(0)
    module, told = importlib.import_module(name), sys.stdout
    with contextlib.redirect_stdout(io.StringIO()):
        for answer in serve(module, int(size), ways):
            print(json.dumps(answer), file=told, flush=True)


def serve(module: ModuleType, size: int, ways: tuple[str, ...]) -> Any:
    """Make ready what the ways need, and then measure one run after another."""
    warm(module, ways)
    inputs = module.inputs(size)
    before = start_of_peak()
    actions, prepared = {}, {}
    for way in ways:
        start = time.process_time()
        actions[way] = module.WAYS[way](inputs)
        prepared[way] = time.process_time() - start
    yield prepared
    for line in sys.stdin:
        yield run(actions[line.strip()]) | {"peak": peak() - before}


def warm(module: ModuleType, ways: tuple[str, ...]) -> None:
    """Run each way once on little, so that no library starts up while it is measured."""
    if module.WARM:
        inputs = module.inputs(module.WARM)
        for way in ways:
            module.WAYS[way](inputs)()


def run(action: Callable[[], Any]) -> dict[str, float]:
    """Time one run; what it gives back is dropped after the clock stands. A number says how many units it did."""
    wall, cpu = time.perf_counter(), time.process_time()
    result = action()
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    units = result if isinstance(result, int) else 1
    return {"wall": wall / units, "cpu": cpu / units, "spent": cpu}


def start_of_peak() -> int:
    """Forget the peak so far, where the system can; give the memory that this process holds now."""
    with contextlib.suppress(OSError):
        FORGET.write_text("5", encoding="ascii")
    return int(psutil.Process().memory_info().rss)


def peak() -> int:
    """Give the most memory that this process has held."""
    if STATUS.exists():
        line = next(line for line in STATUS.read_text(encoding="utf-8").splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) * 1024
    from lesson.million import peak_gigabytes

    return int(peak_gigabytes() * 1e9)


if __name__ == "__main__":
    main(*sys.argv[1:])
