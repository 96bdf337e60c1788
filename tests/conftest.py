"""What every test may ask for."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

from tests import order

if TYPE_CHECKING:
    from data.snapshot import Snapshot

# The same examples on every run, so that a green suite is green again; ONEPICTURE_SEARCH=1 tries new ones each time.
settings.register_profile("steady", derandomize=True)
settings.load_profile("default" if os.environ.get("ONEPICTURE_SEARCH") else "steady")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The files that take long first; the tests of a file stay together, in their order."""
    here = Path(__file__).parent
    items.sort(key=lambda item: -order.seconds(item.path.relative_to(here).as_posix()))


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The folder of public data that nobody here made; the test skips, saying so, where it is absent."""
    named = os.environ.get("ONEPICTURE_REAL_DATA", "")
    if not named or not Path(named).is_dir():
        pytest.skip("The public data is not here: set ONEPICTURE_REAL_DATA to its folder.")
    return Path(named)


def made_once(temporary: pytest.TempPathFactory, name: str, make: Callable[[Path], None]) -> Path:
    """A folder that one process of a test run makes and the others wait for, then read."""
    base = temporary.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / name
    folder.mkdir(exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "made").exists():
            make(folder / "home")
            (folder / "made").touch()
    return folder / "home"


@pytest.fixture(scope="session")
def demo_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo company, made once a test run by the command itself; read it, never write into it."""
    from dashboard.cli import run

    def _make(home: Path) -> None:
        assert run(["demo", "--home", str(home)]) == 0

    return made_once(tmp_path_factory, "demo", _make)


@pytest.fixture(scope="session")
def smallland_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Smallland, staged and built once a test run; read it, never write into it."""
    from metrics.build import build
    from tests import smallland

    def _make(home: Path) -> None:
        build(smallland.workspace(home), smallland.AS_OF)

    return made_once(tmp_path_factory, "smallland", _make)


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
