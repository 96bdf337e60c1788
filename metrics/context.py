"""What stands around the numbers: how old each feed is, and what happened that explains a kink."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from metrics.access import may_look_at, may_see_band
from metrics.catalog import METRICS
from metrics.declare import BANDS
from metrics.loaded import feed_of
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


_ANNOTATIONS = """
SELECT a.date, a.text FROM annotation a
WHERE a.date BETWEEN $first AND $last
  AND (a.product IS NULL OR $product IS NULL OR a.product = $product)
  AND (a.hierarchy IS NULL OR a.hierarchy = $hierarchy)
  AND (a.node IS NULL OR a.node IN (
        SELECT t.node FROM node_tree t WHERE t.hierarchy = $hierarchy AND t.ancestor = $node
        UNION SELECT t.ancestor FROM node_tree t WHERE t.hierarchy = $hierarchy AND t.node = $node))
ORDER BY a.date, a.text
"""


def annotations(
    visitor: Visitor, snapshot: Any, hierarchy: str, node: str, first: date, last: date, product: str | None = None
) -> pd.DataFrame:
    """Dated events that concern a node, the nodes above it or below it: columns date and text.

    Raises Denied where the visitor may not enter the hierarchy or look at the node.
    """
    may_look_at(visitor, snapshot, hierarchy, node)
    values = {"hierarchy": hierarchy, "node": node, "first": first, "last": last, "product": product}
    return pd.DataFrame(snapshot.frame(_ANNOTATIONS, values))
