"""writing_less: an HCP whose scripts fall by more than chance and more than the region's."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from metrics.cues import moving, touches
from metrics.cues.scene import FIELD_KINDS, Found, Scene, each
from metrics.cues.wording import change, every_weeks, number
from metrics.signals import ngd

# One row an HCP, own product and territory: own and market scripts of the two windows. Opted-out
# physicians are outside from the first line on, so that nothing about them shapes another's number.
WINDOWS = """
WITH w AS (
    SELECT shift, first, last FROM span WHERE kind = 'window' AND win = $win AND shift IN ('current', 'previous')
),
loaded AS (SELECT min(period_start) <= (SELECT min(first) FROM w) AS whole FROM outcome),
seen AS (
    SELECT o.subject, o.product, w.shift, sum(o.quantity) AS trx
    FROM outcome o JOIN w ON o.period_start >= w.first AND o.period_end <= w.last
    WHERE o.subject_kind = 'hcp' AND (SELECT whole FROM loaded)
        AND NOT EXISTS (SELECT 1 FROM pdrp_now x WHERE x.party = o.subject)
    GROUP BY ALL
)
SELECT p.hierarchy, p.leaf, s.subject, m.asked AS product,
    CAST(coalesce(sum(s.trx) FILTER (WHERE m.scope = 'own' AND s.shift = 'previous'), 0) AS DOUBLE) AS before,
    CAST(coalesce(sum(s.trx) FILTER (WHERE m.scope = 'own' AND s.shift = 'current'), 0) AS DOUBLE) AS now,
    CAST(coalesce(sum(s.trx) FILTER (WHERE m.scope = 'basket' AND s.shift = 'previous'), 0) AS DOUBLE) AS market_before,
    CAST(coalesce(sum(s.trx) FILTER (WHERE m.scope = 'basket' AND s.shift = 'current'), 0) AS DOUBLE) AS market_now
FROM seen s
JOIN product_scope m ON m.product = s.product AND m.scope IN ('own', 'basket')
JOIN product mine ON mine.product = m.asked AND mine.own
JOIN place p ON p.subject = s.subject AND p.hierarchy = $hierarchy
GROUP BY ALL ORDER BY s.subject, m.asked
"""

PLAN_NOW = """
SELECT party, node, product, sum(quantity) AS planned, min(tier) AS tier,
    min(period_start) AS first, max(period_end) AS last
FROM plan WHERE $as_of BETWEEN period_start AND period_end GROUP BY ALL
"""

STATEMENTS = (WINDOWS, PLAN_NOW, touches.LAST_CALL, touches.MAIL, *moving.STATEMENTS)
WEEKS = 13.0  # in either window
RECENT = 14  # days: a call this fresh was no cure
_WORDS = {"C13W": "13 weeks", "C3M": "3 months"}
_NARROW = 1.28  # an 80 % interval


def writing_less(scene: Scene) -> Iterator[Found]:
    """Every believed decliner, product by product; practices and years by the rule of sparser data."""
    yield from moving.writing_less(scene)
    if scene.window is None:
        return
    known = touches.touches(scene)
    plans = _intervals(scene.frame(PLAN_NOW))
    for hierarchy in scene.of_kind(*FIELD_KINDS):
        for one in scene.once(("decliners", hierarchy.id), partial(_decliners, scene, hierarchy.id)):
            yield _found(scene, one, known, plans.get(one.row.subject))


def _intervals(plans: pd.DataFrame) -> dict[str, float]:
    """Days between calls by each person's plan: the cycle over its calls, the closest where several plan."""
    found: dict[str, float] = {}
    for row in each(plans):
        if row.planned > 0:
            days = ((row.last - row.first).days + 1) / float(row.planned)
            found[row.party] = min(days, found.get(row.party, days))
    return found


@dataclass(frozen=True, kw_only=True)
class Decliner:
    """Who writes less of a product: both windows, the growth of the region, and how the fall was judged."""

    product: str
    row: Any
    growth: float
    index: float
    z: float
    phi: float
    chance: float


def _decliners(scene: Scene, hierarchy: str) -> list[Decliner]:
    """Every believed decliner of a hierarchy, product by product: the same for every team."""
    rows = scene.frame(WINDOWS, win=scene.window, hierarchy=hierarchy)
    regions = {leaf: scene.above(hierarchy, leaf, "second") or "" for leaf in rows["leaf"].unique()}
    rows["region"] = rows["leaf"].map(regions)
    products = rows.groupby("product", sort=True)
    return [one for product, own in products for one in _of_product(str(product), own)]


def _of_product(product: str, rows: pd.DataFrame) -> Iterator[Decliner]:
    """The decliners of one product, all its prescribers judged as one family."""
    around = rows.groupby("region")[["before", "now"]].transform("sum")
    growth = np.where(around["before"] > 0, around["now"] / around["before"].where(around["before"] > 0, 1.0), 1.0)
    judged = ngd.declines(rows["before"], rows["now"], growth)
    some = np.flatnonzero(judged.declining)
    for i, row in zip(map(int, some), each(rows.iloc[some]), strict=True):
        if not row.leaf.endswith("~unaligned"):
            parts = {name: float(getattr(judged, name)[i]) for name in ("index", "z", "phi", "chance")}
            yield Decliner(product=product, row=row, growth=float(growth[i]), **parts)


def _found(scene: Scene, one: Decliner, known: touches.Touches, interval: float | None) -> Found:
    product, row, growth = one.product, one.row, one.growth
    name, words = scene.products[product], _WORDS[str(scene.window)]
    market = row.market_now / row.market_before if row.market_before > 0 else None
    beside = f"the market there is {change(market)}" if market else f"the region is {change(growth)}"
    plan = f"the plan says {every_weeks(interval)}" if interval else "not on the plan in force"
    return Found(
        role="rep",
        hierarchy=row.hierarchy,
        node=row.leaf,
        subject=row.subject,
        product=product,
        headline=f"{{subject}} is writing less {name}{_though(known.since(row.subject))}",
        reasons=(
            f"{name} {number(row.before)} \u2192 {number(row.now)} scripts in {words}; {beside}",
            f"{known.seen(row.subject)}; {plan}",
            known.media(row.subject, product, name),
        ),
        comparator=f"the {words} before, and {name} in the region ({change(growth)})",
        confidence=one.chance,
        data_as_of=scene.anchor,
        worth=_worth(row, growth, one.phi),
        evidence={
            "before": float(row.before),
            "now": float(row.now),
            "region_growth": growth,
            "evolution_index": one.index,
            "z": one.z,
            "noise": one.phi,
            "market_before": float(row.market_before),
            "market_now": float(row.market_now),
            "plan_interval_days": interval,
            **known.numbers(row.subject, product),
        },
    )


def _though(days: int | None) -> str:
    """A call was made lately and the fall went on: the next one should ask why."""
    return "; ask what changed" if days is not None and days <= RECENT else ""


def _worth(row: Any, growth: float, phi: float) -> tuple[float, float]:
    """Scripts a week below what the region's growth says: an 80 % interval, never below zero."""
    gap = row.before * growth - row.now
    doubt = _NARROW * float(np.sqrt(phi * (row.before * growth**2 + row.now)))
    return max(0.0, (gap - doubt) / WEEKS), max(0.0, (gap + doubt) / WEEKS)
