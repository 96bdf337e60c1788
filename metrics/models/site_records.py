"""What is known of every site, read once a snapshot: a page then takes from it what a visitor may see.

Sites are few beside the facts: the tables here hold a row a site, or a row a site and week. Nobody reads them but
metrics/models/site_reading, which takes a grant's own sites out of them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from metrics.loaded import remembered

Record = dict[str, Any]

_SITES = """
SELECT s.site, coalesce(p.label, s.site) AS name, s.study, u.name AS study_name, s.country, s.activated, s.closed,
       CAST(s.target AS DOUBLE) AS target, t.weeks_open, CAST(t.enrolled AS DOUBLE) AS enrolled,
       CAST(t.planned AS DOUBLE) AS planned, t.rate, t.rate_low, t.rate_high, t.plan_rate, t.p_below, t.reason,
       CASE WHEN t.flag THEN 'flag'
            WHEN t.site IS NOT NULL AND t.p_below IS NULL THEN 'early'
            WHEN t.on_track THEN 'on_track'
            WHEN t.site IS NOT NULL THEN 'slow'
            WHEN s.closed IS NOT NULL THEN 'closed'
            ELSE 'planned' END AS state,
       t.site IS NOT NULL AS open, coalesce(t.on_track, FALSE) AS on_track,
       coalesce(e.enrolled, 0) AS enrolled_so_far, e.planned AS planned_so_far
FROM site s
LEFT JOIN party p ON p.party = s.site
LEFT JOIN study u ON u.study = s.study
LEFT JOIN site_state t ON t.site = s.site AND t.as_at = $anchor
LEFT JOIN (SELECT site, CAST(sum(quantity) FILTER (WHERE basis = 'actual') AS DOUBLE) AS enrolled,
                  CAST(sum(quantity) FILTER (WHERE basis = 'planned') AS DOUBLE) AS planned
           FROM enrolment WHERE event = 'enrolled' AND period_end <= $anchor GROUP BY site) e ON e.site = s.site
ORDER BY CASE state WHEN 'flag' THEN 0 WHEN 'slow' THEN 1 WHEN 'early' THEN 2 WHEN 'on_track' THEN 3
    WHEN 'planned' THEN 4 ELSE 5 END, (t.plan_rate - t.rate) DESC NULLS LAST, s.site
"""

_STUDIES = """
SELECT a.study, coalesce(u.name, a.study) AS name, u.phase, a.sites AS all_sites,
       CAST(u.target AS DOUBLE) AS target, u.finish AS planned_finish, f.early, f.middle, f.late, f.chance
FROM (SELECT study, count(*) AS sites FROM site GROUP BY study) a
LEFT JOIN study u ON u.study = a.study
LEFT JOIN study_finish f ON f.study = a.study
ORDER BY a.study
"""

_WEEKS = """
SELECT e.site, e.period_end AS day, CAST(sum(e.quantity) FILTER (WHERE e.basis = 'actual') AS DOUBLE) AS enrolled,
       CAST(sum(e.quantity) FILTER (WHERE e.basis = 'planned') AS DOUBLE) AS planned
FROM enrolment e JOIN site s ON s.site = e.site
WHERE e.event = 'enrolled' AND s.study = $study AND e.period_end <= $anchor
GROUP BY 1, 2 ORDER BY 1, 2
"""

_AHEAD = """
SELECT day, low, middle, high FROM enrolment_forecast
WHERE study = $study AND site IS NOT DISTINCT FROM $site ORDER BY day
"""

_STEPS = """
SELECT m.site, m.milestone, date_diff('day', b.actual, m.actual) AS days, m.actual IS NOT NULL AS reached
FROM milestone m JOIN milestone b ON b.site = m.site AND b.milestone = 'selected'
WHERE m.actual IS NULL OR m.actual <= $as_of
"""


_SITE = (
    "site", "name", "study", "study_name", "country", "activated", "closed", "target", "weeks_open", "enrolled",
    "planned", "rate", "rate_low", "rate_high", "plan_rate", "p_below", "reason", "state", "open", "on_track",
    "enrolled_so_far", "planned_so_far",
)  # fmt: skip
_STUDY = (
    "study", "name", "phase", "all_sites", "target", "planned_finish", "early", "middle", "late", "chance",
)  # fmt: skip


def _rows(snapshot: Any, names: Sequence[str], sql: str, asked: Mapping[str, Any] | None = None) -> list[Record]:
    """The rows of a query as plain values by name; an exact number becomes a float."""
    return [
        {name: float(value) if isinstance(value, Decimal) else value for name, value in zip(names, row, strict=True)}
        for row in snapshot.rows(sql, asked or ())
    ]


def sites(snapshot: Any) -> list[Record]:
    """Every site on the anchor with the model's verdict, those that flag first, then the furthest behind plan."""
    return remembered(snapshot, "sites", lambda: _rows(snapshot, _SITE, _SITES, {"anchor": snapshot.anchor}))


def studies(snapshot: Any) -> list[Record]:
    """Every study with how many sites it has in all, its plan and its forecast."""
    return remembered(snapshot, "studies", lambda: _rows(snapshot, _STUDY, _STUDIES))


def weeks(snapshot: Any, study: str) -> dict[str, list[tuple[date, float, float]]]:
    """What each site of a study enrolled and had planned, week by week."""

    def _find() -> dict[str, list[tuple[date, float, float]]]:
        found: dict[str, list[tuple[date, float, float]]] = {}
        for site, day, enrolled, planned in snapshot.rows(_WEEKS, {"study": study, "anchor": snapshot.anchor}):
            found.setdefault(site, []).append((day, enrolled or 0.0, planned or 0.0))
        return found

    return remembered(snapshot, ("site weeks", study), _find)


def ahead(snapshot: Any, study: str, site: str | None) -> list[Record]:
    """The forecast of a site, or of a study where no site is named: day, low, middle, high."""
    names, asked = ("day", "low", "middle", "high"), {"study": study, "site": site}
    return remembered(snapshot, ("ahead", study, site), lambda: _rows(snapshot, names, _AHEAD, asked))


def steps(snapshot: Any) -> dict[str, list[tuple[str, float | None, bool]]]:
    """Every milestone of every site: how many days after the site was selected, and whether it was reached."""

    def _find() -> dict[str, list[tuple[str, float | None, bool]]]:
        found: dict[str, list[tuple[str, float | None, bool]]] = {}
        for site, milestone, days, reached in snapshot.rows(_STEPS, {"as_of": snapshot.as_of}):
            found.setdefault(site, []).append((milestone, days, reached))
        return found

    return remembered(snapshot, "milestones", _find)


def leaves(snapshot: Any, hierarchy: str) -> dict[str, str]:
    """At which leaf of a hierarchy each site stands."""
    sql = "SELECT subject, leaf FROM place WHERE hierarchy = $hierarchy AND subject_kind = 'site'"
    asked = {"hierarchy": hierarchy}
    return remembered(snapshot, ("site leaves", hierarchy), lambda: dict(snapshot.rows(sql, asked)))
