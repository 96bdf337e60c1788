"""The ledger in a real PostgreSQL: the same chains, the same guards, several processes at once."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from data.audit import anchors, verify
from data.audit.search import Sought, count, lines
from data.errors import OnepictureError
from data.ledger import Ledger
from data.workspace import Workspace
from tests.data.audit.ledgers import LINE, another_process
from tests.data.audit.test_chain import SCRIPT
from tests.data.postgres import postgres

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.xdist_group("postgres")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with postgres(tmp_path_factory.mktemp("postgres") / "server") as url:
        yield url


@pytest.fixture
def url(server: str, request: pytest.FixtureRequest) -> str:
    """A database of this test alone."""
    from sqlalchemy import create_engine

    name = f"t{abs(hash(request.node.name))}"
    with create_engine(server, isolation_level="AUTOCOMMIT").connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    another_process()
    return server.rpartition("/")[0] + f"/{name}"


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace.create(tmp_path / "home")


def test_lines_are_chained_found_and_anchored(workspace: Workspace, url: str, tmp_path: Path) -> None:
    ledger = Ledger(workspace, url)
    for number in range(5):
        ledger.write_audit(**{**LINE, "rows": number})
    another_process()
    Ledger(workspace, url).record_cue_action(cue="c1", visitor="p-1", action="done", role="rep")
    assert not workspace.ledger_path.exists()
    anchors.anchor(ledger.store, tmp_path / "anchors.jsonl")
    found = verify.check(ledger.store, anchors.read(tmp_path / "anchors.jsonl"))
    assert (found.whole, found.lines, found.chains) == (True, 6, 2)
    assert [line.rows for line in lines(ledger.store, Sought(place="SM_N"))] == list(range(5))
    assert verify.check_since(ledger.store, 3, 10).lines == 3


def test_the_server_refuses_a_change_and_a_forced_one_is_found(workspace: Workspace, url: str) -> None:
    ledger = Ledger(workspace, url)
    for _ in range(3):
        ledger.write_audit(**LINE)
    for statement in ("UPDATE audit_line SET rows = 9", "DELETE FROM audit_line", "TRUNCATE audit_line"):
        with pytest.raises(OnepictureError, match="only ever added"), ledger.store.writing() as connection:
            connection.execute(text(statement))
    assert verify.check(ledger.store).whole
    with ledger.store.writing() as connection:
        connection.execute(text("ALTER TABLE audit_line DISABLE TRIGGER USER"))
        connection.execute(text("UPDATE audit_line SET rows = 9 WHERE seq = 2"))
    assert [broken.where for broken in verify.check(ledger.store).broken] == ["chain 1, line 2"]


def test_processes_that_start_and_write_at_once_fork_no_chain(workspace: Workspace, url: str) -> None:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "ONEPICTURE_LEDGER": url}
    command = [sys.executable, "-c", SCRIPT, str(workspace.home)]
    starts = [subprocess.Popen(command, cwd=ROOT, env=environment) for _ in range(4)]
    assert [process.wait(120) for process in starts] == [0] * 4
    found = verify.check(Ledger(workspace, url).store)
    assert (found.whole, found.chains, found.lines) == (True, 4, 100)


def test_a_connection_that_is_cut_loses_no_line(workspace: Workspace, url: str) -> None:
    ledger = Ledger(workspace, url)
    ledger.write_audit(**LINE)
    with ledger.store.engine.connect() as connection:
        cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
        connection.execute(text(f"{cut} AND datname = current_database()"))
    for _ in range(3):
        try:
            ledger.write_audit(**LINE)
        except OnepictureError:
            ledger.pay()
    assert count(ledger.store, Sought()) == 4
    assert verify.check(ledger.store).whole


def test_an_address_that_leads_nowhere_is_said_without_its_password(workspace: Workspace) -> None:
    with pytest.raises(OnepictureError) as caught:
        Ledger(workspace, "postgresql+psycopg://somebody:hunter2@127.0.0.1:9/none")
    assert "hunter2" not in str(caught.value)
    assert caught.value.todo
    with pytest.raises(OnepictureError, match="address of the ledger") as caught:
        Ledger(workspace, "nonsense://somebody:hunter2@host/none")
    assert "hunter2" not in str(caught.value)
