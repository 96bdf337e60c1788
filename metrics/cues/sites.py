"""flagging_site: a site that will not keep its plan, to whoever supports it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd

from metrics.cues.scene import Found, Scene, each
from metrics.cues.wording import ago, day, number, share

_DEFAULT_WEEKS, _LEAST_WEEKS = 26.0, 4.0

FLAGGED = """
WITH now AS (SELECT * FROM site_state WHERE period_end = $anchor AND is_open),
study_rate AS (
    SELECT study, avg(rate) AS rate, count(*) AS sites, count(*) FILTER (WHERE flag) AS flags FROM now GROUP BY study
),
events AS (
    SELECT site, max(period_end) FILTER (WHERE event = 'enrolled') AS last_enrolled,
        sum(quantity) FILTER (WHERE event = 'screened' AND period_end > CAST($anchor AS DATE) - 91) AS screened,
        sum(quantity) FILTER (WHERE event = 'screen_failed' AND period_end > CAST($anchor AS DATE) - 91) AS failed
    FROM enrolment WHERE basis = 'actual' AND period_end <= $anchor AND quantity > 0 GROUP BY site
)
SELECT n.*, r.rate AS study_rate, r.sites, r.flags, e.last_enrolled, e.screened, e.failed,
    t.name AS study_name, t.finish, p.hierarchy, p.leaf
FROM now n
JOIN study_rate r USING (study)
LEFT JOIN study t USING (study)
LEFT JOIN events e USING (site)
JOIN place p ON p.subject = n.site AND p.hierarchy = $hierarchy
WHERE n.flag ORDER BY n.site
"""

STATEMENTS = (FLAGGED,)


def flagging_site(scene: Scene) -> Iterator[Found]:
    """Every flagged site: to the MSL who supports it (or the medical director), and to the study's manager."""
    for hierarchy in scene.of_kind("medical", "study"):
        for row in each(scene.frame(FLAGGED, hierarchy=hierarchy.id)):
            if hierarchy.kind == "study":
                role, node = "site_manager", scene.above(hierarchy.id, row.leaf, "top")
            else:
                role, node = scene.medical_post(hierarchy.id, row.leaf)
            if node:
                yield _found(scene, row, role, node)


def _found(scene: Scene, row: Any, role: str, node: str) -> Found:
    planned_weeks = _weeks_left(scene, row)
    weeks = planned_weeks or _DEFAULT_WEEKS
    rate, plan = f"{number(row.rate, 2)} a week", f"{number(row.plan_rate, 2)}"
    return Found(
        role=role,
        hierarchy=row.hierarchy,
        node=node,
        subject=row.site,
        headline=f"{{subject}} flags: {number(row.enrolled)} of {number(row.planned)} planned enrolled",
        reasons=(
            f"{number(row.enrolled)} enrolled in {number(row.weeks_open)} weeks; "
            f"the plan said {number(row.planned, 1)}",
            f"{share(row.p_below)} sure that its rate ({rate}) is below 60 % of plan ({plan})",
            _silence(scene, row),
        ),
        comparator=f"its plan, and the study's {row.sites} open sites ({number(row.study_rate, 2)} a week)",
        confidence=float(row.p_below),
        data_as_of=scene.anchor,
        worth=(max(0.0, (row.plan_rate - row.rate_high) * weeks), max(0.0, (row.plan_rate - row.rate_low) * weeks)),
        unit=None if planned_weeks else f"patients in {_DEFAULT_WEEKS:.0f} weeks",
        evidence={
            **{name: float(getattr(row, name)) for name in ("enrolled", "planned", "weeks_open", "rate", "rate_low")},
            **{name: float(getattr(row, name)) for name in ("rate_high", "plan_rate", "p_below", "study_rate")},
            "study": row.study,
            "sites": int(row.sites),
            "flags": int(row.flags),
            "weeks_left": weeks,
            "screened_13_weeks": _number(row.screened),
            "failed_13_weeks": _number(row.failed),
        },
    )


def _weeks_left(scene: Scene, row: Any) -> float | None:
    """Weeks to the study's planned finish; None where it is unknown, past or too near to act for."""
    if pd.isna(row.finish):
        return None
    weeks = (pd.Timestamp(row.finish).date() - scene.anchor).days / 7
    return weeks if weeks >= _LEAST_WEEKS else None


def _silence(scene: Scene, row: Any) -> str:
    """When somebody was last enrolled, and what screening says."""
    screened, failed = _number(row.screened), _number(row.failed)
    screening = "nobody screened in 13 weeks"
    if screened:
        screening = f"{number(screened)} screened in 13 weeks, {number(failed)} failed"
    if pd.isna(row.last_enrolled):
        return f"Nobody enrolled since it opened; {screening}"
    last = pd.Timestamp(row.last_enrolled).date()
    return f"Last enrolled {ago((scene.anchor - last).days)} ago ({day(last)}); {screening}"


def _number(value: Any) -> float:
    return 0.0 if pd.isna(value) else float(value)
