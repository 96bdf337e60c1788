"""What every chart's specification goes through once: the theme laid over it, the data left out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import altair as alt
import pyarrow as pa

from dashboard.theme import Theme, chart_config

Spec = dict[str, Any]
HATCH_STRIPES = 7


def as_table(
    rows: Sequence[Mapping[str, object]], *, moments: Iterable[str] = (), words: Iterable[str] = (),
    numbers: Iterable[str] = (), flags: Iterable[str] = (),
) -> pa.Table:  # fmt: skip
    """The rows as the table that a browser is sent; what a row does not say is empty there."""
    kinds = ((moments, pa.timestamp("ms")), (words, pa.string()), (numbers, pa.float64()), (flags, pa.bool_()))
    types = {name: kind for names, kind in kinds for name in names}
    return pa.table({name: pa.array([row.get(name) for row in rows], kind) for name, kind in types.items()})


def finish(chart: alt.LayerChart | alt.FacetChart, colours: Theme, height: int) -> Spec:
    """The specification as it is drawn: full width, a fixed height, themed, and without its data.

    The table is handed to the page beside it, so one specification serves every node.
    """
    spec = chart.properties(width="container", height=height).to_dict(validate=False)
    _without_table(spec)
    spec["config"] = chart_config(colours)
    spec["autosize"] = {"type": "fit-x", "contains": "padding"}
    spec["padding"] = {"left": 0, "right": 0, "top": 2, "bottom": 2}
    return spec


def _without_table(part: object) -> None:
    """Take the named table out of every layer: each then reads the one that the page hands over."""
    if isinstance(part, dict):
        if part.get("data") == {"name": "table"}:
            del part["data"]
        for inner in part.values():
            _without_table(inner)
    elif isinstance(part, list):
        for inner in part:
            _without_table(inner)


def hatch(colour: str, ground: str) -> dict[str, object]:
    """A striped fill that says "this period is not complete"."""
    stops: list[dict[str, object]] = []
    for stripe in range(HATCH_STRIPES):
        first, last = stripe / HATCH_STRIPES, (stripe + 1) / HATCH_STRIPES
        middle = (first + last) / 2
        for offset, paint in ((first, colour), (middle, colour), (middle, ground), (last, ground)):
            stops.append({"offset": offset, "color": paint})
    return {"gradient": "linear", "x1": 0, "y1": 0, "x2": 1, "y2": 1, "stops": stops}
