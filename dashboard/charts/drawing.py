"""What every chart's specification goes through once: the theme laid over it, the data left out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import altair as alt
import pyarrow as pa
from altair.utils.schemapi import debug_mode

from dashboard.theme import Theme, chart_config

Spec = dict[str, Any]
Layer: TypeAlias = "alt.Chart | Spec | Sequence[Layer]"
Box = tuple[float, float, float, float]  # left, top, right, bottom of what is written, in pixels
HATCH_STRIPES = 7


@dataclass(frozen=True, kw_only=True)
class Drawing:
    """A chart that is ready to be drawn: its finding, what is drawn, its rows, its specification, and it in words."""

    finding: str
    under: str
    table: pa.Table
    spec: Spec
    alt: str


# Altair checks every part of a specification against the whole schema, which is most of what making one costs.
# Ours never change while the app runs, and the tests draw them all.
unchecked = debug_mode(False)


def as_table(
    rows: Sequence[Mapping[str, object]], *, moments: Iterable[str] = (), words: Iterable[str] = (),
    numbers: Iterable[str] = (), flags: Iterable[str] = (),
) -> pa.Table:  # fmt: skip
    """The rows as the table that a browser is sent; what a row does not say is empty there."""
    kinds = ((moments, pa.timestamp("ms")), (words, pa.string()), (numbers, pa.float64()), (flags, pa.bool_()))
    types = {name: kind for names, kind in kinds for name in names}
    return pa.table({name: pa.array([row.get(name) for row in rows], kind) for name, kind in types.items()})


def finish(layers: Sequence[Layer], colours: Theme, height: int, *, independent: Sequence[str] = ()) -> Spec:
    """The specification as it is drawn: full width, a fixed height, themed, and without its data.

    The table is handed to the page beside it, so one specification serves every node. Layers within a layer
    share their scales; `independent` names what the outer ones do not share.
    """
    spec: Spec = {"$schema": alt.SCHEMA_URL, **laid(layers), "width": "container", "height": height}
    if independent:
        spec["resolve"] = {"scale": dict.fromkeys(independent, "independent")}
    spec["config"] = chart_config(colours)
    spec["autosize"] = {"type": "fit-x", "contains": "padding"}
    spec["padding"] = {"left": 0, "right": 0, "top": 2, "bottom": 2}
    return spec


def laid(layer: Layer) -> Spec:
    """A layer as it is written. Altair lays charts over one another by copying all that is in them, many times
    over; what is written down once can be set side by side as it is. Its table is left out: every layer reads
    the one that the page hands over."""
    if isinstance(layer, dict):
        return layer  # written before
    if isinstance(layer, alt.Chart):
        written: Spec = layer.to_dict(validate=False, context={"top_level": False})
        del written["data"]
        return written
    return {"layer": [laid(each) for each in layer]}


def meet(one: Box, other: Box) -> bool:
    """Whether two boxes lie over one another."""
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def hatch(colour: str, ground: str) -> dict[str, object]:
    """A striped fill that says "this period is not complete"."""
    stops: list[dict[str, object]] = []
    for stripe in range(HATCH_STRIPES):
        first, last = stripe / HATCH_STRIPES, (stripe + 1) / HATCH_STRIPES
        middle = (first + last) / 2
        for offset, paint in ((first, colour), (middle, colour), (middle, ground), (last, ground)):
            stops.append({"offset": offset, "color": paint})
    return {"gradient": "linear", "x1": 0, "y1": 0, "x2": 1, "y2": 1, "stops": stops}
