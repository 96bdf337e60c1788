"""A cumulative enrolment curve against its plan, with the range of what may come."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

import altair as alt
import pandas as pd
import pyarrow as pa

from dashboard.charts.drawing import Spec, as_table, finish, unchecked
from dashboard.theme import Theme

HEIGHT = 236
Row = Mapping[str, Any]
_LINES = ("enrolled", "planned", "middle")
_LEFT, _RIGHT, _DATES, _NARROW = 34, 104, 24, 360


def table(
    curve: Sequence[Row], labels: Mapping[str, str], ticks: Sequence[tuple[pd.Timestamp, str]], tips: Sequence[str],
    rules: Sequence[tuple[pd.Timestamp, str]],
) -> pa.Table:  # fmt: skip
    """The rows to draw. `curve` has day, enrolled, planned, low, middle, high, in order of day.

    `labels` are the words at the right end of `enrolled`, `planned` and `middle`; `rules` are days marked with
    words. Labels too near one another are moved apart.
    """
    points = [{**each, "kind": "point", "day": pd.Timestamp(each["day"]), "tip": tip}
              for each, tip in zip(curve, tips, strict=True)]  # fmt: skip
    marks = [{"kind": kind, "day": at, "text": text} for kind, found in (("tick", ticks), ("rule", rules))
             for at, text in found]  # fmt: skip
    return as_table(
        [*points, *_ends(points, labels), *marks],
        moments=("day",), words=("kind", "tip", "text", "series"), numbers=(*_LINES, "low", "high", "at"),
    )  # fmt: skip


def _ends(points: Sequence[Row], labels: Mapping[str, str]) -> list[dict[str, Any]]:
    found = []
    for series, text in labels.items():
        known = [each[series] for each in points if each.get(series) is not None]
        if text and known:
            found.append({"kind": "end", "day": points[-1]["day"], "at": known[-1], "text": text, "series": series})
    found.sort(key=lambda row: float(row["at"]))
    heights = [each.get(name) for each in points for name in (*_LINES, "high")]
    room = 0.085 * max((height for height in heights if height is not None), default=1.0)
    for before, after in pairwise(found):
        after["at"] = max(after["at"], before["at"] + room)
    return found


@unchecked
def spec(colours: Theme) -> Spec:
    """The specification of the curve."""
    frame = alt.Chart(alt.NamedData(name="table"))
    points = frame.transform_filter("datum.kind == 'point'")
    x, hue = _x(), colours.sites
    ahead = points.transform_filter("isValid(datum.high)")
    area = ahead.mark_area(color=hue, opacity=0.16).encode(x=x, y=_y(colours, "low"), y2=alt.Y2("high:Q"))
    middle = ahead.mark_line(color=hue, strokeDash=[3, 3], strokeWidth=1.8).encode(x=x, y=_y(colours, "middle"))
    plan = points.transform_filter("isValid(datum.planned)").mark_line(
        color=colours.goal, strokeDash=[5, 4], strokeWidth=1.4
    )
    so_far = points.transform_filter("isValid(datum.enrolled)").mark_line(
        color=hue, strokeWidth=2.4, interpolate="step-after"
    )
    ends = frame.transform_filter("datum.kind == 'end'").mark_text(align="left", dx=7, baseline="middle").encode(
        x=x, y=_y(colours, "at"), text=alt.Text("text:N"),
        color=alt.Color("series:N", legend=None, scale=alt.Scale(
            domain=["enrolled", "planned", "middle"], range=[hue, colours.muted, hue])),
    )  # fmt: skip
    layers = [*_grid(frame, colours), area, plan.encode(x=x, y=_y(colours, "planned")), middle,
              so_far.encode(x=x, y=_y(colours, "enrolled")), ends, *_rules(frame, colours), _hover(points)]  # fmt: skip
    return finish(layers, colours, HEIGHT)


def _x() -> alt.X:
    return alt.X("day:T", axis=None, scale=alt.Scale(range=[_LEFT, {"expr": f"width - {_RIGHT}"}], nice=False))


def _y(colours: Theme, field: str) -> alt.Y:
    axis = alt.Axis(orient="left", grid=True, gridColor=colours.rule, domain=False, ticks=False, tickCount=4,
                    format=",d", title=None, labelPadding=6, minExtent=26)  # fmt: skip
    scale = alt.Scale(zero=True, nice=False, range=[HEIGHT - _DATES, 18])
    return alt.Y(f"{field}:Q", axis=axis, scale=scale)


def _grid(frame: alt.Chart, colours: Theme) -> list[alt.Chart]:
    ticks = frame.transform_filter("datum.kind == 'tick'")
    words = ticks.mark_text(color=colours.muted, baseline="bottom", fontSize=12).encode(
        x=_x(), y=alt.YValue(HEIGHT), text=alt.Text("text:N")
    )
    return [words]


def _rules(frame: alt.Chart, colours: Theme) -> list[alt.Chart]:
    rule = frame.transform_filter("datum.kind == 'rule'")
    line = rule.mark_rule(color=colours.text, strokeDash=[2, 2], strokeWidth=1).encode(
        x=_x(), y=alt.YValue(16), y2=alt.Y2Value(HEIGHT - _DATES)
    )
    words = rule.mark_text(align="right", dx=-4, baseline="top", color=colours.text, fontSize=12).encode(
        x=_x(), y=alt.YValue(0), text=alt.Text("text:N")
    )
    return [line, words]


def _hover(points: alt.Chart) -> alt.Chart:
    return points.mark_rule(opacity=0, strokeWidth=10).encode(
        x=_x(), y=alt.YValue(0), y2=alt.Y2Value(HEIGHT), tooltip=alt.Tooltip("tip:N", title=" ")
    )


def alt_text(finding: str, labels: dict[str, str]) -> str:
    """The curve in words: the finding and where each line ends."""
    return f"{finding}. Cumulative subjects by week. {'; '.join(words for words in labels.values() if words)}."
