"""unaligned_share: too much is written by subjects that stand in nobody's territory. Counts only, no persons."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from data.levels import Hierarchy
from metrics.cues import years
from metrics.cues.scene import FIELD_KINDS, Found, Scene
from metrics.cues.wording import count, number, share

LEAST_SHARE = 0.02

# Subjects and their scripts of our products in the window that a page opens on and in the one before, aligned and not.
WRITTEN = """
WITH wrote AS (
    SELECT s.shift, o.subject, sum(o.quantity) AS scripts
    FROM outcome o JOIN product p ON p.product = o.product AND p.own
    JOIN span s ON s.kind = 'window' AND s.win = $win AND s.shift IN ('current', 'previous')
        AND o.period_start >= s.first AND o.period_end <= s.last
    GROUP BY ALL
),
shifts AS (SELECT unnest(['current', 'previous']) AS shift)
SELECT f.shift, ends_with(l.leaf, '~unaligned') AS loose, count(*) AS subjects, count(w.subject) AS writers,
    CAST(coalesce(sum(w.scripts), 0) AS DOUBLE) AS scripts, count(DISTINCT l.leaf) AS leaves
FROM place l CROSS JOIN shifts f LEFT JOIN wrote w ON w.subject = l.subject AND w.shift = f.shift
WHERE l.hierarchy = $hierarchy AND l.subject <> '' AND l.subject_kind <> 'site' GROUP BY ALL
"""

STATEMENTS = (WRITTEN,)


def unaligned_share(scene: Scene) -> Iterator[Found]:
    """Every map of which two scripts in a hundred belong to no territory, now or in the window before, to the steward.

    What belonged to nobody only before is missing where growth begins: every unit seems to have grown more.
    """
    if scene.grain is None:
        return
    for hierarchy in scene.of_kind(*FIELD_KINDS):
        rows = scene.frame(WRITTEN, hierarchy=hierarchy.id, win=years.window(scene))
        for shift in ("current", "previous"):
            own = rows[rows["shift"] == shift]
            loose, total = own[own["loose"]], float(own["scripts"].sum())
            if len(loose) and total and float(loose["scripts"].sum()) >= LEAST_SHARE * total:
                yield _found(scene, hierarchy, own, loose.iloc[0], shift)
                break


def _found(scene: Scene, hierarchy: Hierarchy, rows: pd.DataFrame, row: pd.Series, shift: str) -> Found:
    scripts, total, everybody = float(row["scripts"]), float(rows["scripts"].sum()), int(rows["subjects"].sum())
    win, before = years.window(scene), shift == "previous"
    span = years.BEFORE[win] if before else years.SPAN[win]
    where = f"They are gathered at {count(row['leaves'], 'place')} of the map: in totals, in no territory"
    if before:
        where = "Hardly any of it is in the window after, so that units seem to have grown by more than they did"
    weekly = scripts / years.WEEKS[win]
    return Found(
        role="steward",
        hierarchy="",
        node="",
        subject=hierarchy.id,
        headline=f"{hierarchy.name[:30]}: {share(scripts / total, 1)} of scripts"
        f"{f' of {span}' if before else ''} belong to no one",
        reasons=(
            f"{count(row['subjects'], hierarchy.subject)} of {number(everybody)} stand under Unaligned "
            f"({share(row['subjects'] / everybody)})",
            f"{count(row['writers'], 'of them writes', 'of them write')}: {number(scripts)} of {number(total)} "
            f"scripts in {span}",
            where,
        ),
        comparator=f"{share(LEAST_SHARE)} of our scripts",
        confidence=0.99,
        data_as_of=scene.anchor,
        worth=(weekly, weekly),
        evidence={
            "subjects": int(row["subjects"]),
            "writers": int(row["writers"]),
            "scripts": scripts,
            "all_scripts": total,
            "window": shift,
        },
    )
