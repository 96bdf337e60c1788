"""The coaching quadrant: calls within plan across, growth beside the market up, split at the medians."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt
import pyarrow as pa

from dashboard.charts.drawing import Box, Spec, as_table, finish, meet, unchecked
from dashboard.theme import Theme

HEIGHT = 430
Row = Mapping[str, Any]
_LEFT, _RIGHT, _NARROW = 40, 18, 480
_WIDE_ROOM, _PHONE_ROOM = 600.0, 270.0
_LETTER, _LINE, _EDGE = 6.8, 15.0, 0.12
# Where a label may stand beside its dot: side, and pixels down.
_PLACES = (("right", 0), ("left", 0), ("right", -13), ("left", -13), ("right", 13), ("left", 13), ("right", 26))
# How many dots there may be for each of them to have its name; of more only those that stand out have one.
FEW = 14


def table(members: Sequence[Row], across: float, up: float, corners: Mapping[str, str]) -> pa.Table:
    """The rows to draw: dots, the two medians, the words of the corners, and names placed so that none covers another.

    `members` has x, y, tone (concern, improvement or quiet), label and tip; `corners` names the four places.
    """
    dots = [{**each, "kind": "dot"} for each in members]
    left, right, low, high = frame(members, across, up)
    edge = {"left": left, "right": right, "low": low, "high": high, "x": across, "y": up}
    lines = [{**edge, "kind": "middle"}]
    told = [{"kind": "corner", "place": place, "text": text, "x": left if place in ("plan", "effort") else right,
             "y": high if place in ("plan", "share") else low} for place, text in corners.items()]  # fmt: skip
    named = [each for each in dots if len(dots) <= FEW or each["tone"] != "quiet"]
    labels = [
        {**row, "kind": "label", "screen": screen}
        for screen, room in (("wide", _WIDE_ROOM), ("phone", _PHONE_ROOM))
        for row in _placed(named, dots, (left, right, low, high), room)
    ]
    return as_table(
        [*dots, *lines, *told, *labels],
        words=("kind", "tone", "label", "tip", "text", "place", "side", "screen"),
        numbers=("x", "y", "left", "right", "low", "high", "down"),
    )


def frame(members: Sequence[Row], across: float, up: float) -> tuple[float, float, float, float]:
    """The edges of the drawing: left, right, low and high, with room around the dots."""
    xs, ys = [across, *(float(each["x"]) for each in members)], [up, *(float(each["y"]) for each in members)]
    wide, tall = max(max(xs) - min(xs), 10.0), max(max(ys) - min(ys), 10.0)
    return min(xs) - _EDGE * wide, max(xs) + _EDGE * wide, min(ys) - _EDGE * tall, max(ys) + _EDGE * tall


def _placed(
    named: Sequence[Row], dots: Sequence[Row], edges: tuple[float, float, float, float], room: float
) -> list[dict[str, object]]:
    """A place for each name, tried in turn, on a screen with that much room across."""
    left, right, low, high = edges
    across, up = room / (right - left), (HEIGHT - 30) / (high - low)
    at = {each["label"]: ((float(each["x"]) - left) * across, (high - float(each["y"])) * up) for each in dots}
    taken = [(x - 5, y - 5, x + 5, y + 5) for x, y in at.values()]
    taken += [(-1e4, -1e4, 1e4, _LINE + 4), (-1e4, (HEIGHT - 30) - _LINE - 4, 1e4, 1e4)]  # the words of the corners
    rows: list[dict[str, object]] = []
    for row in sorted(named, key=lambda each: (each["tone"] == "quiet", float(each["x"]))):
        x, y = at[row["label"]]
        boxes = {place: _box(x, y, place[0], place[1], len(str(row["label"])) * _LETTER) for place in _PLACES}
        side, down = min(_PLACES, key=lambda place: (
            boxes[place][0] < 0 or boxes[place][2] > room,
            sum(meet(boxes[place], other) for other in taken), _PLACES.index(place)))  # fmt: skip
        taken.append(boxes[side, down])
        rows.append({"x": row["x"], "y": row["y"], "text": row["label"], "tone": row["tone"], "side": side,
                     "down": down})  # fmt: skip
    return rows


def _box(x: float, y: float, side: str, down: float, wide: float) -> Box:
    left = x - 10 - wide if side == "left" else x + 10
    return left, y + down - _LINE / 2, left + wide, y + down + _LINE / 2


@unchecked
def spec(colours: Theme) -> Spec:
    """The specification of the quadrant."""
    rows = alt.Chart(alt.NamedData(name="table"))
    return finish([*_middles(rows, colours), *_corners(rows, colours), *_dots(rows, colours), *_names(rows, colours)],
                  colours, HEIGHT)  # fmt: skip


def _x(colours: Theme, field: str = "x") -> alt.X:
    axis = alt.Axis(orient="bottom", grid=False, domain=True, domainColor=colours.rule, ticks=False, tickCount=6,
                    labelExpr="datum.label + ' %'", title=None, labelPadding=6)  # fmt: skip
    scale = alt.Scale(zero=False, nice=False, range=[_LEFT, {"expr": f"width - {_RIGHT}"}])
    return alt.X(f"{field}:Q", axis=axis, scale=scale)


def _y(colours: Theme, field: str = "y") -> alt.Y:
    axis = alt.Axis(orient="left", grid=False, domain=False, ticks=False, tickCount=5, format=",d", title=None,
                    labelPadding=6, minExtent=26)  # fmt: skip
    return alt.Y(f"{field}:Q", axis=axis, scale=alt.Scale(zero=False, nice=False))


def _middles(rows: alt.Chart, colours: Theme) -> list[alt.Chart]:
    middle = rows.transform_filter("datum.kind == 'middle'")
    line = middle.mark_rule(color=colours.goal, strokeDash=[5, 4], strokeWidth=1.3)
    return [
        line.encode(x=_x(colours, "left"), x2="right:Q", y=_y(colours)),
        line.encode(x=_x(colours), y=_y(colours, "low"), y2="high:Q"),
    ]


def _corners(rows: alt.Chart, colours: Theme) -> list[alt.Chart]:
    marks = []
    for place in ("plan", "share", "effort", "content"):
        left, top = place in ("plan", "effort"), place in ("plan", "share")
        words = rows.transform_filter(f"datum.kind == 'corner' && datum.place == '{place}' && width >= {_NARROW}")
        mark = words.mark_text(align="left" if left else "right", baseline="top" if top else "bottom",
                               dx=4 if left else -2, dy=3 if top else -4, color=colours.muted)  # fmt: skip
        marks.append(mark.encode(x=_x(colours), y=_y(colours), text="text:N"))
    return marks


def _dots(rows: alt.Chart, colours: Theme) -> list[alt.Chart]:
    dots, tip = rows.transform_filter("datum.kind == 'dot'"), alt.Tooltip("tip:N", title=" ")
    calm = dots.transform_filter("datum.tone == 'quiet'").mark_circle(size=88, color=colours.field, opacity=0.8)
    worse = dots.transform_filter("datum.tone == 'concern'").mark_point(
        size=110, shape="triangle-down", color=colours.concern, fill=colours.concern
    )
    better = dots.transform_filter("datum.tone == 'improvement'").mark_point(
        size=110, shape="triangle-up", color=colours.improvement, fill=colours.improvement
    )
    return [layer.encode(x=_x(colours), y=_y(colours), tooltip=tip) for layer in (calm, worse, better)]


def _names(rows: alt.Chart, colours: Theme) -> list[alt.Chart]:
    layers = []
    hues = {"concern": colours.concern, "improvement": colours.improvement, "quiet": colours.text}
    tones = alt.Color("tone:N", legend=None, scale=alt.Scale(domain=list(hues), range=list(hues.values())))
    for screen, fits in (("wide", f"width >= {_NARROW}"), ("phone", f"width < {_NARROW}")):
        for side, down in _PLACES:
            here = f"datum.kind == 'label' && datum.screen == '{screen}' && datum.side == '{side}'"
            words = rows.transform_filter(f"{here} && datum.down == {down} && {fits}")
            mark = words.mark_text(align="right" if side == "left" else "left", dx=-10 if side == "left" else 10,
                                   dy=down, baseline="middle", fontWeight=600)  # fmt: skip
            layers.append(mark.encode(x=_x(colours), y=_y(colours), text="text:N", color=tones))
    return layers


def alt_text(finding: str, counted: Mapping[str, int], apart: Sequence[str]) -> str:
    """The quadrant in words: how many lie where, and who stands out."""
    where = ", ".join(f"{count} with {title.lower()}" for title, count in counted.items() if count)
    names = f" Beyond chance: {'; '.join(apart)}." if apart else ""
    return f"{finding}. Each dot a territory: calls within plan against growth beside the market. {where}.{names}"
