"""What a snapshot holds of each fact: loaded or not, since when, by which grain, published or not."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

from sqlglot import exp

from metrics.declare import Fact
from metrics.periods import Span

_SOURCE = {
    "plan_period": "plan",
    "spend_share": "spend",
    "inquiry_state": "inquiry",
    "site_state": "site",
    "site_day": "site",
    "activation_step": "milestone",
    "detail_weight": "detail",
    "hcp_decile": "outcome",
    "field_day": "roster",
}
# Reference tables that facts are derived from: loaded when they have a row.
_REFERENCE = ("site", "milestone", "roster")
T = TypeVar("T")
_ANY = {table: exp.select("1").from_(table).limit(1).sql(dialect="duckdb") for table in _REFERENCE}
_SLACK = timedelta(days=6)


@dataclass(frozen=True)
class Feed:
    """One fact's coverage: the coarsest grain it came in, its first and last day."""

    grain: str
    first: date | None
    last: date | None
    published: bool
    absent_zero: bool

    def covers(self, span: Span) -> bool:
        """Whether the whole span is covered; a feed of dated events may begin or end some days inside a week."""
        slack = _SLACK if self.grain == "day" else timedelta(0)
        if self.first and span.first < self.first - slack:
            return False
        return not (self.last and span.last > self.last + slack)


_REMEMBERED: WeakKeyDictionary[Any, dict[Any, Any]] = WeakKeyDictionary()


def remembered(snapshot: Any, key: Hashable, find: Callable[[], T]) -> T:
    """What `find` says of a snapshot, found once and kept as long as anybody holds the snapshot: it never changes."""
    kept = _REMEMBERED.setdefault(snapshot, {})
    if key not in kept:
        kept[key] = find()
    return kept[key]


def feeds(snapshot: Any) -> dict[str, Feed]:
    """Every fact table that has rows in the snapshot, with its coverage."""
    return remembered(snapshot, "feeds", lambda: _feeds(snapshot))


def _feeds(snapshot: Any) -> dict[str, Feed]:
    rank = ("day", "week", "month", "year")
    found: dict[str, Feed] = {}
    rows = snapshot.rows(
        "SELECT fact, grain, first, last, coalesce(published, FALSE), coalesce(absent = 'zero', FALSE) FROM coverage"
    )
    for fact, grain, first, last, published, absent_zero in rows:
        old = found.get(fact)
        if old is None:
            found[fact] = Feed(grain, first, last, published, absent_zero)
            continue
        found[fact] = Feed(
            max(old.grain, grain, key=rank.index),
            min(filter(None, (old.first, first)), default=None),
            max(filter(None, (old.last, last)), default=None),
            old.published and published,
            old.absent_zero and absent_zero,
        )
    for table in _REFERENCE:
        if table not in found and snapshot.rows(_ANY[table]):
            found[table] = Feed("day", None, None, False, False)
    return found


def feed_of(snapshot: Any, fact: Fact) -> Feed | None:
    """The coverage of a fact, or None when nothing of it is loaded."""
    return feeds(snapshot).get(_SOURCE.get(fact.table.name, fact.table.name))


def finer_than_known(feed: Feed, span: Span) -> bool:
    """Whether a yearly feed is asked for a window that is no run of whole years."""
    whole = (span.first.month, span.first.day) == (1, 1) and (span.last.month, span.last.day) == (12, 31)
    return feed.grain == "year" and not whole
