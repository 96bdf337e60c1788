"""What a snapshot holds of each fact: loaded or not, since when, by which grain, published or not."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

from sqlglot import exp

from metrics.fact import Fact
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
    "consent_now": "consent",
}
# Reference tables that facts are derived from: loaded when they have a row that tells something. A registry
# names sites without the day they opened.
_REFERENCE = {"site": "activated", "milestone": "milestone", "roster": "role", "consent": "captured"}
T = TypeVar("T")
_ANY = {
    table: exp.select("1").from_(table).where(f"{told} IS NOT NULL").limit(1).sql(dialect="duckdb")
    for table, told in _REFERENCE.items()
}
_GRAINS = ("day", "week", "month", "year")
_SLACK = timedelta(days=6)


@dataclass(frozen=True)
class Feed:
    """One fact's coverage: the coarsest grain it came in, its first and last day."""

    grain: str
    first: date | None
    last: date | None
    published: bool
    absent_zero: bool
    absent_unknown: bool = False

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


def feeds(snapshot: Any) -> dict[tuple[str, str | None], Feed]:
    """Every fact table that has rows in the snapshot, whole (basket None) and by market basket where its feed tells."""
    return remembered(snapshot, "feeds", lambda: _feeds(snapshot))


def _feeds(snapshot: Any) -> dict[tuple[str, str | None], Feed]:
    rows = snapshot.rows(
        "SELECT fact, basket, grain, first, last, coalesce(published, FALSE), coalesce(absent = 'zero', FALSE), "
        "coalesce(absent = 'unknown', FALSE) FROM coverage"
    )
    found: dict[tuple[str, str | None], Feed] = {}
    for fact, basket, *coverage in rows:
        for key in {(fact, None), (fact, basket)}:
            found[key] = _joined(found.get(key), Feed(*coverage))
    for table in _REFERENCE:
        if (table, None) not in found and snapshot.rows(_ANY[table]):
            found[table, None] = Feed("day", None, None, False, False)
    return found


def _joined(old: Feed | None, new: Feed) -> Feed:
    """Two feeds of one fact, seen as one: the coarser grain, the longer span."""
    if old is None:
        return new
    return Feed(
        max(old.grain, new.grain, key=_GRAINS.index),
        min(filter(None, (old.first, new.first)), default=None),
        max(filter(None, (old.last, new.last)), default=None),
        old.published and new.published,
        old.absent_zero and new.absent_zero,
        old.absent_unknown or new.absent_unknown,
    )


def feed_of(snapshot: Any, fact: Fact, product: str | None = None) -> Feed | None:
    """The coverage of a fact, or of a product's basket in it; None when nothing of it is loaded."""
    table = _SOURCE.get(fact.table.name, fact.table.name)
    whole = feeds(snapshot).get((table, None))
    if product is None or fact.product is None:
        return whole
    own = [feeds(snapshot).get((table, basket)) for basket in baskets(snapshot).get(product, ())]
    return next(filter(None, own), whole)


def baskets(snapshot: Any) -> dict[str, tuple[str, ...]]:
    """The baskets that each product is in."""

    def _find() -> dict[str, tuple[str, ...]]:
        found: dict[str, list[str]] = {}
        for product, basket in snapshot.rows("SELECT product, basket FROM basket ORDER BY ALL"):
            found.setdefault(product, []).append(basket)
        return {product: tuple(own) for product, own in found.items()}

    return remembered(snapshot, "baskets", _find)


def not_in_both(snapshot: Any, spans: tuple[Span, ...]) -> tuple[str, ...]:
    """The baskets whose outcome does not cover every one of these spans, by name: a comparison leaves them out."""
    short = [
        basket
        for (table, basket), feed in feeds(snapshot).items()
        if table == "outcome" and basket is not None and not all(feed.covers(span) for span in spans)
    ]
    names = dict(snapshot.rows("SELECT basket, min(name) FROM basket GROUP BY basket")) if short else {}
    return tuple(sorted(names.get(basket) or basket for basket in short))


def short_baskets(snapshot: Any) -> bool:
    """Whether the outcome of some market basket is loaded for fewer days than that of the others."""
    own = [each for (fact, basket), each in feeds(snapshot).items() if fact == "outcome" and basket is not None]
    return len({each.first for each in own}) > 1 or len({each.last for each in own}) > 1


def finer_than_known(feed: Feed, span: Span) -> bool:
    """Whether a yearly feed is asked for a window that is no run of whole years."""
    whole = (span.first.month, span.first.day) == (1, 1) and (span.last.month, span.last.day) == (12, 31)
    return feed.grain == "year" and not whole
