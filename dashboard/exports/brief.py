"""What a page says, as plain words, numbers and charts: what a file of it is made from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from dashboard.charts.drawing import Drawing
from dashboard.parts.children import Cell, Column, Row
from dashboard.parts.strip import Band

# Columns that a file cannot draw: a line of periods, the dots of cues.
DRAWN = ("spark", "dots")


@dataclass(frozen=True, kw_only=True)
class Line:
    """One line or row of columns of a native chart: its name, what it is drawn in, and a number for each category."""

    name: str
    band: str
    values: Sequence[float | None]


@dataclass(frozen=True, kw_only=True)
class Periods:
    """A native chart over periods: a title, the periods' names, its lines, whether they are columns, the format."""

    title: str
    periods: Sequence[str]
    lines: Sequence[Line]
    columns: bool = True
    form: str = "#,##0"


@dataclass(frozen=True, kw_only=True)
class Dot:
    """One dot of a native scatter chart."""

    name: str
    x: float
    y: float
    tone: str


@dataclass(frozen=True, kw_only=True)
class Dots:
    """A native scatter chart: a title, what is across and what is up, and its dots."""

    title: str
    across: str
    up: str
    dots: Sequence[Dot]


@dataclass(frozen=True, kw_only=True)
class Table:
    """A table in words: its finding, its headings, its rows."""

    finding: str
    heads: Sequence[str]
    rows: Sequence[Sequence[str]]
    numbers: Sequence[bool] = ()


@dataclass(frozen=True, kw_only=True)
class Brief:
    """One page in one file. `facts` say who asked what of which data; `definitions` what each number is."""

    page: str
    place: str
    chosen: str
    headline: str
    under: Sequence[str]
    bands: Sequence[Band]
    drawing: Drawing | None
    native: Sequence[Periods | Dots]
    table: Table | None
    definitions: Sequence[tuple[str, str]]
    facts: Mapping[str, str]
    notes: Sequence[str] = field(default=())


def in_words(finding: str, level: str, columns: Sequence[Column], rows: Sequence[Row]) -> Table:
    """A table of a page as words alone: bars, changes and states by what they say."""
    kept = [at for at, column in enumerate(columns) if column.kind not in DRAWN]
    heads = [level[:1].upper() + level[1:], *(columns[at].title for at in kept)]
    told = [[row.name, *(_cell(row.cells[at], columns[at]) for at in kept)] for row in rows]
    numbers = [False, *(columns[at].kind in ("number", "bar", "goal") for at in kept)]
    return Table(finding=finding, heads=heads, rows=told, numbers=numbers)


def _cell(cell: Cell, column: Column) -> str:
    if column.kind in ("status", "change") and cell.change is not None:
        return f"{cell.change.icon} {cell.change.words}"
    return cell.words
