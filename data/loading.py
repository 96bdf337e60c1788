"""Load a file into a table of the engine, with the line of every row: fast where it is well formed, else by hand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from data import delimited, workbook
from data.errors import BadInput, guess_or_list
from data.layout import Source
from data.reading import BLANKS, LINE, Opened, readable, true_form
from data.tables import create, insert_rows, literal, number, quoted, select

_CELLS = 200_000  # values handed to the engine at a time


@dataclass(frozen=True, kw_only=True)
class Broken:
    """A row that cannot even be split into values: where it is, its text, and why."""

    line: int
    text: str
    reason: str


def load(
    connection: duckdb.DuckDBPyConnection, table: str, look: Opened, source: Source, wanted: Sequence[str]
) -> list[Broken]:
    """Load the wanted columns of a file into a table, with the line of every row; text trimmed, blank = NULL.

    Nothing is converted: CSV and Excel columns are text, Parquet columns keep their types. Returns the rows
    that could not be split into values. Raises BadInput for a wanted column that the file does not have.
    """
    places = [_position(name, look) for name in wanted]
    with readable(look.path):
        return _load(connection, table, look, source, wanted, places)


def _load(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    look: Opened,
    source: Source,
    wanted: Sequence[str],
    places: Sequence[int],
) -> list[Broken]:
    if look.kind == "parquet":
        _load_parquet(connection, table, look, places, wanted)
        return []
    columns = [f"{_clean(f'c{place}')} AS {quoted(name)}" for name, place in zip(wanted, places, strict=True)]
    skipped = look.skip + (1 if source.header else 0)
    if look.form and _load_fast(connection, table, look, columns, skipped):
        return []
    return _load_by_hand(connection, table, look, source, columns, places)


def _places(look: Opened) -> list[str]:
    return [f"c{place}" for place in range(len(look.columns))]


def _position(name: str, look: Opened) -> int:
    for place, column in enumerate(look.columns):
        if column.casefold() == name.casefold():
            return place
    raise BadInput(f'no column "{name}"', where=look.path.name, todo=guess_or_list(name, look.columns))


def _clean(column: str) -> str:
    return f"NULLIF(TRIM({column}, {literal(BLANKS)}), '')"


def _read_csv(path: Path, how: delimited.Form, skip: int, names: Sequence[str]) -> str:
    shape = ", ".join(f"{quoted(name)}: 'VARCHAR'" for name in names)
    compression = "gzip" if delimited.is_compressed(path) else "none"
    quote = literal(how.quote)
    return (
        f"read_csv({literal(str(path))}, delim={literal(how.delimiter)}, quote={quote}, escape={quote}, header=false, "
        f"skip={skip}, auto_detect=false, strict_mode=true, null_padding=false, compression='{compression}', "
        f"columns={{{shape}}})"
    )


def _load_fast(
    connection: duckdb.DuckDBPyConnection, table: str, look: Opened, columns: list[str], skipped: int
) -> bool:
    """Let the engine read a well-formed UTF-8 file; False where it is not one row a line, well formed."""
    assert look.form is not None
    _, lines = delimited.scan(look.path, look.form.encoding)
    if not lines or any(end in text for text in look.form.first for end in "\r\n"):
        return False
    read = _read_csv(look.path, look.form, skipped, _places(look))
    line = f"row_number() OVER () + {skipped} AS {quoted(LINE)}"
    try:
        create(connection, table, select([line, *columns], read))
    except (duckdb.Error, RuntimeError):  # the latter for a path that is no text
        return False
    return number(connection, select(["count(*)"], quoted(table))) == lines - skipped


def _load_by_hand(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    look: Opened,
    source: Source,
    columns: list[str],
    places: Sequence[int],
) -> list[Broken]:
    """Split a file row by row; the rows that cannot be split are given back."""
    split, used = f"{table}.split", sorted(set(places))
    shape = ", ".join(["l BIGINT", *(f"c{place} VARCHAR" for place in used)])
    connection.execute(f"CREATE OR REPLACE TABLE {quoted(split)} ({shape})")
    broken: list[Broken] = []
    batch: list[list[object]] = []
    for row in _split(look, source):
        if row.values is None:
            broken.append(Broken(line=row.line, text=row.text, reason=row.problem))
            continue
        batch.append([row.line, *(row.values[place] for place in used)])
        if len(batch) * len(batch[0]) >= _CELLS:
            insert_rows(connection, split, batch)
            batch = []
    insert_rows(connection, split, batch)
    create(connection, table, select([f"l AS {quoted(LINE)}", *columns], quoted(split), order="l"))
    connection.execute(f"DROP TABLE {quoted(split)}")
    return broken


def _split(look: Opened, source: Source) -> Iterator[delimited.Record]:
    width = len(look.columns)
    if look.form is not None:
        yield from delimited.rows(look.path, true_form(look, source), look.skip, source.header, width)
        return
    skipped = look.skip + (1 if source.header else 0)
    for line, values in workbook.rows(look.path, look.sheet or "", skipped, width, source.locale.decimal or "."):
        yield delimited.Record(line=line, text="", values=values)


def _load_parquet(
    connection: duckdb.DuckDBPyConnection, table: str, look: Opened, places: Sequence[int], wanted: Sequence[str]
) -> None:
    read = f"read_parquet({literal(str(look.path))}, file_row_number=true)"
    described = connection.execute(f"DESCRIBE {select(['*'], read)}").fetchall()
    text = {name for name, kind, *_ in described if kind == "VARCHAR"}
    columns = [f"file_row_number + 1 AS {quoted(LINE)}"]
    for name, place in zip(wanted, places, strict=True):
        own = look.columns[place]
        columns.append(f"{_clean(quoted(own)) if own in text else quoted(own)} AS {quoted(name)}")
    create(connection, table, select(columns, read))
