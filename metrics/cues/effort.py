"""effort_without_scripts: a part of the map where more contacts than elsewhere go to HCPs who write none of it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import numpy as np
import pandas as pd

from data.levels import Hierarchy
from metrics.catalog.roles import ROLES
from metrics.cues import little_back, series
from metrics.cues.scene import FIELD_KINDS, Found, Scene
from metrics.cues.wording import count, cut, number, share
from metrics.signals import misplaced

OWNERS = {"top": ("national_leader",), "second": ("regional_director",), "third": ("district_manager",)}
_NARROW, _WEEKS = 1.28, 52.0  # an 80 % interval; weeks of the year

STATEMENTS = little_back.STATEMENTS


def effort_without_scripts(scene: Scene) -> Iterator[Found]:
    """Every such unit, product by product and level by level, to whoever stands above it."""
    if scene.grain != "year":
        return
    for hierarchy in scene.of_kind(*FIELD_KINDS):
        rows = little_back.met(scene, hierarchy.id)
        for above, level in pairwise(hierarchy.levels):
            rung = hierarchy.rung(above)
            for product, own in rows.groupby("product", sort=True) if rung in OWNERS else ():
                yield from _of_level(scene, hierarchy, level, rung, str(product), own)


def _of_level(
    scene: Scene, hierarchy: Hierarchy, level: str, rung: str, product: str, rows: pd.DataFrame
) -> Iterator[Found]:
    units = series.nodes(scene, hierarchy, level)
    place = {node: i for i, (node, _) in enumerate(units)}
    ups = {leaf: [up for up, _ in scene.up.get((hierarchy.id, leaf), [])] for leaf in rows["leaf"].unique()}
    unit = rows["leaf"].map({leaf: next((place[up] for up in above if up in place), -1) for leaf, above in ups.items()})
    inside = unit >= 0
    if not inside.any():
        return
    own, at = rows[inside], unit[inside].to_numpy().astype(np.int64)
    seen = misplaced.misplaced(own["times"].to_numpy(), (own["own"] < 1).to_numpy(), at, len(units))
    for i in np.flatnonzero(seen.said):
        for role in OWNERS[rung]:
            yield _found(scene, hierarchy, product, units[i], seen, int(i), role, int(own["below"].max()))


def _found(
    scene: Scene, hierarchy: Hierarchy, product: str, unit: tuple[str, tuple[str, ...]], seen: misplaced.Misplaced,
    i: int, role: str, below: int,
) -> Found:  # fmt: skip
    node, above = unit
    name, place = scene.products[product], scene.node_names.get((hierarchy.id, node), node)
    times, idle, more, error = (
        float(each[i]) for each in (seen.times, seen.idle, seen.idle - seen.expected, seen.error)
    )
    back = "little" if below else "nothing"
    none = f"fewer than {number(below)} scripts" if below else "not one script"
    low, high = (max(0.0, (more + side * error) / _WEEKS) for side in (-_NARROW, _NARROW))
    return Found(
        role=role,
        hierarchy=hierarchy.id,
        node=above[0],
        subject=node,
        product=product,
        headline=f"{cut(place, 30)}: {share(idle / times)} of contacts for {cut(name, 20)} bring {back}",
        reasons=(
            f"{number(idle)} of {number(times)} contacts of the year went to HCPs with {none} of {name}",
            f"{share(seen.usual)} do elsewhere; that would be {number(seen.expected[i])}, not {number(idle)}",
            f"{count(seen.people[i], 'HCP')} met; chance would move it by {number(error)} either way",
        ),
        comparator=f"contacts for {name} in the whole of {hierarchy.name}",
        confidence=float(seen.chance[i]),
        data_as_of=scene.anchor,
        worth=(low, high),
        evidence={
            "contacts": times,
            "without_scripts": idle,
            "expected": float(seen.expected[i]),
            "error": error,
            "hcps": int(seen.people[i]),
            "hidden_below": below,
            "masked": ROLES[role].masks_pdrp,
        },
    )
