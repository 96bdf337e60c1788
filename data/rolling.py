"""Rolling deliveries of one feed, imported together: each holds the last so many weeks, and restates those alone.

A later delivery counts for every period that it has a column for, blank ones too (blank says: nothing). A week that has
rolled out of the later file is still known from the earlier one.
"""

from __future__ import annotations

import duckdb

from data.conversions import DIALECT, typed
from data.expressions import Binder
from data.layout import Layout, Source, Target
from data.reading import FILE, LINE, ROW
from data.routing import Routed
from data.shaping import VERSION, Shaped
from data.tables import columns_of, create, delete, explained, quoted, select
from data.unpivot import lengthened, unpivoted


def supersede(
    connection: duckdb.DuckDBPyConnection, layout: Layout, shaped: Shaped, routed: list[Routed], refused: str
) -> None:
    """Leave of each key and period what its latest delivery says; what an earlier one had refused is no matter."""
    if not shaped.versions:
        return
    older = select([ROW], quoted(shaped.versions), where=f"{VERSION} > 1")
    delete(connection, refused, f"({ROW}) IN ({older})")
    with explained(f"mapping {layout.name}, source {shaped.source.id}, deliveries together"):
        cells = _cells(connection, shaped)
        for each in routed:
            if each.target.table.is_fact and "period_end" in each.target.columns:
                _settle(connection, layout, shaped, each, cells)


def _cells(connection: duckdb.DuckDBPyConnection, shaped: Shaped) -> str:
    """Every cell of every delivery, blank ones too."""
    table, stay = f"{shaped.source.id}.cells", columns_of(connection, shaped.versions)
    parts = []
    for place, wide in shaped.wide.items():
        mine = select(["*"], quoted(shaped.versions), where=f"{quoted(FILE)} = {place}")
        own = select([quoted(LINE), *map(quoted, wide)], quoted(shaped.file_table(place)))
        rows = f"({mine}) AS narrow JOIN ({own}) AS cells USING ({quoted(LINE)})"
        given = {name.casefold() for name in unpivoted(shaped.source, wide)}
        kept = [name for name in stay if name.casefold() not in given]
        parts.append(lengthened(shaped.source, rows, kept, wide, blank=True))
    create(connection, table, " UNION ALL BY NAME ".join(parts))
    return table


def _settle(connection: duckdb.DuckDBPyConnection, layout: Layout, shaped: Shaped, routed: Routed, cells: str) -> None:
    """Take out of a target what a later delivery has a column for."""
    ends, key = _ends(connection, layout, shaped.source, routed.target, cells), _key(connection, layout, shaped, cells)
    told, stale = f"{routed.table}.told", f"{routed.table}.stale"
    create(connection, told, select([ROW, VERSION, *key, f"{ends} AS ends"], quoted(cells)))
    names = ", ".join(f"k{place}" for place in range(len(key)))
    latest = select([names, "ends", f"min({VERSION}) AS first"], quoted(told), group=f"{names}, ends")
    over = f"{quoted(told)} AS t JOIN ({latest}) AS l USING ({names}, ends)"
    create(
        connection, stale, select([f"DISTINCT {ROW}, ends"], over, where=f"t.{VERSION} > l.first AND t.k0 IS NOT NULL")
    )
    delete(connection, routed.table, f"({ROW}, period_end) IN ({select([ROW, 'ends'], quoted(stale))})")


def _ends(connection: duckdb.DuckDBPyConnection, layout: Layout, source: Source, target: Target, cells: str) -> str:
    """The last day of a cell's period, as the target says it."""
    binder, label = Binder(columns_of(connection, cells), layout.recodes, source.locale), "period_end"
    bound = binder.bind(target.columns[label], label).tree
    tree, _ = typed(bound, target.table.column(label).type, label, source.locale)
    return tree.sql(DIALECT)


def _key(connection: duckdb.DuckDBPyConnection, layout: Layout, shaped: Shaped, cells: str) -> list[str]:
    binder = Binder(columns_of(connection, cells), layout.recodes, shaped.source.locale)
    where = f"mapping {layout.name}, source {shaped.source.id}"
    return [f"{binder.spelled(name, where)} AS k{place}" for place, name in enumerate(shaped.source.key)]
