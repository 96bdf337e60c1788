"""media_fatigue: a campaign shows itself too often to people who never click."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd

from metrics.cues.scene import FIELD_KINDS, Found, Scene, each
from metrics.cues.wording import count, day, number, share

A_WEEK, WEEKS, STALE_DAYS, SURE = 20, 4, 10, 0.9

# One row a campaign: those known by name who see more than twenty a week, four weeks running, and never click;
# and how often everybody else clicks. The weeks are the last whole ones that its vendor has delivered.
SHOWN = """
WITH ends AS (
    SELECT vendor, max(period_end) AS last FROM exposure
    WHERE event = 'impression' AND period_end <= $as_of GROUP BY vendor
),
seen AS (
    SELECT e.vendor, e.campaign, e.channel, e.product, e.party, x.last,
        CAST(floor(date_diff('day', e.period_end, x.last) / 7) AS INTEGER) AS back,
        sum(e.quantity) FILTER (WHERE e.event = 'impression') AS shown,
        coalesce(sum(e.quantity) FILTER (WHERE e.event = 'click'), 0) AS clicked
    FROM exposure e JOIN ends x USING (vendor)
    WHERE e.party IS NOT NULL AND e.event IN ('impression', 'click') AND e.campaign IS NOT NULL
        AND e.period_end BETWEEN x.last - 7 * $weeks + 1 AND x.last
    GROUP BY ALL
),
person AS (
    SELECT vendor, campaign, channel, product, party, last, CAST(sum(shown) AS DOUBLE) AS shown,
        CAST(sum(clicked) AS DOUBLE) AS clicked,
        count(*) FILTER (WHERE shown > $a_week) = $weeks AND sum(clicked) = 0 AS tired
    FROM seen GROUP BY ALL
)
SELECT vendor, campaign, any_value(channel ORDER BY channel) AS channel, any_value(product ORDER BY product) AS product,
    max(last) AS last, count(*) AS people, sum(shown) AS shown,
    count(*) FILTER (WHERE tired) AS tired, sum(shown) FILTER (WHERE tired) AS tired_shown,
    coalesce(sum(clicked) / nullif(sum(shown) FILTER (WHERE NOT tired), 0), 0) AS click_rate,
    list(party ORDER BY party) FILTER (WHERE tired) AS hcps
FROM person GROUP BY vendor, campaign HAVING count(*) FILTER (WHERE tired) > 0 ORDER BY vendor, campaign
"""

STATEMENTS = (SHOWN,)


def media_fatigue(scene: Scene) -> Iterator[Found]:
    """Every campaign with people who are shown too much and surely click less than others, to the brand lead."""
    rows = scene.frame(SHOWN, weeks=WEEKS, a_week=A_WEEK)
    for row in each(rows):
        last = pd.Timestamp(row.last).date()
        sure = 1.0 - (1.0 - float(row.click_rate)) ** float(row.tired_shown)
        if (scene.as_of - last).days > STALE_DAYS or sure < SURE:
            continue
        for hierarchy in scene.of_kind(*FIELD_KINDS):
            for top in scene.tops(hierarchy.id):
                yield _found(scene, row, hierarchy.id, top, sure)


def _found(scene: Scene, row: Any, hierarchy: str, top: str, sure: float) -> Found:
    last, a_week = pd.Timestamp(row.last).date(), float(row.tired_shown) / WEEKS
    expected = float(row.click_rate * row.tired_shown)
    return Found(
        role="brand_lead",
        hierarchy=hierarchy,
        node=top,
        subject=row.campaign,
        product=row.product if isinstance(row.product, str) else None,
        headline=f"{row.campaign[:28]} tires {count(row.tired, 'HCP')}: over {A_WEEK} a week, no click",
        reasons=(
            f"{count(row.tired, 'HCP')} of {number(row.people)} saw it more than {A_WEEK} times in each of {WEEKS} "
            f"weeks to {day(last)}",
            f"No click in {number(row.tired_shown)} impressions; at the others' rate there would be {number(expected)}",
            f"They take {share(row.tired_shown / row.shown)} of the campaign's impressions on known HCPs",
        ),
        comparator=f"the campaign's other HCPs, who click {number(1000 * row.click_rate, 1)} times in a thousand",
        confidence=min(sure, 0.99),
        data_as_of=last,
        worth=(max(a_week - A_WEEK * row.tired, 0.0), a_week),
        evidence={
            "vendor": row.vendor,
            "campaign": row.campaign,
            "hcps": list(row.hcps),
            "impressions": float(row.tired_shown),
            "click_rate": float(row.click_rate),
        },
    )
