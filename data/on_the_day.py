"""What holds on the day that a build speaks of: who has opted out, and how many working days are gone."""

from __future__ import annotations

from datetime import date, timedelta

import duckdb

from data.contract import CONTRACT
from data.engine.duckdb import quoted

# Windows of last year and answers promised reach past the facts themselves.
_MARGIN = timedelta(days=400)


def write(con: duckdb.DuckDBPyConnection, facts: str, as_of: date) -> None:
    """Write `pdrp_now(party)`, `tracking_now(party, agreed)` and `working_day(date, n)`; `facts` is the schema of the
    loaded facts."""
    _write_opted_out(con, as_of)
    _write_tracking(con, as_of)
    _write_working_days(con, facts, as_of)


def _write_opted_out(con: duckdb.DuckDBPyConnection, as_of: date) -> None:
    """Physicians whose latest choice in force on as_of keeps their prescribing from the field; where two
    were made on one day, the one that shows less holds."""
    con.execute(
        """
        CREATE OR REPLACE TABLE pdrp_now AS
        SELECT party FROM pdrp
        WHERE from_date <= $as_of AND coalesce(to_date, DATE '9999-12-31') >= $as_of
        GROUP BY party HAVING max(struct_pack(day := from_date, opted_out := opted_out)).opted_out
        ORDER BY party
        """,
        {"as_of": as_of},
    )


def _write_tracking(con: duckdb.DuckDBPyConnection, as_of: date) -> None:
    """Everybody with a choice about being tracked on record by as_of: the latest holds while it lasts; of two made on
    one day, the one that allows less."""
    con.execute(
        """
        CREATE OR REPLACE TABLE tracking_now AS
        SELECT party, opt = 'in' AND coalesce(expires, DATE '9999-12-31') >= $as_of AS agreed
        FROM consent WHERE channel = 'tracking' AND captured <= $as_of
        QUALIFY row_number() OVER (PARTITION BY party ORDER BY captured DESC, opt DESC, expires NULLS LAST) = 1
        ORDER BY party
        """,
        {"as_of": as_of},
    )


def _write_working_days(con: duckdb.DuckDBPyConnection, facts: str, as_of: date) -> None:
    """Working days up to and with each date, from more than a year before the first fact to more than a
    year after the last. The calendar decides; where it is silent, Monday to Friday are working days.
    With several countries a day counts as working when any of them works."""
    spans = " UNION ALL ".join(
        f"SELECT min(period_start) AS first, max(period_end) AS last FROM {facts}.{quoted(name)}"
        for name, table in CONTRACT.items()
        if table.is_fact
    )
    first, last = con.execute(f"SELECT min(first), max(last) FROM ({spans})").fetchone() or (None, None)
    con.execute(
        """
        CREATE OR REPLACE TABLE working_day AS
        SELECT d.date, CAST(count(*) FILTER (WHERE coalesce(c.working, isodow(d.date) < 6))
                            OVER (ORDER BY d.date) AS BIGINT) AS n
        FROM (SELECT CAST(unnest(generate_series($first::DATE, $last::DATE, INTERVAL 1 DAY)) AS DATE) AS date) d
        LEFT JOIN (SELECT date, bool_or(working) AS working FROM calendar GROUP BY date) c ON c.date = d.date
        ORDER BY d.date
        """,
        {"first": min(first or as_of, as_of) - _MARGIN, "last": max(last or as_of, as_of) + _MARGIN},
    )
