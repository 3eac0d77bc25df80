"""Drive JupyterLab as a learner does: open a notebook, type into cells, run them, look."""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
SHIPPED = Path(__file__).parents[2] / "notebooks/lesson/lab/settings.json"
SETTINGS = {
    "@jupyterlab/apputils-extension:sessionDialogs": {"skipKernelRestartDialog": True},
    "@jupyterlab/docmanager-extension:plugin": {"autosave": False},
    "@jupyterlab/notebook-extension:tracker": {"windowingMode": "none"},
}
HOMES = (
    *("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR"),
    *("JUPYTERLAB_SETTINGS_DIR", "JUPYTERLAB_WORKSPACES_DIR", "IPYTHONDIR"),
)
CURRENT = "window.jupyterapp.shell.currentWidget"
IDLE = f"""() => {{
    const k = {CURRENT}?.sessionContext?.session?.kernel
    return k && k.status === 'idle' && k.connectionStatus === 'connected'
}}"""
FIND = f"""([text, last]) => {CURRENT}?.content?.widgets[last ? 'findLastIndex' : 'findIndex'](
    w => w.model.type === 'code' && w.model.sharedModel.source.includes(text))"""
HAS_RUN = f"""i => {{
    const m = {CURRENT}.content.widgets[i].model
    return m.executionState === 'idle' && m.executionCount !== null
}}"""
COMMAND = """([name, values]) => {
    window.__done = 0
    const done = window.jupyterapp.commands.execute(name, values)
    done.then(r => window.__done = {r: 1}, e => window.__done = {e: String(e)})
}"""
KERNEL_SECONDS = 90_000


def chromium() -> str | None:
    """Find the browser, if there is one."""
    return shutil.which("chromium") or shutil.which("chromium-browser")


def settings() -> dict[str, dict[str, object]]:
    """Lay the settings of the tests over those that this folder ships, whatever is installed."""
    ours = json.loads(SHIPPED.read_text(encoding="utf-8"))
    return {name: ours.get(name, {}) | SETTINGS.get(name, {}) for name in ours | SETTINGS}


@contextlib.contextmanager
def server(root: Path, home: Path):
    """Run a JupyterLab server on a free port of this machine; it ends with the tests."""
    config = home / "JUPYTER_CONFIG_DIR" / "labconfig"
    config.mkdir(parents=True)
    (config / "default_setting_overrides.json").write_text(json.dumps(settings()))
    port = _free_port()
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PYTEST")}
    environment |= {name: str(home / name) for name in HOMES} | {"GRADER_PROGRESS": str(home / "progress")}
    with subprocess.Popen(
        [
            sys.executable,
            "-m",
            "jupyterlab",
            "--no-browser",
            "--allow-root",
            "--ip=127.0.0.1",
            f"--port={port}",
            "--ServerApp.port_retries=0",
            "--IdentityProvider.token=",
            f"--ServerApp.root_dir={root}",
            "--LabApp.expose_app_in_browser=True",
            "--LabApp.extension_manager=readonly",
        ],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        preexec_fn=_die_with_parent,
    ) as process:
        try:
            _wait_for(f"http://127.0.0.1:{port}/api/status")
            yield f"http://127.0.0.1:{port}"
        finally:
            process.send_signal(signal.SIGTERM)
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(20)
            process.kill()


def _die_with_parent() -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGTERM)


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def _wait_for(url: str) -> None:
    for _ in range(300):
        with contextlib.suppress(OSError), urllib.request.urlopen(url) as answer:
            if answer.status == 200:
                return
        time.sleep(0.2)
    raise TimeoutError(f"{url} did not answer in a minute")


class Notebook:
    """One open notebook; cells are counted from 0 or found by what they say."""

    def __init__(self, page, url: str, path: str) -> None:
        self.page = page
        page.goto(f"{url}/lab/tree/{path}?reset")
        page.wait_for_selector(".jp-NotebookPanel:visible .jp-Cell", timeout=KERNEL_SECONDS)

    def ready(self) -> Notebook:
        """Wait for the kernel."""
        self.page.wait_for_function(IDLE, timeout=KERNEL_SECONDS)
        return self

    def find(self, text: str, *, last: bool = False) -> int:
        """Give the index of the first code cell that holds a text, or of the last one."""
        self.page.wait_for_function(f"asked => ({FIND})(asked) >= 0", arg=[text, last])  # cells come one after another
        return self.page.evaluate(FIND, [text, last])

    def cell(self, index: int):
        """Give a cell's element."""
        return self.page.locator(".jp-NotebookPanel:visible .jp-Cell").nth(index)

    def outputs(self, index: int) -> str:
        """Give a selector of a cell's outputs."""
        self.cell(index).locator(".jp-Cell-outputArea").evaluate("(one, i) => one.dataset.cell = i", str(index))
        return f'[data-cell="{index}"]'

    def output(self, index: int) -> str:
        """Give the visible text of a cell's outputs."""
        return self.cell(index).locator(".jp-Cell-outputArea").inner_text()

    def type(self, index: int, text: str) -> None:
        """Replace a cell's text by typing."""
        self.cell(index).locator(".cm-content").click()
        self.page.keyboard.press("ControlOrMeta+a")
        self.page.keyboard.insert_text(text)

    def start(self, index: int) -> None:
        """Run a cell by its key, and don't wait for it."""
        self.page.evaluate(f"i => {{ {CURRENT}.content.widgets[i].model.executionCount = null }}", index)
        self.cell(index).locator(".jp-InputPrompt").click()
        self.page.keyboard.press("Control+Enter")

    def finished(self, index: int) -> str:
        """Wait until a cell has run, and give what it shows."""
        self.page.wait_for_function(HAS_RUN, arg=index, timeout=KERNEL_SECONDS)
        return self.output(index) if self.cell(index).locator(".jp-Cell-outputArea").count() else ""

    def run(self, index: int) -> str:
        """Run a cell by its key and give what it shows."""
        self.start(index)
        return self.finished(index)

    def dark(self, wanted: bool) -> None:
        """Let the evening come, or the morning: the shipped settings follow the system's theme."""
        self.page.emulate_media(color_scheme="dark" if wanted else "light")
        light = "false" if wanted else "true"
        self.page.wait_for_selector(f"body[data-jp-theme-light={light}]", state="attached")

    def picture(self, index: int, name: str) -> None:
        """Keep a screenshot where a person wants to look at it (COURSE_SCREENSHOTS names a folder)."""
        if folder := os.environ.get("COURSE_SCREENSHOTS"):
            self.cell(index).scroll_into_view_if_needed()
            self.page.screenshot(path=Path(folder) / f"{name}.png")

    def command(self, name: str, **arguments) -> None:
        """Run a Lab command and wait for its promise."""
        self.page.evaluate(COMMAND, [name, arguments])
        self.page.wait_for_function("() => window.__done", timeout=KERNEL_SECONDS)

    def save(self) -> None:
        """Save by the key; JupyterLab drops it while it still writes what was saved before."""
        for _ in range(40):
            self.page.keyboard.press("Control+s")
            self.page.wait_for_timeout(500)
            if not self.page.evaluate(f"{CURRENT}.context.model.dirty"):
                return
        raise TimeoutError("the notebook was not saved in 20 s")
