"""The intake of one layout: its files from raw rows to staged tables, with accounts and findings."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from data import erasure, rolling
from data.accounts import FileAccount, accounts
from data.contract import Table
from data.conversions import own_functions
from data.coverage import coverage
from data.findings import Finding
from data.imported import made_by
from data.layout import Layout
from data.people import PEOPLE, Claim
from data.reading import FILE, LINE, ROW, original
from data.restatements import restatements
from data.routing import Routed, Routing, add_up, settle_keys
from data.shaping import Shaped, Shaping
from data.sources import Recognised
from data.stage import Stage
from data.tables import create, insert_rows, literal, number, quoted, select

if TYPE_CHECKING:
    from data.workspace import Workspace

_MOST_REASONS = 50  # reasons told one by one for a source


@dataclass(kw_only=True)
class Intake:
    """One layout of one import.

    `parts` lists for each table the queries whose rows together fill it; `tables` counts them.
    """

    connection: duckdb.DuckDBPyConnection
    layout: Layout
    say: Callable[[str, int], None]
    accounts: list[FileAccount] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    parts: dict[str, list[str]] = field(default_factory=dict)
    tables: dict[str, int] = field(default_factory=dict)
    _sources: tuple[Shaped, ...] = ()

    def conform(self, files: Sequence[Recognised]) -> None:
        """Shape and route every source, and account for every row."""
        self.connection.execute(own_functions())
        self._sources = Shaping(self.connection, self.layout, self.findings).shape(files)
        done = 0
        for shaped in self._sources:
            self.say(shaped.files[0].file.name, done)
            done += len(shaped.files)
            self._route(shaped)
        self._add_literal_rows()
        for name, parts in self.parts.items():
            self.tables[name] = sum(number(self.connection, select(["count(*)"], f"({part})")) for part in parts)

    def _route(self, shaped: Shaped) -> None:
        routing = Routing(self.connection, self.layout, shaped)
        routing.route()
        rolling.supersede(self.connection, self.layout, shaped, routing.routed, routing.refused)
        for file, broken in shaped.broken.items():
            todo = "Put the line right in the source."
            rows = [(file, row.line, f"a row cannot be split: {row.reason}", row.reason, todo, False) for row in broken]
            insert_rows(self.connection, routing.refused, rows)
        kept = f"{shaped.source.id}.kept"
        reached = [self._settle(shaped, routed) for routed in routing.routed]
        nothing = select([ROW], quoted(shaped.long), where="false")
        create(self.connection, kept, select([f"DISTINCT {ROW}"], f"({' UNION ALL '.join(reached) or nothing})"))
        told = accounts(self.connection, self.layout.name, shaped, routing.refused, kept)
        self.accounts += told
        for account in told:
            if account.quarantined and not account.kept:
                todo = "See why in the other findings of this source; a mapping for another layout may fit better."
                self._note(
                    "nothing_kept", "error", "no row of it could be kept", account.file, todo, account.quarantined
                )
        self._note_refused(shaped, routing.refused)
        pairs = [(routed.target, routed.table) for routed in routing.routed]
        self.findings += restatements(self.connection, self.layout, shaped, pairs)

    def _settle(self, shaped: Shaped, routed: Routed) -> str:
        """One row a key in a target; gives back the query of the source rows that reached it."""
        target, reached = routed.target, routed.table
        if target.distinct or target.sums:
            reached = f"{routed.table}.rows"
            create(self.connection, reached, select([f"DISTINCT {ROW}"], quoted(routed.table)))
        if target.sums:
            add_up(self.connection, target.table, routed.table)
        same, other = settle_keys(self.connection, target.table, routed.table, target.distinct)
        self._note_repeats(shaped, target.table, 0 if target.distinct else same, other)
        self._add_rows(shaped, target.table, routed.table)
        return select([ROW], quoted(reached))

    def _add_rows(self, shaped: Shaped, table: Table, routed: str) -> None:
        tests = [f"WHEN {quoted(FILE)} = {i} THEN {literal(f.file.name)}" for i, f in enumerate(shaped.files)]
        columns = [quoted(name) for name in table.names]
        columns.append(f"{literal(f'{self.layout.name}.{shaped.source.id}')} AS _feed")
        columns += [f"CASE {' '.join(tests)} END AS _file", f"{quoted(LINE)} AS _source_row"]
        self.parts.setdefault(table.name, []).append(select(columns, quoted(routed)))

    def _add_literal_rows(self) -> None:
        """Reference rows that the mapping itself holds: hierarchies, products, baskets."""
        for table, rows in self.layout.reference:
            for row in rows:
                columns = []
                for column in table.columns:
                    value = literal(row[column.name]) if column.name in row else "NULL"
                    columns.append(f"CAST({value} AS {column.type}) AS {quoted(column.name)}")
                columns.append(f"{literal(f'{self.layout.name}.mapping')} AS _feed")
                columns += ["CAST(NULL AS VARCHAR) AS _file", "CAST(NULL AS BIGINT) AS _source_row"]
                self.parts.setdefault(table.name, []).append(select(columns, "(VALUES (1)) AS one"))

    def _where(self, shaped: Shaped) -> str:
        return f"mapping {self.layout.name}, source {shaped.source.id}"

    def _note(self, code: str, severity: str, what: str, where: str, todo: str, rows: int) -> None:
        self.findings.append(Finding(code=code, severity=severity, what=what, where=where, todo=todo, rows=rows))

    def _note_repeats(self, shaped: Shaped, table: Table, same: int, other: int) -> None:
        where, key = f"{self._where(shaped)}, {table.name}", ", ".join(table.key)
        if same:
            what = f"rows say the same as another row of the same {key} and are superseded"
            self._note(
                "row_twice", "note", what, where, "Nothing to do unless the export should hold no repeats.", same
            )
        if other:
            what = f"rows of the same {key} say different things; one of them counts"
            todo = "Say in the mapping which one counts: key and version, or a leave_out rule."
            self._note("key_twice", "warning", what, where, todo, other)

    def _note_refused(self, shaped: Shaped, refused: str) -> None:
        found = select(
            ["finding", "todo", f"count(DISTINCT ({ROW}))"],
            quoted(refused),
            where="NOT ignored",
            group="1, 2",
            order="3 DESC, 1",
        )
        told = self.connection.execute(found).fetchall()
        for what, todo, rows in told[:_MOST_REASONS]:
            self._note("quarantined", "warning", what, self._where(shaped), todo, rows)
        rest = told[_MOST_REASONS:]
        if rest:
            what = f"rows are quarantined for {len(rest):,} more reasons"
            todo = "See the quarantine: each row stands there with its reason."
            self._note("quarantined", "warning", what, self._where(shaped), todo, sum(rows for *_, rows in rest))

    def write(self, workspace: Workspace) -> str:
        """Write staged tables, quarantined rows, persons and the account; gives back the import's name."""
        contents = {content for shaped in self._sources for content in shaped.contents.values()}
        stage = Stage(workspace, self.layout.name, contents)
        try:
            self._fill(stage, workspace)
        except BaseException:
            stage.abandon()
            raise
        return stage.name

    def _fill(self, stage: Stage, workspace: Workspace) -> None:
        people: list[Claim] = []
        for name, parts in self.parts.items():
            rows = " UNION ALL ".join(parts)
            if name == PEOPLE.name:
                columns = [quoted(column) for column in PEOPLE.names]
                claims = self.connection.execute(select(columns, f"({rows})", order="ALL")).fetchall()
                people = [Claim(*row) for row in claims]
            else:
                stage.write(self.connection, name, rows)
        covered = coverage(self.connection, self.layout, self._sources, self.parts)
        if covered:
            stage.write(self.connection, "coverage", covered)
        for shaped in self._sources:
            self._write_quarantine(stage, shaped)
        told: dict[str, object] = {"layout": self.layout.name, "made_by": made_by(self.layout), "tables": self.tables}
        told |= {"files": [asdict(account) for account in self.accounts], "sources": self._lie_at(workspace)}
        with erasure.only_change(workspace.home):
            people, kept_out = erasure.keep_out(workspace, *stage.folders, people)
            self.findings += kept_out
            stage.finish(told, self.findings, people)

    def _lie_at(self, workspace: Workspace) -> list[str]:
        """Where the files that were read lie, relative to the workspace."""
        read = [recognised.file for shaped in self._sources for recognised in shaped.files]
        files = {file.lies_at or file.path for file in read}
        return sorted(Path(os.path.relpath(path, workspace.home)).as_posix() for path in files)

    def _write_quarantine(self, stage: Stage, shaped: Shaped) -> None:
        """Every quarantined row of each file with its original text, its line and the first reason."""
        for file in shaped.read:
            mine = f"NOT ignored AND {quoted(FILE)} = {file}"
            reasons = [quoted(LINE), "first(reason ORDER BY finding)"]
            asked = select(reasons, quoted(f"{shaped.source.id}.refused"), where=mine, group="1", order="1")
            rows = self.connection.execute(asked).fetchall()
            if rows:
                recognised = shaped.files[file]
                texts = original(recognised.opened, shaped.source, {line for line, _ in rows})
                told = [(recognised.file.name, texts.get(line, ""), line, reason) for line, reason in rows]
                name = f"{shaped.source.id}-{file + 1:03d}-{recognised.file.name}"
                stage.set_aside(self.connection, name, told)
