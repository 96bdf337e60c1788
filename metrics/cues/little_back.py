"""met_often_writes_little: calls of a year go where the source shows no prescription of the product."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd

from metrics.cues import years
from metrics.cues.scene import FIELD_KINDS, Found, Scene, each
from metrics.cues.wording import count, number

LEAST_TIMES, UPPER_TENTH = 4, 0.9

# One row an HCP and own product: how often met in the year, and what was written of it and of its market. Only who is
# known in the market that year is spoken of; a hidden count lies under its number. Opted-out physicians are outside.
MET = """
WITH w AS (SELECT first, last FROM span WHERE kind = 'window' AND win = $win AND shift = 'current'),
whole AS (
    SELECT product FROM coverage c JOIN basket b ON b.basket IS NOT DISTINCT FROM c.basket OR c.basket IS NULL
    WHERE c.fact = 'interaction'
    GROUP BY product HAVING min(first) <= (SELECT first FROM w) AND max(last) >= (SELECT last FROM w)
),
met AS (
    SELECT i.party, i.product, CAST(sum(i.quantity) AS DOUBLE) AS times
    FROM interaction i JOIN w ON i.period_start >= w.first AND i.period_end <= w.last
    WHERE i.party IS NOT NULL AND i.product IN (SELECT product FROM whole)
        AND NOT EXISTS (SELECT 1 FROM pdrp_now x WHERE x.party = i.party)
    GROUP BY ALL
),
usual AS (
    SELECT product, quantile_cont(times, $tenth) AS many, median(times) AS middle FROM met GROUP BY product
),
wrote AS (
    SELECT m.party, m.product,
        CAST(sum(o.quantity) FILTER (WHERE s.scope = 'own') AS DOUBLE) AS own,
        max(coalesce(o.below, 0)) FILTER (WHERE s.scope = 'own') AS below,
        CAST(sum(o.quantity) FILTER (WHERE s.scope = 'basket') AS DOUBLE) AS market
    FROM met m
    JOIN w ON TRUE
    JOIN product_scope s ON s.asked = m.product AND s.scope IN ('own', 'basket')
    JOIN outcome o ON o.subject = m.party AND o.product = s.product
        AND o.period_start >= w.first AND o.period_end <= w.last
    GROUP BY ALL
)
SELECT m.party, m.product, m.times, u.many, u.middle, coalesce(r.own, 0) AS own, r.below, r.market, p.leaf
FROM met m
JOIN usual u USING (product)
JOIN product mine ON mine.product = m.product AND mine.own
JOIN wrote r ON r.party = m.party AND r.product = m.product
JOIN place p ON p.subject = m.party AND p.hierarchy = $hierarchy
WHERE r.market > 0 AND NOT ends_with(p.leaf, '~unaligned')
ORDER BY m.party, m.product
"""

STATEMENTS = (MET,)


def met_often_writes_little(scene: Scene) -> Iterator[Found]:
    """Every HCP among the tenth met most for a product in the year of whom the source shows no prescription of it."""
    if scene.grain != "year":
        return
    for hierarchy in scene.of_kind(*FIELD_KINDS):
        rows = met(scene, hierarchy.id)
        often = (rows["times"] >= LEAST_TIMES) & (rows["times"] >= rows["many"]) & (rows["own"] < 1)
        for row in each(rows[often]):
            yield _found(scene, row, hierarchy.id)


def met(scene: Scene, hierarchy: str) -> pd.DataFrame:
    """Everybody met for an own product in the year: how often, what was written, where they stand."""
    return scene.frame(MET, hierarchy=hierarchy, win=years.window(scene), tenth=UPPER_TENTH)


def _found(scene: Scene, row: Any, hierarchy: str) -> Found:
    name, below = scene.products[row.product], int(row.below)
    wrote = f"Fewer than {count(below, 'script')}" if below else "Not one script"
    return Found(
        role="rep",
        hierarchy=hierarchy,
        node=row.leaf,
        subject=row.party,
        product=row.product,
        headline=f"{{subject}} is met often and writes little {name}",
        reasons=(
            f"Met {count(row.times, 'time')} for {name} in the year",
            f"{wrote} of {name} in it, of {number(row.market)} in its market",
            f"The middle HCP met for {name} was met {count(row.middle, 'time')}, nine in ten up to {number(row.many)}",
        ),
        comparator=f"HCPs met for {name} in the same year",
        confidence=0.9,
        data_as_of=scene.anchor,
        worth=((row.times - row.middle) / 2, row.times),
        evidence={
            "met": float(row.times),
            "met_by_nine_in_ten": float(row.many),
            "met_in_the_middle": float(row.middle),
            "hidden_below": below,
            "market": float(row.market),
        },
    )
