"""A backup taken while somebody writes is whole, and what is put back is what was backed up, or nothing."""

from __future__ import annotations

import stat
import threading
from datetime import date
from pathlib import Path

import pytest

from data.backup import MANIFEST, back_up, restore
from data.errors import BadInput
from data.ledger import Ledger
from data.snapshot import assemble, open_snapshot
from data.workspace import Workspace
from tests import smallland
from tests.data.tinyland import tinyland

AS_OF = date(2026, 11, 22)
TOTAL = "SELECT sum(quantity) FROM outcome"


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    found = smallland.workspace(tmp_path / "home", rows=tinyland())
    assemble(found, AS_OF)
    found.visitors_path.write_text('[[visitor]]\nid = "leader"\n', encoding="utf-8")
    Ledger(found).record_cue_action(cue="c1", visitor="rep", action="done")
    return found


def test_what_is_put_back_answers_and_remembers_as_before(workspace: Workspace, tmp_path: Path) -> None:
    folder = back_up(workspace, tmp_path / "safe")
    Ledger(workspace).record_cue_action(cue="c2", visitor="rep", action="done")
    again = restore(folder, tmp_path / "new" / "home")
    assert (again.secret, again.kind) == (workspace.secret, workspace.kind)
    assert again.visitors_path.read_text() == workspace.visitors_path.read_text()
    assert open_snapshot(again).id == open_snapshot(workspace).id
    assert open_snapshot(again).rows(TOTAL) == [(14,)]
    assert [action.cue for action in Ledger(again).cue_actions()] == ["c1"]
    assert assemble(again, AS_OF).reused


def test_nobody_else_may_read_a_backup(workspace: Workspace, tmp_path: Path) -> None:
    folder = back_up(workspace, tmp_path / "safe")
    modes = {stat.S_IMODE(path.stat().st_mode) for path in folder.rglob("*") if path.name != MANIFEST}
    assert modes == {0o600, 0o700}
    home = restore(folder, tmp_path / "new" / "home").home
    assert {stat.S_IMODE(path.stat().st_mode) for path in (home, *(p for p in home.rglob("*") if p.is_dir()))} == {
        0o700
    }


def test_it_is_whole_while_somebody_writes(workspace: Workspace, tmp_path: Path) -> None:
    stop, ledger, written = threading.Event(), Ledger(workspace), [1]

    def work() -> None:
        while not stop.is_set():
            ledger.record_cue_action(cue=f"w{written[0]}", visitor="rep", action="done")
            written[0] += 1

    worker = threading.Thread(target=work)
    worker.start()
    try:
        for round in range(3):
            before = written[0]
            again = restore(back_up(workspace, tmp_path / f"safe{round}"), tmp_path / f"home{round}")
            found = [action.cue for action in Ledger(again).cue_actions()]
            assert found == ["c1", *(f"w{number}" for number in range(1, len(found)))]
            assert before - 1 <= len(found) <= written[0] + 1
    finally:
        stop.set()
        worker.join()


@pytest.mark.parametrize("spoilt", ["workspace.toml", MANIFEST])
def test_a_spoilt_or_unfinished_backup_is_never_put_back(workspace: Workspace, tmp_path: Path, spoilt: str) -> None:
    folder = back_up(workspace, tmp_path / "safe")
    (folder / spoilt).unlink()
    with pytest.raises(BadInput, match=r"not as it was backed up|manifest is missing"):
        restore(folder, tmp_path / "new")
    assert not (tmp_path / "new").exists()


def test_a_manifest_that_leads_outside_is_refused(workspace: Workspace, tmp_path: Path) -> None:
    folder = back_up(workspace, tmp_path / "safe")
    (tmp_path / "outside").write_text("x", encoding="utf-8")
    with (folder / MANIFEST).open("a", encoding="utf-8") as file:
        file.write(f"{'0' * 64}  ../../outside\n")
    with pytest.raises(BadInput, match="manifest cannot be read"):
        restore(folder, tmp_path / "new")


def test_a_home_that_is_taken_and_a_place_that_cannot_be_written_are_said_in_words(
    workspace: Workspace, tmp_path: Path
) -> None:
    folder = back_up(workspace, tmp_path / "safe")
    with pytest.raises(BadInput, match="something already"):
        restore(folder, workspace.home)
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(BadInput, match="cannot be written"):
        back_up(workspace, tmp_path / "file")
