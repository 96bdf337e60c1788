"""The shelf: files sealed when they are finished, the last good one serving, the oldest retired."""

from __future__ import annotations

import os
import subprocess
from datetime import date
from pathlib import Path

import pytest

from data import shelf
from data.errors import NoSnapshot
from data.snapshot import Snapshots, assemble, open_snapshot
from data.workspace import Workspace
from tests import smallland
from tests.data.tinyland import outcome, tinyland

AS_OF = date(2026, 11, 22)
TOTAL = "SELECT sum(quantity) FROM outcome"


@pytest.fixture
def three(tmp_path: Path) -> tuple[Workspace, list[str]]:
    """A workspace with three snapshots, the last of which serves."""
    workspace, ids = smallland.workspace(tmp_path / "home", rows=tinyland()), []
    for number, quantity in enumerate((1, 10, 100), 2):
        smallland.stage(workspace, {"outcome": [outcome("A", quantity)]}, name=f"{number:06d}-later")
        ids.append(assemble(workspace, AS_OF).id)
    for age, id in enumerate(ids):
        os.utime(shelf.path_of(workspace.snapshots, id), (1_000_000 + age, 1_000_000 + age))
    return workspace, ids


def spoil(workspace: Workspace, id: str) -> None:
    """Change one byte in the middle of a finished file, as a failing disk does."""
    path = shelf.path_of(workspace.snapshots, id)
    path.chmod(0o644)
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 0xFF
    path.write_bytes(content)


def test_a_seal_is_what_sha256sum_checks(three: tuple[Workspace, list[str]]) -> None:
    workspace, ids = three
    check = ["sha256sum", "--check", f"{ids[0]}.sha256"]
    said = subprocess.run(check, cwd=workspace.snapshots, capture_output=True, text=True, check=False)
    assert (said.returncode, said.stdout) == (0, f"{ids[0]}.duckdb: OK\n")


def test_one_changed_byte_is_noticed_and_the_last_good_one_serves(three: tuple[Workspace, list[str]]) -> None:
    workspace, ids = three
    spoil(workspace, ids[2])
    assert shelf.broken(workspace.snapshots, ids[2]) == "its file has changed since it was finished"
    shelved = Snapshots(workspace.snapshots)
    assert shelved.current().id == ids[1]
    assert shelved.passed_over == ids[2]
    assert shelved.current().rows(TOTAL) == [(14 - 1 + 10,)]
    again = assemble(workspace, AS_OF)
    assert (again.id, again.reused) == (ids[2], False)
    assert Snapshots(workspace.snapshots).current().rows(TOTAL) == [(14 - 1 + 100,)]


def test_a_snapshot_of_nothing_but_broken_files_is_said_in_words(three: tuple[Workspace, list[str]]) -> None:
    workspace, ids = three
    for id in ids:
        spoil(workspace, id)
    with pytest.raises(NoSnapshot, match="has changed since it was finished"):
        Snapshots(workspace.snapshots).current()


def test_a_very_large_file_is_read_whole_only_when_asked(
    three: tuple[Workspace, list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace, ids = three
    spoil(workspace, ids[0])
    monkeypatch.setattr(shelf, "QUICK", 10)
    assert shelf.broken(workspace.snapshots, ids[0]) == ""
    assert shelf.broken(workspace.snapshots, ids[0], quick=False)


def test_the_oldest_are_retired_and_never_the_one_that_serves(three: tuple[Workspace, list[str]]) -> None:
    workspace, ids = three
    assert shelf.by_age(workspace.snapshots) == (ids[2], ids[1], ids[0])
    shelf.point_to(workspace.snapshots, ids[0])
    reading = open_snapshot(workspace, ids[1])
    assert shelf.retire(workspace.snapshots, 1) == (ids[2], ids[1])
    assert shelf.history(workspace.snapshots) == (ids[0],)
    assert {path.suffix for path in workspace.snapshots.iterdir()} == {".duckdb", ".sha256", ""}
    assert reading.rows(TOTAL) == [(14 - 1 + 10,)], "whoever has it open goes on reading it"


def test_retiring_keeps_as_many_as_asked(three: tuple[Workspace, list[str]]) -> None:
    workspace, ids = three
    assert shelf.retire(workspace.snapshots, 3) == ()
    assert shelf.retire(workspace.snapshots, 2) == (ids[0],)
