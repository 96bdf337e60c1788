"""Hierarchies out of their table: what was declared as data becomes levels in order."""

from __future__ import annotations

import duckdb

from data.contract import CONTRACT
from data.errors import OnepictureError
from data.findings import Finding
from data.levels import Hierarchy


def hierarchies(rows: list[tuple[str, ...]]) -> tuple[Hierarchy, ...]:
    """Hierarchies out of rows of the hierarchy table: id, kind, name, levels, subject, subject kinds."""
    return tuple(
        Hierarchy(
            id=id,
            kind=kind,
            name=name,
            levels=tuple(level.strip() for level in levels.split(">") if level.strip()),
            subject=subject,
            subject_kinds=tuple(kind.strip() for kind in kinds.split(",") if kind.strip()),
        )
        for id, kind, name, levels, subject, kinds in rows
    )


def ladder(con: duckdb.DuckDBPyConnection) -> list[Finding]:
    """Lay the hierarchies out for joining: `ladder(hierarchy, kind, level, depth, last)` has a row for
    each level, `covers(hierarchy, subject_kind)` one for each kind of subject. One that contradicts
    itself is left out and reported."""
    con.execute(
        """
        CREATE OR REPLACE TEMP TABLE ladder
            (hierarchy VARCHAR, kind VARCHAR, level VARCHAR, depth BIGINT, last BIGINT);
        CREATE OR REPLACE TEMP TABLE covers (hierarchy VARCHAR, subject_kind VARCHAR);
        """
    )
    findings = []
    names = ", ".join(CONTRACT["hierarchy"].names)
    for row in con.execute(f"SELECT {names} FROM hierarchy ORDER BY hierarchy").fetchall():
        try:
            (known,) = hierarchies([row])
        except OnepictureError as problem:
            con.execute("DELETE FROM hierarchy WHERE hierarchy = ?", [row[0]])
            findings.append(
                Finding(
                    code="hierarchy_broken",
                    severity="error",
                    what=problem.what,
                    where=f"hierarchy {row[0]}",
                    todo=f"{problem.todo} Until then it is left out.",
                    rows=1,
                )
            )
            continue
        for depth, level in enumerate(known.levels):
            con.execute(
                "INSERT INTO ladder VALUES (?, ?, ?, ?, ?)",
                [known.id, known.kind, level, depth, len(known.levels) - 1],
            )
        for kind in known.subject_kinds:
            con.execute("INSERT INTO covers VALUES (?, ?)", [known.id, kind])
    return findings
