"""From the files of a layout to one table a source: read, joined, ruled, ready to be routed to the contract.

Inside a source the order is: read, constants, the latest version of each key, numbers, joins, leave-outs and
quarantine rules, unpivot. Everything is set-based in the engine; every row keeps its file and line.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import duckdb

from data.conversions import DIALECT
from data.expressions import Binder
from data.findings import Finding
from data.gathering import Gathered, Gathering
from data.layout import Join, Layout, Rule, Source
from data.lookups import Lookup
from data.reading import FILE, LINE, ROW
from data.sources import Recognised
from data.tables import columns_of, create, explained, quoted, select, view
from data.unpivot import lengthened, unpivoted

OUT, BAD, VERSION = "__out", "__bad", "__version"


@dataclass(kw_only=True)
class Shaped(Gathered):
    """One source's rows on their way.

    `latest` holds the latest version of each key, `before` the version before it and `versions` all of them, numbered
    from the latest back (of wide sources whose files overlap), `joined` has looked-up columns, `ready` the marks of the
    rules that leave rows out or quarantine them, `long` is without those and unpivoted.
    """

    latest: str = ""
    before: str = ""
    versions: str = ""
    joined: str = ""
    ready: str = ""
    long: str = ""


@dataclass
class Shaping:
    """Shapes the sources of one layout in one connection; sources that others look up come first."""

    connection: duckdb.DuckDBPyConnection
    layout: Layout
    findings: list[Finding] = field(default_factory=list)
    _shaped: dict[str, Shaped] = field(default_factory=dict)

    def shape(self, recognised: Sequence[Recognised]) -> tuple[Shaped, ...]:
        """Every source that has a file, with its rows ready to be routed."""
        gathering = Gathering(self.connection, self.layout, self.findings)
        for source in self.layout.sources:
            files = [file for file in recognised if file.source.id == source.id]
            gathered = gathering.gather(source, files) if files else None
            if gathered:
                self._shaped[source.id] = Shaped(**vars(gathered))
        for shaped in self._shaped.values():
            self._look_up(shaped)
            self._rule(shaped)
            self._lengthen(shaped)
        return tuple(self._shaped.values())

    def _binder(self, table: str, source: Source) -> Binder:
        return Binder(columns_of(self.connection, table), self.layout.recodes, source.locale)

    def _where(self, source: Source) -> str:
        return f"mapping {self.layout.name}, source {source.id}"

    def _latest(self, shaped: Shaped) -> str:
        """The rows that hold the latest version of their key; rows without a key stand for themselves."""
        source, table = shaped.source, f"{shaped.source.id}.latest"
        shaped.latest = table if source.key else shaped.table
        if not source.key:
            return shaped.table
        binder = self._binder(shaped.table, source)
        key = [binder.spelled(name, self._where(source)) for name in source.key]
        version = []
        if source.version:
            tree = binder.bind(source.version, "version").tree.sql(DIALECT)
            version = [f"TRY_CAST(CAST({tree} AS VARCHAR) AS DOUBLE) DESC NULLS LAST", f"{tree} DESC NULLS LAST"]
        order = ", ".join([*version, f"{ROW.replace(',', ' DESC,')} DESC"])
        blank = f"{key[0]} IS NULL"
        place = f"row_number() OVER (PARTITION BY {', '.join(key)} ORDER BY {order})"
        with explained(f"{self._where(source)}, version"):
            create(self.connection, table, select(["*"], quoted(shaped.table), qualify=f"{place} = 1 OR {blank}"))
            if source.version and source.unpivot and len(shaped.files) > 1:
                shaped.before = f"{source.id}.before"
                older = f"{place} = 2 AND NOT ({blank})"
                create(self.connection, shaped.before, select(["*"], quoted(shaped.table), qualify=older))
                if self._stands_alone(source):
                    shaped.versions = f"{source.id}.versions"
                    number = f"CASE WHEN {blank} THEN 1 ELSE {place} END AS {VERSION}"
                    create(self.connection, shaped.versions, select(["*", number], quoted(shaped.table)))
        return shaped.versions or table

    def _stands_alone(self, source: Source) -> bool:
        """Whether nothing counts the source's rows or looks anything up in them, so that each version may stay."""
        asked = (join.source for each in self.layout.sources for join in each.joins)
        return source.number is None and source.id not in asked

    def _numbered(self, source: Source, table: str) -> str:
        """The rows with a column that counts them in the order of their files, within each combination asked."""
        number = source.number
        if number is None:
            return table
        binder, counted = self._binder(table, source), f"{source.id}.numbered"
        within = [binder.spelled(name, self._where(source)) for name in number.within]
        partition = f"PARTITION BY {', '.join(within)} " if within else ""
        place = f"row_number() OVER ({partition}ORDER BY {ROW}) AS {quoted(number.name)}"
        create(self.connection, counted, select(["*", place], quoted(table)))
        return counted

    def _look_up(self, shaped: Shaped) -> str:
        """The table of the source's rows with the columns of its joins; what it looks up in is made before."""
        if not shaped.joined:
            table = own = self._numbered(shaped.source, self._latest(shaped))
            for join in shaped.source.joins:
                right: str | None = own
                if join.source != shaped.source.id:
                    there = self._shaped.get(join.source)
                    right = self._look_up(there) if there else None
                lookup = Lookup(
                    connection=self.connection,
                    join=join,
                    where=f"{self._where(shaped.source)}, join {join.name}",
                    left=table,
                    right=right,
                    table=f"{shaped.source.id}.{join.name}",
                    findings=self.findings,
                    of_persons=self._of_persons(shaped.source, join),
                )
                there_binder = self._binder(right, self.layout.source(join.source)) if right else None
                table = lookup.run(self._binder(table, shaped.source), there_binder)
            shaped.joined = table
        return shaped.joined

    def _of_persons(self, source: Source, join: Join) -> bool:
        """Whether what is compared tells who somebody is, here or there."""
        there = [name for _, expression in join.on for name in expression.columns]
        here = source.of_persons.intersection(join.asks_here)
        return bool(here or self.layout.source(join.source).of_persons.intersection(there))

    def _rule(self, shaped: Shaped) -> None:
        """Mark each row with the first rule that leaves it out, or quarantines it."""
        source, shaped.ready = shaped.source, f"{shaped.source.id}.ready"
        binder = self._binder(shaped.joined, source)
        with explained(f"{self._where(source)}, leave_out and quarantine"):
            marks = [
                f"{_first_rule(rules, binder)} AS {mark}"
                for rules, mark in ((source.leave_out, OUT), (source.quarantine, BAD))
            ]
            create(self.connection, shaped.ready, select(["*", *marks], quoted(shaped.joined)))

    def _lengthen(self, shaped: Shaped) -> None:
        """The rows that no rule took, unpivoted where the source is wide."""
        source, shaped.long = shaped.source, f"{shaped.source.id}.long"
        kept = f"{OUT} IS NULL AND {BAD} IS NULL"
        if not source.unpivot:
            view(self.connection, shaped.long, select([f"* EXCLUDE ({OUT}, {BAD})"], quoted(shaped.ready), where=kept))
            return
        stay = [name for name in columns_of(self.connection, shaped.ready) if name not in (OUT, BAD)]
        parts = []
        for place, wide in shaped.wide.items():
            of_file = select([f"* EXCLUDE ({OUT}, {BAD})"], quoted(shaped.ready), where=f"{kept} AND {FILE} = {place}")
            cells = select([quoted(LINE), *map(quoted, wide)], quoted(shaped.file_table(place)))
            rows = f"({of_file}) AS narrow JOIN ({cells}) AS cells USING ({quoted(LINE)})"
            given = {name.casefold() for name in unpivoted(source, wide)}
            parts.append(lengthened(source, rows, [name for name in stay if name.casefold() not in given], wide))
        with explained(f"{self._where(source)}, unpivot"):
            create(self.connection, shaped.long, " UNION ALL BY NAME ".join(parts))


def _first_rule(rules: tuple[Rule, ...], binder: Binder) -> str:
    if not rules:
        return "CAST(NULL AS INTEGER)"
    tests = [f"WHEN {binder.bind(rule.when, 'when').tree.sql(DIALECT)} THEN {i}" for i, rule in enumerate(rules)]
    return f"CASE {' '.join(tests)} END"
