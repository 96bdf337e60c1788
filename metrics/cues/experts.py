"""expert_waiting: an expert on the medical plan whom nobody has met. No prescription is read here."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pandas as pd

from metrics.cues.scene import Found, Scene, each
from metrics.cues.wording import ago, count, day, number, share

SILENT_DAYS, PATIENCE, LEAST_GONE, STALE_DAYS = 91, 2.0, 1 / 3, 28
# How much a meeting weighs by scientific tier; never by anything prescribed.
_TIERS = {"international": 1.5, "national": 1.0, "regional": 0.5}

EXPERTS = """
WITH now AS (
    SELECT party, hierarchy, node, max(tier) AS tier, sum(quantity) AS planned,
        min(period_start) AS first, max(period_end) AS last
    FROM expert_plan
    WHERE $as_of BETWEEN period_start AND period_end AND hierarchy = $hierarchy GROUP BY ALL
),
met AS (
    SELECT n.party, n.node, count(*) FILTER (WHERE x.period_start >= n.first) AS held, max(x.period_end) AS last_met
    FROM now n JOIN exchange x ON x.party = n.party AND x.period_end <= $as_of GROUP BY ALL
)
SELECT n.party, n.node, n.tier, n.planned, n.first, n.last, coalesce(m.held, 0) AS held, m.last_met,
    date_diff('day', n.first, CAST($as_of AS DATE)) / (date_diff('day', n.first, n.last) + 1.0) AS gone,
    count(*) OVER (PARTITION BY n.node) AS experts,
    count(*) FILTER (WHERE coalesce(m.held, 0) > 0) OVER (PARTITION BY n.node) AS met_experts
FROM now n LEFT JOIN met m USING (party, node)
ORDER BY n.party, n.node
"""

STATEMENTS = (EXPERTS,)


def expert_waiting(scene: Scene) -> Iterator[Found]:
    """Every expert on the plan in force whom nobody met for 13 weeks and two intervals, and who is behind."""
    last = scene.last_day("exchange")
    if last is None or (scene.as_of - last).days > STALE_DAYS:
        return
    for hierarchy in scene.of_kind("medical"):
        for row in each(scene.frame(EXPERTS, hierarchy=hierarchy.id)):
            silent = None if pd.isna(row.last_met) else (scene.as_of - pd.Timestamp(row.last_met).date()).days
            behind = float(row.planned) * float(row.gone) > row.held
            interval = ((row.last - row.first).days + 1) / max(float(row.planned), 1.0)
            patience = max(SILENT_DAYS, PATIENCE * interval)
            if row.gone >= LEAST_GONE and (silent is None or silent > patience) and behind:
                role, node = scene.medical_post(hierarchy.id, row.node)
                if node:
                    yield _found(row, silent, hierarchy.id, role, node, last)


def _found(row: Any, silent: int | None, hierarchy: str, role: str, node: str, last: date) -> Found:
    planned = float(row.planned)
    if silent is None:
        met = "No exchange is on record"
    else:
        met = f"Last exchange {ago(silent)} ago ({day(pd.Timestamp(row.last_met))})"
    tier = str(row.tier or "no").capitalize()
    return Found(
        role=role,
        hierarchy=hierarchy,
        node=node,
        subject=row.party,
        headline="{subject} waits for an exchange" + (f": none for {ago(silent)}" if silent is not None else ""),
        reasons=(
            f"{met}; the plan says {number(planned)} in this cycle",
            f"{row.held} of {number(planned)} held with {share(row.gone)} of the cycle gone",
            f"{tier} tier; {row.met_experts} of {count(row.experts, 'expert')} here met in this cycle",
        ),
        comparator="the medical plan in force",
        confidence=0.9,
        data_as_of=last,
        worth=(1.0, max(1.0, planned - row.held)),
        urgency=_TIERS.get(str(row.tier).lower(), 0.5),
        evidence={
            "tier": row.tier,
            "planned": planned,
            "held": int(row.held),
            "gone": float(row.gone),
            "days_since": silent,
            "experts": int(row.experts),
            "experts_met": int(row.met_experts),
        },
    )
