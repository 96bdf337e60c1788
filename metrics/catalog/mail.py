"""E-mail metrics: what was delivered, opened and clicked, and who may be written to at all.

Opens and clicks of people who did not agree to be tracked count in totals alone, never in a row about one of them:
Veeva CRM tracks them anonymously for the same reason (crmhelp.veeva.com, Tracking Activity in Consent Capture).
"""

from __future__ import annotations

from metrics.catalog.facts import CONSENT, EXPOSURE
from metrics.catalog.field import PLANNED, TARGETS
from metrics.declare import Measure, Metric, SubjectMeasure

EMAILS_SENT = Measure(
    name="emails_sent", fact=EXPOSURE, expr="sum(quantity) FILTER (WHERE event = 'sent')", doc="E-mails attempted."
)
EMAILS_DELIVERED = Measure(
    name="emails_delivered",
    fact=EXPOSURE,
    expr="sum(quantity) FILTER (WHERE event = 'delivered')",
    doc="E-mails delivered.",
)
TRACKED = Measure(
    name="tracked_delivered",
    fact=EXPOSURE,
    expr="sum(quantity) FILTER (WHERE event = 'delivered' AND tracking)",
    doc="E-mails delivered to HCPs who agreed to be tracked.",
)
OPENED = Measure(
    name="opened",
    fact=EXPOSURE,
    expr="sum(quantity) FILTER (WHERE event = 'opened' AND tracking)",
    doc="E-mails opened at least once by HCPs who agreed to be tracked.",
)
CLICKED = Measure(
    name="clicked",
    fact=EXPOSURE,
    expr="sum(quantity) FILTER (WHERE event = 'clicked' AND tracking)",
    doc="E-mails clicked at least once by HCPs who agreed to be tracked.",
)
OPENED_BY_ALL = Measure(
    name="opened_by_all",
    fact=EXPOSURE,
    expr="sum(quantity) FILTER (WHERE event = 'opened')",
    doc="E-mails opened at least once, whoever received them.",
)
CLICKED_BY_ALL = Measure(
    name="clicked_by_all",
    fact=EXPOSURE,
    expr="sum(quantity) FILTER (WHERE event = 'clicked')",
    doc="E-mails clicked at least once, whoever received them.",
)
CONSENTED = Measure(
    name="consented",
    fact=CONSENT,
    expr="sum(quantity) FILTER (WHERE channel = 'email')",
    doc="Products for which an e-mail may be sent today.",
)
TRACKABLE = Measure(
    name="trackable",
    fact=CONSENT,
    expr="sum(quantity) FILTER (WHERE channel = 'tracking')",
    doc="Products whose e-mails may be tracked today.",
)
ENDED = Measure(
    name="ended",
    fact=CONSENT,
    expr="sum(1) FILTER (WHERE channel = 'email' AND opt = 'in' AND quantity = 0)",
    doc="Products for which an e-mail consent was given and has ended.",
)
CONSENTED_HCPS = SubjectMeasure(
    name="consented_hcps",
    inputs=(CONSENTED,),
    expr="count(*) FILTER (WHERE consented > 0)",
    doc="HCPs who may be e-mailed today.",
)
CONSENTED_TARGETS = SubjectMeasure(
    name="consented_targets",
    inputs=(CONSENTED, PLANNED),
    expr="count(*) FILTER (WHERE planned > 0 AND consented > 0)",
    doc="Targets who may be e-mailed today.",
)
TRACKED_HCPS = SubjectMeasure(
    name="tracked_hcps",
    inputs=(CONSENTED, TRACKABLE),
    expr="count(*) FILTER (WHERE consented > 0 AND trackable > 0)",
    doc="HCPs who may be e-mailed and agree to be tracked.",
)
ENDED_HCPS = SubjectMeasure(
    name="ended_hcps",
    inputs=(ENDED, CONSENTED),
    expr="count(*) FILTER (WHERE ended > 0 AND coalesce(consented, 0) = 0)",
    doc="HCPs whose e-mail consent has ended.",
)

METRICS = (
    Metric(
        name="emails_delivered",
        title="E-mails delivered",
        band="media",
        unit="count",
        definition="E-mails delivered, those marked as spam included: what counts as sent.",
        formula="emails_delivered",
        measures=(EMAILS_DELIVERED,),
        zero=True,
    ),
    Metric(
        name="email_delivery_rate",
        title="E-mail delivery",
        band="media",
        unit="percent",
        better="up",
        definition="E-mails delivered over e-mails attempted.",
        formula="100 * emails_delivered / emails_sent",
        measures=(EMAILS_DELIVERED, EMAILS_SENT),
        least=10,
    ),
    Metric(
        name="open_rate",
        title="E-mail opens",
        band="media",
        unit="percent",
        better="up",
        definition="E-mails opened over e-mails delivered, among HCPs who agreed to be tracked; each e-mail once.",
        formula="100 * opened / tracked_delivered",
        measures=(OPENED, TRACKED),
        least=10,
    ),
    Metric(
        name="click_rate",
        title="E-mail clicks",
        band="media",
        unit="percent",
        better="up",
        definition="E-mails clicked over e-mails delivered, among HCPs who agreed to be tracked; each e-mail once.",
        formula="100 * clicked / tracked_delivered",
        measures=(CLICKED, TRACKED),
        least=10,
    ),
    Metric(
        name="click_to_open",
        title="Click to open",
        band="media",
        unit="percent",
        better="up",
        definition="E-mails clicked over e-mails opened. Privacy proxies inflate opens: prefer clicks.",
        formula="100 * clicked / opened",
        measures=(CLICKED, OPENED),
        least=10,
    ),
    Metric(
        name="emails_opened",
        title="E-mails opened by anybody",
        band="media",
        unit="count",
        definition="E-mails opened, those of HCPs who did not agree to be tracked too: in totals alone.",
        formula="opened_by_all",
        measures=(OPENED_BY_ALL,),
        zero=True,
    ),
    Metric(
        name="emails_clicked",
        title="E-mails clicked by anybody",
        band="media",
        unit="count",
        definition="E-mails clicked, those of HCPs who did not agree to be tracked too: in totals alone.",
        formula="clicked_by_all",
        measures=(CLICKED_BY_ALL,),
        zero=True,
    ),
    Metric(
        name="email_consents",
        title="HCPs who may be e-mailed",
        band="media",
        unit="count",
        better="up",
        definition="HCPs whose e-mail consent holds on the day of the data, for the product asked for or for any.",
        formula="consented_hcps",
        measures=(CONSENTED_HCPS,),
        zero=True,
    ),
    Metric(
        name="consent_coverage",
        title="E-mail consent",
        band="media",
        unit="percent",
        better="up",
        definition="Targets who may be e-mailed about the product (or any) today over targets on the plan in force.",
        formula="100 * consented_targets / targets",
        measures=(CONSENTED_TARGETS, TARGETS),
    ),
    Metric(
        name="tracking_coverage",
        title="Tracking consent",
        band="media",
        unit="percent",
        better="up",
        definition="HCPs who agree that their opens and clicks are tracked over HCPs who may be e-mailed.",
        formula="100 * tracked_hcps / consented_hcps",
        measures=(TRACKED_HCPS, CONSENTED_HCPS),
    ),
    Metric(
        name="consents_ended",
        title="E-mail consents to renew",
        band="media",
        unit="count",
        better="down",
        definition="HCPs who may not be e-mailed today because the consent they once gave has ended.",
        formula="ended_hcps",
        measures=(ENDED_HCPS,),
        zero=True,
    ),
)
