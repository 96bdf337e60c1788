"""unbalanced_map: a territory whose planned workload lies outside 85 to 115 % of the average, two cycles running."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd

from metrics.cues.scene import Found, Scene, each
from metrics.cues.wording import count, number, share

NEAR, FAR = 0.15, 0.30  # beyond the first the region shifts its map; beyond the second the nation approves it

# One row a territory: calls planned in the cycle in force and in the one before it, and the averages.
LOADS = """
WITH cycles AS (
    SELECT cycle, min(period_start) AS first, max(period_end) AS last,
        row_number() OVER (ORDER BY min(period_start) DESC) AS back
    FROM plan WHERE hierarchy = $hierarchy AND period_start <= $as_of GROUP BY cycle
),
load AS (
    SELECT p.node, c.back, c.first, c.last, CAST(sum(p.quantity) AS DOUBLE) AS planned,
        count(DISTINCT p.party) AS targets, count(DISTINCT p.party) FILTER (WHERE p.tier = 'A') AS top
    FROM plan p JOIN cycles c USING (cycle) WHERE p.hierarchy = $hierarchy AND c.back <= 2 GROUP BY ALL
),
indexed AS (
    SELECT *, planned / avg(planned) OVER (PARTITION BY back) AS load_index,
        avg(planned) OVER (PARTITION BY back) AS average, avg(targets) OVER (PARTITION BY back) AS usual
    FROM load
)
SELECT n.*, b.load_index AS before FROM indexed n JOIN indexed b ON b.node = n.node AND b.back = 2
WHERE n.back = 1 AND n.last >= $as_of ORDER BY n.node
"""

STATEMENTS = (LOADS,)


def unbalanced_map(scene: Scene) -> Iterator[Found]:
    """Every territory out of balance: to its region, and to the nation where no region can hide it."""
    for hierarchy in scene.of_kind("field", "geography"):
        rows = scene.frame(LOADS, hierarchy=hierarchy.id)
        rows = rows[[not node.endswith("~unaligned") for node in rows["node"]]]
        for row in each(rows):
            now, before = row.load_index - 1, row.before - 1
            for role, rung, limit in (("regional_director", "second", NEAR), ("national_leader", "top", FAR)):
                post = scene.above(hierarchy.id, row.node, rung)
                if post and abs(now) > limit and abs(before) > limit and now * before > 0:
                    yield _found(scene, row, rows, hierarchy.id, role, post)


def _found(scene: Scene, row: Any, rows: pd.DataFrame, hierarchy: str, role: str, post: str) -> Found:
    place = scene.node_names.get((hierarchy, row.node), row.node)
    weeks = (pd.Timestamp(row.last) - pd.Timestamp(row.first)).days / 7
    off = abs(row.load_index - 1)
    return Found(
        role=role,
        hierarchy=hierarchy,
        node=post,
        subject=row.node,
        headline=f"{place[:40]} carries {share(row.load_index)} of an average workload",
        reasons=(
            f"{number(row.planned)} calls planned in this cycle; the average territory has {number(row.average)}",
            f"{count(row.targets, 'target')}, {row.top} of tier A; the average is {count(row.usual, 'target')}",
            f"{share(row.before)} in the cycle before; {_opposite(scene, row, rows, hierarchy)}",
        ),
        comparator=f"{share(1 - NEAR)} to {share(1 + NEAR)} of the average territory's planned calls",
        confidence=0.95,
        data_as_of=scene.as_of,
        worth=((off - NEAR) * row.average / weeks, off * row.average / weeks),
        evidence={
            "index": row.load_index,
            "index_before": row.before,
            "planned": row.planned,
            "average": row.average,
            "targets": int(row.targets),
            "tier_a": int(row.top),
        },
    )


def _opposite(scene: Scene, row: Any, rows: pd.DataFrame, hierarchy: str) -> str:
    """Where the work could go to or come from: the territory of the same district furthest on the other side."""
    district = scene.above(hierarchy, row.node, "third")
    near = rows[[scene.above(hierarchy, node, "third") == district and node != row.node for node in rows["node"]]]
    if near.empty:
        return "no territory beside it"
    index = near["load_index"]
    other = near.iloc[index.argmin() if row.load_index > 1 else index.argmax()]
    return f"{scene.node_names.get((hierarchy, other['node']), other['node'])} beside it {share(other['load_index'])}"
