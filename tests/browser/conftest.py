"""One server and one browser for all tests of the screen."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from .lab import FLAGS, chromium, server

REPO = Path(__file__).parents[2]
NO_BROWSER = "Chromium is not installed: the browser tests need it"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what stands in this folder, and skip it by name where there is no browser."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.ui)
            item.add_marker(pytest.mark.skipif(chromium() is None, reason=NO_BROWSER))


@pytest.fixture(scope="session")
def root(tmp_path_factory) -> Path:
    """A copy of what a learner sees: the notebooks and the pictures."""
    folder = tmp_path_factory.mktemp("root")
    shutil.copytree(REPO / "images", folder / "images")
    (folder / "notebooks").mkdir()
    for notebook in (REPO / "notebooks").glob("*.ipynb"):
        shutil.copy(notebook, folder / "notebooks")
    return folder


@pytest.fixture(scope="session")
def url(root, tmp_path_factory) -> Iterator[str]:
    """The address of a JupyterLab server over that copy."""
    with server(root, tmp_path_factory.mktemp("home")) as address:
        yield address


@pytest.fixture(scope="session")
def browser():
    """A headless browser."""
    playwright = pytest.importorskip("playwright.sync_api")
    with playwright.sync_playwright() as engine:
        started = engine.chromium.launch(executable_path=chromium(), headless=True, args=FLAGS)
        yield started
        started.close()
