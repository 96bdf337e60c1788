"""Small ledgers to break: lines of a few processes, and the hands of somebody who can write the file."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from data.audit import chain
from data.ledger import Ledger
from data.workspace import Workspace

LINE = {
    "who": "p-00aa", "role": "rep", "did": "view", "object": "one_picture", "scope": "SM_N1a", "hierarchy": "field",
    "place": ("SM", "SM_N", "SM_N1", "SM_N1a"), "product": "ours", "rows": 3, "filters": {"period": "C13W"},
    "snapshot": "s1",
}  # fmt: skip


def another_process() -> None:
    """From here on this process is a new writer, as after a start."""
    chain._OWN.clear()


def written(home: Path, *chains: int) -> Workspace:
    """A workspace whose ledger has chains of so many lines."""
    workspace = Workspace.create(home)
    for number, lines in enumerate(chains, 1):
        another_process()
        ledger = Ledger(workspace)
        for line in range(1, lines + 1):
            ledger.write_audit(**{**LINE, "object": f"page {number}.{line}", "rows": line})
    another_process()
    return workspace


@contextmanager
def tampering(path: Path) -> Iterator[sqlite3.Connection]:
    """The file in the hands of somebody who takes the guards away first."""
    connection = sqlite3.connect(path)
    for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        connection.execute(f"DROP TRIGGER {name}")
    connection.execute("PRAGMA foreign_keys=OFF")
    connection.execute("PRAGMA ignore_check_constraints=ON")
    with connection:
        yield connection
    connection.close()
