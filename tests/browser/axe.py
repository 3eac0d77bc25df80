"""Ask axe, the accessibility checker, about a part of a page."""

from __future__ import annotations

import pytest

SAID = "{id} ({impact}): {help}: {html}"


def complaints(page, selector: str) -> list[str]:
    """Give what axe finds wrong inside the elements of a selector, one line for each element."""
    engine = pytest.importorskip("axe_playwright_python.sync_playwright")
    found = engine.Axe().run(page, context={"include": [[selector]]}).response["violations"]
    return [
        SAID.format(id=rule["id"], impact=rule["impact"], help=rule["help"], html=node["html"][:200])
        for rule in found
        for node in rule["nodes"]
    ]
