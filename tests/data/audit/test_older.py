"""A ledger from before there were chains keeps every line, marked, and sealed from then on."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from data.audit import verify
from data.audit.chain import BEFORE
from data.audit.search import Sought, lines, writers
from data.ledger import Ledger
from data.workspace import Workspace
from tests.data.audit.ledgers import LINE, another_process, tampering

OLD = """
CREATE TABLE audit (id INTEGER NOT NULL PRIMARY KEY, at DATETIME NOT NULL, who VARCHAR(200) NOT NULL,
  role VARCHAR(100) NOT NULL, scope VARCHAR(500) NOT NULL, what VARCHAR(2000) NOT NULL, rows INTEGER NOT NULL,
  filters JSON NOT NULL, snapshot VARCHAR(100) NOT NULL);
INSERT INTO audit VALUES
  (1, '2026-10-01 08:00:00.000000', 'rep', 'rep', 'SM_N1a', 'view cues', 0, '{"node": "SM_N1a", "period": "C13W", "product": "ours"}', 's1'),
  (2, '2026-10-01 09:00:00.000000', 'rep', 'rep', 'SM_N1a', 'ask trx by territory', 3, '{"q": "Jane Doe"}', 's1'),
  (4, '2026-10-02 09:00:00.000000', 'msl', 'msl', 'X1', 'cues', 2, '{}', 's1'),
  (5, '2026-10-02 10:00:00.000000', 'msl', 'msl', 'X1', 'something of long ago', 2, '{}', 's1');
"""  # noqa: E501


def test_every_line_is_kept_and_marked(tmp_path: Path) -> None:
    workspace = Workspace.create(tmp_path / "home")
    with sqlite3.connect(workspace.ledger_path) as connection:
        connection.executescript(OLD)
    another_process()
    ledger = Ledger(workspace)
    ledger.write_audit(**LINE)
    Ledger(workspace)
    found = lines(ledger.store, Sought())
    assert [line.what for line in found] == [
        "view cues", "ask trx by territory", "ask cues", "other something of long ago", "view one_picture",
    ]  # fmt: skip
    assert {number: program for number, (program, _) in writers(ledger.store).items()}[1] == BEFORE
    assert [line.writer for line in found] == [1, 1, 1, 1, 2]
    assert found[0].at.isoformat() == "2026-10-01T08:00:00"
    assert found[0].filters == {"node": "SM_N1a", "period": "C13W", "product": "ours"}
    assert (found[1].filters, bool(found[1].filters_hash)) == ({}, True)
    assert verify.check(ledger.store).whole
    with tampering(workspace.ledger_path) as connection:
        connection.execute("UPDATE audit_line SET rows = 9 WHERE seq = 2 AND writer = 1")
    assert [broken.where for broken in verify.check(ledger.store).broken] == ["chain 1, line 2"]
