"""territory_falling: a part of the map below its own share of the nation, said where it is explained."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from itertools import pairwise

import numpy as np
import pandas as pd

from data.levels import Hierarchy
from metrics.catalog.roles import ROLES
from metrics.cues import area_years, series
from metrics.cues.falls import Fall, explaining
from metrics.cues.scene import FIELD_KINDS, Found, Scene, each
from metrics.cues.wording import change, count, cut, number, share, signed
from metrics.signals import shift

SETTINGS = {"week": shift.WEEKLY, "month": shift.MONTHLY}
OWNERS = {
    "top": ("national_leader", "brand_lead"),
    "second": ("regional_director",),
    "third": ("district_manager",),
}
Numbers = shift.Numbers
_NARROW = 1.28  # an 80 % interval

PARTS = """
SELECT node, factor, CAST(quantity AS DOUBLE) AS quantity FROM bridge
WHERE hierarchy = $hierarchy AND win = $win AND shift = 'previous' AND product = $product AND masked = $masked
"""

CALLS = """
SELECT t.ancestor AS node,
    count(DISTINCT i.call_id) FILTER (WHERE i.period_end > CAST($anchor AS DATE) - $days) AS now,
    count(DISTINCT i.call_id) FILTER (WHERE i.period_end <= CAST($anchor AS DATE) - $days) AS before
FROM interaction i JOIN node_tree t ON t.hierarchy = $hierarchy AND t.node = i.node
WHERE i.hierarchy = $hierarchy AND i.period_end BETWEEN CAST($anchor AS DATE) - 2 * $days + 1 AND CAST($anchor AS DATE)
GROUP BY t.ancestor
"""

STATEMENTS = (series.SCRIPTS, PARTS, CALLS, *area_years.STATEMENTS)


@dataclass(frozen=True)
class Level:
    """The units of one level and the rung of those above, whose cue a fall is."""

    nodes: list[tuple[str, tuple[str, ...]]]
    rung: str
    masked: bool


def territory_falling(scene: Scene) -> Iterator[Found]:
    """Every fall that no other explains, to each role that stands above it."""
    yield from scene.once("areas that fell in the year", lambda: list(area_years.moved(scene, -1, OWNERS)))
    setting = SETTINGS.get(str(scene.grain))
    if setting is None:
        return
    days = setting.recent * (7 if scene.grain == "week" else 30)
    for hierarchy in scene.of_kind(*FIELD_KINDS):
        calls = scene.frame(CALLS, hierarchy=hierarchy.id, days=days)
        for product in scene.products:
            for fall in _explaining(scene, hierarchy, product, setting):
                asked = {"hierarchy": hierarchy.id, "win": scene.window, "product": product, "masked": fall.masked}
                parts = scene.once(("parts", *asked.values()), partial(scene.frame, PARTS, **asked))
                for role in OWNERS[fall.rung]:
                    yield _found(scene, hierarchy, fall, setting, parts, calls, role)


def _explaining(scene: Scene, hierarchy: Hierarchy, product: str, setting: shift.Setting) -> list[Fall]:
    """The falls of a product that no other explains: the same for every team."""
    key = ("falls", hierarchy.id, product)
    return scene.once(key, lambda: explaining(_falls(scene, hierarchy, product, setting)))


def _falls(scene: Scene, hierarchy: Hierarchy, product: str, setting: shift.Setting) -> list[Fall]:
    """Every fallen unit below the top; each level of a product is one family of tests."""
    found: list[Fall] = []
    tables = {masked: series.scripts(scene, hierarchy, product, masked, setting) for masked in (False, True)}
    for above, name in pairwise(hierarchy.levels):
        rung = hierarchy.rung(above)
        masked = any(ROLES[role].masks_pdrp for role in OWNERS[rung])
        level = Level(series.nodes(scene, hierarchy, name), rung, masked)
        found += _judged(scene, hierarchy, level, product, tables[masked], setting)
    return found


def _judged(
    scene: Scene, hierarchy: Hierarchy, level: Level, product: str, table: pd.DataFrame, setting: shift.Setting
) -> list[Fall]:
    """The fallen units of one level, for one product."""
    if table.empty or not level.nodes:
        return []
    counts = series.of_nodes(scene, hierarchy, table, [node for node, _ in level.nodes])
    whole = table.to_numpy().sum(axis=1)
    seen = shift.falls(counts, whole, setting)
    return [_fall(product, level, int(i), seen, counts, whole, setting) for i in np.flatnonzero(seen.fallen)]


def _fall(
    product: str, level: Level, i: int, seen: shift.Shifts, counts: Numbers, whole: Numbers, setting: shift.Setting
) -> Fall:
    node, above = level.nodes[i]
    recent = whole[-setting.recent :]
    hoped = recent * seen.expected[i] / max(recent.sum(), 1e-9)
    return Fall(
        node=node,
        above=above,
        rung=level.rung,
        product=product,
        masked=level.masked,
        actual=float(seen.actual[i]),
        expected=float(seen.expected[i]),
        error=float(seen.error[i]),
        chance=float(seen.chance[i]),
        phi=float(seen.phi[i]),
        below=int((counts[-setting.recent :, i] < hoped).sum()),
    )


def _found(
    scene: Scene,
    hierarchy: Hierarchy,
    fall: Fall,
    setting: shift.Setting,
    parts: pd.DataFrame,
    calls: pd.DataFrame,
    role: str,
) -> Found:
    words = f"{scene.grain}s"
    place = scene.node_names.get((hierarchy.id, fall.node), fall.node)
    named = scene.product_word(fall.product)
    low, high = (max(0.0, (-fall.gap + side * fall.error) / setting.recent) for side in (-_NARROW, _NARROW))
    moved = change(fall.actual / fall.expected)
    below = f"Below it in {fall.below} of the last {setting.recent} {words}"
    noise = f"Noise alone would move it by {number(fall.error)} either way, not by {number(-fall.gap)}"
    return Found(
        role=role,
        hierarchy=hierarchy.id,
        node=fall.above[0],
        subject=fall.node,
        product=fall.product,
        headline=f"{cut(place, 48)}: {named}{share(-fall.gap / fall.expected)} below its usual part",
        reasons=(
            f"{number(fall.actual)} scripts in {setting.recent} {words}; its usual part is {number(fall.expected)} "
            f"({moved})",
            _why(parts, fall.node, scene.window) or below,
            effort(calls, fall.node, setting, words) or noise,
        ),
        comparator=f"its share of the nation in the {setting.base} {words} before",
        confidence=fall.chance,
        data_as_of=scene.anchor,
        worth=(low, high),
        unit=f"scripts a {scene.grain}",
        evidence={
            "actual": fall.actual,
            "expected": fall.expected,
            "error": fall.error,
            "noise": fall.phi,
            "masked": fall.masked,
            "periods_below": fall.below,
            "recent": setting.recent,
        },
    )


def _why(parts: pd.DataFrame, node: str, window: str | None) -> str:
    """The two largest parts of the change against the window before, from the bridge."""
    own = parts[(parts["node"] == node) & ~parts["factor"].isin(["start", "end"])]
    if own.empty:
        return ""
    largest = own.reindex(own["quantity"].abs().sort_values(ascending=False).index).head(2)
    said = ", ".join(f"{row.factor} {signed(row.quantity)}" for row in each(largest))
    return f"Against the {'13 weeks' if window == 'C13W' else '3 months'} before: {said} scripts"


def effort(calls: pd.DataFrame, node: str, setting: shift.Setting, words: str) -> str:
    """Calls of the same span and of the one before it."""
    own = calls[calls["node"] == node]
    if own.empty:
        return ""
    now, before = float(own["now"].iloc[0]), float(own["before"].iloc[0])
    return f"{count(now, 'call')} in the same {setting.recent} {words}, {number(before)} in the {setting.recent} before"
