"""Read every file of a layout into one table a source, holding the columns that its mapping asks for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import duckdb

from data.errors import BadInput, guess_or_list
from data.findings import Finding
from data.layout import Layout, Source
from data.loading import Broken, load
from data.reading import FILE, LINE, readable
from data.sources import Recognised
from data.stage import digest
from data.tables import columns_of, count, explained, literal, quoted, select, view
from data.unpivot import is_wide, unpivoted


@dataclass(kw_only=True)
class Gathered:
    """One source's rows: its files, the rows and content of each, and the rows that could not be split into values.

    `table` holds every row without its wide columns: those stay in the table of their file (`file_table`),
    where `wide` names them by file, so that they are not carried along until they are unpivoted.
    """

    source: Source
    table: str
    files: tuple[Recognised, ...]
    broken: dict[int, list[Broken]] = field(default_factory=dict)
    read: dict[int, int] = field(default_factory=dict)
    contents: dict[int, str] = field(default_factory=dict)
    wide: dict[int, list[str]] = field(default_factory=dict)

    def file_table(self, place: int) -> str:
        """The table of one file's rows as they were read."""
        return f"{self.source.id}/{place}"


class Gathering:
    """Reads the files of one layout; a file that cannot be read becomes a Finding."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, layout: Layout, findings: list[Finding]) -> None:
        self._connection, self._layout, self._findings = connection, layout, findings

    def gather(self, source: Source, files: Sequence[Recognised]) -> Gathered | None:
        """The rows of a source's files together, or None where no file could be read."""
        gathered = Gathered(
            source=source, table=f"{source.id}.read", files=tuple(files), broken={}, read={}, contents={}, wide={}
        )
        parts = []
        for place, file in enumerate(files):
            table = gathered.file_table(place)
            try:
                with readable(file.file.path):
                    gathered.contents[place] = digest(file.file.path)
                gathered.broken[place] = self._load(table, file)
            except BadInput as problem:
                self._findings.append(_unread(file, problem))
                continue
            gathered.read[place] = count(self._connection, table) + len(gathered.broken[place])
            self._note_odd(file, gathered.read[place])
            parts.append(self._part(table, place, source, file))
            gathered.wide[place] = [name for name in columns_of(self._connection, table) if is_wide(source, name)]
        if not parts:
            return None
        with explained(f"mapping {self._layout.name}, source {source.id}, its files together"):
            view(self._connection, gathered.table, " UNION ALL BY NAME ".join(parts))
        return gathered

    def _note_odd(self, file: Recognised, rows: int) -> None:
        """A file that holds nothing, or a column twice, can be read; somebody should know."""
        known = {name.casefold(): name for name in file.opened.columns}
        twice = [own for key, own in known.items() if f"{key} (2)" in known]
        if not rows:
            todo = "Make sure that the export ran; what was imported before stays."
            self._findings.append(_noted(file, "file_empty", "it has a header and no rows", todo))
        if twice:
            words = f"column {', '.join(twice[:5])} stands there more than once; the first one counts"
            self._findings.append(_noted(file, "column_twice", words, "Take the other one out of the export."))
        if file.opened.skip > file.source.skip_rows:
            words = f"{file.opened.skip} lines stand above the header and are not read"
            self._findings.append(_noted(file, "lines_above", words, "Nothing to do, if they are a title.", "note"))

    def _load(self, table: str, file: Recognised) -> list[Broken]:
        source, columns = file.source, file.opened.columns
        wide = [name for name in columns if is_wide(source, name)]
        if source.unpivot and not wide:
            raise BadInput(f'no column fits "{source.unpivot.pattern}"', todo=f"It has {', '.join(columns[:12])}.")
        known = {name.casefold() for name in columns}
        wanted = [name for name in self.asked(source, wide) if name.casefold() in known]
        missing = [name for name in self.asked(source, wide) if name.casefold() not in known]
        strange = [name for name in missing if name not in source.optional]
        if strange:
            todo = guess_or_list(strange[0], columns)
            raise BadInput(f"column {', '.join(strange)} is missing", where=f"source {source.id}", todo=todo)
        broken = load(self._connection, table, file.opened, source, [*wanted, *wide])
        for name in missing:
            self._connection.execute(f"ALTER TABLE {quoted(table)} ADD COLUMN {quoted(name)} VARCHAR")
        return broken

    def asked(self, source: Source, wide: Sequence[str]) -> list[str]:
        """The columns of its file that a source's own expressions, and those that look it up, ask for."""
        given = {name.casefold() for join in source.joins for name in join.adds}
        given |= {name.casefold() for name in (*source.constants, *source.told_by_name(""))}
        given |= {source.number.name.casefold()} if source.number else set()
        if source.unpivot:
            given |= {name.casefold() for name in (*unpivoted(source, wide), *wide)}
        asked = [*source.headers, *source.asked()]
        for other in self._layout.sources:
            for join in other.joins:
                if join.source == source.id:
                    asked += join.asks_there
        unique = {name.casefold(): name for name in reversed(asked)}
        return [name for key, name in reversed(unique.items()) if key not in given]

    def _part(self, table: str, place: int, source: Source, file: Recognised) -> str:
        columns = [f"{place} AS {quoted(FILE)}"]
        for name in columns_of(self._connection, table):
            if is_wide(source, name):
                continue
            if name in source.fill_down:
                over = f"OVER (ORDER BY {quoted(LINE)} ROWS UNBOUNDED PRECEDING)"
                columns.append(f"last_value({quoted(name)} IGNORE NULLS) {over} AS {quoted(name)}")
            else:
                columns.append(quoted(name))
        columns += [f"{literal(value)} AS {quoted(name)}" for name, value in source.constants.items()]
        for name, told in source.told_by_name(file.file.path.name).items():
            columns.append(f"{literal(told) if told else 'CAST(NULL AS VARCHAR)'} AS {quoted(name)}")
        return select(columns, quoted(table))


def _noted(file: Recognised, code: str, what: str, todo: str, severity: str = "warning") -> Finding:
    return Finding(code=code, severity=severity, what=what, where=file.file.name, todo=todo)


def _unread(file: Recognised, problem: BadInput) -> Finding:
    inside = "" if problem.where in ("", file.file.path.name) else f", {problem.where}"
    where = f"{file.file.name}{inside}"
    todo = problem.todo or "Export it again."
    return Finding(code="file_not_read", severity="error", what=problem.what, where=where, todo=todo)
