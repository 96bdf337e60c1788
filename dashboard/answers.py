"""The answers a page stands on: the numbers of the node, of the level below it, and their last periods."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from dashboard import cache
from dashboard.cache import Steps
from dashboard.session import Visit
from metrics.alignment import CURRENT
from metrics.query import MetricQuery
from metrics.reading import Reading

LENGTHS = {"C4W": 4, "C13W": 13, "C3M": 3, "R12": 12}
PERIODS = {"week": 26, "month": 24, "year": 5}


@dataclass(frozen=True)
class Answers:
    """One answer, read cell by cell: what is known, what it was before, and why a cell is empty."""

    reading: Reading
    compare: str | None

    @property
    def nodes(self) -> Sequence[str]:
        """The ids answered, in order."""
        return self.reading.nodes

    def name(self, node: str) -> str:
        """What a node is called."""
        return self.reading.name(node)

    @property
    def end(self) -> date:
        """The last day of the window answered."""
        return self.reading.ends[-1]

    def now(self, metric: str, node: str | None = None) -> float | None:
        """The number, or None where it is unknown, not loaded or withheld."""
        return self.reading.now(metric, node)

    def before(self, metric: str, node: str | None = None) -> float | None:
        """The number it is compared with, or None."""
        return self.now(f"{metric}__{self.compare}", node) if self.compare else None

    def reason(self, metric: str, node: str | None = None) -> str:
        """Why a cell is empty, in the rule's own words."""
        return self.reading.reason(metric, node)


@dataclass(frozen=True)
class Series:
    """The last outcome periods of some numbers, oldest first."""

    reading: Reading

    def line(self, metric: str, node: str | None = None) -> Sequence[float | None]:
        """One number's periods; None where it is unknown."""
        return self.reading.line(metric, node)

    @property
    def ends(self) -> Sequence[date]:
        """The last day of each period."""
        return self.reading.ends

    def partial(self, metric: str) -> list[bool]:
        """Period by period, whether a number's feed covers it only in part."""
        known = self.reading.cells.partial_periods
        return [(metric, end) in known for end in self.ends]


def answers(visit: Visit, metrics: Sequence[str], by: str) -> Answers:
    """The numbers of a level at or below the visit's node. Raises Denied or WrongQuestion."""
    return Answers(cache.answer(question(visit, metrics, by, compare=visit.compare), visit.visitor), visit.compare)


def series(visit: Visit, metrics: Sequence[str], by: str, grain: str) -> Series:
    """The last periods of these numbers. Raises Denied or WrongQuestion."""
    asked = question(visit, metrics, by, series=PERIODS.get(grain, 26))
    return Series(cache.answer(asked, visit.visitor))


def question(
    visit: Visit, metrics: Sequence[str], by: str, *, compare: str | None = None, series: int | None = None
) -> MetricQuery:
    """What a visit asks of these metrics; one by one everybody stands where they stand today."""
    return MetricQuery(
        metrics=tuple(metrics),
        hierarchy=visit.hierarchy.id,
        within=visit.node.id if visit.node else None,
        by=by,
        window=visit.window,
        product=visit.product,
        compare=compare,
        series=series,
        alignment=CURRENT if visit.hierarchy.is_subject(by) else visit.alignment,
    )


def bridge(visit: Visit) -> Steps:
    """The bridge of the visit's own node, each factor with its quantity; empty where there is none."""
    if visit.node is None or visit.alignment != CURRENT:
        return ()  # the bridge is built of today's alignment
    asked = question(visit, ("trx",), visit.level, compare=visit.compare)
    return cache.bridge(asked, visit.visitor, visit.node.id)


def refused(visit: Visit, bands: Iterable[str]) -> dict[str, str]:
    """The bands that the visitor may not know, each with its reason in words."""
    reasons = {band: cache.refused(visit.visitor, band) for band in bands}
    return {band: reason for band, reason in reasons.items() if reason}


def ages(visit: Visit) -> dict[str, tuple[date, int]]:
    """How old each band's data is (its last day, and days since), for the bands the visitor may know."""
    return cache.ages(visit.visitor)


def length(visit: Visit) -> int:
    """How many outcome periods the visit's window has, so that noise can be told from a move.

    0 for a window that has no fixed number, and against last year: what moves from one window to the
    next says nothing of a year.
    """
    return 0 if visit.compare == "year" else LENGTHS.get(visit.window, 0)
