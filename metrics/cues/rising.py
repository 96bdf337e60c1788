"""territory_rising: a part of the map above its own share of the nation, said where it is explained."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from itertools import pairwise

import numpy as np

from data.levels import Hierarchy
from metrics.catalog.roles import ROLES
from metrics.cues import area_years, series
from metrics.cues.falls import Fall, explaining
from metrics.cues.scene import FIELD_KINDS, Found, Scene
from metrics.cues.territory import CALLS, SETTINGS, effort
from metrics.cues.wording import change, cut, number, share
from metrics.signals import shift

OWNERS = {
    "top": ("national_leader", "brand_lead"),
    "second": ("regional_director",),
    "third": ("district_manager",),
}
STATEMENTS = (series.SCRIPTS, CALLS, *area_years.STATEMENTS)
_NARROW = 1.28  # an 80 % interval


def territory_rising(scene: Scene) -> Iterator[Found]:
    """Every rise that no other explains, to the one above who can learn from it."""
    yield from scene.once("areas that rose in the year", lambda: list(area_years.moved(scene, 1, OWNERS)))
    setting = SETTINGS.get(str(scene.grain))
    if setting is None:
        return
    days = setting.recent * (7 if scene.grain == "week" else 30)
    for hierarchy in scene.of_kind(*FIELD_KINDS):
        calls = scene.frame(CALLS, hierarchy=hierarchy.id, days=days)
        for product in scene.products:
            asked = partial(_rises, scene, hierarchy, product, setting)
            rises = scene.once(("rises", hierarchy.id, product), asked)
            for rise in explaining(rises):
                below = [one for one in rises if one.above[:1] == (rise.node,)]
                most = min(below, key=lambda one: one.gap, default=None)
                worked = effort(calls, rise.node, setting, f"{scene.grain}s")
                for role in OWNERS[rise.rung]:
                    yield _found(scene, hierarchy, rise, most, setting, worked, role)


def _rises(scene: Scene, hierarchy: Hierarchy, product: str, setting: shift.Setting) -> list[Fall]:
    """Every risen unit below the top, as the mirror image of a fall about what was expected.

    Mirrored, rises above and below each other explain one another as falls do. `below` then counts
    the periods above. Each level of a product is one family of tests.
    """
    found: list[Fall] = []
    for above, name in pairwise(hierarchy.levels):
        rung = hierarchy.rung(above)
        if rung not in OWNERS:
            continue
        masked = any(ROLES[role].masks_pdrp for role in OWNERS[rung])
        table = series.scripts(scene, hierarchy, product, masked, setting)
        units = series.nodes(scene, hierarchy, name)
        if table.empty or not units:
            continue
        counts = series.of_nodes(scene, hierarchy, table, [node for node, _ in units])
        whole = table.to_numpy().sum(axis=1)
        seen = shift.rises(counts, whole, setting)
        found += [
            _mirrored(product, rung, masked, *units[i], i, seen, counts, whole, setting)
            for i in map(int, np.flatnonzero(seen.fallen))
        ]
    return found


def _mirrored(
    product: str, rung: str, masked: bool, node: str, above: tuple[str, ...], i: int, seen: shift.Shifts,
    counts: shift.Numbers, whole: shift.Numbers, setting: shift.Setting,
) -> Fall:  # fmt: skip
    expected, recent = float(seen.expected[i]), whole[-setting.recent :]
    hoped = recent * expected / max(recent.sum(), 1e-9)
    return Fall(
        node=node, above=above, rung=rung, product=product, masked=masked, actual=2 * expected - float(seen.actual[i]),
        expected=expected, error=float(seen.error[i]), chance=float(seen.chance[i]), phi=float(seen.phi[i]),
        below=int((counts[-setting.recent :, i] > hoped).sum()),
    )  # fmt: skip


def _found(
    scene: Scene, hierarchy: Hierarchy, fall: Fall, most: Fall | None, setting: shift.Setting, worked: str, role: str
) -> Found:
    words, actual = f"{scene.grain}s", 2 * fall.expected - fall.actual
    place = scene.node_names.get((hierarchy.id, fall.node), fall.node)
    named = scene.product_word(fall.product)
    gain = actual - fall.expected
    low, high = (max(0.0, (gain + side * fall.error) / setting.recent) for side in (-_NARROW, _NARROW))
    noise = f"Noise alone would move it by {number(fall.error)} either way, not by {number(gain)}"
    return Found(
        role=role,
        hierarchy=hierarchy.id,
        node=fall.above[0],
        subject=fall.node,
        product=fall.product,
        headline=f"{cut(place, 48)}: {named}{share(gain / fall.expected)} above its usual part",
        reasons=(
            f"{number(actual)} scripts in {setting.recent} {words}; its usual part is {number(fall.expected)} "
            f"({change(actual / fall.expected)})",
            f"Above it in {fall.below} of the last {setting.recent} {words}{_within(scene, hierarchy, most)}",
            worked or noise,
        ),
        comparator=f"its share of the nation in the {setting.base} {words} before",
        confidence=fall.chance,
        data_as_of=scene.anchor,
        worth=(low, high),
        unit=f"scripts a {scene.grain}",
        evidence={
            "actual": actual,
            "expected": fall.expected,
            "error": fall.error,
            "noise": fall.phi,
            "masked": fall.masked,
            "periods_above": fall.below,
            "most_from": most.node if most else None,
            "recent": setting.recent,
        },
    )


def _within(scene: Scene, hierarchy: Hierarchy, most: Fall | None) -> str:
    """Which unit below rises most, where one does so by itself."""
    if most is None:
        return ""
    place = scene.node_names.get((hierarchy.id, most.node), most.node)
    return f"; {cut(place, 40)} alone brings {number(-most.gap)}"
