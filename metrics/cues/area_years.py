"""territory_falling and territory_rising by the year: a part of the map that moved against the trend around it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np
import pandas as pd

from data.levels import Hierarchy
from metrics.catalog.roles import ROLES
from metrics.cues import series, years
from metrics.cues.falls import Fall, explaining
from metrics.cues.scene import FIELD_KINDS, Found, Scene
from metrics.cues.wording import change, count, cut, number, share
from metrics.signals import panel

STATEMENTS = years.WROTE
KINDS = ("hcp", "practice")
_NARROW = 1.28  # an 80 % interval
_WEEKS = 52.0


@dataclass(frozen=True)
class Move:
    """One unit that moved, as a fall about what was expected, and what it is told with."""

    fall: Fall
    side: int
    before: float
    people: int
    below: int
    trend: float
    around: str

    @cached_property
    def actual(self) -> float:
        """Scripts of the year; a rise stands mirrored in its fall."""
        return self.fall.actual if self.side < 0 else 2 * self.fall.expected - self.fall.actual


def moved(scene: Scene, side: int, owners: dict[str, tuple[str, ...]]) -> Iterator[Found]:
    """Every unit that fell (-1) or rose (+1) and that no other explains, to each role that stands above it."""
    if scene.grain != "year":
        return
    for hierarchy in scene.of_kind(*FIELD_KINDS):
        frames = {masked: years.compared(scene, hierarchy.id, KINDS, masked) for masked in (False, True)}
        for product in scene.products:
            found = _of_product(scene, hierarchy, product, frames, side, owners)
            by_node = {each.fall.node: each for each in found}
            for fall in explaining([each.fall for each in found]):
                for role in owners[fall.rung]:
                    yield _found(scene, hierarchy, by_node[fall.node], role)


def _of_product(
    scene: Scene, hierarchy: Hierarchy, product: str, frames: dict[bool, pd.DataFrame], side: int,
    owners: dict[str, tuple[str, ...]],
) -> list[Move]:  # fmt: skip
    """The units of every level that moved; each level is one family of tests."""
    found: list[Move] = []
    top = hierarchy.levels[0]
    for above, level in pairwise(hierarchy.levels):
        rung = hierarchy.rung(above)
        if rung in owners and not hierarchy.is_subject(level):
            masked = any(ROLES[role].masks_pdrp for role in owners[rung])
            rows = frames[masked][frames[masked]["product"] == product]
            around = (lambda row: "") if above == top else (lambda row: row.region)
            found += _of_level(scene, hierarchy, level, rung, masked, rows, side, around)
    return found


def _of_level(
    scene: Scene, hierarchy: Hierarchy, level: str, rung: str, masked: bool, rows: pd.DataFrame, side: int,
    around: Callable[[pd.Series], str],
) -> list[Move]:  # fmt: skip
    units = series.nodes(scene, hierarchy, level)
    place = {node: i for i, (node, _) in enumerate(units)}
    of_leaf = {leaf: _unit(scene, hierarchy, leaf, place) for leaf in rows["leaf"].unique()}
    trend = rows.apply(around, axis=1) if len(rows) else pd.Series(dtype=str)
    sums = rows.groupby(trend)[["before", "now"]].transform("sum") if len(rows) else rows[["before", "now"]]
    growth = (sums["now"] / sums["before"].where(sums["before"] > 0, np.nan)).fillna(1.0).to_numpy()
    unit = rows["leaf"].map(of_leaf).to_numpy()
    inside = unit >= 0
    if not inside.any():
        return []
    own, unit, growth = rows[inside], unit[inside].astype(np.int64), growth[inside]
    seen = panel.moves(own["before"].to_numpy(), own["now"].to_numpy(), growth, unit, len(units), side)
    below = int(own["below"].max())
    return [
        _move(scene, hierarchy, rung, masked, units[i], seen, int(i), side, str(own["product"].iloc[0]), below,
              float(growth[unit == i][0]))
        for i in np.flatnonzero(seen.moved)
    ]  # fmt: skip


def _unit(scene: Scene, hierarchy: Hierarchy, leaf: str, place: dict[str, int]) -> int:
    """The number of the unit that a leaf stands in; -1 where none is known."""
    return next((place[up] for up, _ in scene.up.get((hierarchy.id, leaf), []) if up in place), -1)


def _move(
    scene: Scene, hierarchy: Hierarchy, rung: str, masked: bool, unit: tuple[str, tuple[str, ...]], seen: panel.Moves,
    i: int, side: int, product: str, below: int, trend: float,
) -> Move:  # fmt: skip
    node, above = unit
    actual, expected = float(seen.actual[i]), float(seen.expected[i])
    fall = Fall(
        node=node, above=above, rung=rung, product=product, masked=masked,
        actual=actual if side < 0 else 2 * expected - actual, expected=expected, error=float(seen.error[i]),
        chance=float(seen.chance[i]), phi=float(seen.spread) ** 2, below=1,
    )  # fmt: skip
    region = scene.above(hierarchy.id, node, "second")
    around = scene.node_names.get((hierarchy.id, region or above[-1]), "") if rung != "top" else ""
    return Move(fall, side, float(seen.before[i]), int(seen.people[i]), below, trend, around)


def _found(scene: Scene, hierarchy: Hierarchy, move: Move, role: str) -> Found:
    fall = move.fall
    place = scene.node_names.get((hierarchy.id, fall.node), fall.node)
    size = abs(fall.gap)
    around = f"{move.around}'s trend" if move.around else "the nation's trend"
    low, high = (max(0.0, (size + part * fall.error) / _WEEKS) for part in (-_NARROW, _NARROW))
    hidden = f"; a count that the source hides below {number(move.below)} stands as {number(move.below - 1)}"
    return Found(
        role=role,
        hierarchy=hierarchy.id,
        node=fall.above[0],
        subject=fall.node,
        product=fall.product,
        headline=f"{cut(place, 36)}: {scene.product_word(fall.product)}{share(size / fall.expected)} "
        f"{'below' if move.side < 0 else 'above'} the trend around it",
        reasons=(
            f"{number(move.before)} \u2192 {number(move.actual)} scripts in the year; by {around} "
            f"({change(move.trend)}) it would be {number(fall.expected)}",
            f"{count(move.people, 'prescriber')} compared, known in both years{hidden if move.below else ''}",
            f"Its prescribers' moves alone would make {number(fall.error)} either way, not {number(size)}",
        ),
        comparator=f"{around} from the year before",
        confidence=fall.chance,
        data_as_of=scene.anchor,
        worth=(low, high),
        unit="scripts a week",
        evidence={
            "before": move.before,
            "actual": move.actual,
            "expected": fall.expected,
            "error": fall.error,
            "spread": fall.phi**0.5,
            "masked": fall.masked,
            "prescribers": move.people,
            "hidden_below": move.below,
            "trend": move.trend,
        },
    )
