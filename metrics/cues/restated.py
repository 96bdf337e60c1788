"""week_restated: a later delivery changed a period that had been delivered before. No persons, no volumes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from metrics.cues.scene import FIELD_KINDS, Found, Scene, each
from metrics.cues.wording import count, dated, number, share_moved

LEAST_PERCENT = 2.0

# What the import noticed: which source, which period, by how much, and how many rows changed.
CHANGED = """
WITH said AS (
    SELECT "where" AS place, what, todo, rows,
        TRY_CAST(regexp_extract(what, 'ending (\\d{4}-\\d{2}-\\d{2})', 1) AS DATE) AS ending,
        TRY_CAST(regexp_extract(what, '([+-]\\d+(?:\\.\\d+)?) %', 1) AS DOUBLE) AS percent
    FROM finding WHERE code = 'period_restated'
)
SELECT *, count(*) OVER (PARTITION BY place) AS periods FROM said
WHERE ending IS NOT NULL AND abs(percent) >= $least ORDER BY place, ending
"""

STATEMENTS = (CHANGED,)


def week_restated(scene: Scene) -> Iterator[Found]:
    """Every restated period: to the steward, and to the brand lead whose trend it moves."""
    for row in each(scene.frame(CHANGED, least=LEAST_PERCENT)):
        yield _found(scene, row, "steward", "", "")
        for hierarchy in scene.of_kind(*FIELD_KINDS):
            for top in scene.tops(hierarchy.id):
                yield _found(scene, row, "brand_lead", hierarchy.id, top)


def _found(scene: Scene, row: Any, role: str, hierarchy: str, node: str) -> Found:
    ending = row.ending.date()
    back = (scene.anchor - ending).days // 7
    moved = share_moved(row.percent)
    return Found(
        role=role,
        hierarchy=hierarchy,
        node=node,
        subject=row.place,
        thing=ending.isoformat(),
        headline=f"The period to {dated(ending)} was restated by {moved}",
        reasons=(
            f"{count(row.rows, 'row')} of it say something else than the delivery before",
            f"It ends {count(back, 'week')} before the last period, so it stands in trends and comparisons",
            f"{count(row.periods, 'period')} of {row.place} changed by {number(LEAST_PERCENT)} % or more",
        ),
        comparator="the same rows as delivered before",
        confidence=0.99,
        data_as_of=scene.anchor,
        worth=(abs(row.percent), abs(row.percent)),
        evidence={"source": row.place, "ending": ending.isoformat(), "percent": row.percent, "rows": int(row.rows)},
    )
