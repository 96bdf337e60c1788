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
    """The query that gives one coverage row a feed and fact, or an empty text where no fact was fed.

    A feed of products of several baskets has a row for each basket, as the layout itself defines them: one
    market may begin later, or end earlier, than another.
    """
    declared = {f"{layout.name}.{shaped.source.id}": shaped.source for shaped in sources}
    rows = []
    for name, queries in sorted(parts.items()):
        table = CONTRACT.get(name)
        if table is None or not table.is_fact:
            continue
        baskets = parts.get("basket", ()) if "product" in table.names else ()
        for feed, basket, usual, first, last in connection.execute(_spans(queries, baskets)).fetchall():
            source = declared[feed]
            values = {
                "feed": feed, "fact": name, "basket": basket, "grain": source.grain or usual, "first": str(first),
                "last": str(last), "complete_from": str(first), "absent": source.absent,
                "published": str(layout.published).lower(),
            }  # fmt: skip
            rows.append(_row(values, feed))
    return " UNION ALL ".join(rows)


def _spans(queries: Sequence[str], baskets: Sequence[str]) -> str:
    """Feed, basket, usual grain, first and last day; the basket is blank where the feed has no two of them."""
    facts, basket = f"({' UNION ALL '.join(queries)}) AS f", "NULL"
    if baskets:
        known = select(["DISTINCT product", "basket"], f"({' UNION ALL '.join(baskets)})")
        facts, basket = f"{facts} LEFT JOIN ({known}) AS b ON b.product = f.product", "b.basket"
    days = ["min(period_start) AS first", "max(period_end) AS last"]
    seen = select(
        ["f._feed", f"{basket} AS basket", f"{_GRAIN} AS grain", "count(*) AS rows", *days], facts, group="1, 2, 3"
    )
    several = "CASE WHEN count(DISTINCT basket) OVER (PARTITION BY _feed) > 1 THEN basket END AS basket"
    told = select(["* EXCLUDE (basket)", several], f"({seen})")
    grain = "first(grain ORDER BY rows DESC, grain)"
    return select(["_feed", "basket", grain, "min(first)", "max(last)"], f"({told})", group="1, 2", order="1, 2")


def _row(values: Mapping[str, str | None], feed: str) -> str:
    columns = []
    for column in CONTRACT["coverage"].columns:
        value = values.get(column.name)
        shown = literal(value) if value is not None else "NULL"
        columns.append(f"CAST({shown} AS {column.type}) AS {quoted(column.name)}")
    told = [*columns, f"{literal(feed)} AS _feed", "NULL AS _file", "NULL AS _source_row"]
    return " ".join(["SELECT", ", ".join(told)])
