"""What span each feed covers and at what grain: told by its own rows, or by its mapping."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import duckdb

from data.contract import CONTRACT
from data.layout import Layout
from data.shaping import Shaped
from data.tables import literal, quoted, select

# A whole number of calendar months shorter than a year is told in months, a longer one in years.
_GRAIN = """CASE
WHEN period_start = period_end THEN 'day'
WHEN period_end - period_start <= 6 THEN 'week'
WHEN period_end - period_start >= 364 THEN 'year'
WHEN day(period_start) = 1 AND period_end = last_day(period_end) THEN 'month'
ELSE 'week' END"""


def coverage(
    connection: duckdb.DuckDBPyConnection,
    layout: Layout,
    sources: Sequence[Shaped],
    parts: Mapping[str, Sequence[str]],
) -> str:
    """The query that gives one coverage row a feed and fact, or an empty text where no fact was fed."""
    declared = {f"{layout.name}.{shaped.source.id}": shaped.source for shaped in sources}
    rows = []
    for name, queries in sorted(parts.items()):
        table = CONTRACT.get(name)
        if table is None or not table.is_fact:
            continue
        grain = "first(grain ORDER BY rows DESC, grain)"
        seen = select(
            [
                "_feed",
                f"{_GRAIN} AS grain",
                "count(*) AS rows",
                "min(period_start) AS first",
                "max(period_end) AS last",
            ],
            f"({' UNION ALL '.join(queries)})",
            group="1, 2",
        )
        asked = select(["_feed", grain, "min(first)", "max(last)"], f"({seen})", group="1", order="1")
        for feed, usual, first, last in connection.execute(asked).fetchall():
            source = declared[feed]
            values = {
                "feed": feed, "fact": name, "grain": source.grain or usual, "first": str(first), "last": str(last),
                "complete_from": str(first), "absent": source.absent, "published": str(layout.published).lower(),
            }  # fmt: skip
            rows.append(_row(values, feed))
    return " UNION ALL ".join(rows)


def _row(values: Mapping[str, str | None], feed: str) -> str:
    columns = []
    for column in CONTRACT["coverage"].columns:
        value = values.get(column.name)
        shown = literal(value) if value is not None else "NULL"
        columns.append(f"CAST({shown} AS {column.type}) AS {quoted(column.name)}")
    told = [*columns, f"{literal(feed)} AS _feed", "NULL AS _file", "NULL AS _source_row"]
    return " ".join(["SELECT", ", ".join(told)])
