"""What was said in calls and who came to events: key messages, their reception, attendance."""

from __future__ import annotations

from metrics.catalog.facts import ATTENDANCE, ATTENDED, HEARD, MESSAGE
from metrics.catalog.field import HCPS_MET, PLANNED, TARGETS
from metrics.declare import Measure, Metric, SubjectMeasure

MESSAGES = Measure(name="messages", fact=MESSAGE, expr="sum(quantity)", doc="Key messages given to persons met.")
NOTED = Measure(
    name="noted",
    fact=MESSAGE,
    expr="sum(quantity) FILTER (WHERE reaction IS NOT NULL)",
    doc="Key messages with a reaction that the rep noted.",
)
WELCOMED = Measure(
    name="welcomed",
    fact=MESSAGE,
    expr="sum(quantity) FILTER (WHERE reaction = 'positive')",
    doc="Key messages that were received well, as the rep noted it.",
)
TIMES_HEARD = Measure(name="times_heard", fact=HEARD, expr="sum(quantity)", doc="Key messages the person was given.")
HCPS_TOLD = SubjectMeasure(
    name="hcps_told",
    inputs=(TIMES_HEARD,),
    expr="count(*) FILTER (WHERE times_heard > 0)",
    doc="HCPs given at least one key message.",
)
ATTENDANCES = Measure(name="attendances", fact=ATTENDANCE, expr="sum(quantity)", doc="Persons at events.")
EVENTS = Measure(
    name="events", fact=ATTENDANCE, expr="count(DISTINCT event)", doc="Events that anybody attended; each once."
)
TIMES_THERE = Measure(name="times_there", fact=ATTENDED, expr="sum(quantity)", doc="Events the person attended.")
HCPS_AT_EVENTS = SubjectMeasure(
    name="hcps_at_events",
    inputs=(TIMES_THERE,),
    expr="count(*) FILTER (WHERE times_there > 0)",
    doc="HCPs who attended at least one event.",
)
TARGETS_AT_EVENTS = SubjectMeasure(
    name="targets_at_events",
    inputs=(TIMES_THERE, PLANNED),
    expr="count(*) FILTER (WHERE times_there > 0 AND planned > 0)",
    doc="HCPs on the plan who attended at least one event.",
)

METRICS = (
    Metric(
        name="messages",
        title="Key messages",
        band="field",
        unit="count",
        definition="Key messages given to persons in submitted calls: one message to three attendees counts three.",
        formula="messages",
        measures=(MESSAGES,),
        zero=True,
    ),
    Metric(
        name="hcps_told",
        title="HCPs given a message",
        band="field",
        unit="count",
        better="up",
        definition="Distinct HCPs given at least one key message in submitted calls of the window.",
        formula="hcps_told",
        measures=(HCPS_TOLD,),
        zero=True,
    ),
    Metric(
        name="message_reach",
        title="Message reach",
        band="field",
        unit="percent",
        better="up",
        definition="HCPs given at least one key message over HCPs met in submitted calls of the window.",
        formula="100 * hcps_told / hcps_met",
        measures=(HCPS_TOLD, HCPS_MET),
    ),
    Metric(
        name="messages_welcomed",
        title="Messages received well",
        band="field",
        unit="percent",
        better="up",
        definition="Key messages noted as received well over those with any reaction noted: the rep's own judgement.",
        formula="100 * welcomed / noted",
        measures=(WELCOMED, NOTED),
        least=30,
    ),
    Metric(
        name="attendances",
        title="Attendances",
        band="field",
        unit="count",
        definition="Persons who attended events of the field; who came to two counts two. Medical events are apart.",
        formula="attendances",
        measures=(ATTENDANCES,),
        zero=True,
    ),
    Metric(
        name="events",
        title="Events",
        band="field",
        unit="count",
        definition="Events of the field that anybody attended, by the day they began: each once, whoever came.",
        formula="events",
        measures=(EVENTS,),
        zero=True,
    ),
    Metric(
        name="attendees_per_event",
        title="Attendees an event",
        band="field",
        unit="ratio",
        better="up",
        definition="Persons who attended events of the field over the events that anybody attended.",
        formula="attendances / events",
        measures=(ATTENDANCES, EVENTS),
    ),
    Metric(
        name="hcps_at_events",
        title="HCPs at events",
        band="field",
        unit="count",
        better="up",
        definition="Distinct HCPs who attended at least one event of the field in the window.",
        formula="hcps_at_events",
        measures=(HCPS_AT_EVENTS,),
        zero=True,
    ),
    Metric(
        name="event_reach",
        title="Event reach of targets",
        band="field",
        unit="percent",
        better="up",
        definition="Targets who attended at least one event over targets on the plan in force.",
        formula="100 * targets_at_events / targets",
        measures=(TARGETS_AT_EVENTS, TARGETS),
    ),
)
