"""An older ledger comes to today's form whole, a copy kept; a later one is refused; a failure changes nothing."""

from __future__ import annotations

import sqlite3
import stat
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from data import migrations
from data.audit.verify import check
from data.errors import BadInput, OnepictureError
from data.ledger import Ledger
from data.workspace import Workspace

OLD = """
CREATE TABLE audit (id INTEGER PRIMARY KEY, at DATETIME NOT NULL, who VARCHAR(200) NOT NULL, role VARCHAR(100) NOT NULL,
    scope VARCHAR(500) NOT NULL, what VARCHAR(2000) NOT NULL, rows INTEGER NOT NULL, filters JSON NOT NULL,
    snapshot VARCHAR(100) NOT NULL);
CREATE TABLE cue_action (id INTEGER PRIMARY KEY, cue VARCHAR(200) NOT NULL, visitor VARCHAR(200) NOT NULL,
    action VARCHAR(50) NOT NULL, reason VARCHAR(100), at DATETIME NOT NULL);
INSERT INTO audit VALUES (1, '2026-01-05 09:00:00.000000', 'rep', 'rep', 'T1', 'view one-picture', 3, '{"period": "C13W"}', 's1');
INSERT INTO audit VALUES (2, '2026-01-06 09:00:00.000000', 'leader', 'national_leader', '', 'ask trx', 9, '{}', 's1');
INSERT INTO cue_action VALUES (1, 'c1', 'rep', 'done', NULL, '2026-01-05 09:30:00.000000');
"""  # noqa: E501


@pytest.fixture
def old(tmp_path: Path) -> Workspace:
    """A workspace whose ledger was written before there were chains."""
    workspace = Workspace.create(tmp_path / "home")
    with closing(sqlite3.connect(workspace.ledger_path)) as con:
        con.executescript(OLD)
    workspace.ledger_path.chmod(0o600)
    return workspace


def copies(workspace: Workspace) -> list[Path]:
    return sorted(workspace.home.glob("ledger-form*.sqlite"))


def asked(path: Path, sql: str) -> list[Any]:
    with closing(sqlite3.connect(path)) as con:
        return con.execute(sql).fetchall()


def test_an_older_ledger_opens_with_all_that_it_held_and_a_copy_of_what_it_was(old: Workspace) -> None:
    ledger = Ledger(old)
    assert [(line.who, line.did, line.object, line.rows) for line in ledger.audit_lines()] == [
        ("rep", "view", "one-picture", 3), ("leader", "ask", "trx", 9),
    ]  # fmt: skip
    assert [(act.cue, act.action) for act in ledger.cue_actions()] == [("c1", "done")]
    assert asked(old.ledger_path, "SELECT form FROM ledger_form") == [(migrations.FORM,)]
    (copy,) = copies(old)
    assert asked(copy, "SELECT who FROM audit ORDER BY id") == [("rep",), ("leader",)]
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    ledger.write_audit(who="rep", role="rep", did="view")
    assert [line.who for line in Ledger(old).audit_lines()] == ["rep", "leader", "rep"] and copies(old) == [copy]
    assert not check(ledger.store).broken


def test_a_step_that_fails_changes_nothing_and_says_what_to_do(old: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    def _breaks(connection: Any, workspace: Workspace) -> None:
        migrations.older.take_over(connection, workspace)
        raise RuntimeError("the disk is full")

    before = asked(old.ledger_path, "SELECT * FROM audit")
    with monkeypatch.context() as patch:
        patch.setattr(migrations, "STEPS", {1: _breaks})
        with pytest.raises(
            OnepictureError, match="from form 1 to 2 and was left as it was; a copy is ledger-form1-"
        ) as caught:
            Ledger(old)
        assert caught.value.todo
    assert asked(old.ledger_path, "SELECT * FROM audit") == before
    assert asked(old.ledger_path, "SELECT count(*) FROM sqlite_master WHERE name = 'ledger_form'") == [(0,)]
    assert len(Ledger(old).audit_lines()) == 2  # once the fault is gone, it opens


def test_a_ledger_of_a_later_product_is_refused_and_left_alone(tmp_path: Path) -> None:
    workspace = Workspace.create(tmp_path / "home")
    Ledger(workspace)
    with closing(sqlite3.connect(workspace.ledger_path)) as con, con:
        con.execute("INSERT INTO ledger_form VALUES (99, '2030-01-01T00:00:00')")
    with pytest.raises(BadInput, match="a later Onepicture wrote this ledger") as caught:
        Ledger(workspace)
    assert "restore a backup" in caught.value.todo


def test_one_of_today_notes_its_form_once_and_needs_no_copy(tmp_path: Path) -> None:
    workspace = Workspace.create(tmp_path / "home")
    Ledger(workspace)
    Ledger(workspace)
    assert asked(workspace.ledger_path, "SELECT form FROM ledger_form") == [(migrations.FORM,)]
    assert copies(workspace) == []


def test_one_that_never_noted_its_form_is_todays_where_its_lines_are_sealed(tmp_path: Path) -> None:
    workspace = Workspace.create(tmp_path / "home")
    Ledger(workspace).write_audit(who="rep", role="rep", did="view")
    with closing(sqlite3.connect(workspace.ledger_path)) as con, con:
        con.execute("DROP TABLE ledger_form")
    assert [line.who for line in Ledger(workspace).audit_lines()] == ["rep"] and copies(workspace) == []
