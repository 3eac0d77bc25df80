"""Set the course up in `.venv` and open it, or run all of its tests; needs nothing but Python."""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Iterator, Mapping, Sequence  # noqa: UP035 - an older Python must get as far as the sentence below

OLDEST = (3, 11)
NEEDED_GB = 2.5
ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
STAMP = VENV / "installed"
INSTALLED = ("requirements.txt", "pyproject.toml", "notebooks/lesson/lab/settings.json")
BY_FILE = ["-n2", "--dist=loadfile"]  # two files at a time, each in one process
STAGES = {
    "browser tests": ["tests/browser"],  # with the machine to themselves, as a learner has it
    "tests": ["tests", "--ignore=tests/browser", *BY_FILE],
    "solved notebooks": ["--nbval", "solutions", *BY_FILE],
    "learner's notebooks": ["--nbval-lax", "notebooks", *BY_FILE],
}
CAUSES = {
    r"No space left|not enough space|quota exceeded": f"The disk is full: free {NEEDED_GB} GB, then run this again.",
    r"used by another process": "A file in .venv is in use: close JupyterLab, then run this again.",
    r"Read-only file system|Permission denied|Access is denied|not permitted":
        f"{ROOT} cannot be written to: copy the course to a folder of your own, then run this again.",
    r"name resolution|Name or service not known|getaddrinfo failed|nodename nor servname|unreachable|No route to host"
    r"|Max retries|NewConnectionError|ConnectTimeout|ReadTimeout|Connection (refused|reset|aborted|broken)|ProxyError":
        "The packages could not be fetched: check the network connection, then run this again.",
    r"No matching distribution found for torch": "There is no torch for this Python: install an earlier one, 64-bit.",
    r"WinError 126|c10\.dll": "torch needs Microsoft's Visual C++ Redistributable: install it, then run this again.",
}


class Trouble(Exception):
    """What went wrong, and what to do."""


def main(arguments: Sequence[str]) -> int:
    """Do what the command line asks, and give the exit status."""
    if sys.version_info < OLDEST:
        print(f"The course needs Python {OLDEST[0]}.{OLDEST[1]} or newer, and this is {sys.version.split()[0]}.")
        return 1
    options = parse(arguments)
    try:
        set_up(options.verbose)
        if options.tests is not None:
            return run_tests(options.tests)
        return 0 if options.setup_only else call(lab_command(options.no_browser))
    except KeyboardInterrupt:
        return 130
    except (Trouble, OSError) as error:
        print(f"\n{explain(str(error))}")
        return 1


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    """Read the command line; all that stands behind `test` is for pytest."""
    at = list(arguments).index("test") if "test" in arguments else len(arguments)
    usage = "start.py [--no-browser | --setup-only] [--verbose]\n       start.py [--verbose] test [pytest arguments]"
    parser = argparse.ArgumentParser(usage=usage, description=__doc__)
    only = parser.add_mutually_exclusive_group()
    only.add_argument("--no-browser", action="store_true", help="start JupyterLab and leave opening it to you")
    only.add_argument("--setup-only", action="store_true", help="install, and start nothing")
    parser.add_argument("--verbose", action="store_true", help="show all that pip says")
    options = parser.parse_args(arguments[:at])
    options.tests = list(arguments[at + 1:]) if at < len(arguments) else None
    return options


def set_up(verbose: bool) -> None:
    """Make `.venv` and install the course there, unless an earlier run finished that."""
    usable = has_pip()
    if usable and STAMP.exists() and STAMP.read_text(encoding="utf-8") == fingerprint():
        return
    check_machine()
    VENV.mkdir(exist_ok=True)
    STAMP.write_text("not finished", encoding="utf-8")
    if not usable:
        with step("Making .venv"):
            quietly([sys.executable, "-m", "venv", "--clear", str(VENV)], verbose)
    with step("Installing the packages (minutes the first time)"):
        quietly(pip_command(), verbose)
    with step("Checking the installation"):
        quietly([str(PYTHON), "-I", "-c", "import torch, jupyterlab, nbval, pytest, grader, lesson"], verbose)
    STAMP.write_text(fingerprint(), encoding="utf-8")


def fingerprint() -> str:
    """Give a text that changes whenever the installation has to be done again."""
    files = b"".join((ROOT / name).read_bytes() for name in INSTALLED)
    return hashlib.sha256(files + repr((sys.version_info[:3], str(ROOT))).encode()).hexdigest()


def has_pip() -> bool:
    """Tell whether `.venv` is one of this Python and has pip; one left half-made has not."""
    code = f"import sys, pip; sys.exit(sys.version_info[:2] != {sys.version_info[:2]})"
    with contextlib.suppress(OSError):
        return subprocess.run([str(PYTHON), "-c", code], capture_output=True, check=False).returncode == 0
    return False


def check_machine() -> None:
    """Raise `Trouble` for what would stop the installation half-way."""
    if not importlib.util.find_spec("venv") or not importlib.util.find_spec("ensurepip"):
        raise Trouble("Python's venv module is missing: on Debian and Ubuntu, `sudo apt install python3-venv` adds it.")
    free = shutil.disk_usage(ROOT).free / 1e9
    if free < NEEDED_GB:
        raise Trouble(f"The disk has {free:.1f} GB free: make room for {NEEDED_GB} GB, then run this again.")


def pip_command() -> list[str]:
    """Give the command that installs the course."""
    pip = [str(PYTHON), "-m", "pip", "--disable-pip-version-check"]
    told = subprocess.run([*pip, "config", "list"], capture_output=True, text=True, check=False).stdout
    return [*pip, "install", "--progress-bar=off", "-r", "requirements.txt", *torch_index(sys.platform, told)]


def torch_index(system: str, configuration: str) -> list[str]:
    """Point pip on Linux to torch's small builds, without a GPU's gigabytes, unless it was told where to look."""
    told = re.search(r"\.(index-url|extra-index-url|find-links|no-index)=", configuration)
    return ["--extra-index-url=https://download.pytorch.org/whl/cpu"] if system == "linux" and not told else []


@contextlib.contextmanager
def step(title: str) -> Iterator[None]:
    """Say what is being done, and how long it took."""
    start = time.monotonic()
    print(f"{title} ...", end=" ", flush=True)
    yield
    print(f"done in {time.monotonic() - start:.0f} s", flush=True)


def quietly(command: Sequence[str], verbose: bool) -> None:
    """Run a command, and show what it says only where that is asked for; raise `Trouble` with it on failure."""
    said = []
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          encoding="utf-8", errors="replace") as process:
        for line in process.stdout or ():
            said.append(line)
            if verbose:
                print(line, end="", flush=True)
    if process.returncode:
        raise Trouble("".join(said) + "This step failed: --verbose shows all of it.")


def explain(text: str) -> str:
    """Give the sentence for a known cause of trouble, else the end of the text."""
    known = (sentence for cause, sentence in CAUSES.items() if re.search(cause, text))
    return next(known, "\n".join(text.splitlines()[-9:]))


def call(command: Sequence[str]) -> int:
    """Run a command in this terminal; Ctrl-C is first for it to answer, and ends us when it has ended."""
    process = subprocess.Popen(command, cwd=ROOT)
    try:
        return process.wait()
    except KeyboardInterrupt:
        while process.poll() is None:
            with contextlib.suppress(KeyboardInterrupt):
                process.wait()
        raise


def lab_command(no_browser: bool) -> list[str]:
    """Give the command that opens JupyterLab on the first notebook, with the whole course in reach."""
    places = [f"--ServerApp.root_dir={ROOT}", "--LabApp.default_url=/lab/tree/notebooks/00_start_here.ipynb"]
    root = ["--allow-root"] if getattr(os, "geteuid", lambda: 1)() == 0 else []
    return [str(PYTHON), "-m", "jupyterlab", *places, *root, *(["--no-browser"] if no_browser else [])]


def run_tests(arguments: Sequence[str]) -> int:
    """Run pytest stage by stage; 0 only where every stage passed."""
    passed = []
    for name, options in stages(arguments).items():
        start = time.monotonic()
        code = call([str(PYTHON), "-m", "pytest", *options])
        passed.append(code == 0 or (code == 5 and bool(arguments)))  # 5: none of the tests chosen is in this stage
        print(f"{name}: {'passed' if passed[-1] else 'FAILED'} in {time.monotonic() - start:.0f} s", flush=True)
    print(f"{passed.count(True)} of {len(passed)} stages passed", flush=True)
    return 0 if all(passed) else 1


def stages(arguments: Sequence[str]) -> Mapping[str, list[str]]:
    """Give pytest's arguments of each stage; where a file or folder is named, that alone is the stage."""
    if any((ROOT / argument.split("::")[0]).exists() for argument in arguments if not argument.startswith("-")):
        return {"chosen tests": list(arguments)}
    return {name: [*options, *arguments] for name, options in STAGES.items()}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
