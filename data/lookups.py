"""Joins of a mapping: columns looked up in another source, never doubling a row, every miss and doubt reported."""

from __future__ import annotations

from dataclasses import dataclass

import duckdb

from data.conversions import DIALECT
from data.errors import BadInput
from data.expressions import Binder
from data.findings import Finding
from data.layout import Join
from data.reading import ROW
from data.tables import columns_of, create, explained, quoted, select

_SHOWN = 5


@dataclass(kw_only=True)
class Lookup:
    """One join of one source: `left` gets the columns found in `right` (None where no such file was given)."""

    connection: duckdb.DuckDBPyConnection
    join: Join
    where: str
    left: str
    right: str | None
    table: str
    findings: list[Finding]
    of_persons: bool = False

    def run(self, here: Binder, there: Binder | None) -> str:
        """Make the joined table and give back its name."""
        self._refuse_same_names()
        with explained(self.where):
            if self.right is None or there is None:
                self._leave_blank()
            else:
                self._find(there)
                self._attach([f"CAST({here.bind(a, 'on').tree.sql(DIALECT)} AS VARCHAR)" for a, _ in self.join.on])
        return self.table

    @property
    def _keys(self) -> list[str]:
        return [f"__k{place}" for place in range(len(self.join.on))]

    @property
    def _found(self) -> str:
        return f"{self.table}.found"

    def _note(self, code: str, severity: str, what: str, todo: str, rows: int = 0) -> None:
        found = Finding(code=code, severity=severity, what=what, where=self.where, todo=todo, rows=rows)
        self.findings.append(found)

    def _refuse_same_names(self) -> None:
        own = {name.casefold() for name in columns_of(self.connection, self.left)}
        for name in self.join.adds:
            if name.casefold() in own:
                raise BadInput(
                    f'"{name}" is a column already', where=self.where, todo="Give it another name in columns."
                )

    def _leave_blank(self) -> None:
        blank = "false" if self.join.exists else "CAST(NULL AS VARCHAR)"
        adds = [f"{blank} AS {quoted(name)}" for name in self.join.adds]
        create(self.connection, self.table, select(["*", *adds], quoted(self.left)))
        what = f"no file of {self.join.source} was given; {', '.join(self.join.adds)} stay blank"
        self._note("lookup_missing", "warning", what, f"Import the file of {self.join.source} together with this one.")

    def _find(self, there: Binder) -> None:
        """The rows that can be found, one a key."""
        texts = [f"CAST({there.bind(b, 'on').tree.sql(DIALECT)} AS VARCHAR)" for _, b in self.join.on]
        keys = [f"{text} AS {key}" for key, text in zip(self._keys, texts, strict=True)]
        taken = [f"{there.bind(e, name).tree.sql(DIALECT)} AS {quoted(name)}" for name, e in self.join.columns.items()]
        asked = [f"{text} IS NOT NULL" for text in texts]
        if self.join.where:
            asked.append(f"({there.bind(self.join.where, 'where').tree.sql(DIALECT)})")
        create(
            self.connection,
            self._found,
            select([*keys, *taken, ROW], quoted(str(self.right)), where=" AND ".join(asked)),
        )
        self._refuse_fan_out()
        partition = ", ".join(self._keys)
        first = f"row_number() OVER (PARTITION BY {partition} ORDER BY {ROW}) = 1"
        create(self.connection, self._found, select([f"* EXCLUDE ({ROW})"], quoted(self._found), qualify=first))

    def _refuse_fan_out(self) -> None:
        """A key found twice, told otherwise, would double rows: an error, or with duplicates = "first" a Finding."""
        if self.join.exists:
            return
        keys = ", ".join(self._keys)
        ways = f"count(DISTINCT struct_pack({', '.join(f'{quoted(n)} := {quoted(n)}' for n in self.join.columns)}))"
        twice = select(self._keys, quoted(self._found), group=f"{keys} HAVING {ways} > 1", order=keys)
        shown = [" / ".join(map(str, key)) for key in self.connection.execute(twice).fetchall()]
        if not shown:
            return
        what = f"{self.join.source} has more than one row for {self._listed(shown)}"
        if not self.join.first:
            raise BadInput(
                f"{what}, which would double rows",
                where=self.where,
                todo='Add what tells them apart to on, filter with where, or say duplicates = "first".',
            )
        todo = "Correct the source, or say which row counts."
        self._note("lookup_twice", "warning", f"{what}; the first one counts", todo, len(shown))

    def _attach(self, on: list[str]) -> None:
        match = " AND ".join(f"r.{key} = {text}" for key, text in zip(self._keys, on, strict=True))
        adds = [f"r.{quoted(name)}" for name in self.join.columns]
        if self.join.exists:
            adds = [f"r.{self._keys[0]} IS NOT NULL AS {quoted(self.join.exists)}"]
        joined = f"{quoted(self.left)} AS l LEFT JOIN {quoted(self._found)} AS r ON {match}"
        create(self.connection, self.table, select(["l.*", *adds], joined))
        if not self.join.exists:
            self._note_unmatched(on, match)

    def _note_unmatched(self, on: list[str], match: str) -> None:
        asked = " AND ".join(f"{text} IS NOT NULL" for text in on)
        missing = f"NOT EXISTS ({select(['1'], f'{quoted(self._found)} AS r', where=match)})"
        key = f"concat_ws(' / ', {', '.join(on)})"
        counted = ["count(*)", f"list(DISTINCT {key} ORDER BY {key})"]
        rows, names = self.connection.execute(
            select(counted, quoted(self.left), where=f"{asked} AND {missing}")
        ).fetchone() or (0, None)
        if rows:
            what = f"{self.join.source} does not know {self._listed(names)}; {', '.join(self.join.adds)} stay blank"
            self._note("lookup_unmatched", "note", what, f"Complete {self.join.source}, or accept the blanks.", rows)

    def _listed(self, names: list[str]) -> str:
        """Some of the keys; of persons only how many, for a finding is read by those who may not know who they are."""
        if self.of_persons:
            return "one person" if len(names) == 1 else f"{len(names):,} persons"
        more = f" and {len(names) - _SHOWN:,} more" if len(names) > _SHOWN else ""
        return f"{', '.join(names[:_SHOWN])}{more}"
