"""What the tests share: a progress folder of its own for each, and a short way to a verdict."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, settings

from grader.desks.notebook import calls
from grader.desks.notebook.progress import ENVIRONMENT

# A busy machine makes no test fail: examples have no deadline, and may be slow to draw.
settings.register_profile("unhurried", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("unhurried")


@pytest.fixture(autouse=True)
def progress_folder(tmp_path, monkeypatch):
    """Give every test a progress folder of its own."""
    monkeypatch.setenv(ENVIRONMENT, str(tmp_path / "progress"))
    calls._progress.cache_clear()
    yield tmp_path / "progress"
    calls._progress.cache_clear()
