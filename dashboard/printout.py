"""A plain table on a terminal, in a CSV file or as JSON: whole numbers as whole numbers, nothing rounded."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from numbers import Integral, Real
from typing import Any


class Form(StrEnum):
    """How an answer is written: for a person, for a spreadsheet, for a program."""

    table = "table"
    csv = "csv"
    json = "json"


# Control characters but tab and newline, and those that turn the direction of reading round.
_STEERS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
Plain = str | int | float | bool | None | list[Any] | dict[str, Any]


def visible(told: object) -> str:
    """The text with nothing left in it that would steer a terminal or turn its reading round; each becomes a mark.

    What somebody typed is said back, and what another system sent is listed: neither may write over what stands there.
    """
    return _STEERS.sub("\N{REPLACEMENT CHARACTER}", str(told))


def plain(value: object) -> Plain:
    """The value as any program reads it: 4 and never 4.0 or 4.0000, a date as 2026-11-22, nothing as None.

    An engine's sum of whole numbers may arrive as a float or a decimal; it is a whole number all
    the same. A fraction keeps every digit that a double holds.
    """
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, Integral):
        return int(value)
    if isinstance(value, Decimal):
        if not value.is_finite():
            return None
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, Real):
        number = float(value)
        if number != number or number in (float("inf"), float("-inf")):
            return None
        return int(number) if number.is_integer() else number
    if isinstance(value, datetime):
        if value != value:  # a missing moment is unequal to itself
            return None
        return value.date().isoformat() if value.time() == datetime.min.time() else value.isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [plain(item) for item in value]
    text = str(value)
    return None if text in ("NaT", "<NA>", "nan") else text


def text(value: object) -> str:
    """The value in one cell of a CSV file: nothing is an empty cell, several things are joined by " | "."""
    simple = plain(value)
    if simple is None:
        return ""
    if isinstance(simple, bool):
        return "true" if simple else "false"
    if isinstance(simple, float):
        return format(Decimal(repr(simple)), "f")
    if isinstance(simple, list):
        return " | ".join(text(item) for item in simple)
    if isinstance(simple, dict):
        return json.dumps(simple, ensure_ascii=False, sort_keys=True)
    return str(simple)


def formula_safe(value: object) -> str:
    """The value as text that no spreadsheet computes: a text that would begin a formula gets a quote before it.

    A number keeps its sign. See OWASP, "CSV Injection".
    """
    written = text(value)
    computes = written.startswith(("=", "+", "-", "@", "\t", "\r")) and isinstance(plain(value), (str, list, dict))
    return visible(f"'{written}" if computes else written)


@dataclass(frozen=True, kw_only=True)
class Printout:
    """Rows under named columns. `notes` are the sentences that a person reads below the table."""

    columns: tuple[str, ...]
    rows: Sequence[Sequence[object]]
    notes: tuple[str, ...] = ()

    def csv(self) -> str:
        """The rows as RFC 4180 text, a header first, lines ending in a newline."""
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(self.columns)
        writer.writerows([formula_safe(value) for value in row] for row in self.rows)
        return out.getvalue()

    def records(self) -> list[dict[str, Plain]]:
        """The rows as JSON objects in the order of the columns; an empty cell is null."""
        return [dict(zip(self.columns, map(plain, row), strict=True)) for row in self.rows]

    def table(self) -> str:
        """The rows aligned for reading: numbers to the right with thousands marked, the notes below."""
        cells = [[_spoken(value) for value in row] for row in self.rows]
        right = [any(_is_number(row[at]) for row in self.rows) for at in range(len(self.columns))]
        widths = [max(len(name), *(len(row[at]) for row in cells), 0) for at, name in enumerate(self.columns)]
        lines = [self._line(self.columns, widths, right), self._line(["-" * width for width in widths], widths, right)]
        lines += [self._line(row, widths, right) for row in cells]
        return "\n".join([*lines, *([""] if self.notes else []), *self.notes]) + "\n"

    @staticmethod
    def _line(cells: Sequence[str], widths: Sequence[int], right: Sequence[bool]) -> str:
        places = zip(cells, widths, right, strict=True)
        return "  ".join(cell.rjust(width) if number else cell.ljust(width) for cell, width, number in places).rstrip()

    def written(self, form: Form, document: Mapping[str, object] | None = None) -> str:
        """The printout in the form asked for. `document` replaces the bare list of rows in JSON."""
        if form is Form.csv:
            return self.csv()
        if form is Form.json:
            whole = plain(document) if document is not None else self.records()
            return json.dumps(whole, ensure_ascii=False, indent=2) + "\n"
        return self.table()


def _is_number(value: object) -> bool:
    return isinstance(plain(value), (int, float)) and not isinstance(value, bool)


def _spoken(value: object) -> str:
    """A cell for a reader: 12,340 and 0.8342."""
    simple = plain(value)
    if isinstance(simple, bool) or not isinstance(simple, (int, float)):
        return " ".join(text(value).splitlines())
    return f"{simple:,}" if isinstance(simple, int) else f"{simple:,.4f}".rstrip("0").rstrip(".")
