"""`onepicture refresh` on Smallco's exports: what is new is read, what is not stays, one run at a time."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from dashboard.cli import run
from data import shelf
from data.snapshot import open_snapshot
from data.workspace import Workspace
from tests.smallco import MAPPING, NPIS, WEEKS, exports, rx, written

TOTAL = "SELECT CAST(sum(quantity) AS INTEGER) FROM outcome"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Smallco's five exports and its mapping."""
    written(tmp_path, {"smallco.toml": MAPPING})
    return written(tmp_path / "exports", dict(exports()))


@pytest.fixture
def nightly(tmp_path: Path, folder: Path) -> list[str]:
    """The command as a scheduler runs it."""
    return ["refresh", "--home", str(tmp_path / "home"), "--mapping", str(tmp_path / "smallco.toml"), str(folder)]


def test_the_first_run_serves_and_the_second_reads_nothing(
    tmp_path: Path, nightly: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(nightly) == 0
    workspace = Workspace.open(tmp_path / "home")
    first = open_snapshot(workspace)
    assert first.rows(TOTAL) == [(8 * 6 * 12,)]
    capsys.readouterr()
    assert run(nightly) == 0
    said = capsys.readouterr().err
    assert "Imported 0 files, 5 unchanged" in said and f"Nothing is new: snapshot {first.id}" in said
    assert [path.stem for path in workspace.snapshots.glob("*.duckdb")] == [first.id]


def test_a_new_delivery_is_read_and_the_one_before_can_be_opened(
    tmp_path: Path, nightly: list[str], folder: Path
) -> None:
    assert run(nightly) == 0
    workspace = Workspace.open(tmp_path / "home")
    first = open_snapshot(workspace).id
    (folder / "rx.csv").write_text(rx().replace(f"{NPIS[0]},Alfa,{WEEKS[-1]},2", f"{NPIS[0]},Alfa,{WEEKS[-1]},50"))
    assert run(nightly) == 0
    assert open_snapshot(workspace).rows(TOTAL) == [(8 * 6 * 12 + 48,)]
    assert open_snapshot(workspace, first).rows(TOTAL) == [(8 * 6 * 12,)]


def test_the_folders_may_stand_in_the_settings(tmp_path: Path, nightly: list[str], folder: Path) -> None:
    assert run(nightly) == 0
    settings = tmp_path / "home" / "workspace.toml"
    settings.write_text(settings.read_text() + f"sources = {json.dumps([str(folder)])}\n")
    assert run(nightly[:-1]) == 0
    settings.write_text(settings.read_text().replace("sources = [", "sources = [1, "))
    assert run(nightly[:-1]) == 2


def test_no_folder_and_another_run_are_said_in_words(
    tmp_path: Path, nightly: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(nightly[:-1]) == 2
    assert "no folder of exports is named" in capsys.readouterr().err
    with shelf.only_one(tmp_path / "home" / ".refresh", "it runs", "wait"):
        assert run(nightly) == 2
    assert "another refresh of this workspace is running" in capsys.readouterr().err


def test_a_delivery_that_cannot_be_read_leaves_what_served(tmp_path: Path, nightly: list[str], folder: Path) -> None:
    assert run(nightly) == 0
    workspace = Workspace.open(tmp_path / "home")
    good = open_snapshot(workspace).id
    (folder / "rx.csv").write_bytes(b"\x00\xff" * 4000)
    assert run(nightly) in (0, 2)
    assert open_snapshot(workspace).rows(TOTAL) == [(8 * 6 * 12,)], good
