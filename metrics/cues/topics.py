"""topic_surge: clinicians of one region ask about one topic more often than they use to. No prescription is read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd
from scipy.stats import norm, poisson

from metrics.cues.scene import Found, Scene
from metrics.cues.wording import count, number, share
from metrics.signals.fdr import adjusted, chance_true

DAYS, LEAST, PAST_DAYS, Q = 30, 3, 182, 0.10

# One row a leaf, topic and product: who asked in the last thirty days, and how many questions there were before.
ASKED = """
SELECT coalesce(CASE WHEN i.hierarchy = $hierarchy THEN i.node END, p.leaf) AS leaf, i.topic, i.product,
    i.received_at > CAST($as_of AS DATE) - $days AS recent, count(*) AS questions,
    list(DISTINCT coalesce(i.party, i.inquiry)) AS people
FROM inquiry i LEFT JOIN place p ON p.subject = coalesce(i.party, '') AND p.hierarchy = $hierarchy
WHERE i.topic IS NOT NULL AND i.received_at > CAST($as_of AS DATE) - $days - $past
    AND i.received_at < CAST($as_of AS DATE) + 1
GROUP BY ALL ORDER BY leaf, i.topic, i.product, recent
"""

STATEMENTS = (ASKED,)


def topic_surge(scene: Scene) -> Iterator[Found]:
    """Every topic that three or more clinicians of a region raise in 30 days, beyond its past and beyond chance."""
    for hierarchy in scene.of_kind("medical"):
        rows = scene.frame(ASKED, hierarchy=hierarchy.id, days=DAYS, past=PAST_DAYS)
        rows["region"] = [scene.above(hierarchy.id, str(leaf), "second") for leaf in rows["leaf"]]
        asked = rows.dropna(subset=["region"]).groupby(["region", "topic"])
        cells = [_cell(str(region), str(topic), own) for (region, topic), own in asked]
        p = np.array([cell["p"] for cell in cells])
        sure = chance_true(norm.ppf(np.clip(p, 1e-12, 1 - 1e-12))) if len(p) else p
        for cell, level, chance in zip(cells, adjusted(p), sure, strict=True):
            top = scene.above(hierarchy.id, cell["region"], "top")
            if top and len(cell["people"]) >= LEAST and level <= Q and chance > 0.5:
                yield _found(scene, cell, hierarchy.id, top, float(chance))


def _cell(region: str, topic: str, own: pd.DataFrame) -> dict[str, Any]:
    """One region's questions on one topic: now, before, and the chance of so many at the past's pace."""
    now, past = own[own["recent"]], own[~own["recent"]]
    asked, before = int(now["questions"].sum()), int(past["questions"].sum())
    usual = (before + 0.5) * DAYS / PAST_DAYS
    people = {person for some in now["people"] for person in some}
    products = now.groupby("product")["questions"].sum().sort_values(ascending=False)
    return {
        "region": region, "topic": topic, "asked": asked, "before": before, "usual": usual, "people": people,
        "p": float(poisson.sf(asked - 1, usual)), "product": products.index[0] if len(products) else None,
        "of_product": int(products.iloc[0]) if len(products) else 0,
    }  # fmt: skip


def _found(scene: Scene, cell: dict[str, Any], hierarchy: str, top: str, chance: float) -> Found:
    place = scene.node_names.get((hierarchy, cell["region"]), cell["region"])
    topic, name = cell["topic"].replace("_", " ").lower(), scene.products.get(cell["product"], "no product")
    return Found(
        role="medical_director",
        hierarchy=hierarchy,
        node=top,
        subject=cell["region"],
        thing=cell["topic"],
        headline=f"{place[:36]}: {count(len(cell['people']), 'clinician')} ask about {topic[:24]}",
        reasons=(
            f"{count(cell['asked'], 'question')} on {topic} in {DAYS} days from {len(cell['people'])} who asked",
            f"The half year before had {cell['before']}, which makes {number(cell['usual'], 1)} in {DAYS} days",
            f"{share(cell['of_product'] / cell['asked'])} of them are about {name}",
        ),
        comparator="the region's own questions on the topic in the half year before",
        confidence=min(chance, 0.99),
        data_as_of=scene.last_day("inquiry") or scene.as_of,
        worth=(max(cell["asked"] - cell["usual"], 1.0), float(cell["asked"])),
        evidence={"topic": cell["topic"], "asked": cell["asked"], "before": cell["before"], "p": cell["p"]},
    )
