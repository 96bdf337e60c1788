"""From the files of a layout to one table a source: read, joined, ruled, ready to be routed to the contract.

Inside a source the order is: read, constants, the latest version of each key, joins, leave-outs and
quarantine rules, unpivot. Everything is set-based in the engine; every row keeps its file and line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

import duckdb

from data.errors import BadInput, did_you_mean
from data.expressions import Binder
from data.findings import Finding
from data.layout import Join, Layout, Rule, Source
from data.reading import FILE, LINE, Broken, load
from data.sources import Recognised
from data.tables import columns_of, create, listed, literal, number, quoted, select

OUT, BAD = "__out", "__bad"
_SHOWN = 5


@contextmanager
def explained(where: str) -> Iterator[None]:
    """Turn the engine's complaint about an expression of a mapping into an error in three parts."""
    try:
        yield
    except duckdb.Error as problem:
        raise BadInput(
            f"an expression cannot be computed: {str(problem).splitlines()[0]}",
            where=where,
            todo="CAST the text to what it is compared or computed with.",
        ) from problem


@dataclass(kw_only=True)
class Shaped:
    """One source of one import: its files, the rows that could not be split, and the tables made so far."""

    source: Source
    files: tuple[Recognised, ...]
    broken: dict[int, list[Broken]]
    read: dict[int, int]
    looked_up: str = ""
    ready: str = ""
    long: str = ""


@dataclass
class Shaping:
    """Shapes the sources of one layout in one connection; sources that others look up come first."""

    connection: duckdb.DuckDBPyConnection
    layout: Layout
    findings: list[Finding] = field(default_factory=list)
    _gathered: dict[str, Shaped] = field(default_factory=dict)

    def gather(self, recognised: Sequence[Recognised]) -> None:
        """Read every file into one table a source. A file that lacks a column becomes a Finding and is not read."""
        for source in self.layout.sources:
            files = tuple(r for r in recognised if r.source.id == source.id)
            if not files:
                continue
            shaped = Shaped(source=source, files=files, broken={}, read={})
            parts = []
            for number_, file in enumerate(files):
                table = f"{source.id}/{number_}"
                try:
                    shaped.broken[number_] = self._load(table, file)
                except BadInput as problem:
                    where = f"{file.file.name}, {problem.where}" if problem.where else file.file.name
                    self._note("file_not_read", "error", problem.what, where, problem.todo or "Export it again.")
                    continue
                rows = number(self.connection, select(["count(*)"], quoted(table)))
                shaped.read[number_] = rows + len(shaped.broken[number_])
                parts.append(self._part(table, number_, source))
            if parts:
                create(self.connection, f"{source.id}.read", " UNION ALL BY NAME ".join(parts))
                self._gathered[source.id] = shaped

    def _note(self, code: str, severity: str, what: str, where: str, todo: str, rows: int = 0) -> None:
        self.findings.append(Finding(code=code, severity=severity, what=what, where=where, todo=todo, rows=rows))

    def _load(self, table: str, file: Recognised) -> list[Broken]:
        source, columns = file.source, file.opened.columns
        wide = [name for name in columns if source.unpivot and re.search(source.unpivot.pattern, name)]
        if source.unpivot and not wide:
            raise BadInput(f'no column fits "{source.unpivot.pattern}"', todo=f"It has {', '.join(columns[:12])}.")
        known = {name.casefold() for name in columns}
        wanted = [name for name in self._asked(source, wide) if name.casefold() in known]
        missing = [name for name in self._asked(source, wide) if name.casefold() not in known]
        strange = [name for name in missing if name not in source.optional]
        if strange:
            todo = did_you_mean(strange[0], columns) or f"It has {', '.join(columns[:12])}."
            raise BadInput(f"column {', '.join(strange)} is missing", where=f"source {source.id}", todo=todo)
        broken = load(self.connection, table, file.opened, source, [*wanted, *wide])
        for name in missing:
            self.connection.execute(f"ALTER TABLE {quoted(table)} ADD COLUMN {quoted(name)} VARCHAR")
        return broken

    def _asked(self, source: Source, wide: Sequence[str]) -> list[str]:
        """The columns of its file that a source's own expressions, and those that look it up, ask for."""
        given = {name.casefold() for join in source.joins for name in join.adds}
        given |= {name.casefold() for name in source.constants}
        if source.unpivot:
            given |= {name.casefold() for name in (*unpivoted(source, wide), *wide)}
        asked = [*source.headers, *source.asked()]
        for other in self.layout.sources:
            for join in other.joins:
                if join.source == source.id:
                    asked += join.asks_there
        unique = {name.casefold(): name for name in reversed(asked)}
        return [name for key, name in reversed(unique.items()) if key not in given]

    def _part(self, table: str, file: int, source: Source) -> str:
        columns = [f"{file} AS {quoted(FILE)}"]
        for name in columns_of(self.connection, table):
            if name in source.fill_down:
                over = f"OVER (ORDER BY {quoted(LINE)} ROWS UNBOUNDED PRECEDING)"
                columns.append(f"last_value({quoted(name)} IGNORE NULLS) {over} AS {quoted(name)}")
            else:
                columns.append(quoted(name))
        columns += [f"{literal(value)} AS {quoted(name)}" for name, value in source.constants.items()]
        return select(columns, quoted(table))

    def shape(self) -> tuple[Shaped, ...]:
        """Every source with its rows ready to be routed."""
        for shaped in self._gathered.values():
            self._look_up(shaped)
            self._rule(shaped)
            self._lengthen(shaped)
        return tuple(self._gathered.values())

    def _binder(self, table: str) -> Binder:
        return Binder(columns_of(self.connection, table), self.layout.recodes)

    def _where(self, source: Source) -> str:
        return f"mapping {self.layout.name}, source {source.id}"

    def _latest(self, shaped: Shaped) -> str:
        """The rows that hold the latest version of their key; rows without a key stand for themselves."""
        source, table = shaped.source, f"{shaped.source.id}.latest"
        read = f"{source.id}.read"
        if not source.key:
            return read
        binder = self._binder(read)
        key = [binder.spelled(name, self._where(source)) for name in source.key]
        version = []
        if source.version:
            tree = binder.bind(source.version, "version").tree.sql("duckdb")
            version = [f"TRY_CAST({tree} AS DOUBLE) DESC NULLS LAST", f"{tree} DESC NULLS LAST"]
        order = ", ".join([*version, f"{quoted(FILE)} DESC", f"{quoted(LINE)} DESC"])
        blank = " OR ".join(f"{column} IS NULL" for column in key)
        newest = f"row_number() OVER (PARTITION BY {', '.join(key)} ORDER BY {order}) = 1 OR {blank}"
        with explained(f"{self._where(source)}, version"):
            create(self.connection, table, select(["*"], quoted(read), qualify=newest))
        return table

    def _look_up(self, shaped: Shaped) -> str:
        """The source's rows with the columns of its joins, each looked-up source shaped before."""
        if not shaped.looked_up:
            table = own = self._latest(shaped)
            for join in shaped.source.joins:
                right = own if join.source == shaped.source.id else self._right(join)
                table = self._join(shaped.source, join, table, right)
            shaped.looked_up = table
        return shaped.looked_up

    def _right(self, join: Join) -> str | None:
        there = self._gathered.get(join.source)
        return self._look_up(there) if there else None

    def _join(self, source: Source, join: Join, left: str, right: str | None) -> str:
        where = f"{self._where(source)}, join {join.name}"
        table = f"{source.id}.{join.name}"
        if right is None:
            blank = "false" if join.exists else "CAST(NULL AS VARCHAR)"
            create(self.connection, table, select(["*", *(f"{blank} AS {quoted(n)}" for n in join.adds)], quoted(left)))
            todo = f"Import the file of {join.source} together with this one."
            self._note(
                "lookup_missing",
                "warning",
                f"no file of {join.source} was given; {', '.join(join.adds)} stay blank",
                where,
                todo,
            )
            return table
        here, there = self._binder(left), self._binder(right)
        keys = [f"k{place}" for place in range(len(join.on))]
        on_here = [f"CAST({here.bind(a, 'on').tree.sql('duckdb')} AS VARCHAR)" for a, _ in join.on]
        on_there = [
            f"CAST({there.bind(b, 'on').tree.sql('duckdb')} AS VARCHAR) AS {k}"
            for k, (_, b) in zip(keys, join.on, strict=True)
        ]
        taken = [f"{there.bind(e, name).tree.sql('duckdb')} AS {quoted(name)}" for name, e in join.columns.items()]
        asked = there.bind(join.where, "where").tree.sql("duckdb") if join.where else ""
        found = f"{table}.found"
        with explained(where):
            lookup = select([*on_there, *taken, quoted(FILE), quoted(LINE)], quoted(right), where=asked)
            create(
                self.connection,
                found,
                select(["*"], f"({lookup})", where=" AND ".join(f"{k} IS NOT NULL" for k in keys)),
            )
            self._refuse_fan_out(join, found, keys, where)
            match = " AND ".join(f"r.{k} = {h}" for k, h in zip(keys, on_here, strict=True))
            first = f"{', '.join(keys)}"
            once = select(
                ["*"],
                quoted(found),
                qualify=f"row_number() OVER (PARTITION BY {first} ORDER BY {quoted(FILE)}, {quoted(LINE)}) = 1",
            )
            adds = (
                [f"r.{keys[0]} IS NOT NULL AS {quoted(join.exists)}"]
                if join.exists
                else [f"r.{quoted(n)}" for n in join.columns]
            )
            left_rows = select(["*"], quoted(left))
            create(
                self.connection, table, select(["l.*", *adds], f"({left_rows}) AS l LEFT JOIN ({once}) AS r ON {match}")
            )
            if not join.exists:
                self._note_unmatched(join, left, found, on_here, keys, where)
        return table

    def _refuse_fan_out(self, join: Join, found: str, keys: list[str], where: str) -> None:
        """A key found twice would double rows: an error, or with duplicates = "first" a Finding."""
        if join.exists:
            return
        twice = f"{', '.join(keys)} HAVING count(*) > 1"
        shown = self.connection.execute(select(keys, quoted(found), group=twice, order=", ".join(keys))).fetchall()
        if not shown:
            return
        named = ", ".join(" / ".join(str(part) for part in key) for key in shown[:_SHOWN])
        more = f" and {len(shown) - _SHOWN:,} more" if len(shown) > _SHOWN else ""
        if not join.first:
            raise BadInput(
                f"{join.source} has more than one row for {named}{more}, which would double rows",
                where=where,
                todo='Add a key that tells them apart to on, filter with where, or say duplicates = "first".',
            )
        what = f"{join.source} has more than one row for {named}{more}; the first one counts"
        self._note("lookup_twice", "warning", what, where, "Correct the source, or say which row counts.", len(shown))

    def _note_unmatched(self, join: Join, left: str, found: str, on: list[str], keys: list[str], where: str) -> None:
        match = " AND ".join(f"r.{k} = {h}" for k, h in zip(keys, on, strict=True))
        asked = " AND ".join(f"{h} IS NOT NULL" for h in on)
        missing = f"NOT EXISTS ({select(['1'], f'{quoted(found)} AS r', where=match)})"
        key = f"concat_ws(' / ', {listed(on)})"
        counted = select(
            ["count(*)", f"list(DISTINCT {key} ORDER BY {key})"], f"{quoted(left)}", where=f"{asked} AND {missing}"
        )
        rows, names = self.connection.execute(counted).fetchone() or (0, None)
        if rows:
            more = f" and {len(names) - _SHOWN:,} more" if len(names) > _SHOWN else ""
            what = f"{join.source} does not know {', '.join(names[:_SHOWN])}{more}; {', '.join(join.adds)} stay blank"
            self._note("lookup_unmatched", "note", what, where, f"Complete {join.source}, or accept the blanks.", rows)

    def _rule(self, shaped: Shaped) -> None:
        """Mark each row with the first rule that leaves it out, or quarantines it."""
        source, table = shaped.source, f"{shaped.source.id}.ready"
        binder = self._binder(shaped.looked_up)
        with explained(f"{self._where(source)}, leave_out and quarantine"):
            marks = [
                f"{_first_rule(rules, binder)} AS {mark}"
                for rules, mark in ((source.leave_out, OUT), (source.quarantine, BAD))
            ]
            create(self.connection, table, select(["*", *marks], quoted(shaped.looked_up)))
        shaped.ready = table

    def _lengthen(self, shaped: Shaped) -> None:
        """Unpivot the rows that no rule took; a long row all of whose measures are blank is dropped."""
        source = shaped.source
        kept = f"{OUT} IS NULL AND {BAD} IS NULL"
        own = columns_of(self.connection, shaped.ready)
        wide = [name for name in own if source.unpivot and re.search(source.unpivot.pattern, name)]
        if not source.unpivot:
            rows = select([f"* EXCLUDE ({OUT}, {BAD})"], quoted(shaped.ready), where=kept)
        else:
            rows = _unpivot(source, shaped.ready, own, wide, kept)
        shaped.long = f"{source.id}.long"
        with explained(f"{self._where(source)}, unpivot"):
            create(self.connection, shaped.long, rows)


def _first_rule(rules: tuple[Rule, ...], binder: Binder) -> str:
    if not rules:
        return "CAST(NULL AS INTEGER)"
    tests = [f"WHEN {binder.bind(rule.when, 'when').tree.sql('duckdb')} THEN {i}" for i, rule in enumerate(rules)]
    return f"CASE {' '.join(tests)} END"


def unpivoted(source: Source, wide: Sequence[str]) -> list[str]:
    """The columns that unpivoting gives: one a measure, then the numbers and other named parts of the headers."""
    if not source.unpivot:
        return []
    pattern = re.compile(source.unpivot.pattern)
    parts = [name for name in pattern.groupindex if name != "measure"]
    found = [match for name in wide if (match := pattern.search(name))]
    return [*dict.fromkeys(_measure(match) for match in found), *parts]


def _measure(match: re.Match[str]) -> str:
    return match.groupdict().get("measure", "value").lower()


def _unpivot(source: Source, table: str, own: Sequence[str], wide: Sequence[str], kept: str) -> str:
    """One long row for each row and number, from lists that the engine unnests side by side."""
    assert source.unpivot is not None
    pattern = re.compile(source.unpivot.pattern)
    cells: dict[tuple[str, ...], dict[str, str]] = {}
    parts = [name for name in pattern.groupindex if name != "measure"]
    for name in wide:
        match = pattern.search(name)
        if match:
            cells.setdefault(tuple(match[part] for part in parts), {})[_measure(match)] = name
    measures = list(dict.fromkeys(measure for found in cells.values() for measure in found))
    stay = [quoted(name) for name in own if name not in wide and name not in (OUT, BAD)]
    spread = []
    for measure in measures:
        values = [quoted(found[measure]) if measure in found else "NULL" for found in cells.values()]
        spread.append(f"unnest([{', '.join(values)}]) AS {quoted(measure)}")
    for place, part in enumerate(parts):
        texts = [key[place] for key in cells]
        whole = all(text.isdigit() for text in texts)
        values = [str(int(text)) if whole else literal(text) for text in texts]
        spread.append(f"unnest([{', '.join(values)}]) AS {quoted(part)}")
    filled = " OR ".join(f"{quoted(measure)} IS NOT NULL" for measure in measures)
    return select(["*"], f"({select([*stay, *spread], quoted(table), where=kept)})", where=filled)
