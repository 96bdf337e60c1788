"""unaligned_share: too much is written by subjects that stand in nobody's territory. Counts only, no persons."""

from __future__ import annotations

from collections.abc import Iterator

from metrics.cues.scene import FIELD_KINDS, Found, Scene
from metrics.cues.wording import count, number, share

LEAST_SHARE, WEEKS = 0.02, 13

# Subjects and their scripts of our products over the last 13 weeks, aligned and not.
WRITTEN = """
WITH wrote AS (
    SELECT o.subject, CAST(sum(o.quantity) AS DOUBLE) AS scripts
    FROM outcome o JOIN product p ON p.product = o.product AND p.own
    WHERE o.period_end BETWEEN CAST($anchor AS DATE) - 7 * $weeks + 1 AND CAST($anchor AS DATE) GROUP BY o.subject
)
SELECT ends_with(l.leaf, '~unaligned') AS loose, count(*) AS subjects, count(w.subject) AS writers,
    coalesce(sum(w.scripts), 0) AS scripts, count(DISTINCT l.leaf) AS leaves
FROM place l LEFT JOIN wrote w ON w.subject = l.subject
WHERE l.hierarchy = $hierarchy AND l.subject <> '' AND l.subject_kind <> 'site' GROUP BY ALL
"""

STATEMENTS = (WRITTEN,)


def unaligned_share(scene: Scene) -> Iterator[Found]:
    """Every map of which two scripts in a hundred belong to no territory, to the steward."""
    for hierarchy in scene.of_kind(*FIELD_KINDS):
        rows = scene.frame(WRITTEN, hierarchy=hierarchy.id, weeks=WEEKS)
        loose, total = rows[rows["loose"]], float(rows["scripts"].sum())
        if loose.empty or not total or float(loose["scripts"].sum()) < LEAST_SHARE * total:
            continue
        row, scripts = loose.iloc[0], float(loose["scripts"].sum())
        everybody = int(rows["subjects"].sum())
        those = f"{count(row['subjects'], hierarchy.subject)} of {number(everybody)}"
        yield Found(
            role="steward",
            hierarchy="",
            node="",
            subject=hierarchy.id,
            headline=f"{hierarchy.name[:30]}: {share(scripts / total, 1)} of scripts belong to no one",
            reasons=(
                f"{those} stand under Unaligned ({share(row['subjects'] / everybody)})",
                f"{count(row['writers'], 'of them writes', 'of them write')}: {number(scripts)} of {number(total)} "
                f"scripts in {WEEKS} weeks",
                f"They are gathered at {count(row['leaves'], 'place')} of the map: in totals, in no territory",
            ),
            comparator=f"{share(LEAST_SHARE)} of our scripts",
            confidence=0.99,
            data_as_of=scene.anchor,
            worth=(scripts / WEEKS, scripts / WEEKS),
            evidence={
                "subjects": int(row["subjects"]),
                "writers": int(row["writers"]),
                "scripts": scripts,
                "all_scripts": total,
            },
        )
