"""site_stalled: a site that enrolled and then stopped, longer than its own pace explains.

The wait since the last subject against the waits before it: for a steady site the chance of a wait g
after k subjects in T weeks is (1 + g / T) ** -k, the F test of exponential waits.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd

from metrics.cues.scene import Found, Scene, each
from metrics.cues.wording import ago, count, day, number

LEAST_SUBJECTS, LEAST_WEEKS, CHANCE = 3, 13, 0.01

# One row an open site that does not flag already: subjects to its last one, and the weeks before and after it.
WAITS = """
WITH enrolled AS (
    SELECT site, CAST(sum(quantity) AS DOUBLE) AS subjects, max(period_end) AS last FROM enrolment
    WHERE basis = 'actual' AND event = 'enrolled' AND quantity > 0 AND period_end <= $anchor GROUP BY site
),
screened AS (
    SELECT site, max(period_end) AS last, CAST(sum(quantity) AS DOUBLE) AS subjects FROM enrolment
    WHERE basis = 'actual' AND event = 'screened' AND quantity > 0 AND period_end <= $anchor GROUP BY site
),
feed AS (SELECT max(period_end) AS last FROM enrolment WHERE basis = 'actual' AND period_end <= $anchor)
SELECT i.site, i.study, CAST(i.plan_rate AS DOUBLE) AS plan_rate, e.subjects, e.last,
    greatest(date_diff('day', i.activated, e.last), 1) / 7.0 AS before,
    date_diff('day', e.last, least(CAST($anchor AS DATE), f.last)) / 7.0 AS waited,
    s.last AS last_screened, s.subjects AS screened, p.leaf
FROM site i JOIN enrolled e USING (site) LEFT JOIN screened s USING (site) CROSS JOIN feed f
JOIN place p ON p.subject = i.site AND p.hierarchy = $hierarchy
LEFT JOIN site_state z ON z.site = i.site AND z.period_end = $anchor
WHERE i.activated IS NOT NULL AND (i.closed IS NULL OR i.closed > $anchor) AND NOT coalesce(z.flag, FALSE)
ORDER BY i.site
"""

STATEMENTS = (WAITS,)


def site_stalled(scene: Scene) -> Iterator[Found]:
    """Every open site without a subject for a quarter, against its own pace: to its MSL and its study's manager."""
    for hierarchy in scene.of_kind("medical", "study"):
        for row in each(scene.frame(WAITS, hierarchy=hierarchy.id)):
            chance = (1.0 + row.waited / row.before) ** -row.subjects
            if row.subjects < LEAST_SUBJECTS or row.waited < LEAST_WEEKS or chance >= CHANCE:
                continue
            if hierarchy.kind == "study":
                role, node = "site_manager", scene.above(hierarchy.id, row.leaf, "top")
            else:
                role, node = scene.medical_post(hierarchy.id, row.leaf)
            if node:
                yield _found(scene, row, hierarchy.id, role, node, chance)


def _found(scene: Scene, row: Any, hierarchy: str, role: str, node: str, chance: float) -> Found:
    rate, last = row.subjects / row.before, pd.Timestamp(row.last).date()
    plan = float(row.plan_rate) if row.plan_rate and row.plan_rate > 0 else rate
    screening = "Nobody has been screened there"
    if not pd.isna(row.last_screened):
        seen = pd.Timestamp(row.last_screened).date()
        screening = f"Last screened {ago((scene.anchor - seen).days)} ago ({day(seen)})"
    return Found(
        role=role,
        hierarchy=hierarchy,
        node=node,
        subject=row.site,
        headline=f"{{subject}} has stalled: nobody enrolled for {ago(int(7 * row.waited))}",
        reasons=(
            f"{count(row.subjects, 'subject')} in its first {number(row.before)} weeks, none in {number(row.waited)} "
            f"since {day(last)}",
            f"At its own pace ({number(rate, 2)} a week) such a wait has {number(100 * chance, 1)} chances in 100",
            screening,
        ),
        comparator="its own pace up to its last subject",
        confidence=1.0 - chance,
        data_as_of=scene.anchor,
        worth=(26 * min(rate, plan), 26 * max(rate, plan)),
        evidence={
            "subjects": row.subjects,
            "weeks_before": float(row.before),
            "weeks_waited": float(row.waited),
            "last": last.isoformat(),
            "chance": chance,
        },
    )
