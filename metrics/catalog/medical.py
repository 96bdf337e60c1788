"""Medical metrics, in three tiers kept apart: activity, quality, impact. None of them knows a prescription."""

from __future__ import annotations

from metrics.catalog.facts import ENGAGED, EXCHANGE, EXPERT_PLAN, INQUIRY, INQUIRY_TO_DATE
from metrics.declare import Measure, Metric, SubjectMeasure

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
)
