"""What every test may ask for."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from data.snapshot import Snapshot


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


@pytest.fixture(scope="session")
def smallland_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Smallland, staged and built once a test run; read it, never write into it."""
    from metrics.build import build
    from tests import smallland

    home = tmp_path_factory.mktemp("smallland") / "home"
    build(smallland.workspace(home), smallland.AS_OF)
    return home


@pytest.fixture(scope="session")
def smallland_snapshot(smallland_home: Path) -> Snapshot:
    """The snapshot of Smallland (tests/smallland.py draws it)."""
    from data.snapshot import open_snapshot
    from data.workspace import Workspace

    return open_snapshot(Workspace.open(smallland_home))


@pytest.fixture(autouse=True)
def _own_home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No test may read or write the workspace of whoever runs it."""
    monkeypatch.setenv("ONEPICTURE_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("ONEPICTURE_AS", raising=False)
