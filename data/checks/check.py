"""What a check is: one thing to look for, in one statement, with the words for what it finds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import duckdb

from data.findings import Finding

_EXAMPLES = 3


@dataclass(frozen=True, kw_only=True)
class Check:
    """One thing to look for. `sql` gives a row for each kind of fault: its `example` and how many `rows`.

    `what` may say {examples}.
    """

    code: str
    severity: str
    where: str
    what: str
    todo: str
    sql: str

    def found(self, con: duckdb.DuckDBPyConnection) -> Iterator[Finding]:
        """The Finding of this check, if there is anything to find."""
        rows, kinds, examples = con.execute(
            f"""
            SELECT CAST(coalesce(sum("rows"), 0) AS BIGINT), count(DISTINCT example),
                   list_slice(list_sort(list(DISTINCT example)), 1, {_EXAMPLES})
            FROM ({self.sql}) AS fault(example, "rows")
            """
        ).fetchone() or (0, 0, None)
        if rows:
            named = ", ".join(f'"{example}"' for example in examples or ())
            more = f" and {kinds - _EXAMPLES:,} more" if kinds > _EXAMPLES else ""
            what = self.what.replace("{examples}", named + more)
            yield Finding(
                code=self.code, severity=self.severity, what=what, where=self.where, todo=self.todo, rows=rows
            )
