"""writing_less and writing_more on monthly and yearly data: who moves against the region by more than chance."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from metrics.cues import years
from metrics.cues.scene import FIELD_KINDS, Found, Scene, each
from metrics.cues.wording import change, count, cut, number
from metrics.signals import ngd

_NARROW = 1.28  # an 80 % interval
STATEMENTS = years.STATEMENTS


@dataclass(frozen=True)
class Judged:
    """The prescribers of one product, judged as one family; `side` is -1 for those who write less, 1 for more."""

    name: str
    product: str
    side: int
    rows: pd.DataFrame
    growth: ngd.Numbers
    found: ngd.Declines


def writing_less(scene: Scene) -> Iterator[Found]:
    """Practices by the month and everybody by the year; physicians by the week or month have a rule of their own."""
    kinds = {"month": ("practice",), "year": ("hcp", "practice")}.get(str(scene.grain), ())
    yield from _moved(scene, -1, kinds)


def writing_more(scene: Scene) -> Iterator[Found]:
    """Everybody by the month or the year who writes more by the same test, looked at from the other side."""
    yield from _moved(scene, 1, ("hcp", "practice") if scene.grain in ("month", "year") else ())


def _moved(scene: Scene, side: int, kinds: tuple[str, ...]) -> Iterator[Found]:
    if not kinds:
        return
    seen = years.met(scene)
    for hierarchy in scene.of_kind(*FIELD_KINDS):
        rows = years.compared(scene, hierarchy.id, kinds, masked=True)
        for product, own in rows.groupby("product", sort=True):
            judged = _judge(scene, str(product), own.reset_index(drop=True), side)
            some = np.flatnonzero(judged.found.declining)
            for i, row in zip(map(int, some), each(judged.rows.iloc[some]), strict=True):
                if not row.leaf.endswith("~unaligned"):
                    yield _found(scene, hierarchy.id, judged, i, row, seen)


def _judge(scene: Scene, product: str, rows: pd.DataFrame, side: int) -> Judged:
    """A rise is a fall from the later window to the earlier one."""
    around, place = (rows.groupby(each)[["before", "now"]].transform("sum") for each in ("region", "leaf"))
    rows = rows.assign(place_before=place["before"], place_now=place["now"])
    growth = np.where(around["before"] > 0, around["now"] / around["before"].where(around["before"] > 0, 1.0), 1.0)
    first, last, trend = (rows["before"], rows["now"], growth)
    if side > 0:
        first, last, trend = rows["now"], rows["before"], 1.0 / np.where(growth > 0, growth, 1.0)
    return Judged(scene.products[product], product, side, rows, growth, ngd.declines(first, last, trend))


def _found(scene: Scene, hierarchy: str, judged: Judged, i: int, row: Any, seen: years.Met) -> Found:
    window, name, growth = years.window(scene), judged.name, float(judged.growth[i])
    gap, doubt = _gap(judged, i, row, growth)
    span, weeks = years.SPAN[window], years.WEEKS[window]
    verb = "less" if judged.side < 0 else "more"
    return Found(
        role="rep",
        hierarchy=hierarchy,
        node=row.leaf,
        subject=row.subject,
        product=judged.product,
        headline=f"{{subject}} is writing {verb} {name}",
        reasons=(
            f"{name} {_shown(row.before, row.below)} \u2192 {_shown(row.now, row.below)} scripts in {span}; "
            f"the region is {change(growth)}",
            f"Chance would move it by {number(doubt)} either way, not by {number(gap)}",
            _beside(scene, hierarchy, row, name, span, seen),
        ),
        comparator=f"{years.BEFORE[window]}, and {name} in the region ({change(growth)})",
        confidence=float(judged.found.chance[i]),
        data_as_of=scene.anchor,
        worth=(max(0.0, gap - _NARROW * doubt) / weeks, (gap + _NARROW * doubt) / weeks),
        evidence={
            "before": float(row.before),
            "now": float(row.now),
            "hidden_below": int(row.below),
            "region_growth": growth,
            "z": float(judged.found.z[i]) * -judged.side,
            "noise": float(judged.found.phi[i]),
            "market_before": float(row.market_before),
            "market_now": float(row.market_now),
            "met": seen.of(row.subject, judged.product) if seen.known else None,
        },
    )


def _gap(judged: Judged, i: int, row: Any, growth: float) -> tuple[float, float]:
    """Scripts away from what the region's growth says, and the standard error of that."""
    gap = judged.side * (row.now - row.before * growth)
    return float(gap), float(np.sqrt(judged.found.phi[i] * (row.before * growth**2 + row.now)))


def _shown(value: float, below: int) -> str:
    """A number of a window; one that the source hides is under its number."""
    return f"under {number(below)}" if below and value < below else number(value)


def _beside(scene: Scene, hierarchy: str, row: Any, name: str, span: str, seen: years.Met) -> str:
    """What else is known: how often it was met, and the market there; else how all of its place moved."""
    parts = []
    if seen.known:
        times = seen.of(row.subject, row.product)
        parts.append(f"{'Met ' + count(times, 'time') if times else 'Not met'} for {name} in {span}")
    if row.market_before > 0:
        parts.append(f"{'its' if parts else 'Its'} market is {change(row.market_now / row.market_before)}")
    if parts:
        return "; ".join(parts)
    place = scene.node_names.get((hierarchy, row.leaf), row.leaf)
    return f"All of {cut(place, 40)} went {number(row.place_before)} \u2192 {number(row.place_now)}"
