"""The commands: grade a class and mark its texts, build the notebooks, begin an exercise, and lint them all."""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from typing import NoReturn

DESKS = {
    "grade": ("grading.grade", "mark a folder of submissions"),
    "mark": ("grading.mark", "put a person's marks over the machine's"),
    "autograder-zip": ("gradebooks.autograder_zip", "pack the grader for Gradescope"),
    "build": ("author.build", "make the notebooks from their masters"),
    "new": ("author.new", "begin an exercise"),
    "lint": ("author.lint", "check that every exercise tells right from wrong"),
}


class Parser(argparse.ArgumentParser):
    """A parser that says in one sentence what it cannot use."""

    def error(self, message: str) -> NoReturn:
        """Leave with status 2."""
        self.exit(2, f"`{self.prog}` cannot go on: {message} (`{self.prog} --help` tells what it takes).\n")


def main(arguments: list[str] | None = None) -> int:
    """Run one command and give its exit status; only that command's desk is loaded."""
    arguments = sys.argv[1:] if arguments is None else arguments
    parser = Parser(prog="python -m grader", description="A course that grades itself.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, (module, purpose) in DESKS.items():
        command = commands.add_parser(name, help=purpose, description=f"{purpose[0].upper()}{purpose[1:]}.")
        if arguments[:1] == [name]:
            desk = importlib.import_module(f"{__package__}.desks.{module}")
            desk.add_arguments(command)
            command.set_defaults(run=desk.run)
    args = parser.parse_args(arguments)
    status: int = args.run(args)
    return status


def _from_the_shell() -> int:
    """Run the command; where whoever reads what is printed has left, as `head` does, leave without a word as well."""
    try:
        status = main()
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # Python's own flush at exit finds this
        return 1
    return status


if __name__ == "__main__":
    sys.exit(_from_the_shell())
