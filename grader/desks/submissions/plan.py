"""Decide which notebook of a submission answers which exercise, by reading its text alone."""

from __future__ import annotations

import ast
import functools
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from ...course import STAGES, Stage, stage_of
from ...exercise import Exercise
from ...learner.cells import HEAD, clean, names_at_margin
from .ipynb import Notebook

NUMBER = re.compile(r"(?<!\d)\d\d(?!\d)")
MOST_SOURCE = 100_000
MOST_KEPT = 256


@dataclass(frozen=True)
class Place:
    """Where an exercise is judged: the notebook, whether it is of its stage, and the text of its definitions.

    `stub` says that the text is as it was given out.
    """

    notebook: int
    own: bool
    source: str = ""
    stub: bool = False


@dataclass(frozen=True)
class Plan:
    """The place of every exercise that has one, and what the learner should know of the choice."""

    places: dict[str, Place] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()


def plan(notebooks: Sequence[Notebook], exercises: Sequence[Exercise]) -> Plan:
    """Give every exercise its stage's notebook, or another one where that has none of its names."""
    claims = [stages_of(book, exercises) for book in notebooks]
    warnings: list[str] = []
    places: dict[str, Place] = {}
    for stage in STAGES:
        here = [exercise for exercise in exercises if exercise.id in stage.exercises]
        claimants = [index for index in range(len(notebooks)) if stage in claims[index]]
        chosen = _chosen(notebooks, claimants, here)
        if len(claimants) > 1 and here:
            warnings.append(_which(stage, notebooks, claimants, chosen[0]))
        for exercise in here:
            places |= _place(exercise, notebooks, chosen, claims, exercises)
    return Plan(places, tuple(warnings))


def stages_of(book: Notebook, exercises: Sequence[Exercise]) -> tuple[Stage, ...]:
    """Tell a notebook's stages by the number in its name, else by its cells' metadata, else by the names defined."""
    number = NUMBER.search(book.name.rsplit("/", 1)[-1])
    found = [stage for stage in STAGES if number and stage.number == int(number[0])]
    tagged = {cell.exercise for cell in book.cells}
    found = found or [stage for stage in STAGES if tagged & set(stage.exercises)]
    shared = _shared(exercises)
    named = {exercise.id for exercise in exercises if set(_defined(book, exercise)) - shared}
    named = named or {exercise.id for exercise in exercises if _defined(book, exercise)}
    return tuple(found or [stage for stage in STAGES if named & set(stage.exercises)])


def _shared(exercises: Sequence[Exercise]) -> set[str]:
    """Give the names that more than one exercise asks for."""
    counts = Counter(name for exercise in exercises for name in exercise.names)
    return {name for name, count in counts.items() if count > 1}


def _chosen(notebooks: Sequence[Notebook], claimants: list[int], exercises: Sequence[Exercise]) -> list[int]:
    """Order a stage's notebooks: the one with most answers first, of equals the later one."""

    def rank(index: int) -> tuple[object, ...]:
        book = notebooks[index]
        answers = [(exercise, name, text) for exercise in exercises for name, text in _texts(book, exercise).items()]
        written = sum(not _is_stub(*answer) for answer in answers)
        return written, len(answers), *age(book)

    return sorted(claimants, key=rank, reverse=True) if len(claimants) > 1 else claimants


def age(book: Notebook) -> tuple[float, list[int], str]:
    """Give what tells the later of two notebooks that answer as much."""
    numbers = [int(digits) for digits in re.findall(r"\d{1,9}", book.name)]
    return book.modified, numbers, book.name


def _which(stage: Stage, notebooks: Sequence[Notebook], claimants: list[int], chosen: int) -> str:
    names = " and ".join(f"`{notebooks[index].name}`" for index in claimants)
    return f"There are several notebooks of stage {stage.number:02d}: {names}. `{notebooks[chosen].name}` was judged."


def _place(
    exercise: Exercise,
    notebooks: Sequence[Notebook],
    chosen: list[int],
    claims: list[tuple[Stage, ...]],
    exercises: Sequence[Exercise],
) -> dict[str, Place]:
    """Place one exercise in the first notebook of its stage that has its names, else in the best of the others."""
    rivals = _rivals(exercise, exercises)
    free = [index for index in range(len(notebooks)) if index not in chosen and not rivals & set(claims[index])]
    others = _chosen(notebooks, free, [exercise])
    for index in [*chosen, *others]:
        texts = _texts(notebooks[index], exercise)
        if texts:
            stub = all(_is_stub(exercise, name, text) for name, text in texts.items())
            return {exercise.id: Place(index, index in chosen, "\n\n\n".join(texts.values()), stub)}
    return {}


def _rivals(exercise: Exercise, exercises: Sequence[Exercise]) -> set[Stage]:
    """Give the stages of other exercises that ask for the same names: what stands there is meant for them."""
    names = set(exercise.names)
    others = [other for other in exercises if other.id != exercise.id and not names.isdisjoint(other.names)]
    return {stage_of(other.id) for other in others}


def _defined(book: Notebook, exercise: Exercise) -> dict[str, str]:
    """Give the last cell that defines each name of an exercise, other exercises' answer cells left aside."""
    found: dict[str, str] = {}
    for cell in book.cells:
        if cell.exercise in (None, exercise.id) and any(name in cell.source for name in exercise.names):
            found |= {name: cell.source for name in names_in(cell.source) if name in exercise.names}
    return found


def _texts(book: Notebook, exercise: Exercise) -> dict[str, str]:
    """Give the text of the last definition of every name of an exercise, in the order of the names."""
    found = _defined(book, exercise)
    return {name: definition(found[name], name) for name in exercise.names if name in found}


@functools.lru_cache(MOST_KEPT)  # every exercise asks, and a hostile cell takes a second to read
def names_in(source: str) -> tuple[str, ...]:
    """List the names that a cell's text defines at its left margin, each once."""
    return tuple(dict.fromkeys(names_at_margin(source)))


def definition(source: str, name: str) -> str:
    """Give the text of the last function or class of that name in a cell, "" where it cannot be told."""
    node = _named(source).get(name)
    return _segment(source, node) if node else ""


@functools.lru_cache(MOST_KEPT)
def _named(source: str) -> dict[str, ast.stmt]:
    """Give the last function or class of every name in a cell; without what stands in it, which may be large."""
    tree = _parsed(source)
    found: dict[str, ast.stmt] = {}
    for node in tree.body if tree else []:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            node.body = []
            found[node.name] = node
    return found


def _segment(source: str, node: ast.stmt) -> str:
    first = min([node.lineno, *(decorator.lineno for decorator in getattr(node, "decorator_list", []))])
    return "\n".join(source.split("\n")[first - 1 : node.end_lineno])


def redefines(book: Notebook, names: Iterable[str]) -> bool:
    """Whether a notebook holds a function or class of one of these names."""
    wanted = set(names)
    return any(wanted & set(HEAD.findall(cell.source)) for cell in book.cells)


def _is_stub(exercise: Exercise, name: str, text: str) -> bool:
    """Whether a definition is as the stub has it, comments and docstrings left aside."""
    return _shape(text) == _shape(definition(exercise.probe.STUB, name))


@functools.lru_cache(MOST_KEPT)
def _shape(source: str) -> str:
    """Give what a text does, without its comments, its spaces and its docstrings."""
    tree = _parsed(source)
    for node in ast.walk(tree) if tree else ():
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and ast.get_docstring(node) is not None:
            node.body[:1] = []
    try:
        return ast.dump(tree) if tree else source
    except (RecursionError, ValueError, MemoryError):  # too deep, or a number of thousands of digits
        return source


def _parsed(source: str) -> ast.Module | None:
    """Parse a text; nothing of it is run."""
    for text in (source, clean(source)) if len(source) <= MOST_SOURCE else ():
        try:
            return ast.parse(text)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            continue
    return None
