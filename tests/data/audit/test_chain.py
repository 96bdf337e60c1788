"""Writing: one chain a process, whatever the threads; nothing forks, nothing is lost in silence."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest
from sqlalchemy import text

from data.audit import verify
from data.audit.search import Sought, count, lines, writers
from data.errors import BadInput, OnepictureError
from data.ledger import Ledger
from data.workspace import Workspace
from tests.data.audit.ledgers import LINE, another_process, written

ROOT = Path(__file__).parents[3]
EVERY = Sought()
SCRIPT = """
import sys
from concurrent.futures import ThreadPoolExecutor
from data.ledger import Ledger
from data.workspace import Workspace
from tests.data.audit.ledgers import LINE
ledger = Ledger(Workspace.open(sys.argv[1]))
with ThreadPoolExecutor(4) as pool:
    list(pool.map(lambda n: ledger.write_audit(**{**LINE, "rows": n}), range(25)))
"""


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    another_process()
    return Workspace.create(tmp_path / "home")


def test_two_ledgers_of_one_process_write_one_chain(workspace: Workspace) -> None:
    first, second = Ledger(workspace), Ledger(workspace)
    for ledger in (first, second, first):
        ledger.write_audit(**LINE)
    assert [(line.writer, line.seq) for line in lines(first.store, EVERY)] == [(1, 1), (1, 2), (1, 3)]
    assert verify.check(first.store).whole


def test_every_start_is_a_writer_of_its_own_linked_to_the_one_before(tmp_path: Path) -> None:
    store = Ledger(written(tmp_path / "home", 2, 1, 3)).store
    assert [(line.writer, line.seq) for line in lines(store, EVERY)] == [(1, 1), (1, 2), (2, 1), (3, 1), (3, 2), (3, 3)]
    assert sorted(writers(store)) == [1, 2, 3]
    assert verify.check(store).whole


def test_four_processes_of_four_threads_fork_no_chain_and_lose_no_line(workspace: Workspace) -> None:
    Ledger(workspace)
    starts = [
        subprocess.Popen(
            [sys.executable, "-c", SCRIPT, str(workspace.home)], cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}
        )
        for _ in range(4)
    ]
    assert [process.wait(120) for process in starts] == [0] * 4
    store = Ledger(workspace).store
    checked = verify.check(store)
    assert (checked.whole, checked.chains, checked.lines) == (True, 4, 100)
    for writer in range(1, 5):
        rows = sorted(line.rows for line in lines(store, EVERY) if line.writer == writer)
        assert rows == list(range(25))


def test_a_forked_process_begins_a_chain_of_its_own(workspace: Workspace) -> None:
    ledger = Ledger(workspace)
    ledger.write_audit(**LINE)
    child = os.fork()
    if child == 0:
        Ledger(workspace).write_audit(**LINE)
        os._exit(0)
    assert os.waitpid(child, 0)[1] == 0
    ledger.write_audit(**LINE)
    assert sorted((line.writer, line.seq) for line in lines(ledger.store, EVERY)) == [(1, 1), (1, 2), (2, 1)]
    assert verify.check(ledger.store).whole


@pytest.mark.parametrize("statement", ["UPDATE {t} SET hash = 'x'", "DELETE FROM {t}"])
@pytest.mark.parametrize("table", ["audit_line", "audit_writer"])
def test_the_database_itself_refuses_a_change(workspace: Workspace, table: str, statement: str) -> None:
    ledger = Ledger(workspace)
    ledger.write_audit(**LINE)
    with pytest.raises(OnepictureError, match="only ever added"), ledger.store.writing() as connection:
        connection.execute(text(statement.format(t=table)))
    assert verify.check(ledger.store).lines == 1


def test_a_line_that_the_store_refuses_is_owed_and_nothing_is_shown_before_it_is_paid(workspace: Workspace) -> None:
    ledger = Ledger(workspace)
    ledger.write_audit(**LINE)
    other = sqlite3.connect(workspace.ledger_path)
    other.execute("ALTER TABLE audit_line RENAME TO hidden")
    for number in (7, 8):
        with pytest.raises(OnepictureError, match="no such table"):
            ledger.write_audit(**{**LINE, "rows": number})
    with pytest.raises(OnepictureError, match="nothing is shown"):
        ledger.pay()
    other.execute("ALTER TABLE hidden RENAME TO audit_line")
    other.close()
    ledger.pay()
    assert [line.rows for line in lines(ledger.store, EVERY)] == [3, 7, 8]
    ledger.pay()
    assert count(ledger.store, EVERY) == 3
    assert verify.check(ledger.store).whole


def test_what_belongs_to_a_line_is_kept_with_it_or_not_at_all(workspace: Workspace) -> None:
    ledger = Ledger(workspace)

    def broken(_: object) -> None:
        raise BadInput("this goes wrong")

    with pytest.raises(BadInput):
        ledger.write_audit(**LINE, also=broken)
    ledger.pay()
    assert count(ledger.store, EVERY) == 0
    ledger.record_cue_action(cue="c1", visitor="p-1", action="done", role="rep")
    (line,) = lines(ledger.store, EVERY)
    assert (line.what, line.filters) == ("cue c1", {"action": "done"})
    assert [act.action for act in ledger.cue_actions()] == ["done"]


def test_a_file_put_in_the_place_of_the_ledger_is_a_new_ledger(workspace: Workspace) -> None:
    ledger = Ledger(workspace)
    ledger.write_audit(**LINE)
    for path in workspace.home.glob("ledger.sqlite*"):
        path.unlink()
    fresh = Ledger(workspace)
    ledger.write_audit(**LINE)
    fresh.write_audit(**LINE)
    assert [(line.writer, line.seq) for line in lines(fresh.store, EVERY)] == [(1, 1), (1, 2)]
    assert verify.check(fresh.store).whole


def test_a_line_costs_less_than_two_milliseconds_of_the_processor(workspace: Workspace) -> None:
    ledger = Ledger(workspace)
    ledger.write_audit(**LINE)
    best = min(_cost(ledger, 60) for _ in range(3))
    assert best < 0.002, f"{best * 1e3:.2f} ms a line"


def _cost(ledger: Ledger, times: int) -> float:
    before = time.process_time()
    for _ in range(times):
        ledger.write_audit(**LINE)
    return (time.process_time() - before) / times
