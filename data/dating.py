"""Which day the data speaks of: as_of, the last complete outcome period, and the outcome's grain."""

from __future__ import annotations

from datetime import date

import duckdb

from data.contract import CONTRACT
from data.errors import BadInput
from data.findings import Finding

# Facts that tell what happened; plans, goals, forecasts and budgets reach past as_of by nature.
HAPPENED = {
    "outcome": "true",
    "interaction": "true",
    "detail": "true",
    "sample": "true",
    "exposure": "true",
    "exchange": "true",
    "inquiry": "true",
    "insight": "true",
    "enrolment": "basis = 'actual'",
}
_LENGTH = """
    CASE WHEN period_end - period_start = 6 THEN 'week'
         WHEN period_end - period_start BETWEEN 27 AND 30 THEN 'month'
         WHEN period_end - period_start IN (364, 365) THEN 'year'
         ELSE 'other' END
"""


def latest_day(con: duckdb.DuckDBPyConnection, facts: str) -> date:
    """The latest day on which anything loaded happened; where nothing did, the latest day planned.

    `facts` is the schema that holds the fact tables. Raises BadInput when no fact is loaded.
    """
    happened = [f"SELECT max(period_end) AS day FROM {facts}.{name} WHERE {which}" for name, which in HAPPENED.items()]
    planned = [f"SELECT max(period_end) AS day FROM {facts}.{t.name}" for t in CONTRACT.values() if t.is_fact]
    for spans in (happened, planned):
        (day,) = con.execute(f"SELECT max(day) FROM ({' UNION ALL '.join(spans)})").fetchone() or (None,)
        if day is not None:
            return day
    raise BadInput(
        "no fact is loaded, so the build has no date", todo="Import a file with facts, or give the day with --as-of."
    )


def anchor_of(con: duckdb.DuckDBPyConnection, facts: str, as_of: date) -> date:
    """The end of the last outcome period at or before as_of; as_of itself where no outcome is loaded."""
    (anchor,) = con.execute(
        f"SELECT max(period_end) FROM {facts}.outcome WHERE period_end <= ?", [as_of]
    ).fetchone() or (None,)
    return anchor or as_of


def one_grain(con: duckdb.DuckDBPyConnection, facts: str) -> tuple[str | None, list[Finding]]:
    """The grain of the outcome: week, month or year, whichever most rows have.

    Rows of any other length would count twice or half in a window, so they are left out and reported.
    """
    counted = con.execute(
        f"SELECT {_LENGTH} AS grain, count(*) FROM {facts}.outcome GROUP BY 1 ORDER BY 2 DESC, 1"
    ).fetchall()
    grain = next((name for name, _ in counted if name != "other"), None)
    odd = sum(rows for name, rows in counted if name != grain)
    if not odd:
        return grain, []
    con.execute(f"DELETE FROM {facts}.outcome WHERE {_LENGTH} <> coalesce(?, '')", [grain])
    what = f"rows whose period is no {grain} are left out" if grain else "no period is a week, a month or a year"
    finding = Finding(
        code="outcome_grain",
        severity="error",
        what=what,
        where="outcome",
        todo="Load the outcome at one grain, or correct the dates.",
        rows=odd,
    )
    return grain, [finding]
