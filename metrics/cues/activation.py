"""activation_stuck: a site that has not opened because one step of its activation does not move."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd

from metrics.cues.scene import Found, Scene, each
from metrics.cues.wording import ago, count, dated

LATE_DAYS = 30

# One row a site not yet open: the first of its steps still to do, the one done before it, and how late the
# study's other sites were with the same step.
STEPS = """
WITH step AS (
    SELECT m.site, i.study, m.milestone, m.planned, m.actual, CAST(i.plan_rate AS DOUBLE) AS plan_rate,
        lag(m.milestone) OVER (PARTITION BY m.site ORDER BY m.planned, m.milestone) AS done,
        lag(m.actual) OVER (PARTITION BY m.site ORDER BY m.planned, m.milestone) AS done_at
    FROM milestone m JOIN site i USING (site)
    WHERE i.activated IS NULL AND (i.closed IS NULL OR i.closed > $as_of) AND m.planned IS NOT NULL
),
next AS (
    SELECT * FROM step WHERE actual IS NULL
    QUALIFY row_number() OVER (PARTITION BY site ORDER BY planned, milestone) = 1
),
usual AS (
    SELECT i.study, m.milestone, count(*) AS sites, median(date_diff('day', m.planned, m.actual)) AS slip
    FROM milestone m JOIN site i USING (site) WHERE m.actual IS NOT NULL AND m.planned IS NOT NULL GROUP BY ALL
)
SELECT n.*, u.sites, u.slip, p.leaf FROM next n
JOIN place p ON p.subject = n.site AND p.hierarchy = $hierarchy
LEFT JOIN usual u ON u.study = n.study AND u.milestone = n.milestone
WHERE CAST($as_of AS DATE) - n.planned > $late ORDER BY n.site
"""

STATEMENTS = (STEPS,)


def activation_stuck(scene: Scene) -> Iterator[Found]:
    """Every site whose next step is a month late, to the manager of its study."""
    for hierarchy in scene.of_kind("study"):
        for row in each(scene.frame(STEPS, hierarchy=hierarchy.id, late=LATE_DAYS)):
            post = scene.above(hierarchy.id, row.leaf, "top")
            if post:
                yield _found(scene, row, hierarchy.id, post)


def _found(scene: Scene, row: Any, hierarchy: str, post: str) -> Found:
    planned = pd.Timestamp(row.planned).date()
    late, step = (scene.as_of - planned).days, row.milestone.replace("_", " ")
    before = "It is the first step"
    if isinstance(row.done, str) and not pd.isna(row.done_at):
        at = pd.Timestamp(row.done_at).date()
        before = f"The step before it ({row.done.replace('_', ' ')}) was done {dated(at)}"
    usual = "No other site of the study has done this step"
    if not pd.isna(row.sites):
        usual = f"{count(row.sites, 'other site')} did this step, the middle one {count(row.slip, 'day')} after plan"
    rate = 0.0 if pd.isna(row.plan_rate) else float(row.plan_rate)
    return Found(
        role="site_manager",
        hierarchy=hierarchy,
        node=post,
        subject=row.site,
        headline=f'{{subject}} is stuck: "{step}" is {ago(late)} late',
        reasons=(f"{step.capitalize()} was planned for {dated(planned)}", before, usual),
        comparator="its own plan, and the study's other sites",
        confidence=0.95,
        data_as_of=scene.last_day("enrolment") or scene.as_of,
        worth=(13 * rate, max(13 * rate, 1.0)),
        evidence={"step": row.milestone, "planned": planned.isoformat(), "days_late": late, "plan_rate": rate},
    )
