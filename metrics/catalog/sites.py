"""Site metrics: subjects against plan, screen failures, sites that flag."""

from __future__ import annotations

from metrics.catalog.facts import ACTIVATION, ENROLMENT, ENROLMENT_TO_DATE, SITE_DAYS, SITE_DAYS_TO_DATE, SITES
from metrics.declare import Measure, Metric, SubjectMeasure

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

DROPPED_TO_DATE = Measure(
    name="dropped_to_date",
    fact=ENROLMENT_TO_DATE,
    expr="sum(quantity) FILTER (WHERE event = 'dropped' AND basis = 'actual')",
    doc="Subjects who dropped out so far.",
)
DAYS_OPEN = Measure(name="days_open", fact=SITE_DAYS, expr="sum(quantity)", doc="Site-days open in the window.")
DAYS_OPEN_TO_DATE = Measure(
    name="days_open_to_date", fact=SITE_DAYS_TO_DATE, expr="sum(quantity)", doc="Days open so far."
)
NON_ENROLLING = SubjectMeasure(
    name="non_enrolling",
    inputs=(OPEN_SITES, DAYS_OPEN_TO_DATE, ENROLLED_TO_DATE),
    expr="count(*) FILTER (WHERE open_sites > 0 AND days_open_to_date > 60 AND coalesce(enrolled_to_date, 0) = 0)",
    doc="Sites open for more than 60 days without a subject.",
)
ACTIVATION_DAYS = Measure(
    name="activation_days",
    fact=ACTIVATION,
    expr="sum(quantity) FILTER (WHERE step = 'activation')",
    doc="Days from selection to activation.",
)
ACTIVATIONS = Measure(
    name="activations",
    fact=ACTIVATION,
    expr="sum(1) FILTER (WHERE step = 'activation')",
    doc="Sites activated so far.",
)
FIRST_DAYS = Measure(
    name="first_days",
    fact=ACTIVATION,
    expr="sum(quantity) FILTER (WHERE step = 'first_subject')",
    doc="Days from activation to the first subject.",
)
FIRSTS = Measure(
    name="firsts",
    fact=ACTIVATION,
    expr="sum(1) FILTER (WHERE step = 'first_subject')",
    doc="Sites that have enrolled a first subject.",
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
            "Open sites whose enrolment rate is below 60 % of plan; of the flags at most 10 % are expected to be false "
            "(Poisson-gamma recruitment model, Bayesian false-discovery rate)."
        ),
        formula="flagging",
        measures=(FLAGGING,),
        source="Anisimov and Fedorov 2007, Statistics in Medicine 26:4958",
        zero=True,
    ),
    Metric(
        name="enrolment_rate",
        title="Enrolment rate",
        band="sites",
        unit="ratio",
        better="up",
        definition="Subjects enrolled per site and month open (of 30.4375 days), in the window.",
        formula="30.4375 * enrolled / days_open",
        measures=(ENROLLED, DAYS_OPEN),
        source="https://clinical.veevavault.help/en/gr/52876",
    ),
    Metric(
        name="dropout_rate",
        title="Drop-out",
        band="sites",
        unit="percent",
        better="down",
        definition="Subjects who dropped out so far over subjects enrolled so far.",
        formula="100 * dropped_to_date / enrolled_to_date",
        measures=(DROPPED_TO_DATE, ENROLLED_TO_DATE),
        least=8,
    ),
    Metric(
        name="non_enrolling_sites",
        title="Sites without a subject",
        band="sites",
        unit="count",
        better="down",
        definition="Open sites that have been open for more than 60 days and enrolled nobody.",
        formula="non_enrolling",
        measures=(NON_ENROLLING,),
        zero=True,
    ),
    Metric(
        name="days_to_activation",
        title="Days to activation",
        band="sites",
        unit="ratio",
        better="down",
        definition="Mean days from a site's selection to its activation, over the sites activated so far.",
        formula="activation_days / activations",
        measures=(ACTIVATION_DAYS, ACTIVATIONS),
        source="https://clinicalstudies.in/site-activation-timelines-as-performance-metrics",
    ),
    Metric(
        name="days_to_first_subject",
        title="Days to first subject",
        band="sites",
        unit="ratio",
        better="down",
        definition="Mean days from a site's activation to its first subject, over the sites that have one.",
        formula="first_days / firsts",
        measures=(FIRST_DAYS, FIRSTS),
    ),
)
