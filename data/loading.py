"""Load a file into a table of the engine, with the line of every row: fast where it is well formed, else by hand."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from data import delimited, workbook
from data.errors import BadInput, guess_or_list
from data.layout import Source
from data.reading import BLANKS, LINE, Opened, readable, true_form
from data.tables import create, literal, number, quoted, select


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
    skipped = source.skip_rows + (1 if source.header else 0)
    if look.form and _load_fast(connection, table, look, columns, skipped):
        return []
    with tempfile.TemporaryDirectory() as directory:
        plain = Path(directory) / "plain.csv"
        broken = _write_plain(look, source, skipped, plain)
        read = _read_csv(plain, ",", 0, ["l", *_places(look)])
        create(connection, table, select([f"CAST(l AS BIGINT) AS {quoted(LINE)}", *columns], read))
    return broken


def _places(look: Opened) -> list[str]:
    return [f"c{place}" for place in range(len(look.columns))]


def _position(name: str, look: Opened) -> int:
    for place, column in enumerate(look.columns):
        if column.casefold() == name.casefold():
            return place
    raise BadInput(f'no column "{name}"', where=look.path.name, todo=guess_or_list(name, look.columns))


def _clean(column: str) -> str:
    return f"NULLIF(TRIM({column}, {literal(BLANKS)}), '')"


def _read_csv(path: Path, delimiter: str, skip: int, names: Sequence[str]) -> str:
    shape = ", ".join(f"{quoted(name)}: 'VARCHAR'" for name in names)
    compression = "gzip" if delimited.is_compressed(path) else "none"
    return (
        f"read_csv({literal(str(path))}, delim={literal(delimiter)}, quote='\"', escape='\"', header=false, "
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
    read = _read_csv(look.path, look.form.delimiter, skipped, _places(look))
    line = f"row_number() OVER () + {skipped} AS {quoted(LINE)}"
    try:
        create(connection, table, select([line, *columns], read))
    except duckdb.Error:
        return False
    return number(connection, select(["count(*)"], quoted(table))) == lines - skipped


def _write_plain(look: Opened, source: Source, skipped: int, plain: Path) -> list[Broken]:
    """Split a file by hand into a clean CSV of numbered rows; the rows that cannot be split are given back."""
    width = len(look.columns)
    if look.form is None:
        workbook.write_numbered(look.path, look.sheet or "", skipped, width, plain)
        return []
    rows = delimited.write_numbered(look.path, true_form(look, source), source.skip_rows, source.header, width, plain)
    return [Broken(line=row.line, text=row.text, reason=row.problem) for row in rows]


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
