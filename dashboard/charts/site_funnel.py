"""The funnel plot of sites: subjects enrolled against subjects planned so far, with what chance alone allows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt
import pyarrow as pa

from dashboard.charts.drawing import Box, Spec, as_table, finish, meet, unchecked
from dashboard.theme import Theme

HEIGHT = 470
Row = Mapping[str, Any]
_LEFT, _RIGHT, _NARROW = 30, 92, 480
_WIDE_ROOM, _PHONE_ROOM = 560.0, 230.0
_LETTER, _LINE = 6.6, 15.0
# Where a label may stand beside its dot: side, and pixels down.
_PLACES = (("left", 0), ("right", 0), ("left", -13), ("right", -13), ("left", 13), ("right", 13), ("left", -26))


def table(sites: Sequence[Row], limits: Sequence[Row]) -> pa.Table:
    """The rows to draw: dots, the lines of the funnel, and labels placed so that none covers another.

    `sites` has planned, enrolled, state, label, tip and chosen; `limits` has planned, low and high, from the
    left to the right edge.
    """
    dots = [{**each, "kind": "dot"} for each in sites]
    lines = [{**each, "kind": "limit", "flagged": each["planned"] * 0.6} for each in limits]
    named = [each for each in dots if each["state"] == "flag" or each["chosen"]]
    right = lines[-1]
    ends = [
        {"kind": "end", "planned": right["planned"], "at": at, "text": text, "tone": tone}
        for at, text, tone in (
            (right["planned"], "plan", "goal"), (right["flagged"], "60 % of plan", "concern"),
            (right["high"], "95 % limits", "quiet"),
        )
    ]  # fmt: skip
    labels = [
        row | {"kind": "label", "screen": screen}
        for screen, room in (("wide", _WIDE_ROOM), ("phone", _PHONE_ROOM))
        for row in placed(named, dots, limits, room)
    ]
    return as_table(
        [*dots, *lines, *ends, *labels],
        words=("kind", "state", "label", "tip", "text", "tone", "side", "screen"),
        numbers=("planned", "enrolled", "low", "high", "flagged", "at", "down"),
        flags=("chosen",),
    )


def placed(named: Sequence[Row], dots: Sequence[Row], limits: Sequence[Row], room: float) -> list[dict[str, object]]:
    """A place for each label, tried in turn, on a screen with that much room across."""
    first, last = limits[0]["planned"], limits[-1]["planned"]
    across = room / max(last - first, 1e-9)
    top = max(*(each["high"] for each in limits), *(each["enrolled"] for each in dots), 1e-9)
    up = (HEIGHT - 40) / top
    taken = [_box((each["planned"] - first) * across, -each["enrolled"] * up, "dot", 0, 0) for each in dots]
    taken.append((-1e4, 4.0, 1e4, 60.0))  # the axis below
    rows: list[dict[str, object]] = []
    for row in sorted(named, key=lambda each: float(each["planned"])):
        x, y = (float(row["planned"]) - first) * across, -float(row["enrolled"]) * up
        boxes = {place: _box(x, y, place[0], place[1], len(str(row["label"])) * _LETTER) for place in _PLACES}
        side, down = min(_PLACES, key=lambda place: (sum(meet(boxes[place], other) for other in taken),
                         boxes[place][0] < 0, _PLACES.index(place)))  # fmt: skip
        taken.append(boxes[side, down])
        tone = "concern" if row["state"] == "flag" else "chosen"
        rows.append(
            {"planned": row["planned"], "enrolled": row["enrolled"], "text": row["label"], "tone": tone}
            | {"side": side, "down": down}
        )
    return rows


def _box(x: float, y: float, side: str, down: float, wide: float) -> Box:
    if side == "dot":
        return x - 4, y - 4, x + 4, y + 4
    left = x - 9 - wide if side == "left" else x + 9
    return left, y + down - _LINE / 2, left + wide, y + down + _LINE / 2


@unchecked
def spec(colours: Theme) -> Spec:
    """The specification of the funnel."""
    frame = alt.Chart(alt.NamedData(name="table"))
    layers = [*_funnel(frame, colours), *_dots(frame, colours), *_labels(frame, colours)]
    return finish(layers, colours, HEIGHT)


def _x(colours: Theme) -> alt.X:
    axis = alt.Axis(orient="bottom", grid=False, domain=True, domainColor=colours.rule, ticks=False, tickCount=6,
                    format=",d", title=None, labelPadding=6)  # fmt: skip
    scale = alt.Scale(zero=False, nice=False, range=[_LEFT, {"expr": f"width - {_RIGHT}"}])
    return alt.X("planned:Q", axis=axis, scale=scale)


def _y(colours: Theme, field: str = "enrolled") -> alt.Y:
    axis = alt.Axis(orient="left", grid=True, gridColor=colours.rule, domain=False, ticks=False, tickCount=5,
                    format=",d", title=None, labelPadding=6, minExtent=22)  # fmt: skip
    return alt.Y(f"{field}:Q", axis=axis, scale=alt.Scale(zero=True, nice=False))


def _funnel(frame: alt.Chart, colours: Theme) -> list[alt.Chart]:
    limit = frame.transform_filter("datum.kind == 'limit'")
    x = _x(colours)
    area = limit.mark_area(color=colours.sites, opacity=0.10).encode(x=x, y=_y(colours, "low"), y2=alt.Y2("high:Q"))
    plan = limit.mark_line(color=colours.goal, strokeDash=[5, 4], strokeWidth=1.4).encode(x=x, y=_y(colours, "planned"))
    flag = limit.mark_line(color=colours.concern, strokeDash=[2, 3], strokeWidth=1.4).encode(
        x=x, y=_y(colours, "flagged")
    )
    ends = frame.transform_filter("datum.kind == 'end'").mark_text(align="left", dx=6, baseline="middle").encode(
        x=x, y=_y(colours, "at"), text=alt.Text("text:N"),
        color=alt.Color("tone:N", legend=None, scale=alt.Scale(
            domain=["goal", "concern", "quiet", "chosen"],
            range=[colours.muted, colours.concern, colours.muted, colours.text])),
    )  # fmt: skip
    return [area, plan, flag, ends]


def _dots(frame: alt.Chart, colours: Theme) -> list[alt.Chart]:
    dots, x, y = frame.transform_filter("datum.kind == 'dot'"), _x(colours), _y(colours)
    tip = alt.Tooltip("tip:N", title=" ")
    ring = dots.transform_filter("datum.chosen").mark_point(size=260, color=colours.text, strokeWidth=1.6)
    calm = dots.transform_filter("datum.state != 'flag' && datum.state != 'early'").mark_circle(
        size=64, color=colours.sites, opacity=0.85
    )
    early = dots.transform_filter("datum.state == 'early'").mark_point(size=52, color=colours.muted, strokeWidth=1.5)
    flag = dots.transform_filter("datum.state == 'flag'").mark_point(
        size=92, shape="triangle-down", color=colours.concern, fill=colours.concern
    )
    return [layer.encode(x=x, y=y, tooltip=tip) for layer in (ring, calm, early, flag)]


def _labels(frame: alt.Chart, colours: Theme) -> list[alt.Chart]:
    layers = []
    for screen, fits in (("wide", f"width >= {_NARROW}"), ("phone", f"width < {_NARROW}")):
        for side, down in _PLACES:
            here = f"datum.kind == 'label' && datum.screen == '{screen}' && datum.side == '{side}'"
            words = frame.transform_filter(f"{here} && datum.down == {down} && {fits}")
            marks = words.mark_text(
                align="right" if side == "left" else "left",
                dx=-9 if side == "left" else 9,
                dy=down,
                baseline="middle",
                fontWeight=600,
            )
            layers.append(
                marks.encode(
                    x=_x(colours), y=_y(colours), text=alt.Text("text:N"), color=alt.Color("tone:N", legend=None)
                )
            )
    return layers


def alt_text(finding: str, states: Mapping[str, int], flagged: Sequence[str]) -> str:
    """The funnel in words: how many sites stand where, and which lie below."""
    counted = ", ".join(f"{count} {state}" for state, count in states.items() if count)
    names = f" Flagged: {'; '.join(flagged)}." if flagged else ""
    return f"{finding}. Each dot a site: enrolled against planned so far. {counted}.{names}"
