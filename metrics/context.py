"""What stands around the numbers: how old each feed is, and what happened that explains a kink."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from data.levels import path
from metrics.access import may_look_at, may_see_band
from metrics.catalog import METRICS
from metrics.declare import BANDS
from metrics.loaded import feed_of, remembered
from metrics.query import Visitor


@dataclass(frozen=True)
class Freshness:
    """The last day of a band's data and how many days before the day of the snapshot that is."""

    band: str
    last: date
    age_days: int


# The fact that tells a band's age: what the band is mostly about.
_TELLS = {"outcome": "trx", "field": "calls", "media": "impressions", "medical": "inquiries", "sites": "enrolled"}


def freshness(visitor: Visitor, snapshot: Any) -> tuple[Freshness, ...]:
    """How old the data of each band is, for the bands that the visitor may know and that are loaded."""
    found = []
    for band in BANDS:
        feed = feed_of(snapshot, METRICS[_TELLS[band]].facts[0])
        if feed is None or feed.last is None or may_see_band(visitor, band, snapshot):
            continue
        last = min(feed.last, snapshot.as_of)
        found.append(Freshness(band, last, (snapshot.as_of - last).days))
    return tuple(found)


_ANNOTATIONS = "SELECT date, text, product, hierarchy, node FROM annotation ORDER BY date, text"


def annotations(
    visitor: Visitor, snapshot: Any, hierarchy: str, node: str, first: date, last: date, product: str | None = None
) -> tuple[tuple[date, str], ...]:
    """Dated events that concern a node, the nodes above it or below it: day and text, the oldest first.

    Raises Denied where the visitor may not enter the hierarchy or look at the node.
    """
    may_look_at(visitor, snapshot, hierarchy, node)
    parents = {each.id: each.parent for each in snapshot.nodes(hierarchy).values()}
    above = set(path(node, parents))
    return tuple(
        (day, text)
        for day, text, what, where, place in remembered(snapshot, "annotations", lambda: snapshot.rows(_ANNOTATIONS))
        if first <= day <= last
        and (product is None or what in (None, product))
        and where in (None, hierarchy)
        and (place is None or place in above or (place in parents and node in path(place, parents)))
    )
