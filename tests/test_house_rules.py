"""What no linter holds: unsafe loading, seeds set at import, each module's role, and what the wheel carries."""

import ast
import json
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
FILES = [
    ROOT / "start.py",
    *(
        path
        for folder in ("grader", "notebooks/lesson", "tests")
        for path in sorted((ROOT / folder).rglob("*.py"))
        if "templates" not in path.parts
    ),
]
SEEDS = {"torch.manual_seed", "torch.random.manual_seed", "random.seed", "numpy.random.seed", "np.random.seed"}


def name(node):
    """Give `a.b.c` of a dotted name, nothing of anything else."""
    if isinstance(node, ast.Attribute):
        return f"{name(node.value)}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else ""


def calls(tree):
    """Give every call of a tree, with the name of what is called."""
    return [(name(node.func), node) for node in ast.walk(tree) if isinstance(node, ast.Call)]


def run_at_import(tree):
    """Give the parts of a tree that run when the module is imported: all but the bodies of functions."""
    for child in ast.iter_child_nodes(tree):
        if not isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            yield child
            yield from run_at_import(child)


def safe(call):
    """Tell whether a call of `torch.load` reads weights alone."""
    return any(word.arg == "weights_only" and getattr(word.value, "value", 0) is True for word in call.keywords)


def offences(source):
    """List what the house rules ban in a source text, each with its line."""
    tree = ast.parse(source)
    yield from (
        (node.lineno, "torch.load without weights_only=True runs what is in a pickle")
        for called, node in calls(tree)
        if called == "torch.load" and not safe(node)
    )
    yield from (
        (node.lineno, "a seed set at import changes the numbers of whoever imports")
        for node in run_at_import(tree)
        if isinstance(node, ast.Call) and name(node.func) in SEEDS
    )


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_nothing_banned_is_in_the_source(path):
    """No source file of the course holds a banned call."""
    assert list(offences(path.read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize(
    "source",
    [
        "import torch\nx = torch.load('a')",
        "import torch\nx = torch.load('a', weights_only=False)",
        "import torch\ntorch.manual_seed(0)",
        "import random\nif 1:\n    random.seed(0)",
        "import torch\nclass A:\n    torch.manual_seed(0)",
    ],
)
def test_the_rules_can_be_broken(source):
    """The test above fails where there is something to find."""
    assert len(list(offences(source))) == 1


@pytest.mark.parametrize(
    "source",
    [
        "import torch\nx = torch.load('a', weights_only=True)",
        "import torch\ndef f():\n    torch.manual_seed(0)",
        "import torch\ng = torch.Generator().manual_seed(0)",
    ],
)
def test_the_rules_leave_good_code_alone(source):
    """Safe loading, a seed within a function and a generator of one's own are fine."""
    assert list(offences(source)) == []


def test_every_module_says_its_role():
    """Each module of the engine starts with a docstring."""
    silent = [
        str(path)
        for path in FILES
        if ROOT / "grader" in path.parents
        and path.name != "exercise.py"
        and not ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    ]
    assert silent == []


def test_torch_is_pinned_exactly():
    """A looser range lets pip take a build that brings gigabytes for a GPU."""
    assert "torch==2.13.0" in (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()


def test_requirements_cover_what_the_package_needs():
    """Everything that the package depends on is in requirements.txt."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    needed = {text.split(">")[0] for text in project["dependencies"]}
    lines = (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()
    assert needed <= {line.replace("==", ">").split(">")[0] for line in lines}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """Build the wheel once, and give its names."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, capture_output=True, check=True)
    return zipfile.ZipFile(next(folder.glob("*.whl")))


def test_the_wheel_carries_every_file_of_the_grader(wheel):
    """Probes, templates and other data are installed, not the modules alone."""
    files = {
        str(path.relative_to(ROOT).as_posix())
        for path in (ROOT / "grader").rglob("*")
        if path.is_file() and not {"__pycache__", ".mypy_cache", ".ruff_cache"} & set(path.parts)
    }
    assert files <= set(wheel.namelist())


def test_the_wheel_installs_lesson_at_the_top(wheel):
    """`import lesson` works wherever the wheel is installed."""
    assert "lesson/__init__.py" in wheel.namelist()


def test_the_wheel_carries_what_a_browser_draws_the_controls_from(wheel):
    """Scripts and styles lie beside the module that reads them."""
    front = ROOT / "notebooks" / "lesson" / "front"
    assert {f"lesson/front/{path.name}" for path in front.glob("*.*s")} <= set(wheel.namelist())


def test_the_wheel_carries_the_settings_of_jupyterlab(wheel):
    """JupyterLab starts with line numbers and without news, and no setting of the learner's is touched."""
    path = next(name for name in wheel.namelist() if name.endswith("overrides.d/autoencoder-recommender-course.json"))
    assert json.loads(wheel.read(path))["@jupyterlab/apputils-extension:notification"]["fetchNews"] == "false"
