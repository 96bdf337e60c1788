"""Medical metrics, in three tiers kept apart: activity, quality, impact. None of them knows a prescription."""

from __future__ import annotations

from metrics.catalog.facts import CONGRESS, ENGAGED, EXCHANGE, EXPERT_PLAN, INQUIRY, INQUIRY_TO_DATE, INSIGHT
from metrics.declare import Measure, Metric, QuantileMeasure, SubjectMeasure

INQUIRIES = Measure(name="inquiries", fact=INQUIRY, expr="sum(quantity)", doc="Questions asked.")
ANSWERED_IN_TIME = Measure(
    name="answered_in_time",
    fact=INQUIRY,
    expr="sum(quantity) FILTER (WHERE responded_at <= due_at)",
    doc="Questions answered by the hour promised.",
)
JUDGED = Measure(
    name="judged",
    fact=INQUIRY,
    expr="sum(quantity) FILTER (WHERE responded_at IS NOT NULL OR overdue)",
    doc="Questions answered, or open past the hour promised.",
)
ASKED = Measure(name="asked", fact=INQUIRY_TO_DATE, expr="sum(quantity)", doc="Questions asked so far.")
OPEN = Measure(
    name="open_inquiries",
    fact=INQUIRY_TO_DATE,
    expr="sum(quantity) FILTER (WHERE responded_at IS NULL)",
    doc="Questions without an answer.",
)
EXCHANGES = Measure(name="exchanges", fact=EXCHANGE, expr="sum(quantity)", doc="Scientific exchanges.")
EXCHANGED = Measure(name="exchanged", fact=ENGAGED, expr="sum(quantity)", doc="Exchanges with the expert.")
ON_PLAN = Measure(name="on_plan", fact=EXPERT_PLAN, expr="sum(quantity)", doc="Exchanges planned with the expert.")
EXPERTS = SubjectMeasure(
    name="experts", inputs=(ON_PLAN,), expr="count(*) FILTER (WHERE on_plan > 0)", doc="Experts on the medical plan."
)
ENGAGED_EXPERTS = SubjectMeasure(
    name="engaged_experts",
    inputs=(ON_PLAN, EXCHANGED),
    expr="count(*) FILTER (WHERE on_plan > 0 AND exchanged > 0)",
    doc="Experts on the medical plan with an exchange in the window.",
)

OVERDUE = Measure(
    name="overdue_inquiries",
    fact=INQUIRY_TO_DATE,
    expr="sum(quantity) FILTER (WHERE overdue)",
    doc="Questions open past the hour promised.",
)
MEDIAN_HOURS = QuantileMeasure(
    name="median_hours", fact=INQUIRY, column="hours", q=0.5, doc="Median working hours until the answer."
)
P90_HOURS = QuantileMeasure(
    name="p90_hours", fact=INQUIRY, column="hours", q=0.9, doc="Working hours within which nine of ten answers left."
)
MEETINGS = Measure(name="meetings_planned", fact=CONGRESS, expr="sum(quantity)", doc="Congress meetings planned.")
MEETINGS_HELD = Measure(
    name="meetings_held", fact=CONGRESS, expr="sum(quantity) FILTER (WHERE held)", doc="Congress meetings held."
)
INSIGHTS = Measure(name="insights", fact=INSIGHT, expr="sum(quantity)", doc="Insights recorded.")
ACTIONABLE = Measure(
    name="actionable", fact=INSIGHT, expr="sum(quantity) FILTER (WHERE actionable)", doc="Insights judged actionable."
)

METRICS = (
    Metric(
        name="inquiries",
        title="Inquiries",
        band="medical",
        unit="count",
        definition="Questions put to medical information in the window, by the day the clinician asked.",
        formula="inquiries",
        measures=(INQUIRIES,),
        zero=True,
    ),
    Metric(
        name="inquiries_in_sla",
        title="Inquiries in SLA",
        band="medical",
        unit="percent",
        better="up",
        definition=(
            "Questions of the window answered by the hour promised, over those answered or past that hour. "
            "The clock starts when the clinician asked and counts working hours."
        ),
        formula="100 * answered_in_time / judged",
        measures=(ANSWERED_IN_TIME, JUDGED),
        least=5,
    ),
    Metric(
        name="inquiries_open",
        title="Inquiries open",
        band="medical",
        unit="count",
        better="down",
        definition="Questions asked so far that have no answer yet.",
        formula="open_inquiries",
        measures=(OPEN,),
        zero=True,
    ),
    Metric(
        name="exchanges",
        title="Scientific exchanges",
        band="medical",
        unit="count",
        definition="Persons in scientific exchanges with an MSL. Activity, never a target.",
        formula="exchanges",
        measures=(EXCHANGES,),
        zero=True,
    ),
    Metric(
        name="experts",
        title="Experts on plan",
        band="medical",
        unit="count",
        definition="Experts on the medical plan in force, chosen by science, never by prescribing.",
        formula="experts",
        measures=(EXPERTS,),
    ),
    Metric(
        name="expert_coverage",
        title="Expert plan",
        band="medical",
        unit="percent",
        better="up",
        definition="Experts on the medical plan with an exchange in the window over experts on the plan.",
        formula="100 * engaged_experts / experts",
        measures=(ENGAGED_EXPERTS, EXPERTS),
        least=5,
    ),
    Metric(
        name="inquiries_overdue",
        title="Inquiries overdue",
        band="medical",
        unit="count",
        better="down",
        definition="Questions asked so far, still open past the hour promised: what a rate of quick answers can hide.",
        formula="overdue_inquiries",
        measures=(OVERDUE,),
        zero=True,
    ),
    Metric(
        name="turnaround_median",
        title="Median turnaround",
        band="medical",
        unit="ratio",
        better="down",
        definition="Median working hours from the question to its answer, found at each node: medians do not add up.",
        formula="median_hours",
        measures=(MEDIAN_HOURS,),
    ),
    Metric(
        name="turnaround_p90",
        title="P90 turnaround",
        band="medical",
        unit="ratio",
        better="down",
        definition="Working hours within which nine of ten answers left, found at each node.",
        formula="p90_hours",
        measures=(P90_HOURS,),
    ),
    Metric(
        name="congress_held",
        title="Congress meetings held",
        band="medical",
        unit="percent",
        better="up",
        definition="Expert meetings held at congresses over those planned.",
        formula="100 * meetings_held / meetings_planned",
        measures=(MEETINGS_HELD, MEETINGS),
        least=5,
    ),
    Metric(
        name="actionable_insights",
        title="Actionable insights",
        band="medical",
        unit="percent",
        better="up",
        definition="Insights judged actionable over insights recorded. Their number alone is never a goal.",
        formula="100 * actionable / insights",
        measures=(ACTIONABLE, INSIGHTS),
        least=5,
    ),
)
