"""Excel sheets, hidden ones too, read as rows of text with the row number each one stands on."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import Any

import openpyxl

from data.errors import BadInput, guess_or_list

_HEAD = 60


def sheet_name(path: Path, wanted: str | None) -> str:
    """The workbook's own spelling of the sheet asked for; without one, its first. Raises BadInput otherwise."""
    names = _sheets(path, path.stat().st_mtime_ns)
    if wanted is None:
        return names[0]
    for name in names:
        if name.strip().casefold() == wanted.strip().casefold():
            return name
    raise BadInput(f'no sheet "{wanted}"', where=path.name, todo=guess_or_list(wanted, names, len(names)))


@lru_cache(maxsize=64)
def _sheets(path: Path, _changed: int) -> tuple[str, ...]:
    book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    try:
        return tuple(sheet.title for sheet in book.worksheets)
    finally:
        book.close()


def row(path: Path, sheet: str, skip_rows: int) -> tuple[str, ...]:
    """The values of the row just below the skipped ones (blank ones count as rows to skip)."""
    if skip_rows < _HEAD:
        found = _head(path, path.stat().st_mtime_ns, sheet)
        return found[skip_rows] if skip_rows < len(found) else ()
    return tuple(next(islice(_texts(path, sheet), skip_rows, None), []))


@lru_cache(maxsize=64)
def _head(path: Path, _changed: int, sheet: str) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(values) for values in islice(_texts(path, sheet), _HEAD))


def _texts(path: Path, sheet: str, point: str = ".") -> Iterator[list[str]]:
    book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    try:
        page = book[sheet]
        page.reset_dimensions()  # what a sheet says of its own size is often wrong, and would cut rows off
        for cells in page.iter_rows():
            yield [_text(cell, point) for cell in cells]
    finally:
        book.close()


def _text(cell: Any, point: str) -> str:
    """A cell as a person reads it: 5 and not 5.0, 2024-01-05, and 00420 where its format keeps the zeros."""
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        value = int(value)
    if isinstance(value, int) and re.fullmatch("0+", str(cell.number_format or "")):
        return str(value).zfill(len(cell.number_format))
    if isinstance(value, float):
        return str(value).replace(".", point)
    if isinstance(value, dt.datetime):
        midnight = value.time() == dt.time(0)
        return value.date().isoformat() if midnight else value.isoformat(sep=" ")
    if isinstance(value, (dt.date, dt.time)):
        return value.isoformat()
    return str(value)


def rows(path: Path, sheet: str, skip: int, width: int, point: str = ".") -> Iterator[tuple[int, list[str]]]:
    """The rows below the skipped ones, each with its number in the sheet; blank rows are no rows.

    Cells that are numbers are written with `point`, as the sheet's texts write theirs.
    """
    for number, values in enumerate(_texts(path, sheet, point), start=1):
        if number > skip and any(value.strip() for value in values):
            yield number, (values + [""] * width)[:width]


def row_texts(path: Path, sheet: str, wanted: set[int]) -> dict[int, str]:
    """The values of the given rows, joined by commas."""
    return {number: ",".join(values) for number, values in enumerate(_texts(path, sheet), start=1) if number in wanted}
