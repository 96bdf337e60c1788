"""sample_sink: samples keep going where no prescription of the product comes from."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from metrics.cues.scene import FIELD_KINDS, Found, Scene, each
from metrics.cues.wording import count, number

WEEKS, LEAST_VISITS, UPPER_TENTH = 26, 4, 0.9

# One row an HCP and own product: units left in half a year, and what the HCP wrote of the product and its
# market in the same weeks. Opted-out physicians are outside from the first line on.
LEFT = """
WITH loaded AS (
    SELECT min(period_start) <= CAST($anchor AS DATE) - 7 * $weeks + 1 AS whole FROM outcome
),
given AS (
    SELECT s.party, s.product, CAST(sum(s.quantity) AS DOUBLE) AS units, count(DISTINCT s.period_end) AS visits,
        max(s.period_end) AS last_left
    FROM sample s
    WHERE s.period_end BETWEEN CAST($anchor AS DATE) - 7 * $weeks + 1 AND CAST($anchor AS DATE)
        AND (SELECT whole FROM loaded) AND NOT EXISTS (SELECT 1 FROM pdrp_now x WHERE x.party = s.party)
    GROUP BY ALL
),
usual AS (
    SELECT product, quantile_cont(units, $tenth) AS many, median(units) AS middle FROM given GROUP BY product
),
wrote AS (
    SELECT g.party, g.product,
        CAST(sum(o.quantity) FILTER (WHERE m.scope = 'own') AS DOUBLE) AS own,
        CAST(sum(o.quantity) FILTER (WHERE m.scope = 'basket') AS DOUBLE) AS market
    FROM given g
    JOIN product_scope m ON m.asked = g.product AND m.scope IN ('own', 'basket')
    JOIN outcome o ON o.subject = g.party AND o.product = m.product
        AND o.period_start > CAST($anchor AS DATE) - 7 * $weeks AND o.period_end <= $anchor
    GROUP BY ALL
)
SELECT g.*, u.many, u.middle, coalesce(w.own, 0) AS own, coalesce(w.market, 0) AS market, p.leaf
FROM given g
JOIN usual u USING (product)
JOIN product mine ON mine.product = g.product AND mine.own
JOIN place p ON p.subject = g.party AND p.hierarchy = $hierarchy
LEFT JOIN wrote w ON w.party = g.party AND w.product = g.product
WHERE g.units > u.many AND g.visits >= $visits AND coalesce(w.own, 0) < 1 AND NOT ends_with(p.leaf, '~unaligned')
ORDER BY g.party, g.product
"""

STATEMENTS = (LEFT,)


def sample_sink(scene: Scene) -> Iterator[Found]:
    """Every HCP among the tenth that receives most samples of a product and wrote none of it in half a year."""
    if scene.grain not in ("week", "month"):
        return
    asked = {"weeks": WEEKS, "visits": LEAST_VISITS, "tenth": UPPER_TENTH}
    for hierarchy in scene.of_kind(*FIELD_KINDS):
        for row in each(scene.frame(LEFT, hierarchy=hierarchy.id, **asked)):
            yield _found(scene, row, hierarchy.id)


def _found(scene: Scene, row: Any, hierarchy: str) -> Found:
    name = scene.products.get(row.product, row.product)
    return Found(
        role="rep",
        hierarchy=hierarchy,
        node=row.leaf,
        subject=row.party,
        product=row.product,
        headline="{subject} " + f"takes {name[:16]} samples and writes none",
        reasons=(
            f"{count(row.units, 'unit')} of {name} left on {count(row.visits, 'visit')} in {WEEKS} weeks",
            f"No {name} script in these weeks; {number(row.market)} in its market",
            f"The middle HCP who is sampled received {count(row.middle, 'unit')}, nine in ten up to {number(row.many)}",
        ),
        comparator="HCPs who receive samples of the same product",
        confidence=0.9,
        data_as_of=scene.anchor,
        worth=((row.units - row.middle) / 2, row.units / 2),
        evidence={name: float(getattr(row, name)) for name in ("units", "visits", "own", "market", "middle", "many")},
    )
