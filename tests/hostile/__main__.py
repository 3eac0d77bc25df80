"""Write the table: what every attack tries, and what came of it."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from .classroom import GROUPS, grade, marked_launcher, tried

HEAD = "| attack | aim | tries | earns | got | outcome |\n| --- | --- | --- | --- | --- | --- |"


def main(choice: str, only: list[str]) -> None:
    """Grade every group, with bubblewrap or with nothing."""
    print(HEAD)
    with marked_launcher(choice) as found:
        for name in only or GROUPS:
            attacks = tried(name, choice)
            with tempfile.TemporaryDirectory() as folder:
                graded = grade(attacks, Path(folder), found)
            for attack in attacks:
                got, hole = graded.marks.get(attack.name, -1), graded.holes[attack.name]
                outcome = f"**got hold of {hole}**" if hole else graded.statuses[attack.name]
                outcome = f"**more marks than earned**: {outcome}" if got > attack.earns else outcome
                line = (attack.name, attack.aim, attack.tries, attack.earns, f"{got:g}", outcome)
                print("|", " | ".join(str(cell).replace("|", "\\|") for cell in line), "|")
            print(f"\n{name}: {graded.seconds:.0f} s; {'; '.join(graded.harm) or 'nobody was harmed'}\n", flush=True)


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "bwrap", sys.argv[2:])
