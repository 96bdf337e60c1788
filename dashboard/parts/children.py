"""The level below, one row a unit: real links down, bars against the goal, a line of the last periods."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from dashboard.parts.markup import Markup, bar, change_words, join, sparkline, tag
from dashboard.theme import Theme
from dashboard.words import Change

FIRST = 60


class Cell(NamedTuple):
    """One cell: its words, and beside them a bar (`share` of `full`, tick at `goal`), a change or a line."""

    words: str = ""
    band: str = ""
    share: object = None
    full: float = 1.0
    goal: float | None = None
    change: Change | None = None
    spark: Sequence[float | None] = ()
    spark_words: str = ""
    dots: int = 0


@dataclass(frozen=True, kw_only=True)
class Column:
    """One column: its heading, how its cells are drawn, and whether a phone shows it.

    `kind` is number, goal (a bar against its goal, without words), status, change, bar, spark or dots.
    """

    title: str
    kind: str = "number"
    phone: bool = False


@dataclass(frozen=True, kw_only=True)
class Row:
    """One unit: its name, its address (none for a unit without a picture of its own) and its cells."""

    name: str
    href: str | None
    cells: Sequence[Cell] = field(default=())
    note: str = ""


def children(
    title: str, level: str, columns: Sequence[Column], rows: Sequence[Row], theme: Theme, *, first: int = FIRST
) -> Markup:
    """The table as HTML. Beyond the first rows the others are one key away."""
    head = _head(level, columns)
    top = tag("table", head, tag("tbody", *[_row(row, columns, theme) for row in rows[:first]]), class_="op-children")
    more = None
    if len(rows) > first:
        rest = tag(
            "table", head, tag("tbody", *[_row(row, columns, theme) for row in rows[first:]]), class_="op-children"
        )
        more = tag("details", tag("summary", f"{len(rows) - first} more"), rest, class_="op-more")
    return tag("section", tag("h2", title, class_="op-finding"), top, more, class_="op-below", aria_label=title)


def _head(level: str, columns: Sequence[Column]) -> Markup:
    cells = [tag("th", column.title, scope="col", class_=_shape(column)) for column in columns]
    return tag("thead", tag("tr", tag("th", level[:1].upper() + level[1:], scope="col"), *cells))


def _shape(column: Column) -> str:
    return f"op-k-{column.kind}{'' if column.phone else ' op-wide'}"


def _row(row: Row, columns: Sequence[Column], theme: Theme) -> Markup:
    arrow = tag("span", "\u00a0›", class_="op-sep", aria_hidden="true")
    name = tag("a", row.name, arrow, href=row.href, class_="op-go op-down") if row.href else tag("span", row.name)
    note = tag("span", row.note, class_="op-note") if row.note else None
    cells = [
        tag("td", _cell(cell, column, theme), class_=_shape(column))
        for cell, column in zip(row.cells, columns, strict=True)
    ]
    return tag("tr", tag("th", name, note, scope="row"), *cells)


def _cell(cell: Cell, column: Column, theme: Theme) -> Markup:
    if column.kind == "spark":
        line = sparkline(cell.spark, theme.band(cell.band), theme, cell.spark_words) if cell.band else ""
        return Markup(line) or tag("span", cell.words, class_="op-quiet")
    if column.kind in ("status", "change"):
        return change_words(cell.change) or tag("span", cell.words, class_="op-quiet")
    if column.kind == "dots":
        dots = tag("span", "●" * min(cell.dots, 5), class_="op-concern", aria_hidden="true") if cell.dots else None
        return join([dots or "", tag("span", cell.words, class_="op-unseen" if dots else "op-quiet")])
    if column.kind in ("bar", "goal"):
        drawn = bar(cell.share, cell.band, cell.words, tick=cell.goal, full=cell.full)
        return drawn if column.kind == "goal" else join([drawn, tag("span", cell.words, class_="op-beside-bar")])
    return tag("span", cell.words)
