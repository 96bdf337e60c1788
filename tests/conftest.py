"""What every test may ask for."""

from __future__ import annotations

import os
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The folder of public data that nobody here made; the test skips, saying so, where it is absent."""
    named = os.environ.get("ONEPICTURE_REAL_DATA", "")
    if not named or not Path(named).is_dir():
        pytest.skip("The public data is not here: set ONEPICTURE_REAL_DATA to its folder.")
    return Path(named)


@pytest.fixture(scope="session")
def demo_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo company, made once a test run by the command itself; read it, never write into it."""
    from dashboard.cli import run

    home = tmp_path_factory.mktemp("demo") / "home"
    assert run(["demo", "--home", str(home)]) == 0
    return home


@pytest.fixture(autouse=True)
def _own_home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No test may read or write the workspace of whoever runs it."""
    monkeypatch.setenv("ONEPICTURE_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("ONEPICTURE_AS", raising=False)
