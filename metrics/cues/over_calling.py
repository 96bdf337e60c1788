"""over_calling: calls go beyond plan to the low tier while tier A waits."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd

from metrics.cues.scene import Found, Scene, each
from metrics.cues.wording import count, day, number, share

BEYOND_SHARE, TOP_BEHIND, LEAST_CALLS, LEAST_GONE = 0.30, 0.75, 30, 1 / 4

# One row a territory with a plan in force: calls made to date, those to low-tier or unplanned people beyond
# what their plan asks to date, and what tier A was to receive and received, each capped at its plan.
TIERS = """
WITH now AS (
    SELECT party, node, min(tier) AS tier, CAST(sum(quantity) AS DOUBLE) AS planned,
        min(period_start) AS first, max(period_end) AS last
    FROM plan WHERE hierarchy = $hierarchy AND $as_of BETWEEN period_start AND period_end GROUP BY ALL
),
cycle AS (SELECT node, min(first) AS first, max(last) AS last FROM now GROUP BY node),
gone AS (
    SELECT c.node, c.first, c.last,
        (max(w.n) FILTER (WHERE w.date <= $as_of) - min(w.n) + 1.0) / (max(w.n) - min(w.n) + 1) AS gone
    FROM cycle c JOIN working_day w ON w.date BETWEEN c.first AND c.last GROUP BY ALL
),
made AS (
    SELECT i.node, i.party, count(DISTINCT i.call_id) AS held FROM interaction i JOIN cycle c USING (node)
    WHERE i.hierarchy = $hierarchy AND i.period_end BETWEEN c.first AND CAST($as_of AS DATE) GROUP BY ALL
),
each AS (
    SELECT g.node, g.gone, g.first, coalesce(n.tier, '') AS tier, coalesce(n.planned, 0) * g.gone AS due,
        coalesce(m.held, 0) AS held
    FROM now n FULL JOIN made m USING (party, node) JOIN gone g ON g.node = coalesce(n.node, m.node)
)
SELECT node, min(gone) AS gone, min(first) AS first, sum(held) AS held,
    coalesce(sum(greatest(held - due, 0)) FILTER (WHERE tier NOT IN ('A', 'B')), 0) AS beyond,
    coalesce(sum(held) FILTER (WHERE tier NOT IN ('A', 'B')), 0) AS low_held,
    coalesce(sum(due) FILTER (WHERE tier NOT IN ('A', 'B')), 0) AS low_due,
    coalesce(sum(least(held, due)) FILTER (WHERE tier = 'A'), 0) AS top_held,
    coalesce(sum(due) FILTER (WHERE tier = 'A'), 0) AS top_due,
    count(*) FILTER (WHERE tier = 'A') AS top, count(*) FILTER (WHERE tier = 'A' AND held = 0) AS top_unseen
FROM each GROUP BY node ORDER BY node
"""

STATEMENTS = (TIERS,)


def over_calling(scene: Scene) -> Iterator[Found]:
    """Every territory with three calls in ten beyond the low tier's plan and tier A a quarter behind."""
    for hierarchy in scene.of_kind("field", "geography"):
        for row in each(scene.frame(TIERS, hierarchy=hierarchy.id)):
            post = scene.above(hierarchy.id, row.node, "third")
            spoken = row.gone >= LEAST_GONE and row.held >= LEAST_CALLS and row.top_due > 0
            if post and spoken and row.beyond > BEYOND_SHARE * row.held and row.top_held < TOP_BEHIND * row.top_due:
                yield _found(scene, row, hierarchy.id, post)


def _found(scene: Scene, row: Any, hierarchy: str, post: str) -> Found:
    place = scene.node_names.get((hierarchy, row.node), row.node)
    weeks = max((scene.as_of - pd.Timestamp(row.first).date()).days / 7, 1.0)
    owed = float(row.top_due - row.top_held)
    return Found(
        role="district_manager",
        hierarchy=hierarchy,
        node=post,
        subject=row.node,
        headline=f"{place[:40]} calls its low tier beyond plan, tier A waits",
        reasons=(
            f"{number(row.beyond)} of {count(row.held, 'call')} ({share(row.beyond / row.held)}) are beyond the low "
            f"tier's plan: {number(row.low_held)} made, {number(row.low_due)} due",
            f"Tier A received {number(row.top_held)} of the {number(row.top_due)} calls due by now "
            f"({share(row.top_held / row.top_due)})",
            f"{row.top_unseen} of {count(row.top, 'tier A target')} not seen since {day(pd.Timestamp(row.first))}",
        ),
        comparator="the call plan in force, by working days gone",
        confidence=0.95,
        data_as_of=scene.last_day("interaction") or scene.as_of,
        worth=(min(row.beyond, owed) / weeks, max(row.beyond, owed) / weeks),
        evidence={
            name: float(getattr(row, name))
            for name in ("held", "beyond", "low_held", "low_due", "top_held", "top_due", "top", "top_unseen", "gone")
        },
    )
