"""What all pages share: templates that escape, the names of their files, and links to the learners' pages."""

from __future__ import annotations

import functools
import re
from collections.abc import Collection
from pathlib import Path
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from .show import prose

TEMPLATES = Path(__file__).parents[2] / "templates"
UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f]")
MOST_KEPT = 512


def page(template: str, **values: Any) -> str:
    """Fill in a template; all that it is handed is escaped."""
    return printable(_environment().get_template(template).render(**values))


def printable(text: str) -> str:
    """Leave out the signs that no page may hold."""
    return UNPRINTABLE.sub("", text)


def link(submission: str) -> str:
    """Give the address of a learner's page, from a page beside it."""
    return quote(f"{submission}.html", safe="", errors="replace")


def free_name(stem: str, submissions: Collection[str]) -> str:
    """Name a page of the class so that it takes no learner's place: `class`, or `class-2` where somebody is `class`."""
    taken = {name.casefold() for name in submissions}
    number = 2
    name = stem
    while name.casefold() in taken:
        name, number = f"{stem}-{number}", number + 1
    return f"{name}.html"


@functools.lru_cache(MOST_KEPT)
def _prose(text: str) -> Markup:
    """Set a sentence as HTML; most stand on every page of a class."""
    return Markup(prose(text))  # it escapes what it is given


@functools.cache
def _environment() -> Environment:
    found = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    found.filters["prose"] = _prose
    found.filters["link"] = link
    return found
