"""The answers a page stands on: the numbers of the node, of the level below it, and their last periods."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import pandas as pd

from dashboard import cache
from dashboard.session import Visit
from metrics.access import may_see_band
from metrics.context import freshness
from metrics.query import MetricQuery
from metrics.result import Result

LENGTHS = {"C4W": 4, "C13W": 13, "C3M": 3, "R12": 12}
KEYS = ("node_id", "node", "level", "parent", "period_start", "period_end")
PERIODS = {"week": 26, "month": 24, "year": 5}


@dataclass(frozen=True)
class Answers:
    """One answer, read cell by cell: what is known, what it was before, and why a cell is empty."""

    result: Result
    compare: str | None

    @property
    def nodes(self) -> list[str]:
        """The ids answered, in order."""
        return list(self.result.rows.node_id)

    @cached_property
    def _cells(self) -> dict[str, dict[str, object]]:
        return {str(row["node_id"]): row for row in self.result.rows.to_dict("records")}

    def name(self, node: str) -> str:
        """What a node is called."""
        return str(self._cells[node]["node"])

    @property
    def end(self) -> date:
        """The last day of the window answered."""
        return pd.Timestamp(self.result.rows["period_end"].max()).date()

    def now(self, metric: str, node: str | None = None) -> float | None:
        """The number, or None where it is unknown, not loaded or withheld."""
        value = self._cells.get(node or self._first(), {}).get(metric)
        return None if value is None or pd.isna(value) else float(value)  # type: ignore[arg-type]

    def before(self, metric: str, node: str | None = None) -> float | None:
        """The number it is compared with, or None."""
        return self.now(f"{metric}__{self.compare}", node) if self.compare else None

    def reason(self, metric: str, node: str | None = None) -> str:
        """Why a cell is empty, in the rule's own words."""
        return self.result.reason(metric, node or self._first()) or ""

    def _first(self) -> str:
        return next(iter(self._cells), "*")


@dataclass(frozen=True)
class Series:
    """The last outcome periods of some numbers, oldest first."""

    rows: pd.DataFrame

    @cached_property
    def _lines(self) -> dict[str, dict[str, list[float | None]]]:
        ordered = self.rows.sort_values("period_end", kind="stable")
        names = [name for name in ordered if name not in KEYS]
        found: dict[str, dict[str, list[float | None]]] = {}
        columns = {name: [None if pd.isna(each) else float(each) for each in ordered[name]] for name in names}
        for at, node in enumerate(ordered["node_id"]):
            lines = found.setdefault(str(node), {name: [] for name in names})
            for name in names:
                lines[name].append(columns[name][at])
        return found

    def line(self, metric: str, node: str | None = None) -> list[float | None]:
        """One number's periods; None where it is unknown."""
        return self._lines.get(node or next(iter(self._lines), ""), {}).get(metric, [])

    @cached_property
    def ends(self) -> list[date]:
        """The last day of each period."""
        return [pd.Timestamp(end).date() for end in sorted(self.rows["period_end"].unique())]


def answers(visit: Visit, metrics: Sequence[str], by: str) -> Answers:
    """The numbers of a level at or below the visit's node. Raises Denied or WrongQuestion."""
    return Answers(cache.answer(question(visit, metrics, by, compare=visit.compare), visit.visitor), visit.compare)


def series(visit: Visit, metrics: Sequence[str], by: str, grain: str) -> Series:
    """The last periods of these numbers. Raises Denied or WrongQuestion."""
    asked = question(visit, metrics, by, series=PERIODS.get(grain, 26))
    return Series(cache.answer(asked, visit.visitor).rows)


def question(
    visit: Visit, metrics: Sequence[str], by: str, *, compare: str | None = None, series: int | None = None
) -> MetricQuery:
    """What a visit asks of these metrics."""
    return MetricQuery(
        metrics=tuple(metrics),
        hierarchy=visit.hierarchy.id,
        within=visit.node.id if visit.node else None,
        by=by,
        window=visit.window,
        product=visit.product,
        compare=compare,
        series=series,
    )


def bridge(visit: Visit) -> pd.DataFrame:
    """The bridge of the visit's own node: node, position, factor, quantity; empty where there is none."""
    frame = cache.bridge(question(visit, ("trx",), visit.level, compare=visit.compare), visit.visitor)
    return frame[frame["node"] == visit.node.id] if visit.node else frame.iloc[0:0]


def refused(visit: Visit, bands: Iterable[str]) -> dict[str, str]:
    """The bands that the visitor may not know, each with its reason in words."""
    reasons = {band: may_see_band(visit.visitor, band, cache.snapshot()) for band in bands}
    return {band: reason for band, reason in reasons.items() if reason}


def ages(visit: Visit) -> dict[str, tuple[date, int]]:
    """How old each band's data is (its last day, and days since), for the bands the visitor may know."""
    return {each.band: (each.last, each.age_days) for each in freshness(visit.visitor, cache.snapshot())}


def length(visit: Visit) -> int:
    """How many outcome periods the visit's window has, so that noise can be told from a move.

    0 for a window that has no fixed number, and against last year: what moves from one window to the
    next says nothing of a year.
    """
    return 0 if visit.compare == "year" else LENGTHS.get(visit.window, 0)
