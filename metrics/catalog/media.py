"""Media metrics: impressions, reach of targets, what a reached HCP costs, how much could be matched."""

from __future__ import annotations

from metrics.catalog.facts import EXPOSURE, SPEND
from metrics.catalog.field import PLANNED, TARGETS
from metrics.declare import Measure, Metric, SubjectMeasure

IMPRESSIONS = Measure(
    name="impressions",
    fact=EXPOSURE,
    expr="sum(quantity) FILTER (WHERE event = 'impression')",
    doc="Advertisements shown.",
)
MATCHED_IMPRESSIONS = Measure(
    name="matched_impressions",
    fact=EXPOSURE,
    expr="sum(quantity) FILTER (WHERE event = 'impression' AND party IS NOT NULL)",
    doc="Advertisements shown to an HCP we know.",
)
CLICKS = Measure(
    name="clicks", fact=EXPOSURE, expr="sum(quantity) FILTER (WHERE event = 'click')", doc="Advertisements clicked."
)
SPENT = Measure(name="spent", fact=SPEND, expr="sum(quantity)", doc="Media spend, allocated by impressions.")
REACHED_HCPS = SubjectMeasure(
    name="reached_hcps",
    inputs=(MATCHED_IMPRESSIONS,),
    expr="count(*) FILTER (WHERE matched_impressions > 0)",
    doc="HCPs shown at least one advertisement.",
)
MEDIA_REACHED_TARGETS = SubjectMeasure(
    name="media_reached_targets",
    inputs=(MATCHED_IMPRESSIONS, PLANNED),
    expr="count(*) FILTER (WHERE planned > 0 AND matched_impressions > 0)",
    doc="Targets shown at least one advertisement.",
)

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
MATCHED_TO_REACHED = SubjectMeasure(
    name="impressions_of_reached",
    inputs=(MATCHED_IMPRESSIONS,),
    expr="sum(matched_impressions) FILTER (WHERE matched_impressions > 0)",
    doc="Advertisements shown to the HCPs reached.",
)

METRICS = (
    Metric(
        name="impressions",
        title="Impressions",
        band="media",
        unit="count",
        definition="Advertisements shown, matched to an HCP or not.",
        formula="impressions",
        measures=(IMPRESSIONS,),
        zero=True,
    ),
    Metric(
        name="reached_hcps",
        title="HCPs reached by media",
        band="media",
        unit="count",
        better="up",
        definition="Distinct matched HCPs shown at least one advertisement in the window.",
        formula="reached_hcps",
        measures=(REACHED_HCPS,),
        zero=True,
    ),
    Metric(
        name="media_reach",
        title="HCP reach",
        band="media",
        unit="percent",
        better="up",
        definition="Targets shown at least one advertisement over targets on the plan in force; e-mail is apart.",
        formula="100 * media_reached_targets / targets",
        measures=(MEDIA_REACHED_TARGETS, TARGETS),
    ),
    Metric(
        name="media_spend",
        title="Media spend",
        band="media",
        unit="money",
        definition="Spend of the window, allocated to places by impressions: spend is known by campaign only.",
        formula="spent",
        measures=(SPENT,),
    ),
    Metric(
        name="cost_per_reached_hcp",
        title="Cost per reached HCP",
        band="media",
        unit="money",
        better="down",
        definition="Media spend, allocated by impressions, over targets shown at least one advertisement.",
        formula="spent / media_reached_targets",
        measures=(SPENT, MEDIA_REACHED_TARGETS),
    ),
    Metric(
        name="match_rate",
        title="Match rate",
        band="media",
        unit="percent",
        better="up",
        definition="Impressions shown to an HCP we know over all impressions: the rest reached nobody we can name.",
        formula="100 * matched_impressions / impressions",
        measures=(MATCHED_IMPRESSIONS, IMPRESSIONS),
        least=100,
    ),
    Metric(
        name="click_through",
        title="Click-through",
        band="media",
        unit="percent",
        better="up",
        definition="Clicks over impressions; with fewer than 1,000 impressions it says nothing.",
        formula="100 * clicks / impressions",
        measures=(CLICKS, IMPRESSIONS),
        least=1000,
    ),
    Metric(
        name="media_frequency",
        title="Media frequency",
        band="media",
        unit="ratio",
        definition="Impressions shown to reached HCPs over HCPs reached.",
        formula="impressions_of_reached / reached_hcps",
        measures=(MATCHED_TO_REACHED, REACHED_HCPS),
    ),
    Metric(
        name="cpm",
        title="CPM",
        band="media",
        unit="money",
        better="down",
        definition="Media spend, allocated by impressions, per thousand impressions.",
        formula="1000 * spent / impressions",
        measures=(SPENT, IMPRESSIONS),
        least=1000,
    ),
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
)
