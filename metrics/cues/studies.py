"""study_late: a study that will probably not be full by its planned day, with what it would take."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from math import ceil
from typing import Any

import pandas as pd

from metrics.cues.scene import Found, Scene, each
from metrics.cues.wording import count, dated, number

LIKELY, WEEKS, LEAST_WEEKS = 0.5, 26, 4.0

# One row a study: the forecast of the day it is full, and its pace of half a year.
FINISH = """
WITH pace AS (
    SELECT study, CAST(sum(quantity) AS DOUBLE) AS recent FROM enrolment
    WHERE basis = 'actual' AND event = 'enrolled'
        AND period_end BETWEEN CAST($anchor AS DATE) - 7 * $weeks + 1 AND CAST($anchor AS DATE) GROUP BY study
),
doors AS (
    SELECT study, count(*) AS open FROM site
    WHERE activated <= $anchor AND (closed IS NULL OR closed > $anchor) GROUP BY study
)
SELECT f.study, s.name, f.as_at, f.enrolled, f.target, f.planned, f.early, f.middle, f.late, f.chance,
    coalesce(p.recent, 0) AS recent, coalesce(d.open, 0) AS sites
FROM study_finish f JOIN study s USING (study) LEFT JOIN pace p USING (study) LEFT JOIN doors d USING (study)
WHERE f.chance < $likely AND f.planned > $anchor ORDER BY f.study
"""

STATEMENTS = (FINISH,)


def study_late(scene: Scene) -> Iterator[Found]:
    """Every study more likely late than not: to the medical director, and to the manager of the study."""
    rows = scene.frame(FINISH, likely=LIKELY, weeks=WEEKS)
    for row in each(rows):
        for hierarchy in scene.of_kind("medical"):
            for top in scene.tops(hierarchy.id):
                yield _found(scene, row, hierarchy.id, "medical_director", top)
        for hierarchy in scene.of_kind("study"):
            if row.study in scene.tops(hierarchy.id):
                yield _found(scene, row, hierarchy.id, "site_manager", row.study)


def _found(scene: Scene, row: Any, hierarchy: str, role: str, node: str) -> Found:
    planned = pd.Timestamp(row.planned).date()
    weeks, more = max((planned - scene.anchor).days / 7, LEAST_WEEKS), row.target - row.enrolled
    needed, pace = more / weeks, row.recent / WEEKS
    expected, each = pace * weeks, row.recent / WEEKS / max(row.sites, 1)
    middle = _day(row.middle)
    full = f"full about {dated(middle)}" if middle else "not full in twenty years"
    what = f"it takes {number(needed, 1)}"
    if each > 0:
        what += f", as from {count(max(1, ceil((needed - pace) / each)), 'site')} more at its average"
    return Found(
        role=role,
        hierarchy=hierarchy,
        node=node,
        subject=row.study,
        headline=f"{row.study[:24]} will probably miss {dated(planned)}: {full}",
        reasons=(
            f"{number(row.enrolled)} of {number(row.target)} enrolled; {_chance(row.chance)} in 100 to be full by then",
            f"{number(pace, 1)} a week from {count(row.sites, 'open site')} in {WEEKS} weeks; {what}",
            _range(row),
        ),
        comparator="the study's planned finish",
        confidence=1.0 - float(row.chance),
        data_as_of=scene.anchor,
        worth=(max(more - expected, 1.0), max(float(more), 1.0)),
        evidence={
            "enrolled": float(row.enrolled),
            "target": float(row.target),
            "chance": float(row.chance),
            "pace": pace,
            "needed": needed,
            "planned": planned.isoformat(),
            "full": middle.isoformat() if middle else None,
        },
    )


def _chance(value: float) -> str:
    return "less than one chance" if value < 0.01 else count(100 * value, "chance")


def _day(value: Any) -> date | None:
    return None if pd.isna(value) else pd.Timestamp(value).date()


def _range(row: Any) -> str:
    """Eight chances in ten, in words."""
    early, late = _day(row.early), _day(row.late)
    if early is None:
        return "Its open sites alone do not fill it in 20 years"
    ends = f"{dated(late)}" if late else "more than 20 years from now"
    return f"8 chances in 10 that it is full between {dated(early)} and {ends}"
