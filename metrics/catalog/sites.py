"""Site metrics: subjects against plan, screen failures, sites that flag."""

from __future__ import annotations

from metrics.catalog.facts import ENROLMENT, ENROLMENT_TO_DATE, SITES
from metrics.declare import Measure, Metric

ENROLLED = Measure(
    name="enrolled",
    fact=ENROLMENT,
    expr="sum(quantity) FILTER (WHERE event = 'enrolled' AND basis = 'actual')",
    doc="Subjects enrolled in the window.",
)
SCREENED = Measure(
    name="screened",
    fact=ENROLMENT,
    expr="sum(quantity) FILTER (WHERE event = 'screened' AND basis = 'actual')",
    doc="Subjects screened in the window.",
)
FAILED = Measure(
    name="failed",
    fact=ENROLMENT,
    expr="sum(quantity) FILTER (WHERE event = 'screen_failed' AND basis = 'actual')",
    doc="Subjects who failed screening in the window.",
)
ENROLLED_TO_DATE = Measure(
    name="enrolled_to_date",
    fact=ENROLMENT_TO_DATE,
    expr="sum(quantity) FILTER (WHERE event = 'enrolled' AND basis = 'actual')",
    doc="Subjects enrolled so far.",
)
PLANNED_TO_DATE = Measure(
    name="planned_to_date",
    fact=ENROLMENT_TO_DATE,
    expr="sum(quantity) FILTER (WHERE event = 'enrolled' AND basis = 'planned')",
    doc="Subjects planned so far.",
)
OPEN_SITES = Measure(
    name="open_sites", fact=SITES, expr="sum(quantity) FILTER (WHERE is_open)", doc="Sites open to enrolment."
)
FLAGGING = Measure(
    name="flagging",
    fact=SITES,
    expr="sum(quantity) FILTER (WHERE flag)",
    doc="Sites that enrol too slowly beyond doubt.",
)
ON_TRACK = Measure(
    name="on_track", fact=SITES, expr="sum(quantity) FILTER (WHERE on_track)", doc="Open sites on track."
)

METRICS = (
    Metric(
        name="enrolled",
        title="Enrolled",
        band="sites",
        unit="count",
        better="up",
        definition="Subjects enrolled in the window.",
        formula="enrolled",
        measures=(ENROLLED,),
        zero=True,
    ),
    Metric(
        name="enrolled_to_date",
        title="Enrolled to date",
        band="sites",
        unit="count",
        better="up",
        definition="Subjects enrolled since the study began.",
        formula="enrolled_to_date",
        measures=(ENROLLED_TO_DATE,),
        zero=True,
    ),
    Metric(
        name="enrolled_planned",
        title="Planned to date",
        band="sites",
        unit="count",
        definition="Subjects planned to be enrolled by the window's end.",
        formula="planned_to_date",
        measures=(PLANNED_TO_DATE,),
    ),
    Metric(
        name="enrolled_vs_plan",
        title="Enrolled against plan",
        band="sites",
        unit="percent",
        better="up",
        definition="Subjects enrolled so far over subjects planned so far.",
        formula="100 * enrolled_to_date / planned_to_date",
        measures=(ENROLLED_TO_DATE, PLANNED_TO_DATE),
    ),
    Metric(
        name="screen_failure_rate",
        title="Screen failure",
        band="sites",
        unit="percent",
        better="down",
        definition="Subjects who failed screening over subjects screened in the window.",
        formula="100 * failed / screened",
        measures=(FAILED, SCREENED),
        least=8,
    ),
    Metric(
        name="sites_open",
        title="Sites open",
        band="sites",
        unit="count",
        definition="Sites open to enrolment on the window's last day.",
        formula="open_sites",
        measures=(OPEN_SITES,),
        zero=True,
    ),
    Metric(
        name="sites_on_track",
        title="Sites on track",
        band="sites",
        unit="count",
        better="up",
        definition="Open sites that do not flag on the window's last day.",
        formula="on_track",
        measures=(ON_TRACK,),
        zero=True,
    ),
    Metric(
        name="flagging_sites",
        title="Flagging sites",
        band="sites",
        unit="count",
        better="down",
        definition=(
            "Open sites whose enrolment rate is below 60 % of plan, with an expected share of false flags of at most 10 % "
            "(Poisson-gamma recruitment model, Bayesian false-discovery rate)."
        ),
        formula="flagging",
        measures=(FLAGGING,),
        source="Anisimov and Fedorov 2007, Statistics in Medicine 26:4958",
        zero=True,
    ),
)
