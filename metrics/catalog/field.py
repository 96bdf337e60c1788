"""Field metrics: calls, plan attainment, reach, frequency."""

from __future__ import annotations

from metrics.catalog.facts import CONTACT, DAYS, DETAIL, INTERACTION, PLAN, SAMPLE
from metrics.catalog.outcomes import OWN_TRX
from metrics.declare import Measure, Metric, SubjectMeasure

CALLS = Measure(
    name="calls", fact=INTERACTION, expr="count(DISTINCT call_id)", doc="Submitted calls; a group call is one."
)
PERSONS_MET = Measure(name="persons_met", fact=INTERACTION, expr="sum(quantity)", doc="Persons met in calls.")
CONTACTS = Measure(name="contacts", fact=CONTACT, expr="sum(quantity)", doc="Times the person was met.")
PLANNED = Measure(name="planned", fact=PLAN, expr="sum(quantity)", doc="Calls planned to date, by working day.")

PLANNED_CALLS = SubjectMeasure(
    name="planned_calls", inputs=(PLANNED,), expr="sum(planned)", doc="Calls planned to date, by working day."
)
CAPPED_CALLS = SubjectMeasure(
    name="capped_calls",
    inputs=(CONTACTS, PLANNED),
    expr="sum(least(coalesce(contacts, 0), planned)) FILTER (WHERE planned > 0)",
    doc="Calls up to the plan of each target: calls beyond it count nothing.",
)
TARGETS = SubjectMeasure(
    name="targets", inputs=(PLANNED,), expr="count(*) FILTER (WHERE planned > 0)", doc="HCPs on the plan in force."
)
REACHED_TARGETS = SubjectMeasure(
    name="reached_targets",
    inputs=(CONTACTS, PLANNED),
    expr="count(*) FILTER (WHERE planned > 0 AND contacts > 0)",
    doc="HCPs on the plan who were met at least once.",
)
TARGET_CONTACTS = SubjectMeasure(
    name="target_contacts",
    inputs=(CONTACTS, PLANNED),
    expr="sum(contacts) FILTER (WHERE planned > 0 AND contacts > 0)",
    doc="Calls on the HCPs on the plan who were met.",
)

HCPS_MET = SubjectMeasure(
    name="hcps_met", inputs=(CONTACTS,), expr="count(*) FILTER (WHERE contacts > 0)", doc="HCPs met at least once."
)
ALL_CONTACTS = SubjectMeasure(
    name="all_contacts", inputs=(CONTACTS,), expr="sum(contacts)", doc="Times anybody was met."
)
SAMPLES = Measure(name="samples", fact=SAMPLE, expr="sum(quantity)", doc="Sample units left.")
DETAILS = Measure(name="details", fact=DETAIL, expr="sum(1)", doc="Products discussed with persons.")
PDE = Measure(name="pde", fact=DETAIL, expr="sum(quantity)", doc="Details weighed by their place in the call.")
FIELD_DAYS = Measure(name="field_days", fact=DAYS, expr="sum(quantity)", doc="Working days of reps less time off.")

METRICS = (
    Metric(
        name="calls",
        title="Calls",
        band="field",
        unit="count",
        better="up",
        definition="Submitted calls, by any channel but e-mail; a group call is one, for the product detailed first.",
        formula="calls",
        measures=(CALLS,),
        zero=True,
    ),
    Metric(
        name="persons_met",
        title="Persons met",
        band="field",
        unit="count",
        better="up",
        definition="Persons met in submitted calls: a group call with three attendees counts three.",
        formula="persons_met",
        measures=(PERSONS_MET,),
        zero=True,
    ),
    Metric(
        name="hcps_met",
        title="HCPs met",
        band="field",
        unit="count",
        better="up",
        definition="Distinct HCPs met at least once in submitted calls of the window, on the plan or not.",
        formula="hcps_met",
        measures=(HCPS_MET,),
        zero=True,
    ),
    Metric(
        name="planned_calls",
        title="Planned calls to date",
        band="field",
        unit="count",
        definition="Calls planned, spread over the working days of the cycle and counted up to the window's end.",
        formula="planned_calls",
        measures=(PLANNED_CALLS,),
    ),
    Metric(
        name="capped_calls",
        title="Calls within plan",
        band="field",
        unit="count",
        better="up",
        definition="Calls on each target up to its plan: over-calling the easy doctors hides nobody.",
        formula="capped_calls",
        measures=(CAPPED_CALLS,),
    ),
    Metric(
        name="call_plan_attainment",
        title="Call-plan attainment",
        band="field",
        unit="percent",
        better="up",
        definition=(
            "Calls on each target, capped at the target's plan, over the calls planned up to now by working day. "
            "100 % means on plan to date."
        ),
        formula="100 * capped_calls / planned_calls",
        measures=(CAPPED_CALLS, PLANNED_CALLS),
    ),
    Metric(
        name="targets",
        title="Targets",
        band="field",
        unit="count",
        definition="HCPs on the call plan in force during the window.",
        formula="targets",
        measures=(TARGETS,),
    ),
    Metric(
        name="reached_targets",
        title="Targets reached",
        band="field",
        unit="count",
        better="up",
        definition="HCPs on the plan who were met at least once in the window.",
        formula="reached_targets",
        measures=(REACHED_TARGETS,),
    ),
    Metric(
        name="reach",
        title="Reach of targets",
        band="field",
        unit="percent",
        better="up",
        definition="Targets met at least once over targets on the plan in force.",
        formula="100 * reached_targets / targets",
        measures=(REACHED_TARGETS, TARGETS),
    ),
    Metric(
        name="frequency",
        title="Frequency",
        band="field",
        unit="ratio",
        better="up",
        definition="Calls on reached targets over reached targets (not over all targets).",
        formula="target_contacts / reached_targets",
        measures=(TARGET_CONTACTS, REACHED_TARGETS),
    ),
    Metric(
        name="on_target_share",
        title="Calls on target",
        band="field",
        unit="percent",
        better="up",
        definition="Calls on HCPs of the plan in force over calls on anybody, by person met.",
        formula="100 * target_contacts / all_contacts",
        measures=(TARGET_CONTACTS, ALL_CONTACTS),
        least=10,
    ),
    Metric(
        name="field_days",
        title="Days in the field",
        band="field",
        unit="count",
        definition="Working days of active reps less their time off.",
        formula="field_days",
        measures=(FIELD_DAYS,),
    ),
    Metric(
        name="calls_per_day",
        title="Calls a day",
        band="field",
        unit="ratio",
        better="up",
        definition="Submitted calls over days in the field.",
        formula="calls / field_days",
        measures=(CALLS, FIELD_DAYS),
    ),
    Metric(
        name="details",
        title="Details",
        band="field",
        unit="count",
        definition="Products discussed with persons in submitted calls, at any place in the call.",
        formula="details",
        measures=(DETAILS,),
        zero=True,
    ),
    Metric(
        name="pde",
        title="Primary detail equivalents",
        band="field",
        unit="count",
        better="up",
        definition=(
            "Details weighed by place: alone 1.00; of two .65 and .35; of three .60, .30 and .10; "
            "of four .55, .25, .10 and .10."
        ),
        formula="pde",
        measures=(PDE,),
        source="https://rxpromoroi.org/rapp/faqs_det.html",
        zero=True,
    ),
    Metric(
        name="samples",
        title="Samples",
        band="field",
        unit="count",
        definition="Sample units left with HCPs.",
        formula="samples",
        measures=(SAMPLES,),
        zero=True,
    ),
    Metric(
        name="samples_per_call",
        title="Samples a call",
        band="field",
        unit="ratio",
        definition="Sample units over submitted calls.",
        formula="samples / calls",
        measures=(SAMPLES, CALLS),
    ),
    Metric(
        name="samples_per_trx",
        title="Samples to TRx",
        band="field",
        unit="ratio",
        definition="Sample units over TRx of our products: high with few prescriptions means samples without effect.",
        formula="samples / own_trx",
        measures=(SAMPLES, OWN_TRX),
    ),
)
