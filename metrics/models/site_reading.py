"""Sites one by one, for those who may see them so: the model's verdict, the curve against plan, the way to opening.

Everything here is read with a GrantedQuery over sites, so that the access door has decided who sees which
site. What speaks of a whole study (its forecast, its end) is given only where the grant holds all of its sites.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from data.errors import Denied, WrongQuestion
from metrics.query import GrantedQuery

ASKED = ("flagging_sites", "sites_on_track", "sites_open", "enrolled_to_date", "enrolled_planned")
CURVE = ["day", "enrolled", "planned", "low", "middle", "high"]
MILESTONES = ("selected", "contract_executed", "approved", "activated", "first_enrolled")

_OWN = """
SELECT p.subject FROM place p JOIN site s ON s.site = p.subject
WHERE p.hierarchy = $hierarchy AND p.subject_kind = 'site'
  AND ($within = '' OR p.leaf IN (SELECT node FROM node_tree WHERE hierarchy = $hierarchy AND ancestor = $within))
  AND ($scope = '' OR p.leaf IN (SELECT node FROM node_tree WHERE hierarchy = $hierarchy AND ancestor = $scope))
  AND (len($studies) = 0 OR list_contains($studies, s.study))
ORDER BY 1
"""

_SITES = """
SELECT s.site, coalesce(p.label, s.site) AS name, s.study, u.name AS study_name, s.country, s.activated, s.closed,
       CAST(s.target AS DOUBLE) AS target, t.weeks_open, CAST(t.enrolled AS DOUBLE) AS enrolled,
       CAST(t.planned AS DOUBLE) AS planned, t.rate, t.rate_low, t.rate_high, t.plan_rate, t.p_below, t.reason,
       CASE WHEN t.flag THEN 'flag'
            WHEN t.site IS NOT NULL AND t.p_below IS NULL THEN 'early'
            WHEN t.on_track THEN 'on_track'
            WHEN t.site IS NOT NULL THEN 'slow'
            WHEN s.closed IS NOT NULL THEN 'closed'
            ELSE 'planned' END AS state
FROM site s
LEFT JOIN party p ON p.party = s.site
LEFT JOIN study u ON u.study = s.study
LEFT JOIN site_state t ON t.site = s.site AND t.as_at = $anchor
WHERE list_contains($sites, s.site)
ORDER BY CASE state WHEN 'flag' THEN 0 WHEN 'slow' THEN 1 WHEN 'early' THEN 2 WHEN 'on_track' THEN 3
    WHEN 'planned' THEN 4 ELSE 5 END, (t.plan_rate - t.rate) DESC NULLS LAST, s.site
"""

_STUDIES = """
SELECT s.study, coalesce(u.name, s.study) AS name, u.phase, count(*) AS sites, count(*) = max(a.sites) AS whole,
       count(*) FILTER (WHERE t.site IS NOT NULL) AS open, count(*) FILTER (WHERE t.flag) AS flagging,
       count(*) FILTER (WHERE t.on_track) AS on_track,
       coalesce(sum(e.enrolled), 0) AS enrolled, sum(e.planned) AS planned,
       CAST(max(u.target) AS DOUBLE) AS target, max(u.finish) AS planned_finish,
       max(f.early) AS early, max(f.middle) AS middle, max(f.late) AS late, max(f.chance) AS chance
FROM site s
JOIN (SELECT study, count(*) AS sites FROM site GROUP BY study) a ON a.study = s.study
LEFT JOIN study u ON u.study = s.study
LEFT JOIN site_state t ON t.site = s.site AND t.as_at = $anchor
LEFT JOIN study_finish f ON f.study = s.study
LEFT JOIN (SELECT site, CAST(sum(quantity) FILTER (WHERE basis = 'actual') AS DOUBLE) AS enrolled,
                  CAST(sum(quantity) FILTER (WHERE basis = 'planned') AS DOUBLE) AS planned
           FROM enrolment WHERE event = 'enrolled' AND period_end <= $anchor GROUP BY site) e ON e.site = s.site
WHERE list_contains($sites, s.site)
GROUP BY s.study, u.name, u.phase ORDER BY s.study
"""

_SO_FAR = """
SELECT period_end AS day, CAST(sum(quantity) FILTER (WHERE basis = 'actual') AS DOUBLE) AS enrolled,
       CAST(sum(quantity) FILTER (WHERE basis = 'planned') AS DOUBLE) AS planned
FROM enrolment
WHERE event = 'enrolled' AND list_contains($sites, site) AND period_end <= $anchor
GROUP BY 1 ORDER BY 1
"""

_AHEAD = """
SELECT day, low, middle, high FROM enrolment_forecast
WHERE study = $study AND site IS NOT DISTINCT FROM $site ORDER BY day
"""

_STEPS = """
SELECT m.milestone, count(m.actual) AS sites,
       median(date_diff('day', b.actual, m.actual)) FILTER (WHERE m.actual IS NOT NULL) AS days
FROM milestone m JOIN milestone b ON b.site = m.site AND b.milestone = 'selected'
WHERE list_contains($sites, m.site) AND (m.actual IS NULL OR m.actual <= $as_of)
GROUP BY 1
"""


@dataclass(frozen=True)
class SiteBook:
    """The sites that a visitor may see one by one, and their studies."""

    sites: pd.DataFrame
    studies: pd.DataFrame


@dataclass(frozen=True)
class SiteStory:
    """One site's or one study's curve against plan, and how far the study's sites have come."""

    curve: pd.DataFrame
    steps: pd.DataFrame


def book(granted: GrantedQuery, snapshot: Any) -> SiteBook:
    """The sites of a grant and their studies."""
    return SiteBook(sites(granted, snapshot), studies(granted, snapshot))


def story(granted: GrantedQuery, snapshot: Any, study: str, site: str | None, of_all: bool) -> SiteStory:
    """The curve of a site, or of a study when no site is named; `of_all` counts the steps of every study."""
    steps = activation(granted, snapshot, None if of_all else study)
    return SiteStory(curve(granted, snapshot, study=study, site=site), steps)


def own(granted: GrantedQuery, snapshot: Any) -> list[str]:
    """The sites that a grant holds. Raises Denied where the flags may not be seen, WrongQuestion above the site."""
    if not isinstance(granted, GrantedQuery):
        raise TypeError("Sites are read with a GrantedQuery; metrics.access.authorise makes one.")
    if "flagging_sites" not in granted.metrics:
        reason = next((item.reason for item in granted.withheld if item.metric == "flagging_sites"), "")
        raise Denied(reason or "Flagging sites were not asked for.", where="sites")
    hierarchy = next(each for each in snapshot.hierarchies() if each.id == granted.hierarchy)
    if not hierarchy.is_subject(granted.by):
        raise WrongQuestion(f'sites are not read by "{granted.by}"', where="sites", todo='Ask by "site".')
    values = {"hierarchy": granted.hierarchy, "within": granted.within, "scope": granted.scope}
    return [row[0] for row in snapshot.rows(_OWN, values | {"studies": list(granted.studies)})]


def sites(granted: GrantedQuery, snapshot: Any) -> pd.DataFrame:
    """Every site of the grant on the anchor, those that flag first, then the furthest behind plan.

    `state` is flag, slow (slower than plan, not surely), early (too early to say), on_track, planned (not open
    yet) or closed; rates are subjects a week, `rate_low` and `rate_high` its 90 % interval.
    """
    return _frame(snapshot, _SITES, {"sites": own(granted, snapshot), "anchor": snapshot.anchor})


def studies(granted: GrantedQuery, snapshot: Any) -> pd.DataFrame:
    """Every study of the grant with its open sites, subjects so far and planned, and the days of its end.

    `whole` says that the grant holds all its sites. Only then are `target`, `planned_finish`, `early`, `middle`
    and `late` (the days by which it is full with 10, 50 and 90 % probability) and `chance` (of being full by
    `planned_finish`) known.
    """
    found = _frame(snapshot, _STUDIES, {"sites": own(granted, snapshot), "anchor": snapshot.anchor})
    of_all = ["early", "middle", "late", "chance", "target", "planned_finish"]
    found[of_all] = found[of_all].where(found["whole"], None)
    return found


def curve(granted: GrantedQuery, snapshot: Any, *, study: str, site: str | None = None) -> pd.DataFrame:
    """Subjects so far, week by week, against plan, and the range ahead, of a site or of a study.

    Columns day, enrolled and planned (cumulative; so far), low, middle and high (ahead: 10, 50 and 90 %).
    The plan goes on ahead at its own rate up to its target. Empty where the site is not in the grant.
    """
    every = sites(granted, snapshot)
    chosen = every[(every["study"] == study) & ((every["site"] == site) if site else True)]
    if chosen.empty:
        return pd.DataFrame(columns=CURVE)
    values = {"sites": list(chosen["site"]), "anchor": snapshot.anchor}
    so_far = _frame(snapshot, _SO_FAR, values)
    so_far[["enrolled", "planned"]] = so_far[["enrolled", "planned"]].fillna(0.0).cumsum()
    whole = site is not None or bool(_whole(granted, snapshot, study))
    ahead = _frame(snapshot, _AHEAD, {"study": study, "site": site}) if whole else pd.DataFrame({"day": []})
    ahead["planned"] = _planned_ahead(chosen, so_far, ahead)
    every_day = pd.concat([so_far, ahead], ignore_index=True) if len(ahead) else so_far
    return every_day.reindex(columns=CURVE)


def _whole(granted: GrantedQuery, snapshot: Any, study: str) -> bool:
    known = studies(granted, snapshot)
    return bool(known.loc[known["study"] == study, "whole"].any())


def _planned_ahead(chosen: pd.DataFrame, so_far: pd.DataFrame, ahead: pd.DataFrame) -> pd.Series:
    """The plan beyond the data: each open site goes on at its planned rate until it has what it promised."""
    total = pd.Series(0.0, index=ahead.index)
    if so_far.empty or ahead.empty:
        return total
    weeks = (pd.to_datetime(ahead["day"]) - pd.to_datetime(so_far["day"]).max()).dt.days.clip(lower=0) / 7.0
    for row in chosen.itertuples():
        planned = float(row.planned) if pd.notna(row.planned) else 0.0
        rate = float(row.plan_rate) if pd.notna(row.plan_rate) else 0.0
        line = planned + rate * weeks
        total += line.clip(upper=max(float(row.target), planned)) if pd.notna(row.target) else line
    return total


def activation(granted: GrantedQuery, snapshot: Any, study: str | None = None) -> pd.DataFrame:
    """How far the sites have come: milestone, sites that reached it, median days since they were selected."""
    every = sites(granted, snapshot)
    chosen = every["site"] if study is None else every.loc[every["study"] == study, "site"]
    found = _frame(snapshot, _STEPS, {"sites": list(chosen), "as_of": snapshot.as_of}).set_index("milestone")
    steps = [step for step in MILESTONES if step in found.index]
    return found.loc[steps].reset_index()


def _frame(snapshot: Any, sql: str, values: dict[str, Any]) -> pd.DataFrame:
    return pd.DataFrame(snapshot.frame(sql, values))
