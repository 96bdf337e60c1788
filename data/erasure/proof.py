"""The proof: every file of the workspace is opened, unpacked and searched for every identifier."""

from __future__ import annotations

import gzip
import re
import sqlite3
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

from data.erasure.register import Register, folded
from data.tables import literal, quoted

# Given a file's name as said and a piece of its text: how often an identifier stands in it.
Search = Callable[[Iterable[str]], int]
_COLUMNS, _SQLITE, _SNAPSHOT, _PACKED = (".parquet", ".pq"), b"SQLite format 3\x00", ".duckdb", b"PK\x03\x04"
_WORD = re.compile(r"[\w.@+-]+")
_LONGEST_NAME = 4  # words
_DAMAGED = (OSError, EOFError, duckdb.Error, sqlite3.Error, zipfile.BadZipFile, ValueError)


@dataclass(frozen=True, kw_only=True)
class Proof:
    """Where was looked, and what was found: files by folder, those with a hit, those that could not be read."""

    looked: dict[str, int]
    found: dict[str, int]
    unread: tuple[str, ...] = ()
    identifiers: int = 0
    shared: int = 0

    @property
    def nothing(self) -> bool:
        """Whether every file was read and none holds anything of the person."""
        return not self.found and not self.unread

    @property
    def files(self) -> int:
        """How many files were opened."""
        return sum(self.looked.values())


@dataclass
class _Tally:
    looked: dict[str, int] = field(default_factory=dict)
    found: dict[str, int] = field(default_factory=dict)
    unread: list[str] = field(default_factory=list)


def looked_through(home: Path, search: Search, *, identifiers: int = 0, shared: int = 0) -> Proof:
    """Search every file below the workspace's folder; a link is not followed, what it points at is not here."""
    tally = _Tally()
    for path in sorted(each for each in home.rglob("*") if each.is_file() and not each.is_symlink()):
        name = path.relative_to(home).as_posix()
        folder = name.partition("/")[0] + "/" if "/" in name else name
        tally.looked[folder] = tally.looked.get(folder, 0) + 1
        try:
            hits = search(pieces(path))
        except _DAMAGED:
            tally.unread.append(name)
            continue
        if hits:
            tally.found[name] = hits
    return Proof(
        looked=tally.looked,
        found=tally.found,
        unread=tuple(tally.unread),
        identifiers=identifiers,
        shared=shared,
    )


def by_pattern(pattern: str) -> Search:
    """Counts pieces that hold an identifier as a word of its own."""
    compiled = re.compile(pattern)
    return lambda texts: sum(compiled.search(text) is not None for text in texts)


def by_marks(register: Register, marks: frozenset[bytes]) -> Search:
    """Counts words, and names of up to four words, whose keyed hash is a mark: for a person whose ids are gone."""

    known: dict[str, bool] = {}

    def _marked(word: str) -> bool:
        if word not in known:
            known[word] = register.mark(word) in marks
        return known[word]

    def _search(texts: Iterable[str]) -> int:
        seen: set[str] = set()
        for text in texts:
            words = _WORD.findall(text)
            seen.update(words)
            named = [word if word.replace(".", "").replace("-", "").isalpha() else "" for word in words]
            for long in range(2, _LONGEST_NAME + 1):
                seen.update(
                    " ".join(part) for part in zip(*(named[at:] for at in range(long)), strict=False) if all(part)
                )
        return sum(_marked(word) for word in {folded(word) for word in seen})

    return _search


def pieces(path: Path) -> Iterator[str]:
    """All that a file says, piece by piece, unpacked: cells of tables, lines of text, the bytes of the rest."""
    with path.open("rb") as file:
        head = file.read(16)
    suffix = path.suffix.lower()
    if suffix in _COLUMNS:
        yield from _parquet(path)
    elif suffix == _SNAPSHOT:
        yield from _snapshot(path)
    elif suffix == ".gz":
        yield from _text(gzip.decompress(path.read_bytes()))
    elif suffix == ".zip":
        yield from _archive(path)
    elif head.startswith(_PACKED):
        with zipfile.ZipFile(path) as packed:
            for member in packed.namelist():
                yield from _text(packed.read(member))
    else:
        if head.startswith(_SQLITE):
            yield from _sqlite(path)
        yield from _text(path.read_bytes())  # of a database its free pages and its log too


def _archive(path: Path) -> Iterator[str]:
    with TemporaryDirectory() as folder, zipfile.ZipFile(path) as packed:
        for place, member in enumerate(packed.infolist()):
            inside = Path(folder) / f"{place}{''.join(Path(member.filename).suffixes[-2:])}"
            inside.write_bytes(packed.read(member))
            yield member.filename
            yield from pieces(inside)


def _text(content: bytes) -> Iterator[str]:
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        yield from content.decode("utf-16", "replace").splitlines()
        return
    yield from content.decode("utf-8", "replace").splitlines()


def _parquet(path: Path) -> Iterator[str]:
    with duckdb.connect(config={"threads": 1, "python_enable_replacements": False}) as con:
        yield from _cells(con, f"read_parquet({literal(str(path))})")


def _snapshot(path: Path) -> Iterator[str]:
    with duckdb.connect(config={"threads": 1, "python_enable_replacements": False}) as con:
        con.execute(f"ATTACH {literal(str(path))} AS looked (READ_ONLY)")
        listed = "SELECT schema_name, table_name FROM duckdb_tables() WHERE database_name = 'looked' ORDER BY ALL"
        for schema, table in con.execute(listed).fetchall():
            yield from _cells(con, f"looked.{quoted(schema)}.{quoted(table)}")


def _cells(con: duckdb.DuckDBPyConnection, source: str) -> Iterator[str]:
    """Every distinct value of every column that can hold an identifier: texts and whole numbers."""
    for name, kind, *_ in con.execute(f"SELECT * FROM {source} LIMIT 0").description or []:
        if str(kind) in ("DATE", "BOOLEAN", "DOUBLE", "FLOAT") or str(kind).startswith(("DECIMAL", "TIMESTAMP")):
            continue
        values = con.execute(f"SELECT DISTINCT CAST({quoted(name)} AS VARCHAR) FROM {source}")
        while batch := values.fetchmany(20_000):
            yield from (str(value) for (value,) in batch if value is not None)


def _sqlite(path: Path) -> Iterator[str]:
    connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    try:
        for (table,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
            for row in connection.execute(f"SELECT * FROM {quoted(table)}"):  # every table of the file itself
                yield from (str(cell) for cell in row if cell is not None)
    finally:
        connection.close()
