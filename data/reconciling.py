"""Does a snapshot hold what the files brought: rows and control totals of each fact, staged and served."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

import duckdb

from data.contract import CONTRACT, Table
from data.serving import Snapshot
from data.stage import stages
from data.tables import listed, quoted, select
from data.workspace import Workspace


@dataclass(frozen=True, kw_only=True)
class Tied:
    """One fact: rows and total that every import brought, those that a later import said anew, those that serve."""

    table: str
    imports: int
    brought: int
    brought_total: Decimal
    anew: int
    due_total: Decimal
    served: int
    served_total: Decimal

    @property
    def missing(self) -> int:
        """Rows that should serve and do not: fewer than none where more serve than were brought."""
        return self.brought - self.anew - self.served

    @property
    def ties(self) -> bool:
        """Whether what serves is what was brought, but for what was said anew: row by row and in total."""
        return self.missing == 0 and self.due_total == self.served_total


def reconciled(workspace: Workspace, snapshot: Snapshot) -> tuple[Tied, ...]:
    """Each fact that any import brought, counted and added up from the staged files themselves."""
    found = []
    with duckdb.connect(config={"threads": 1, "python_enable_replacements": False}) as con:
        for name, table in CONTRACT.items():
            files = [str(path) for stage in stages(workspace) if (path := stage / f"{name}.parquet").is_file()]
            if table.is_fact and files:
                found.append(_tied(con, table, files, snapshot))
    return tuple(found)


def _tied(con: duckdb.DuckDBPyConnection, table: Table, files: list[str], snapshot: Snapshot) -> Tied:
    served, total = snapshot.rows(select(["count(*)", "coalesce(sum(quantity), 0)"], quoted(table.name)))[0]
    try:
        (brought, brought_total), (due, due_total) = _brought(con, table, files, served)
    except duckdb.Error:  # what was staged can be read no more: that is no tie
        brought, brought_total, due, due_total = 0, Decimal(0), 0, Decimal(0)
    return Tied(
        table=table.name,
        imports=len(files),
        brought=brought,
        brought_total=Decimal(brought_total),
        anew=brought - due,
        due_total=Decimal(due_total),
        served=served,
        served_total=Decimal(total),
    )


def _brought(
    con: duckdb.DuckDBPyConnection, table: Table, files: list[str], served: int
) -> tuple[tuple[int, Decimal], tuple[int, Decimal]]:
    """Rows and total of all staged files, and of the latest row a key where more were brought than serve."""
    told, rows = (
        ["count(*)", "coalesce(sum(quantity), 0)"],
        "read_parquet($files, union_by_name = true, filename = true)",
    )
    every = con.execute(select(told, rows), {"files": files}).fetchall()[0]
    if every[0] == served:
        return every, every
    key = listed(quoted(name) for name in table.key)
    latest = f"row_number() OVER (PARTITION BY {key} ORDER BY filename DESC) = 1"
    asked = select(told, f"({select(['*'], rows, qualify=latest)})")
    return every, con.execute(asked, {"files": files}).fetchall()[0]
