"""A notebook made from its master: title and links around it, stubs or answers in it, a check after each."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from ... import course, sources
from ...course import Stage
from ...exercise import UnknownExercise, load

EXERCISE = re.compile(r'```python\b.*\bexercise="([^"]*)"')
METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python", "pygments_lexer": "ipython3"},
}


def notebook(file: Path, stage: Stage, solved: bool) -> Any:
    """Make a stage's notebook from its master `file`; no cell has been run."""
    import jupytext

    master = jupytext.read(file)
    cells = [cell for raw in master.cells for cell in _expanded(raw, solved)]
    book = copy.copy(master)
    book.cells = [_markdown(header(stage)), *cells, _markdown(footer(stage))]
    book.metadata, book.nbformat, book.nbformat_minor = as_node(METADATA), 4, 5
    for index, cell in enumerate(book.cells):
        cell["id"] = _id(cell, index)
    return book


def complaints(file: Path, stage: Stage) -> Iterator[str]:
    """Give what keeps a master from being the stage that the course names, each with its place and the next step."""
    where, lines = f"{file.parent.name}/{file.name}", file.read_text(encoding="utf-8").splitlines()
    found = [(number, cell[1]) for number, line in enumerate(lines, 1) if (cell := EXERCISE.match(line))]
    yield from (f"{where}, line {number}: {wrong}" for number, key in found if (wrong := _odd(key, stage)))
    standing = [key for _, key in found]
    for key in stage.exercises:
        if standing.count(key) != 1:
            yield f'{where} has {standing.count(key)} cells for `{key}`: put in one, ```python exercise="{key}".'
    if sorted(standing) == sorted(stage.exercises) and standing != list(stage.exercises):
        yield f"{where} has {_named(standing)}; grader/course.py has {_named(stage.exercises)}. Make it one order."


def _odd(exercise_id: str, stage: Stage) -> str:
    """Say what is wrong with the exercise that a cell names, "" where nothing is."""
    try:
        load(exercise_id)
    except UnknownExercise as error:
        return str(error)
    return "" if exercise_id in stage.exercises else f"name `{exercise_id}` in its stage in grader/course.py first."


def _named(ids: Iterable[str]) -> str:
    return ", ".join(f"`{exercise_id}`" for exercise_id in ids)


def _id(cell: Any, index: int) -> str:
    """Give a cell an id that stays the same from build to build."""
    if "check" in cell.metadata:
        return f"{cell.metadata['check']}-check"
    return str(cell.metadata.get("exercise", f"cell-{index:03}"))


def header(stage: Stage) -> str:
    """Write the first cell: title, minutes, difficulty, kind, links."""
    stars = "●" * stage.difficulty + "○" * (5 - stage.difficulty)
    kind = " · a challenge: its marks are a bonus" if stage.bonus else ""
    return (
        f"# {stage.number:02} · {stage.title}\n\n"
        f"{stage.minutes} minutes · difficulty {stars} ({stage.difficulty} of 5){kind}{_links(stage)}"
    )


def footer(stage: Stage) -> str:
    """Write the last cell: the way on, and the way home."""
    after = course.STAGES[course.STAGES.index(stage) + 1 :]
    way_on = "This was the last stage."
    if after:
        name = f"[{after[0].number:02} · {after[0].title}]({after[0].name}.ipynb)"
        way_on = f"**Next:** {name}, {after[0].minutes} minutes"
    home = course.STAGES[0]
    return f"---\n\n{way_on}\n\n[All stages, and where you are]({home.name}.ipynb)"


def _links(stage: Stage) -> str:
    place = course.STAGES.index(stage)
    before, after = course.STAGES[place - 1 : place], course.STAGES[place + 1 : place + 2]
    pairs = [("before", stage) for stage in before] + [("next", stage) for stage in after]
    return "".join(f" · {word}: [{stage.title}]({stage.name}.ipynb)" for word, stage in pairs)


def _expanded(cell: Any, solved: bool) -> list[Any]:
    """Turn a master's cell into notebook cells: an exercise becomes its answer cell and its check."""
    cell = copy.deepcopy(cell)
    cell.metadata = as_node({key: value for key, value in cell.metadata.items() if key in ("exercise", "tags")})
    exercise_id = cell.metadata.get("exercise")
    if exercise_id is None:
        return [cell]
    cell.source = sources.solution(exercise_id) if solved else load(exercise_id).probe.STUB.strip("\n")
    check = _code(f'grader.check("{exercise_id}")')
    check.metadata = as_node({"check": exercise_id, "editable": False, "deletable": False})
    return [cell, check]


def as_node(value: Any) -> Any:
    """Turn plain dicts into what nbformat works with."""
    from nbformat import from_dict

    return from_dict(value)


def _markdown(text: str) -> Any:
    from nbformat.v4 import new_markdown_cell

    return new_markdown_cell(text)


def _code(text: str) -> Any:
    from nbformat.v4 import new_code_cell

    return new_code_cell(text)
