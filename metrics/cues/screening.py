"""screen_failure: a site where more than half of those screened fail, more than at the study's other sites."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from scipy.stats import binom

from metrics.cues.scene import Found, Scene, each
from metrics.cues.wording import count, number, share

FAILED_SHARE, LEAST_SCREENED, CHANCE = 0.5, 8, 0.05

# One row a site: screened and failed since it opened, the same at the study's other sites, the first reason.
SCREENED = """
WITH own AS (
    SELECT e.site, e.study,
        CAST(sum(e.quantity) FILTER (WHERE e.event = 'screened') AS DOUBLE) AS screened,
        CAST(coalesce(sum(e.quantity) FILTER (WHERE e.event = 'screen_failed'), 0) AS DOUBLE) AS failed,
        min(e.period_start) AS first
    FROM enrolment e WHERE e.basis = 'actual' AND e.period_end <= $anchor GROUP BY ALL
),
why AS (
    SELECT site, reason, sum(quantity) AS subjects FROM enrolment
    WHERE basis = 'actual' AND event = 'screen_failed' AND reason IS NOT NULL AND period_end <= $anchor
    GROUP BY site, reason QUALIFY row_number() OVER (PARTITION BY site ORDER BY sum(quantity) DESC, reason) = 1
)
SELECT o.*, sum(o.screened) OVER w - o.screened AS others, sum(o.failed) OVER w - o.failed AS others_failed,
    y.reason, CAST(y.subjects AS DOUBLE) AS subjects, i.closed, p.hierarchy, p.leaf
FROM own o
JOIN site i USING (site)
JOIN place p ON p.subject = o.site AND p.hierarchy = $hierarchy
LEFT JOIN why y USING (site)
WHERE o.screened > 0
WINDOW w AS (PARTITION BY o.study) ORDER BY o.site
"""

STATEMENTS = (SCREENED,)


def screen_failure(scene: Scene) -> Iterator[Found]:
    """Every open site that fails more than half, beyond what the study's other sites make likely."""
    for hierarchy in scene.of_kind("study"):
        rows = scene.frame(SCREENED, hierarchy=hierarchy.id)
        for row in each(rows[rows["closed"].isna()]):
            if row.screened < LEAST_SCREENED or row.failed <= FAILED_SHARE * row.screened or row.others <= 0:
                continue
            chance = float(binom.sf(row.failed - 1, row.screened, row.others_failed / row.others))
            post = scene.above(hierarchy.id, row.leaf, "top")
            if post and chance < CHANCE:
                yield _found(scene, row, hierarchy.id, post, chance)


def _found(scene: Scene, row: Any, hierarchy: str, post: str, chance: float) -> Found:
    rate, usual = row.failed / row.screened, row.others_failed / row.others
    weeks = max((scene.anchor - row.first.date()).days / 7, 1.0)
    half_year = 26 * row.screened / weeks
    said = "No reason is coded"
    if isinstance(row.reason, str):
        said = f"Most often: {row.reason.replace('_', ' ').lower()} ({count(row.subjects, 'subject')})"
    return Found(
        role="site_manager",
        hierarchy=hierarchy,
        node=post,
        subject=row.site,
        headline=f"{{subject}}: {share(rate)} of those screened fail",
        reasons=(
            f"{number(row.failed)} of {number(row.screened)} screened have failed",
            f"At the study's other sites {share(usual)} fail; chance alone: {number(100 * chance, 1)} in 100",
            said,
        ),
        comparator="the study's other sites",
        confidence=1.0 - chance,
        data_as_of=scene.anchor,
        worth=(half_year * (rate - FAILED_SHARE), half_year * (rate - usual)),
        evidence={
            "screened": row.screened,
            "failed": row.failed,
            "others_screened": row.others,
            "others_failed": row.others_failed,
            "chance": chance,
        },
    )
