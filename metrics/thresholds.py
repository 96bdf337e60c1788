"""Counts that the source hid because they are small: they add nothing to a sum, and a row of one says so.

A prescriber file that starts a product at 100 claims writes 0 for fewer: such a product's TRx and share are
floors, and what is left of its market is a ceiling.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from metrics.loaded import baskets, remembered
from metrics.periods import Span
from metrics.query import GrantedQuery, Withheld

Cell = tuple[str, str, date | None]  # a metric's column, a node, and in a series the last day of the period

# Metrics that a hidden count lowers, and what an empty cell says of it.
_LOWERED = {"trx": "below {}", "share": "its TRx is below {}", "evolution_index": "its TRx is below {}"}


@dataclass(frozen=True)
class Hidden:
    """That a product has hidden counts in a period, and under which number they lie."""

    product: str
    first: date
    last: date
    threshold: int


def hidden(snapshot: Any) -> tuple[Hidden, ...]:
    """Every product and period in which the source hid counts."""
    sql = (
        "SELECT product, period_start, period_end, max(below) FROM outcome WHERE below > 0 "
        "GROUP BY product, period_start, period_end ORDER BY ALL"
    )
    return remembered(snapshot, "hidden counts", lambda: tuple(Hidden(*row) for row in snapshot.rows(sql)))


def note(granted: GrantedQuery, snapshot: Any, asked: Span) -> str | None:
    """What stands beside numbers that hidden counts lower, or raise; None where there are none."""
    if not _LOWERED.keys() & set(granted.metrics):
        return None
    found = [each for each in hidden(snapshot) if asked.first <= each.first and each.last <= asked.last]
    if granted.product is None:
        return _sentence("TRx and share of a brand are floors", found) if "share" in granted.metrics else None
    own = [each for each in found if each.product == granted.product]
    if own:
        return _sentence("TRx and share are floors", own)
    mine = set(baskets(snapshot).get(granted.product, ()))
    mates = [each for each in found if mine & set(baskets(snapshot).get(each.product, ()))]
    return _sentence("what is left of the market is a ceiling", mates)


def _sentence(words: str, found: list[Hidden]) -> str | None:
    if not found:
        return None
    numbers = sorted({each.threshold for each in found})
    return f"The source hides counts below {' or '.join(map(str, numbers))}, and they add 0: {words}."


def empty_hidden(
    name: str, rows: pd.DataFrame, granted: GrantedQuery, snapshot: Any, spans: tuple[Span, Span | None]
) -> list[Withheld]:
    """Empty the cells of subjects all of whose counts of the product the source hid, and say what they lie below."""
    said = []
    for column, metric, tops in _tops(name, rows, granted, snapshot, spans, ""):
        where = rows[column].notna() & pd.Series([top is not None for top in tops], index=rows.index, dtype=bool)
        rows.loc[where, column] = None
        said += [
            Withheld(metric=metric, node_id=node, reason=_LOWERED[name].format(top))
            for node, top, shown in zip(rows.node_id, tops, where, strict=True)
            if shown
        ]
    return said


def floors(
    name: str, rows: pd.DataFrame, granted: GrantedQuery, snapshot: Any, spans: tuple[Span, Span | None]
) -> dict[Cell, str]:
    """The nodes all of whose counts of the product the source hid: their sum is 0, and what it lies below is told."""
    found: dict[Cell, str] = {}
    for column, metric, tops in _tops(name, rows, granted, snapshot, spans, granted.hierarchy):
        ends = pd.to_datetime(rows.period_end).dt.date if granted.series is not None else [None] * len(rows)
        for node, end, top, known in zip(rows.node_id, ends, tops, rows[column].notna(), strict=True):
            if known and top is not None:
                found[metric, node, end] = _LOWERED[name].format(top)
    return found


def _tops(
    name: str, rows: pd.DataFrame, granted: GrantedQuery, snapshot: Any, spans: tuple[Span, Span | None], within: str
) -> list[tuple[str, str, list[int | None]]]:
    """For each column of a metric that hidden counts lower, its name outside and what each cell's sum lies below."""
    if name not in _LOWERED or granted.product not in {each.product for each in hidden(snapshot)}:
        return []
    if granted.series is not None:
        tops = _all_hidden(snapshot, granted.product, within, None)
        ends = pd.to_datetime(rows.period_end).dt.date
        return [(name, name, [tops.get(cell) for cell in zip(rows.node_id, ends, strict=True)])]
    found = []
    for span, column in zip(spans, (name, f"{name}__base"), strict=True):
        if span is not None and column in rows:
            tops = _all_hidden(snapshot, granted.product, within, span)
            metric = name if span is spans[0] else f"{name}__{span.shift}"
            found.append((column, metric, [tops.get((each, None)) for each in rows.node_id]))
    return found


# Who has nothing but hidden counts, in a span or (without one) period by period: subjects, or the nodes of a hierarchy.
_SUBJECTS = """
SELECT o.subject, CASE WHEN $first IS NULL THEN o.period_end END, sum(o.below) FROM outcome o
WHERE o.product = $product AND ($first IS NULL OR (o.period_start >= $first AND o.period_end <= $last))
GROUP BY ALL HAVING coalesce(sum(o.quantity), 0) = 0 AND bool_and(coalesce(o.below, 0) > 0)
"""
_NODES = """
SELECT t.ancestor, CASE WHEN $first IS NULL THEN o.period_end END, sum(o.below) FROM outcome o
JOIN place l ON l.subject = o.subject AND l.hierarchy = $hierarchy
JOIN node_tree t ON t.hierarchy = l.hierarchy AND t.node = l.leaf
WHERE o.product = $product AND ($first IS NULL OR (o.period_start >= $first AND o.period_end <= $last))
GROUP BY ALL HAVING coalesce(sum(o.quantity), 0) = 0 AND bool_and(coalesce(o.below, 0) > 0)
"""


def _all_hidden(snapshot: Any, product: str | None, hierarchy: str, span: Span | None) -> dict[tuple[str, Any], int]:
    """Who has nothing but hidden counts, with the number that their sum lies below: subjects, or the nodes of the
    hierarchy where one is named; by who and the last day of the period, None for a span.
    """
    first, last = (span.first, span.last) if span else (None, None)
    values = {"product": product, "first": first, "last": last, **({"hierarchy": hierarchy} if hierarchy else {})}

    def _find() -> dict[tuple[str, Any], int]:
        rows = snapshot.rows(_NODES if hierarchy else _SUBJECTS, values)
        return {(each, period): int(top) for each, period, top in rows}

    return remembered(snapshot, ("all hidden", product, hierarchy, first, last), _find)
