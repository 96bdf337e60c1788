"""Open one export file, whatever its dress: CSV of any delimiter and encoding, gzip, Parquet, an Excel sheet."""

from __future__ import annotations

import csv
import string
import zlib
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from itertools import islice
from pathlib import Path
from xml.etree.ElementTree import ParseError
from zipfile import BadZipFile

import duckdb

from data import delimited, workbook
from data.errors import BadInput, OnepictureError
from data.layout import Source
from data.packaging import refuse_disguised
from data.tables import literal, quoted, select

KINDS = ("csv", "parquet", "excel")
LINE, FILE = "__line", "__file"
# What tells one row of an import from every other, in every table on the way.
ROW = f"{quoted(FILE)}, {quoted(LINE)}"
_SUFFIXES = {
    ".csv": "csv", ".txt": "csv", ".tsv": "csv", ".psv": "csv", ".dat": "csv",
    ".parquet": "parquet", ".pq": "parquet", ".xlsx": "excel", ".xlsm": "excel",
}  # fmt: skip
_MOST_ABOVE = 40  # lines above a header that are looked through for it
BLANKS = " \t\r\n\u00a0\ufeff"


@dataclass(frozen=True, kw_only=True)
class Opened:
    """A file as one source sees it: the names of its columns in order, and what reading it takes.

    `skip` is how many lines stand above its header row: as the mapping says, or as many as were found there.
    """

    path: Path
    kind: str
    columns: tuple[str, ...]
    form: delimited.Form | None = None
    sheet: str | None = None
    skip: int = 0


def kind_of(path: Path) -> str:
    """csv, parquet, excel or other, by the end of the name (a .gz around a CSV is seen through)."""
    suffixes = [suffix.lower() for suffix in path.suffixes]
    if suffixes and suffixes[-1] == ".gz":
        suffixes.pop()
    return _SUFFIXES.get(suffixes[-1], "other") if suffixes else "other"


@contextmanager
def readable(path: Path) -> Iterator[None]:
    """A file that is damaged, cut off, gone or not what its name says ends in an error in three parts."""
    try:
        yield
    except OnepictureError:
        raise
    except FileNotFoundError as bad:
        todo = "Import again once nobody moves or writes it."
        raise BadInput("it was there a moment ago and is gone", where=path.name, todo=todo) from bad
    except PermissionError as bad:
        raise BadInput("it may not be read", where=path.name, todo="Give yourself the right to read it.") from bad
    except (
        OSError,
        EOFError,
        ValueError,
        LookupError,
        ArithmeticError,
        AttributeError,
        TypeError,
        RuntimeError,
        csv.Error,
        zlib.error,
        BadZipFile,
        ParseError,
        duckdb.Error,
    ) as bad:
        said = (str(bad) or type(bad).__name__).splitlines()[0].replace(str(path), path.name)
        raise BadInput(f"it cannot be read: {said}", where=path.name, todo="Export it again.") from bad


def opened(path: Path, kind: str, source: Source) -> Opened:
    """Look at a file as a source would read it. Raises BadInput where it cannot be read at all."""
    with readable(path):
        refuse_disguised(path, kind)
        if kind == "parquet":
            now = path.stat()
            return Opened(path=path, kind=kind, columns=_described(path, now.st_ino, now.st_size, now.st_mtime_ns))
        if kind == "excel":
            sheet = workbook.sheet_name(path, source.sheet)
            heads = (workbook.row(path, sheet, skip) for skip in _lines_to_try(source))
            skip, names = _header(source, (_named(head, source) for head in heads))
            return Opened(path=path, kind=kind, columns=names, sheet=sheet, skip=skip)
        tried = _lines_to_try(source, delimited.lines_at_top(path, source.encoding))
        form = partial(delimited.form, path, source.delimiter, source.encoding, quote=source.quote)
        skip, names = _header(source, (_named(form(skip).first, source) for skip in tried))
        return Opened(path=path, kind=kind, columns=names, form=form(skip), skip=skip)


@lru_cache(maxsize=256)
def _described(path: Path, file: int, size: int, changed: int) -> tuple[str, ...]:
    """The columns of a Parquet file: looked at once, however many sources it is held against, until it changes."""
    with duckdb.connect() as connection:
        read = f"read_parquet({literal(str(path))})"
        return tuple(row[0] for row in connection.execute(f"DESCRIBE {select(['*'], read)}").fetchall())


def _lines_to_try(source: Source, there: int = _MOST_ABOVE) -> range:
    """The lines on which the header may stand: where the mapping says, or else any of the first."""
    told = source.skip_rows or not source.header or source.positions or not source.headers
    return range(source.skip_rows, source.skip_rows + 1 if told else max(1, min(there, _MOST_ABOVE)))


def _header(source: Source, heads: Iterator[tuple[str, ...]]) -> tuple[int, tuple[str, ...]]:
    """The line of the first row that has every column the source needs, and its names; else the first row."""
    needed, first = {name.casefold() for name in source.headers}, None
    for skip, names in enumerate(heads, start=source.skip_rows):
        first = names if first is None else first
        if needed <= _folded(names):
            return skip, names
    return source.skip_rows, first or ()


def _named(first: Sequence[str], source: Source) -> tuple[str, ...]:
    """The column names: from the header row, from the mapping's list, or by place (A, B, ... AA)."""
    if source.positions:
        by_place = {_place(letters): name for letters, name in source.positions.items()}
        width = max(len(first), *(place + 1 for place in by_place))
        return tuple(by_place.get(place, f"column {place + 1}") for place in range(width))
    if not source.header:
        width = max(len(first), len(source.names))
        return tuple(source.names[i] if i < len(source.names) else f"column {i + 1}" for i in range(width))
    return _by_our_names(_told_apart(tuple(first)), source)


def _by_our_names(names: tuple[str, ...], source: Source) -> tuple[str, ...]:
    """The columns by the names that the mapping uses, where it says what a file calls one of them."""
    if not source.called:
        return names
    ours = {found.casefold(): needed for needed, found in source.called.items()}
    here = {name.casefold() for name in names}
    return tuple(
        needed if (needed := ours.get(name.casefold())) and needed.casefold() not in here else name for name in names
    )


@lru_cache(maxsize=4096)
def _folded(names: tuple[str, ...]) -> frozenset[str]:
    return frozenset(name.casefold() for name in names)


@lru_cache(maxsize=4096)
def _told_apart(first: tuple[str, ...]) -> tuple[str, ...]:
    """The names of a header row, trimmed; a second column of one name bears a number."""
    names: list[str] = []
    seen: Counter[str] = Counter()
    for place, text in enumerate(first):
        clean = " ".join(text.strip(BLANKS).split()) or f"column {place + 1}"
        seen[clean.casefold()] += 1
        times = seen[clean.casefold()]
        names.append(f"{clean} ({times})" if times > 1 else clean)
    return tuple(names)


def _place(letters: str) -> int:
    place = 0
    for letter in letters.upper():
        if letter not in string.ascii_uppercase:
            raise BadInput(f'"{letters}" is not a column letter', todo="Use A, B, ... AA.")
        place = place * 26 + string.ascii_uppercase.index(letter) + 1
    return place - 1


def true_form(look: Opened, source: Source) -> delimited.Form:
    """The form with the encoding that holds for the whole file, not only for its first lines."""
    assert look.form is not None
    return replace(look.form, encoding=source.encoding or delimited.scan(look.path, look.form.encoding)[0])


def original(look: Opened, source: Source, lines: set[int]) -> dict[int, str]:
    """The text of the given lines: as written in a text file, as values joined by commas otherwise.

    Raises BadInput where the file can no longer be read.
    """
    if not lines:
        return {}
    with readable(look.path):
        return _original(look, source, lines)


def _original(look: Opened, source: Source, lines: set[int]) -> dict[int, str]:
    if look.form is not None:
        rows = delimited.records(look.path, true_form(look, source), look.skip)
        wanted_rows = (row for row in rows if row.line in lines)
        return {row.line: row.text for row in islice(wanted_rows, len(lines))}
    if look.kind == "excel":
        return workbook.row_texts(look.path, look.sheet or "", lines)
    with duckdb.connect() as connection:
        read = f"read_parquet({literal(str(look.path))}, file_row_number=true)"
        values = ", ".join(f"COALESCE(CAST({quoted(name)} AS VARCHAR), '')" for name in look.columns)
        row = ["file_row_number + 1", f"concat_ws(',', {values})"]
        asked = select(row, read, where="file_row_number + 1 IN (SELECT unnest(?))")
        return dict(connection.execute(asked, [sorted(lines)]).fetchall())
