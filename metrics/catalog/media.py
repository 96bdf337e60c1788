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

MATCHED_TO_REACHED = SubjectMeasure(
    name="impressions_of_reached",
    inputs=(MATCHED_IMPRESSIONS,),
    expr="sum(matched_impressions) FILTER (WHERE matched_impressions > 0)",
    doc="Advertisements shown to the HCPs reached.",
)
IMPRESSIONS_ON_TARGETS = SubjectMeasure(
    name="impressions_on_targets",
    inputs=(MATCHED_IMPRESSIONS, PLANNED),
    expr="sum(matched_impressions) FILTER (WHERE planned > 0 AND matched_impressions > 0)",
    doc="Advertisements shown to targets.",
)
TIRED_HCPS = SubjectMeasure(
    name="tired_hcps",
    inputs=(MATCHED_IMPRESSIONS, CLICKS),
    expr="count(*) FILTER (WHERE matched_impressions > 60 AND coalesce(clicks, 0) = 0)",
    doc="HCPs shown more than sixty advertisements who clicked none.",
)
SHOWN_TO_TIRED = SubjectMeasure(
    name="shown_to_tired",
    inputs=(MATCHED_IMPRESSIONS, CLICKS),
    expr="sum(matched_impressions) FILTER (WHERE matched_impressions > 60 AND coalesce(clicks, 0) = 0)",
    doc="Advertisements shown to HCPs who were shown more than sixty and clicked none.",
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
        name="media_on_target",
        title="Impressions on target",
        band="media",
        unit="percent",
        better="up",
        definition="Impressions shown to targets of the plan in force over impressions shown to any HCP we know.",
        formula="100 * impressions_on_targets / impressions_of_reached",
        measures=(IMPRESSIONS_ON_TARGETS, MATCHED_TO_REACHED),
        least=100,
    ),
    Metric(
        name="tired_hcps",
        title="HCPs tired of media",
        band="media",
        unit="count",
        better="down",
        definition="HCPs shown more than sixty advertisements in the window who clicked none of them.",
        formula="tired_hcps",
        measures=(TIRED_HCPS,),
        zero=True,
    ),
    Metric(
        name="tired_share",
        title="Impressions on the tired",
        band="media",
        unit="percent",
        better="down",
        definition="Impressions shown to HCPs who saw more than sixty in the window and clicked none, over impressions "
        "shown to any HCP we know.",
        formula="100 * shown_to_tired / impressions_of_reached",
        measures=(SHOWN_TO_TIRED, MATCHED_TO_REACHED),
        least=100,
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
)
