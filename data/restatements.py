"""What a later delivery changed about periods that were delivered before.

A wide delivery holds many periods and supersedes the one before it, row by row. Where the total of a period then
differs, somebody who followed it should know: the superseded rows themselves are kept nowhere.
"""

from __future__ import annotations

import re
from datetime import date

import duckdb

from data.conversions import DIALECT, typed
from data.expressions import Binder
from data.findings import Finding
from data.layout import Layout, Target
from data.reading import FILE, LINE
from data.shaping import Shaped
from data.tables import columns_of, create, explained, quoted, select
from data.unpivot import lengthened

LEAST_SHARE = 0.02
_SAID = "the period ending {ending} was restated by {change} % against the delivery before"
_TOLD = re.compile(_SAID.format(ending=r"(?P<ending>\S+)", change=r"(?P<change>[-+][\d.]+)"))


def restatements(
    connection: duckdb.DuckDBPyConnection, layout: Layout, shaped: Shaped, routed: list[tuple[Target, str]]
) -> list[Finding]:
    """A Finding for each period of a wide source whose total a later delivery changed by two in a hundred or more.

    `routed` has each target with the table of its rows. Only rows that both deliveries hold are compared.
    """
    source = shaped.source
    if not shaped.before or not source.unpivot:
        return []
    where = f"mapping {layout.name}, source {source.id}"
    with explained(f"{where}, the delivery before"):
        older = _lengthened(connection, shaped)
        found = []
        for target, table in routed:
            if target.table.is_fact and {"period_end", "quantity"} <= set(target.columns):
                for ending, before, now, rows in _changed(connection, layout, shaped, target, older, table):
                    found.append(_finding(where, ending, before, now, rows))
        return found


def _finding(where: str, ending: str, before: float, now: float, rows: int) -> Finding:
    change = 100 * (now / before - 1)
    return Finding(
        code="period_restated",
        severity="warning",
        what=_SAID.format(ending=ending, change=f"{change:+.1f}"),
        where=where,
        todo="Accept it or ask the source why; trends that were read before have changed.",
        rows=rows,
    )


def told_by(finding: Finding) -> tuple[date, float] | None:
    """The last day of the period that a finding says was restated, and by what share; None of any other finding."""
    found = _TOLD.search(finding.what) if finding.code == "period_restated" else None
    return (date.fromisoformat(found["ending"]), float(found["change"]) / 100) if found else None


def _lengthened(connection: duckdb.DuckDBPyConnection, shaped: Shaped) -> str:
    """The rows of the versions before the latest, one row a period."""
    table, parts = f"{shaped.source.id}.before_long", []
    stay = columns_of(connection, shaped.before)
    for place, wide in shaped.wide.items():
        mine = select(["*"], quoted(shaped.before), where=f"{quoted(FILE)} = {place}")
        cells = select([quoted(LINE), *map(quoted, wide)], quoted(shaped.file_table(place)))
        parts.append(
            lengthened(shaped.source, f"({mine}) AS narrow JOIN ({cells}) AS cells USING ({quoted(LINE)})", stay, wide)
        )
    create(connection, table, " UNION ALL BY NAME ".join(parts))
    return table


def _changed(
    connection: duckdb.DuckDBPyConnection, layout: Layout, shaped: Shaped, target: Target, older: str, table: str
) -> list[tuple[str, float, float, int]]:
    """Each period's last day with its total before and now, and how many rows differ; only where it matters."""
    binder, columns = Binder(columns_of(connection, older), layout.recodes, shaped.source.locale), []
    for name in ("period_end", "quantity"):
        label = f"{target.table.name}.{name}"
        tree, _ = typed(
            binder.bind(target.columns[name], label).tree, target.table.column(name).type, label, binder.locale
        )
        columns.append(f"{tree.sql(DIALECT)} AS {name}")
    key = ", ".join(quoted(name) for name in shaped.source.key)
    file, line = quoted(FILE), quoted(LINE)
    pair, old, new = (f"{target.table.name}.{shaped.source.id}.{part}" for part in ("pair", "old", "new"))
    both = f"{quoted(shaped.before)} AS b JOIN {quoted(shaped.latest)} AS l USING ({key})"
    lines = [f"b.{file} AS bf", f"b.{line} AS bl", f"l.{file} AS lf", f"l.{line} AS ll"]
    create(connection, pair, select(lines, both))
    rows = select([file, line, *columns], quoted(older))
    summed = ["p.lf", "p.ll", "o.period_end", "sum(o.quantity) AS quantity"]
    then = f"({rows}) AS o JOIN {quoted(pair)} AS p ON p.bf = o.{file} AND p.bl = o.{line}"
    create(connection, old, select(summed, then, group="ALL"))
    now = f"{quoted(table)} AS o JOIN {quoted(pair)} AS p ON p.lf = o.{file} AND p.ll = o.{line}"
    create(connection, new, select(summed, now, group="ALL"))
    told = ["CAST(period_end AS VARCHAR)", "CAST(sum(old.quantity) AS DOUBLE)", "CAST(sum(new.quantity) AS DOUBLE)"]
    told.append("count(*) FILTER (WHERE coalesce(old.quantity, 0) <> coalesce(new.quantity, 0))")
    matters = f"abs(sum(new.quantity) / sum(old.quantity) - 1) >= {LEAST_SHARE}"
    query = select(
        told,
        f"{quoted(old)} AS old FULL JOIN {quoted(new)} AS new USING (lf, ll, period_end)",
        group=f"period_end HAVING sum(old.quantity) > 0 AND {matters}",
        order="1",
    )
    found: list[tuple[str, float, float, int]] = connection.execute(query).fetchall()
    return found
