"""An Excel workbook from plain rows: typed cells, frozen heads, filters; text that looks like a formula stays text."""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import xlsxwriter

from dashboard.printout import plain
from data.errors import BadInput

TELLS_EVERY = 5_000
MOST_ROWS = 1_048_575  # a sheet of Excel's, less its head
_FORBIDDEN = dict.fromkeys(map(ord, "[]:*?/\\'"), " ")
_FORMATS = {
    "text": {},
    "count": {"num_format": "#,##0"},
    "number": {"num_format": "#,##0.0###"},
    "percent": {"num_format": '#,##0.0" %"'},
    "money": {"num_format": "#,##0.00"},
    "date": {"num_format": "yyyy-mm-dd"},
}
Told = Callable[[int, int], None]


@dataclass(frozen=True, kw_only=True)
class Column:
    """One column of a sheet: its heading, what its cells are (text, count, number, percent, money, date), its width."""

    title: str
    kind: str = "text"
    width: int = 14


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """One sheet: its name, its columns, its rows. `wraps` breaks long words into lines."""

    title: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[object]]
    wraps: bool = False


def write(path: Path, sheets: Sequence[Sheet], *, title: str, tell: Told | None = None) -> None:
    """Write the sheets in order; the file is whole or not there. `tell(done, of)` hears of the rows written.

    Raises BadInput where it cannot be written, or where a sheet has more rows than Excel holds.
    """
    for sheet in sheets:
        if len(sheet.rows) > MOST_ROWS:
            raise BadInput(
                f"{len(sheet.rows):,} rows are more than a sheet of Excel holds",
                where=path.name,
                todo="Ask for less, or write .csv.",
            )
    rough = path.with_name(f".{path.name}.{os.getpid()}")
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "nan_inf_to_errors": False,
    }
    try:
        with xlsxwriter.Workbook(str(rough), {**options, "strings_to_numbers": False}) as book:
            book.set_properties({"title": title, "author": "Onepicture"})
            _write_all(book, sheets, tell)
        os.replace(rough, path)
    except (OSError, xlsxwriter.exceptions.FileCreateError) as problem:
        with suppress(OSError):
            rough.unlink(missing_ok=True)
        reason = getattr(problem, "strerror", None) or str(problem)
        todo = "Name a file in a folder that you may write, with room enough."
        raise BadInput(f"it cannot be written: {reason}", where=path.name, todo=todo) from problem


def _write_all(book: Any, sheets: Sequence[Sheet], tell: Told | None) -> None:
    formats = {kind: book.add_format({"valign": "top", **style}) for kind, style in _FORMATS.items()}
    wrapped = book.add_format({"valign": "top", "text_wrap": True})
    head = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1, "bottom_color": "#8A94A3"})
    done, every = 0, sum(len(sheet.rows) for sheet in sheets)
    for name, sheet in zip(_names(sheets), sheets, strict=True):
        page = book.add_worksheet(name)
        page.freeze_panes(1, 0)
        page.hide_gridlines(2)
        page.set_landscape()
        page.fit_to_pages(1, 0)
        page.repeat_rows(0)
        for at, column in enumerate(sheet.columns):
            page.set_column(at, at, column.width)
            page.write_string(0, at, column.title, head)
        if sheet.rows and sheet.columns:
            page.autofilter(0, 0, len(sheet.rows), len(sheet.columns) - 1)
        kinds = [(column.kind, wrapped if sheet.wraps and column.kind == "text" else formats[column.kind])
                 for column in sheet.columns]  # fmt: skip
        for line, row in enumerate(sheet.rows, 1):
            for at, value in enumerate(row):
                kind, style = kinds[at]
                _cell(page, line, at, value, kind, style)
            done += 1
            if tell and not done % TELLS_EVERY:
                tell(done, every)


def _names(sheets: Iterable[Sheet]) -> list[str]:
    """The sheets' names as Excel takes them: 31 characters, none of those that it forbids, none twice."""
    found: list[str] = []
    for sheet in sheets:
        plainly = sheet.title.translate(_FORBIDDEN).strip()[:31] or "Sheet"
        name, number = plainly, 2
        while name.casefold() in {each.casefold() for each in found}:
            name, number = f"{plainly[:28]} {number}", number + 1
        found.append(name)
    return found


def _cell(page: Any, line: int, at: int, value: object, kind: str, style: Any) -> None:
    """One cell by what it is; nothing known is an empty cell, and text is never read as a formula."""
    if kind == "date" and isinstance(value, (date, datetime)) and value == value:
        page.write_datetime(line, at, value, style)
        return
    simple = plain(value)
    if isinstance(simple, (int, float)) and not isinstance(simple, bool):
        if math.isfinite(simple):
            page.write_number(line, at, simple, style)
    elif simple is not None:
        page.write_string(line, at, str(simple)[:32_767], style)
