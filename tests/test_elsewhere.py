"""What makes the course run elsewhere: the files that other places look for, and notebooks outside of JupyterLab."""

from __future__ import annotations

import json
import os
import re
import sys
from pathlib import Path
from urllib.parse import unquote

import nbformat
import pytest
from IPython.core.inputtransformer2 import TransformerManager
from nbclient import NotebookClient
from nbconvert import HTMLExporter

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
STAGE = "02_intersection_over_union.ipynb"


def read(name):
    """Read a JSON file of this folder."""
    return json.loads((ROOT / name).read_text(encoding="utf-8"))


def test_vs_code_and_the_container_want_the_same_extensions():
    """Whoever opens the folder gets what whoever opens the container has."""
    inside = read(".devcontainer/devcontainer.json")["customizations"]["vscode"]["extensions"]
    assert read(".vscode/extensions.json")["recommendations"] == inside


def test_the_container_runs_and_opens_what_is_there():
    """The script and the notebooks that the container names exist."""
    container = read(".devcontainer/devcontainer.json")
    named = [container["postCreateCommand"].split()[1], *container["customizations"]["codespaces"]["openFiles"]]
    assert [name for name in named if not (ROOT / name).is_file()] == []


def test_the_container_and_binder_have_a_python_that_will_do():
    """Their Python is the one that the course is tested with most."""
    image = read(".devcontainer/devcontainer.json")["image"]
    versions = [image.partition(":")[2], (ROOT / "binder/runtime.txt").read_text().strip().partition("-")[2]]
    assert versions == ["3.11", "3.11"]


def test_binder_installs_what_everybody_installs():
    """Binder's list adds where to look for torch, and no package."""
    lines = [line for line in (ROOT / "binder/requirements.txt").read_text().splitlines() if line[:1] != "#"]
    options = dict(line.split() for line in lines)
    assert (set(options), (ROOT / "binder" / options["-r"]).resolve()) == (
        {"--extra-index-url", "-r"},
        (ROOT / "requirements.txt").resolve(),
    )


@pytest.mark.skipif(os.name == "nt", reason="Windows has no bit that says what can be run")
def test_binder_can_run_what_comes_after_the_build():
    """Binder leaves out a script that is not executable."""
    assert os.access(ROOT / "binder/postBuild", os.X_OK)


def test_each_link_of_the_readme_leads_to_the_first_notebook():
    """Binder, Colab and the hub are asked for the notebook that the course begins with."""
    links = [unquote(link) for link in re.findall(r"`(https://\S+00_start_here\S*)`", README)]
    assert [link.endswith("notebooks/00_start_here.ipynb") for link in links] == [True] * 3


def test_the_cell_for_colab_does_nothing_elsewhere():
    """It is a cell that IPython reads, and here it neither installs nor mounts."""
    cell = re.search(r"```python\n(.*?google\.colab.*?)```", README, re.S)[1]
    before = dict(os.environ)
    exec(TransformerManager().transform_cell(cell), {})
    assert (dict(os.environ), "google.colab" in sys.modules) == (before, False)


def test_a_page_made_of_a_solved_notebook_needs_no_network():
    """With every script taken away, the results are there, and each picture is in the page or beside it."""
    page, _ = HTMLExporter().from_filename(str(ROOT / "solutions" / STAGE))
    page = re.sub(r"<script.*?</script>", "", page, flags=re.S)
    asked = re.findall(r'<(?:img|link|iframe)[^>]*(?:src|href)="(?!data:)([^"]*)"', page)
    missing = [address for address in asked if not (ROOT / "solutions" / address).is_file()]
    assert ("iou: correct" in re.sub(r"<[^>]+>", "", page), missing) == (True, [])


def test_a_kernel_without_ipywidgets_shows_the_picture_alone(tmp_path):
    """A learner's notebook runs without JupyterLab as far as its explorer, whose picture stands there unmoved."""
    book = nbformat.read(ROOT / "notebooks" / STAGE, 4)
    end = next(index for index, cell in enumerate(book.cells) if cell.source.startswith("iou_explorer("))
    block = nbformat.v4.new_code_cell("import sys\nsys.modules['ipywidgets'] = None")
    book.cells = [block, *book.cells[: end + 1]]
    NotebookClient(book, timeout=60, kernel_name="python3", resources={"metadata": {"path": str(tmp_path)}}).execute()
    shown = str(book.cells[-1].outputs)
    assert ("data:image/png" in shown, "widget-view" in shown) == (True, False)
