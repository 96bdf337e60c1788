"""A cumulative enrolment curve against its plan, with the range of what may come."""

from __future__ import annotations

from itertools import pairwise

import altair as alt
import pandas as pd

from dashboard.charts.drawing import Spec, finish, unchecked
from dashboard.theme import Theme

HEIGHT = 236
_LEFT, _RIGHT, _DATES, _NARROW = 34, 104, 24, 360


def table(
    curve: pd.DataFrame, labels: dict[str, str], ticks: list[tuple[pd.Timestamp, str]], tips: list[str],
    rules: list[tuple[pd.Timestamp, str]],
) -> pd.DataFrame:  # fmt: skip
    """The rows to draw. `curve` has day, enrolled, planned, low, middle, high, in order of day.

    `labels` are the words at the right end of `enrolled`, `planned` and `middle`; `rules` are days marked with
    words. Labels too near one another are moved apart.
    """
    points = curve.assign(kind="point", day=pd.to_datetime(curve["day"]), tip=tips)
    top = float(curve[["enrolled", "planned", "high", "middle"]].max().max()) if len(curve) else 1.0
    rows = [points, _ends(points, labels, top)]
    if ticks:
        rows.append(pd.DataFrame([{"kind": "tick", "day": at, "text": text} for at, text in ticks]))
    if rules:
        rows.append(pd.DataFrame([{"kind": "rule", "day": at, "text": text} for at, text in rules]))
    return pd.concat([row for row in rows if len(row)], ignore_index=True)


def _ends(points: pd.DataFrame, labels: dict[str, str], top: float) -> pd.DataFrame:
    last = points["day"].max()
    found = []
    for series, text in labels.items():
        known = points[points[series].notna()] if series in points else points.iloc[0:0]
        if text and len(known):
            found.append({"kind": "end", "day": last, "at": float(known[series].iloc[-1]), "text": text,
                          "series": series})  # fmt: skip
    found.sort(key=lambda row: float(str(row["at"])))
    room = 0.085 * top
    for before, after in pairwise(found):
        after["at"] = max(float(str(after["at"])), float(str(before["at"])) + room)
    return pd.DataFrame(found)


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
