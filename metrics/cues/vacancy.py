"""vacant_territory: nobody covers a territory whose plan is worth covering."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd

from metrics.cues.scene import Found, Scene, each
from metrics.cues.wording import ago, count, dated, day, number

LEAST_SHARE = 0.5
_RUNGS = {"district_manager": "third", "regional_director": "second"}

# One row a territory that the roster says is vacant or on leave, with nobody active beside.
EMPTY = """
WITH now AS (
    SELECT * FROM roster
    WHERE hierarchy = $hierarchy AND coalesce(from_date, DATE '0001-01-01') <= $as_of
        AND coalesce(to_date, DATE '9999-12-31') >= $as_of AND coalesce(team, 'core') = 'core'
),
empty AS (
    SELECT node, min(status) AS status, max(from_date) AS since FROM now
    GROUP BY node HAVING count(*) FILTER (WHERE status = 'active' AND actor IS NOT NULL) = 0
),
work AS (
    SELECT node, count(DISTINCT party) AS targets, count(DISTINCT party) FILTER (WHERE tier = 'A') AS top,
        CAST(sum(quantity) AS DOUBLE) AS planned,
        CAST(sum(quantity * 7.0 / (date_diff('day', period_start, period_end) + 1)) AS DOUBLE) AS a_week,
        max(period_end) AS last
    FROM plan WHERE hierarchy = $hierarchy AND $as_of BETWEEN period_start AND period_end GROUP BY node
),
made AS (
    SELECT node, count(DISTINCT call_id) AS calls FROM interaction
    WHERE hierarchy = $hierarchy AND period_end BETWEEN CAST($as_of AS DATE) - 27 AND CAST($as_of AS DATE) GROUP BY node
)
SELECT e.*, w.targets, w.top, w.planned, w.a_week, w.last, coalesce(m.calls, 0) AS calls,
    (SELECT avg(planned) FROM work) AS average
FROM empty e JOIN work w USING (node) LEFT JOIN made m USING (node)
ORDER BY e.node
"""

STATEMENTS = (EMPTY,)


def vacant_territory(scene: Scene) -> Iterator[Found]:
    """Every empty territory worth covering: to its district manager and its regional director."""
    for hierarchy in scene.of_kind("field", "geography"):
        for row in each(scene.frame(EMPTY, hierarchy=hierarchy.id)):
            if row.planned >= LEAST_SHARE * row.average:
                for role, rung in _RUNGS.items():
                    post = scene.above(hierarchy.id, row.node, rung)
                    if post:
                        yield _found(scene, row, hierarchy.id, role, post)


def _found(scene: Scene, row: Any, hierarchy: str, role: str, post: str) -> Found:
    place = scene.node_names.get((hierarchy, row.node), row.node)
    since = None if pd.isna(row.since) else pd.Timestamp(row.since).date()
    state = "on leave" if row.status == "leave" else "vacant"
    left = max(0.0, row.a_week - row.calls / 4)
    last = day(pd.Timestamp(row.last))
    return Found(
        role=role,
        hierarchy=hierarchy,
        node=post,
        subject=row.node,
        headline=f"{place[:48]} is {state}" + (f" for {ago((scene.as_of - since).days)}" if since else ""),
        reasons=(
            f"{state.capitalize()} since {f'{dated(since)}' if since else 'before the roster began'}",
            f"{count(row.targets, 'target')}, {row.top} of tier A; {number(row.planned)} calls planned to {last}",
            f"{count(row.calls, 'call')} made there in four weeks; the plan asks for {number(row.a_week)} a week",
        ),
        comparator=f"the average territory's {number(row.average)} planned calls",
        confidence=0.99,
        data_as_of=scene.as_of,
        worth=(left, max(left, row.a_week)),
        evidence={
            "status": row.status,
            "since": since.isoformat() if since else None,
            "targets": int(row.targets),
            "tier_a": int(row.top),
            "planned": row.planned,
            "a_week": row.a_week,
            "calls_4_weeks": int(row.calls),
            "average_planned": row.average,
        },
    )
