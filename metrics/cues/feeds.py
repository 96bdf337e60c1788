"""feed_silent: a feed that has brought nothing new for longer than its rhythm allows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd

from metrics.cues.scene import FIELD_KINDS, Found, Scene, each
from metrics.cues.wording import ago, count, dated

# Days after which a feed of each grain should have brought something.
PATIENCE = {"day": 14, "week": 21, "month": 62, "year": 550}
MEDIA = ("exposure", "spend")
_WORDS = {
    "outcome": "prescriptions", "interaction": "calls", "detail": "details", "sample": "samples",
    "exposure": "media exposures", "spend": "media spend", "exchange": "exchanges", "inquiry": "inquiries",
    "insight": "insights", "enrolment": "enrolment",
}  # fmt: skip

FEEDS = """
SELECT feed, fact, grain, min(first) AS first, max(last) AS last,
    (SELECT count(DISTINCT o.feed) FROM coverage o WHERE o.fact = c.fact) AS feeds,
    (SELECT max(o.last) FROM coverage o WHERE o.fact = c.fact) AS newest
FROM coverage c WHERE last IS NOT NULL AND first IS NOT NULL GROUP BY ALL ORDER BY feed, fact
"""

# A market of a feed that ends at least a period before the feed's others: nobody delivered it any further.
MARKETS = """
WITH ends AS (
    SELECT feed, fact, basket, any_value(grain) AS grain, min(first) AS first, max(last) AS last FROM coverage
    WHERE last IS NOT NULL AND basket IS NOT NULL GROUP BY feed, fact, basket
)
SELECT e.*, max(e.last) OVER (PARTITION BY e.feed, e.fact) AS newest,
    count(*) OVER (PARTITION BY e.feed, e.fact) AS markets, coalesce(b.name, e.basket) AS market
FROM ends e LEFT JOIN (SELECT basket, max(name) AS name FROM basket GROUP BY basket) b ON b.basket = e.basket
QUALIFY date_diff('day', e.last, newest) >= CASE e.grain
    WHEN 'day' THEN 14 WHEN 'week' THEN 14 WHEN 'month' THEN 28 ELSE 365 END
ORDER BY e.feed, e.fact, e.basket
"""

STATEMENTS = (FEEDS, MARKETS)


def feed_silent(scene: Scene) -> Iterator[Found]:
    """Every silent feed of what happened, and market of one: to the steward, and media's to the brand lead."""
    yield from (_short(scene, row) for row in each(scene.frame(MARKETS)) if row.fact in _WORDS)
    for row in each(scene.frame(FEEDS)):
        silent = (scene.as_of - pd.Timestamp(row.last).date()).days
        if row.fact not in _WORDS or silent <= PATIENCE[row.grain]:
            continue
        yield _found(scene, row, silent, "steward", "", "")
        if row.fact in MEDIA:
            for hierarchy in scene.of_kind(*FIELD_KINDS):
                for top in scene.tops(hierarchy.id):
                    yield _found(scene, row, silent, "brand_lead", hierarchy.id, top)


def _short(scene: Scene, row: Any) -> Found:
    """A market that ends before the others of its feed."""
    last, newest, what = pd.Timestamp(row.last).date(), pd.Timestamp(row.newest).date(), _WORDS[row.fact]
    missing = (newest - last).days
    return Found(
        role="steward",
        hierarchy="",
        node="",
        subject=row.feed,
        thing=f"{row.fact} {row.basket}",
        headline=f"{what[:1].upper()}{what[1:]} of {row.market[:30]} end {ago(missing)} before the others'",
        reasons=(
            f"Its last period ends on {dated(last)}; the other markets of {row.feed} go to {dated(newest)}",
            f"{count(row.markets - 1, 'other market')} of the feed: totals of all products fall by this one's part",
            "It is left out of comparisons of all products until it is loaded to the same day",
        ),
        comparator="the other markets of the same feed",
        confidence=0.99,
        data_as_of=last,
        worth=(float(missing), float(missing)),
        evidence={"feed": row.feed, "fact": row.fact, "market": row.basket, "last": last.isoformat(), "days": missing},
    )


def _found(scene: Scene, row: Any, silent: int, role: str, hierarchy: str, node: str) -> Found:
    last, first = pd.Timestamp(row.last).date(), pd.Timestamp(row.first).date()
    newest, what = pd.Timestamp(row.newest).date(), _WORDS[row.fact]
    others = f"It is the only feed of {what}"
    if row.feeds > 1:
        others = f"{count(row.feeds - 1, 'other feed')} of {what}; the newest goes to {dated(newest)}"
    return Found(
        role=role,
        hierarchy=hierarchy,
        node=node,
        subject=row.feed,
        thing=row.fact,
        headline=f"{row.feed[:44]} has been silent for {ago(silent)}",
        reasons=(
            f"Its last row of {what} is of {dated(last)}, {count(silent, 'day')} before the data's day",
            f"A feed by {row.grain} should bring something within {count(PATIENCE[row.grain], 'day')}; "
            f"it did from {dated(first)} on",
            others,
        ),
        comparator="what its own rhythm allows",
        confidence=0.99,
        data_as_of=last,
        worth=(float(silent - PATIENCE[row.grain]), float(silent)),
        evidence={"feed": row.feed, "fact": row.fact, "last": last.isoformat(), "days": silent, "grain": row.grain},
    )
