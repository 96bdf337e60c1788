"""The ledger: lines are only added, several writers at once lose none, failures are said in words."""

from __future__ import annotations

import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import text

from data.errors import BadInput, OnepictureError
from data.ledger import ACTIONS, Ledger
from data.workspace import Workspace

ROOT = Path(__file__).parents[2]
LINE = {"who": "rep", "role": "rep", "scope": "SM_N1a", "did": "ask", "object": "trx", "rows": 3, "snapshot": "s1"}


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace.create(tmp_path / "home")


@pytest.fixture
def ledger(workspace: Workspace) -> Ledger:
    return Ledger(workspace)


def test_an_audit_line_is_read_back_as_it_was_written(ledger: Ledger, workspace: Workspace) -> None:
    before = datetime.now(UTC).replace(tzinfo=None)
    ledger.write_audit(**LINE, filters={"period": "C13W", "product": None, "study": ("S1",), "last": before.date()})
    (line,) = Ledger(workspace).audit_lines()
    assert {name: getattr(line, name) for name in LINE} == LINE
    assert line.filters == {"period": "C13W", "product": None, "study": ["S1"], "last": before.date().isoformat()}
    assert before <= line.at <= datetime.now(UTC).replace(tzinfo=None)


def test_moments_are_kept_in_utc(ledger: Ledger) -> None:
    moment = datetime(2026, 11, 22, 9, 30, tzinfo=timezone(timedelta(hours=2)))
    ledger.record_cue_action(cue="c1", visitor="rep", action="done", at=moment)
    assert ledger.cue_actions()[0].at == datetime(2026, 11, 22, 7, 30)


def test_actions_come_in_order_and_an_undo_erases_nothing(ledger: Ledger) -> None:
    ledger.record_cue_action(cue="c1", visitor="rep", action="not_useful", reason="already_done")
    ledger.record_cue_action(cue="c2", visitor="msl", action="accepted")
    ledger.record_cue_action(cue="c1", visitor="rep", action="undone")
    told = [(act.cue, act.visitor, act.action, act.reason) for act in ledger.cue_actions()]
    assert told == [
        ("c1", "rep", "not_useful", "already_done"), ("c2", "msl", "accepted", None), ("c1", "rep", "undone", None),
    ]  # fmt: skip
    assert [act.cue for act in ledger.cue_actions("msl")] == ["c2"]


def test_an_unknown_action_is_refused_and_not_written(ledger: Ledger) -> None:
    with pytest.raises(BadInput, match='Did you mean "done"'):
        ledger.record_cue_action(cue="c1", visitor="rep", action="don")
    assert ledger.cue_actions() == ()
    assert "done" in ACTIONS


def test_eight_threads_and_another_process_lose_no_line(ledger: Ledger, workspace: Workspace) -> None:
    script = (
        "import sys; from data.ledger import Ledger; from data.workspace import Workspace\n"
        "ledger = Ledger(Workspace.open(sys.argv[1]))\n"
        "for n in range(20): ledger.record_cue_action(cue=f'p{n}', visitor='other', action='done')\n"
    )
    other = subprocess.Popen([sys.executable, "-c", script, str(workspace.home)], cwd=ROOT)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: ledger.record_cue_action(cue=f"t{n}", visitor="rep", action="done"), range(80)))
    assert other.wait(60) == 0
    assert len({act.cue for act in ledger.cue_actions()}) == 100


def test_it_writes_ahead_and_only_its_owner_may_read_it(ledger: Ledger, workspace: Workspace) -> None:
    ledger.write_audit(**LINE)
    with ledger.store.reading() as connection:
        assert connection.execute(text("PRAGMA journal_mode")).scalar() == "wal"
    assert stat.S_IMODE(workspace.ledger_path.stat().st_mode) == 0o600


def test_another_store_is_named_by_its_url(workspace: Workspace, tmp_path: Path) -> None:
    Ledger(workspace, f"sqlite:///{tmp_path / 'elsewhere.sqlite'}").write_audit(**LINE)
    assert (tmp_path / "elsewhere.sqlite").is_file()
    assert not workspace.ledger_path.exists()


def test_a_store_that_cannot_be_used_is_said_in_words(workspace: Workspace) -> None:
    workspace.ledger_path.write_bytes(b"this is no database, and long enough to be looked at" * 20)
    with pytest.raises(OnepictureError, match="ledger") as caught:
        Ledger(workspace).write_audit(**LINE)
    assert caught.value.todo


def test_only_one_visitor_s_lines_are_read_when_asked(ledger: Ledger) -> None:
    ledger.write_audit(**LINE)
    ledger.write_audit(**{**LINE, "who": "msl"})
    assert [line.who for line in ledger.audit_lines("msl")] == ["msl"]
