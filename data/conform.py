"""Conform: exports and mappings in, contract rows out, with an account of every row that was read."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from data.coverage import coverage
from data.errors import BadInput
from data.findings import Finding
from data.layout import Layout
from data.mapping import TARGETS, load_mapping, load_mappings
from data.people import PEOPLE
from data.reading import FILE, LINE, original
from data.routing import Routing, settle_keys
from data.shaping import OUT, Shaped, Shaping
from data.sources import Recognised, find_files, recognise
from data.stage import Stage, digest
from data.tables import create, listed, literal, number, quoted, select

if TYPE_CHECKING:
    from data.workspace import Workspace

Progress = Callable[[str, int, int], None]
_LOOKED_UP = "only looked up by other files"
_BLANK = "every measure is blank"


@dataclass(frozen=True, kw_only=True)
class FileAccount:
    """What became of every row of one file: read = kept + left out + superseded + quarantined."""

    file: str
    layout: str
    source: str
    read: int
    kept: int
    left_out: dict[str, int]
    superseded: int
    quarantined: int

    def __post_init__(self) -> None:
        told = self.kept + sum(self.left_out.values()) + self.superseded + self.quarantined
        if told != self.read:
            raise BadInput(
                f"{self.read:,} rows were read but {told:,} are accounted for",
                where=self.file,
                todo="This is a fault of the importer, not of the file: report it with the mapping.",
            )


@dataclass(frozen=True, kw_only=True)
class ImportReport:
    """An import in numbers: an account a file, what was noticed, the rows of each table, the files not used."""

    accounts: tuple[FileAccount, ...]
    findings: tuple[Finding, ...]
    tables: dict[str, int]
    not_used: tuple[tuple[str, str], ...] = ()
    stages: tuple[str, ...] = ()


def import_paths(
    workspace: Workspace,
    paths: Sequence[str | Path],
    mapping: str | Path | None = None,
    progress: Progress | None = None,
) -> ImportReport:
    """Import every file under the paths into the workspace's stage, ready for a build.

    `mapping` names one layout (or a TOML file); without it each file is recognised among all of them.
    Raises BadInput where a path is wrong or nothing could be read, BadMapping where a mapping is.
    """
    return _Import(workspace, mapping, progress).run(paths)


def check_paths(
    paths: Sequence[str | Path], mapping: str | Path | None = None, progress: Progress | None = None
) -> ImportReport:
    """The report that an import would give; nothing is written."""
    return _Import(None, mapping, progress).run(paths)


@dataclass
class _Taken:
    """What one layout of an import gave."""

    accounts: list[FileAccount] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    tables: dict[str, int] = field(default_factory=dict)
    stage: str = ""


class _Import:
    def __init__(self, workspace: Workspace | None, mapping: str | Path | None, progress: Progress | None) -> None:
        self._workspace = workspace
        self._layouts = (load_mapping(mapping),) if mapping else load_mappings()
        self._say = progress or (lambda what, done, total: None)

    def run(self, paths: Sequence[str | Path]) -> ImportReport:
        found = recognise(find_files(paths), self._layouts)
        if not found.read:
            first = next(iter(found.findings), None)
            raise BadInput(
                first.what if first else "there is nothing to read",
                where=first.where if first else ", ".join(map(str, paths)),
                todo=first.todo if first else "Name a file or a directory that holds exports.",
            )
        taken, done = [], 0
        for layout in self._layouts:
            files = [file for file in found.read if file.layout.name == layout.name]
            if files:
                taken.append(self._take(layout, files, done, len(found.read)))
                done += len(files)
        self._say("done", done, done)
        tables: dict[str, int] = {}
        for one in taken:
            for name, rows in one.tables.items():
                tables[name] = tables.get(name, 0) + rows
        return ImportReport(
            accounts=tuple(account for one in taken for account in one.accounts),
            findings=(*found.findings, *(finding for one in taken for finding in one.findings)),
            tables=tables,
            not_used=tuple((file.name, because) for file, because in found.not_used),
            stages=tuple(one.stage for one in taken if one.stage),
        )

    def _take(self, layout: Layout, files: list[Recognised], done: int, total: int) -> _Taken:
        with duckdb.connect() as connection:
            connection.execute("SET preserve_insertion_order = true")
            work = _LayoutImport(connection, layout, lambda what, step: self._say(what, done + step, total))
            work.conform(files)
            if self._workspace is not None:
                work.write(self._workspace)
            return work.taken


class _LayoutImport:
    """The files of one layout, from raw rows to staged tables."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, layout: Layout, say: Callable[[str, int], None]) -> None:
        self.connection, self.layout, self._say = connection, layout, say
        self.taken = _Taken()
        self.parts: dict[str, list[str]] = {}
        self.sources: tuple[Shaped, ...] = ()

    def conform(self, files: list[Recognised]) -> None:
        """Shape and route every source; afterwards `parts` lists the queries that fill each table."""
        shaping = Shaping(self.connection, self.layout, self.taken.findings)
        shaping.gather(files)
        self.sources = shaping.shape()
        step = 0
        for shaped in self.sources:
            for file in shaped.files:
                self._say(file.file.name, step)
                step += 1
            self._route(shaped)
        self._literal_rows()
        for name, parts in self.parts.items():
            self.taken.tables[name] = sum(number(self.connection, select(["count(*)"], f"({part})")) for part in parts)

    def _route(self, shaped: Shaped) -> None:
        routing = Routing(self.connection, self.layout, shaped)
        routing.route()
        self._set_aside_broken(shaped, routing)
        kept = f"{shaped.source.id}.kept"
        keys = f"{quoted(FILE)}, {quoted(LINE)}"
        contributed = []
        for routed in routing.routed:
            before = f"{routed.table}.rows"
            if routed.target.distinct:
                create(self.connection, before, select([f"DISTINCT {keys}"], quoted(routed.table)))
            same, other = settle_keys(self.connection, routed.target.table, routed.table, routed.target.distinct)
            self._note_repeats(shaped, routed.target.table.name, routed.target.distinct, same, other)
            contributed.append(select([keys], quoted(before if routed.target.distinct else routed.table)))
            self._stage_rows(shaped, routed.target.table.name, routed.table)
        nothing = select([keys], quoted(shaped.long), where="false")
        create(self.connection, kept, select([f"DISTINCT {keys}"], f"({' UNION ALL '.join(contributed) or nothing})"))
        self._account(shaped, routing.refused, kept)
        self._note_refused(shaped, routing.refused)

    def _stage_rows(self, shaped: Shaped, table: str, routed: str) -> None:
        contract = TARGETS[table]
        feed = literal(f"{self.layout.name}.{shaped.source.id}")
        names = "CASE " + " ".join(
            f"WHEN {quoted(FILE)} = {i} THEN {literal(f.file.name)}" for i, f in enumerate(shaped.files)
        )
        columns = [quoted(name) for name in contract.names]
        columns += [f"{feed} AS _feed", f"{names} END AS _file", f"{quoted(LINE)} AS _source_row"]
        self.parts.setdefault(table, []).append(select(columns, quoted(routed)))

    def _literal_rows(self) -> None:
        """Reference rows that the mapping itself holds: hierarchies, products, baskets."""
        for table, rows in self.layout.reference:
            for row in rows:
                columns = [
                    f"CAST({literal(row[c.name]) if c.name in row else 'NULL'} AS {c.type}) AS {quoted(c.name)}"
                    for c in table.columns
                ]
                feed = literal(f"{self.layout.name}.mapping")
                columns += [f"{feed} AS _feed", "NULL AS _file", "NULL AS _source_row"]
                self.parts.setdefault(table.name, []).append(f"SELECT {listed(columns)}")

    def _set_aside_broken(self, shaped: Shaped, routing: Routing) -> None:
        todo = "Put the line right in the source."
        for file, broken in shaped.broken.items():
            rows = [(file, row.line, f"a row cannot be split: {row.reason}", row.reason, todo, False) for row in broken]
            if rows:
                insert = f"INSERT INTO {quoted(routing.refused)} VALUES (?, ?, ?, ?, ?, ?)"
                self.connection.executemany(insert, rows)

    def _account(self, shaped: Shaped, refused: str, kept: str) -> None:
        by_file = _Counts(self.connection, shaped, refused, kept)
        for file in shaped.read:
            recognised = shaped.files[file]
            self.taken.accounts.append(
                FileAccount(
                    file=recognised.file.name,
                    layout=self.layout.name,
                    source=shaped.source.id,
                    read=shaped.read[file],
                    kept=by_file.kept.get(file, 0),
                    left_out=by_file.left_out(file),
                    superseded=by_file.superseded.get(file, 0),
                    quarantined=by_file.quarantined.get(file, 0),
                )
            )

    def _note(self, code: str, severity: str, what: str, where: str, todo: str, rows: int) -> None:
        self.taken.findings.append(Finding(code=code, severity=severity, what=what, where=where, todo=todo, rows=rows))

    def _note_repeats(self, shaped: Shaped, table: str, distinct: bool, same: int, other: int) -> None:
        where = f"mapping {self.layout.name}, source {shaped.source.id}, {table}"
        key = ", ".join(TARGETS[table].key)
        if same and not distinct:
            what = f"rows say the same as another row of the same {key} and are superseded"
            self._note(
                "row_twice", "note", what, where, "Nothing to do unless the export should have no repeats.", same
            )
        if other:
            what = f"rows of the same {key} say different things; one of them counts"
            todo = "Say in the mapping which one counts: key and version, or a leave_out rule."
            self._note("key_twice", "warning", what, where, todo, other)

    def _note_refused(self, shaped: Shaped, refused: str) -> None:
        where = f"mapping {self.layout.name}, source {shaped.source.id}"
        keys = f"{quoted(FILE)}, {quoted(LINE)}"
        found = select(
            ["finding", "todo", f"count(DISTINCT ({keys}))"],
            quoted(refused),
            where="NOT ignored",
            group="1, 2",
            order="3 DESC, 1",
        )
        for what, todo, rows in self.connection.execute(found).fetchall():
            self._note("quarantined", "warning", what, where, todo, rows)

    def write(self, workspace: Workspace) -> None:
        """Write staged tables, quarantined rows, persons and the account into the workspace."""
        digests = [digest(file.file.path) for shaped in self.sources for file in shaped.files]
        stage = Stage(workspace, self.layout.name, digests)
        for name, parts in self.parts.items():
            if name != PEOPLE.name:
                stage.write(self.connection, name, " UNION ALL ".join(parts))
        covered = coverage(self.connection, self.layout, self.sources, self.parts)
        if covered:
            stage.write(self.connection, "coverage", covered)
        for shaped in self.sources:
            self._write_quarantine(stage, shaped)
        people = (
            select(PEOPLE.names, f"({' UNION ALL '.join(self.parts[PEOPLE.name])})")
            if PEOPLE.name in self.parts
            else ""
        )
        claims = self.connection.execute(people).fetchall() if people else []
        account = {
            "layout": self.layout.name,
            "files": [asdict(account) for account in self.taken.accounts],
            "tables": self.taken.tables,
        }
        stage.finish(account, self.taken.findings, claims)
        self.taken.stage = stage.name

    def _write_quarantine(self, stage: Stage, shaped: Shaped) -> None:
        refused = f"{shaped.source.id}.refused"
        for file in shaped.read:
            asked = select(
                [quoted(LINE), "first(reason ORDER BY finding)"],
                quoted(refused),
                where=f"NOT ignored AND {quoted(FILE)} = {file}",
                group=quoted(LINE),
                order=quoted(LINE),
            )
            rows = self.connection.execute(asked).fetchall()
            if not rows:
                continue
            recognised = shaped.files[file]
            texts = original(recognised.opened, shaped.source, {line for line, _ in rows})
            told = [(recognised.file.name, texts.get(line, ""), line, reason) for line, reason in rows]
            self.connection.execute(
                "CREATE OR REPLACE TABLE set_aside (file VARCHAR, text VARCHAR, line BIGINT, reason VARCHAR)"
            )
            self.connection.executemany("INSERT INTO set_aside VALUES (?, ?, ?, ?)", told)
            name = f"{shaped.source.id}-{recognised.file.name}"
            stage.set_aside(
                self.connection, name, select(["file", "text", "line", "reason"], "set_aside", order="line")
            )


class _Counts:
    """How many rows of each file of a source were kept, left out and why, superseded and quarantined."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, shaped: Shaped, refused: str, kept: str) -> None:
        self._connection, self._source = connection, shaped.source
        keys = f"({quoted(FILE)}, {quoted(LINE)})"
        out = select([f"{keys[1:-1]}", "finding"], quoted(refused), where="ignored")
        bad = select([keys[1:-1]], quoted(refused), where="NOT ignored")
        self.quarantined = self._by_file(
            f"({select([f'DISTINCT {keys[1:-1]}'], quoted(refused), where='NOT ignored')})"
        )
        only_out = select(
            [f"{quoted(FILE)}, {quoted(LINE)}", "first(finding ORDER BY finding) AS finding"],
            f"({out})",
            where=f"{keys} NOT IN ({bad})",
            group=keys[1:-1],
        )
        self._ignored = self._by_reason(f"({only_out})", "finding")
        self._ruled = self._by_reason(quoted(shaped.ready), OUT, f"{OUT} IS NOT NULL")
        self.kept = {} if not shaped.source.targets else self._by_file(quoted(kept))
        latest = self._by_file(quoted(shaped.ready))
        before = self._by_file(quoted(f"{shaped.source.id}.read"))
        ruled = f"{OUT} IS NULL"
        free = select([keys[1:-1]], quoted(shaped.ready), where=ruled)
        lost = f"{keys} NOT IN ({select([keys[1:-1]], quoted(kept))}) AND {keys} NOT IN ({select([keys[1:-1]], quoted(refused))})"
        rest = f"({select([keys[1:-1]], f'({free})', where=lost)})"
        long = f"{keys} IN ({select([keys[1:-1]], quoted(shaped.long))})"
        self._unfed: dict[int, dict[str, int]] = {}
        self.superseded = {file: rows - latest.get(file, 0) for file, rows in before.items()}
        if not shaped.source.targets:
            self._unfed = {file: {_LOOKED_UP: rows} for file, rows in self._by_file(rest).items()}
        else:
            for file, rows in self._by_file(rest, long).items():
                self.superseded[file] += rows
            self._unfed = {file: {_BLANK: rows} for file, rows in self._by_file(rest, f"NOT {long}").items()}

    def _by_file(self, rows: str, where: str = "") -> dict[int, int]:
        asked = select([quoted(FILE), "count(*)"], rows, where=where, group="1")
        return dict(self._connection.execute(asked).fetchall())

    def _by_reason(self, rows: str, reason: str, where: str = "") -> dict[int, dict[object, int]]:
        asked = select([quoted(FILE), reason, "count(*)"], rows, where=where, group="1, 2", order="1, 2")
        found: dict[int, dict[object, int]] = {}
        for file, because, rows_ in self._connection.execute(asked).fetchall():
            found.setdefault(file, {})[because] = rows_
        return found

    def left_out(self, file: int) -> dict[str, int]:
        """The rows of a file that a rule leaves out, by the rule's words."""
        told: dict[str, int] = {}
        for place, rows in self._ruled.get(file, {}).items():
            because = self._source.leave_out[int(str(place))].because
            told[because] = told.get(because, 0) + rows
        for because, rows in (*self._ignored.get(file, {}).items(), *self._unfed.get(file, {}).items()):
            told[str(because)] = told.get(str(because), 0) + rows
        return told
