"""The settings that JupyterLab starts with: every one exists in the Lab that is installed, and no key is lost."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
from jsonschema import Draft7Validator

SHIPPED = json.loads((Path(__file__).parents[1] / "notebooks/lesson/lab/settings.json").read_text(encoding="utf-8"))
SCHEMAS = Path(sys.prefix) / "share/jupyter/lab/schemas"
KEYS = SHIPPED["@jupyterlab/shortcuts-extension:shortcuts"]["shortcuts"]
OUTSIDE = ":not(.jp-Cell *)"  # wherever the focus is but inside a cell: on the cell itself, or below the last one
HARMLESS = {"kernelmenu:interrupt", "notebook:run-cell", "viewmenu:line-numbering"}  # nothing is lost by these


def schema(plugin):
    """Read a plugin's schema from the JupyterLab that is installed."""
    package, name = plugin.split(":")
    return json.loads((SCHEMAS / package / f"{name}.json").read_text(encoding="utf-8"))


def of_lab():
    """Give the keys of JupyterLab that work wherever the focus is in a notebook, in the form of our own."""
    found = []
    for plugin in ("@jupyterlab/notebook-extension:tracker", "@jupyterlab/mainmenu-extension:plugin"):
        found += [key for key in schema(plugin)["jupyter.lab.shortcuts"] if " :focus" in key["selector"]]
    return [key for key in found if any(key["keys"])]


def disabled():
    """Give the keys that we switch off, as JupyterLab has them."""
    return [{name: value for name, value in key.items() if name != "disabled"} for key in KEYS if key.get("disabled")]


@pytest.mark.parametrize("plugin", SHIPPED)
def test_the_settings_fit_their_schema(plugin):
    """Each plugin is there, and takes what we set."""
    assert list(Draft7Validator(schema(plugin)).iter_errors(SHIPPED[plugin])) == []


def test_what_is_switched_off_exists():
    """A key that is written otherwise than in JupyterLab would stay switched on."""
    assert [key for key in disabled() if key not in of_lab()] == []


def test_each_key_comes_back_for_the_cell():
    """What we switch off works as before where the focus is not inside a cell."""
    wanted = [key | {"selector": key["selector"] + OUTSIDE} for key in disabled()]
    assert [key for key in wanted if key not in KEYS] == []


def test_no_key_that_changes_a_notebook_is_left():
    """A newer JupyterLab with one key more is noticed here."""
    assert [key for key in of_lab() if key["command"] not in HARMLESS and key not in disabled()] == []
