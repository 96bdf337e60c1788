"""Checks of what was loaded: keys, links, ranges, freshness. What they notice becomes Findings."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import duckdb

from data.findings import SEVERITIES, Finding


def run(con: duckdb.DuckDBPyConnection, as_of: date, anchor: date, grain: str | None) -> list[Finding]:
    """Everything noticed about the loaded tables."""
    return []


def write(con: duckdb.DuckDBPyConnection, findings: Sequence[Finding]) -> None:
    """The table `finding`: the gravest first, then the most rows."""
    ordered = sorted(findings, key=lambda f: (SEVERITIES.index(f.severity), -f.rows, f.code, f.where, f.what))
    con.execute(
        'CREATE OR REPLACE TABLE finding (position BIGINT, code VARCHAR, severity VARCHAR, what VARCHAR, "where" VARCHAR, todo VARCHAR, "rows" BIGINT)'
    )
    if ordered:
        con.executemany(
            "INSERT INTO finding VALUES (?, ?, ?, ?, ?, ?, ?)",
            [(n, f.code, f.severity, f.what, f.where, f.todo, f.rows) for n, f in enumerate(ordered, 1)],
        )
