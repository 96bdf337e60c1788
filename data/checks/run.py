"""Runs every check, and writes what they and the importer noticed into the snapshot."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import duckdb

from data.checks import places, rows, times
from data.contract import CONTRACT
from data.engine.duckdb import quoted
from data.findings import SEVERITIES, Finding


def run(con: duckdb.DuckDBPyConnection, as_of: date, anchor: date, grain: str | None) -> list[Finding]:
    """Everything noticed about the loaded tables, once they are placed: at most one Finding a check."""
    checks = [*rows.checks(), *places.checks(), *times.checks(as_of, anchor, grain)]
    empty = {name for name in CONTRACT if not con.execute(f"SELECT 1 FROM {quoted(name)} LIMIT 1").fetchone()}
    found = [finding for check in checks if check.where.partition(".")[0] not in empty for finding in check.found(con)]
    return [*found, *places.unaligned(con, anchor)]


def write(con: duckdb.DuckDBPyConnection, findings: Sequence[Finding]) -> None:
    """The table `finding`: the gravest first, then the most rows."""
    ordered = sorted(findings, key=lambda f: (SEVERITIES.index(f.severity), -f.rows, f.code, f.where, f.what))
    con.execute(
        """
        CREATE OR REPLACE TABLE finding
            (position BIGINT, code VARCHAR, severity VARCHAR, what VARCHAR,
             "where" VARCHAR, todo VARCHAR, "rows" BIGINT)
        """
    )
    for position, f in enumerate(ordered, 1):
        con.execute(
            "INSERT INTO finding VALUES (?, ?, ?, ?, ?, ?, ?)",
            [position, f.code, f.severity, f.what, f.where, f.todo, f.rows],
        )
