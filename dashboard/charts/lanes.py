"""The aligned lanes: the outcome above what was done for it, on one shared time axis.

The table is long, one row a thing to draw, told apart by `kind`: "point" (one outcome period, all
lanes side by side), "range" (where the run rate leads), "note" (an annotation) and "label" (the
words at a line's end). So the specification depends only on which lanes there are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import altair as alt
import pandas as pd

from dashboard.charts.drawing import Spec, finish, hatch
from dashboard.theme import Theme

STYLES = ("line", "bars", "area", "dots")
_HEIGHT = {"line": 168, "bars": 64, "area": 56, "dots": 22}
_TITLE, _GAP, _NOTES, _RIGHT, _DATES = 22, 14, 20, 96, 26
_ALONE = 250
_NARROW = 480
_DAYS = {"week": 7, "month": 30, "year": 365}


@dataclass(frozen=True, kw_only=True)
class Lane:
    """One lane: the column it draws, its band, what it counts in words, how it is drawn, its axis (a d3 format)."""

    key: str
    band: str
    title: str
    style: str
    axis: str = ",.0f"


def table(
    series: pd.DataFrame,
    *,
    lanes: Sequence[Lane],
    labels: Mapping[str, str],
    run_rate: tuple[float, float, float] | None = None,
    notes: pd.DataFrame | None = None,
    grain: str = "week",
    ahead: int = 4,
) -> pd.DataFrame:
    """The table to draw. `series` has period_end, one column a lane's key, goal,
    `partial`, and two in words: `date` (an axis label) and `tip` (what hovering says).

    `run_rate` is the centre, low and high of one period of the line; `labels` the words at each end
    (each lane's key, and "goal").
    """
    points = series.assign(kind="point")
    half = pd.Timedelta(days=_DAYS[grain] * 0.34)
    points["start"], points["stop"] = points["period_end"] - half, points["period_end"] + half
    rows = [points]
    last = points.iloc[-1]
    horizon = last["period_end"] + pd.Timedelta(days=_DAYS[grain] * ahead)
    line = next((lane.key for lane in lanes if lane.style == "line"), "")
    if run_rate and pd.notna(last.get(line)):
        centre, low, high = run_rate
        begin = {"kind": "range", "period_end": last["period_end"], line: last[line]}
        begin |= {"low": last[line], "high": last[line]}
        end = {"kind": "range", "period_end": horizon, line: centre, "low": low, "high": high}
        rows.append(pd.DataFrame([begin, end]).assign(goal=last.get("goal")))
    rows.append(_labels(last, horizon, lanes, labels, run_rate))
    rows.append(_ticks(points))
    rows.append(pd.DataFrame([{"kind": "title", "lane": lane.key, "text": lane.title} for lane in lanes]))
    if notes is not None and len(notes):
        rows.append(_notes(notes, points))
    return pd.concat([row for row in rows if len(row)], ignore_index=True)


def _ticks(points: pd.DataFrame) -> pd.DataFrame:
    """The dates on the axis: about seven period ends counted back from the last, every other one minor."""
    step = max(1, round(len(points) / 6.5))
    chosen = points.iloc[::-1].iloc[::step][::-1]
    minor = [(len(chosen) - 1 - index) % 2 == 1 for index in range(len(chosen))]
    return pd.DataFrame({"kind": "tick", "at": chosen["period_end"], "text": chosen["date"], "minor": minor})


def _labels(
    last: pd.Series, horizon: pd.Timestamp, lanes: Sequence[Lane], labels: Mapping[str, str],
    run_rate: tuple[float, float, float] | None,
) -> pd.DataFrame:  # fmt: skip
    rows = []
    for lane in lanes:
        ahead = run_rate if lane.style == "line" else None
        value = ahead[0] if ahead else last.get(lane.key)
        if labels.get(lane.key) and pd.notna(value):
            where = horizon if ahead else last["period_end"]
            rows.append({"kind": "label", "lane": lane.key, "at": where, lane.key: value, "text": labels[lane.key]})
    line = next((lane.key for lane in lanes if lane.style == "line"), "")
    if labels.get("goal") and pd.notna(last.get("goal")):
        beside = next((row[line] for row in rows if row["lane"] == line), None)
        goal = _apart(last["goal"], beside, last.get(line))
        where = horizon if run_rate else last["period_end"]
        rows.append({"kind": "label", "lane": "goal", "at": where, "goal": goal, "text": labels["goal"]})
    return pd.DataFrame(rows)


def _apart(goal: float, outcome: float | None, last: float | None) -> float:
    """Where the goal's label stands, moved off the outcome's own when the two would overlap."""
    if outcome is None or pd.isna(outcome):
        return goal
    room = 0.035 * max(abs(goal), abs(float(last or 0)))
    return goal if abs(goal - outcome) >= room else outcome + (room if goal >= outcome else -room)


def _notes(notes: pd.DataFrame, points: pd.DataFrame) -> pd.DataFrame:
    drawn = notes.assign(kind="note", at=pd.to_datetime(notes["date"])).sort_values("at")
    middle = points["period_end"].min() + (points["period_end"].max() - points["period_end"].min()) / 2
    drawn["side"] = ["left" if at <= middle else "right" for at in drawn["at"]]
    drawn["row"] = range(len(drawn))
    return drawn[["kind", "at", "text", "side", "row"]]


def spec(lanes: Sequence[Lane], colours: Theme, *, notes: int = 0) -> Spec:
    """The specification for these lanes. `notes` is how many rows of annotations to leave room for."""
    top = _NOTES * min(max(notes, 0), 3) + 4
    frame = alt.Chart(alt.NamedData(name="table"))
    layers: list[alt.Chart | alt.LayerChart] = []
    floors: dict[str, tuple[int, int]] = {}
    y = top
    for lane in lanes:
        tall = _HEIGHT[lane.style] if len(lanes) > 1 else _ALONE
        floors[lane.key] = (y + _TITLE + tall, y + _TITLE)
        y += _TITLE + tall + _GAP
    height = y - _GAP + _DATES
    layers += _grid(frame, colours, height)
    for lane in lanes:
        layers.append(_DRAW[lane.style](frame, lane, floors[lane.key], colours))
        layers.append(_lane_title(frame, lane, floors[lane.key][1], colours))
    layers += [
        _note_rules(frame, colours, top - 2, height - _DATES),
        *_note_words(frame, colours),
        _hover(frame, height),
    ]
    return finish(alt.layer(*layers).resolve_scale(y="independent", size="independent"), colours, height)


def _x(field: str = "period_end") -> alt.X:
    return alt.X(f"{field}:T", axis=None, scale=alt.Scale(range=[8, {"expr": f"width - {_RIGHT}"}], nice=False))  # type: ignore[list-item]


def _grid(frame: alt.Chart, colours: Theme, height: int) -> list[alt.Chart]:
    ticks = frame.transform_filter(f"datum.kind == 'tick' && (!datum.minor || width >= {_NARROW})")
    x = _x("at")
    rules = ticks.mark_rule(color=colours.rule).encode(x=x, y=alt.value(4), y2=alt.value(height - _DATES))
    words = ticks.mark_text(color=colours.muted, baseline="bottom", fontSize=12).encode(
        x=x, y=alt.value(height), text="text:N"
    )
    return [rules, words]


def _y(field: str, floor: tuple[int, int], axis: alt.Axis | None, *, zero: bool) -> alt.Y:
    return alt.Y(f"{field}:Q", scale=alt.Scale(range=list(floor), zero=zero, nice=zero), axis=axis, title=None)


def _axis(lane: Lane, colours: Theme, ticks: int) -> alt.Axis:
    return alt.Axis(
        orient="left", tickCount=ticks, format=lane.axis, grid=False, domain=False, ticks=False, labelPadding=6,
        labelColor=colours.muted, minExtent=34, maxExtent=46,
    )  # fmt: skip


def _line(frame: alt.Chart, lane: Lane, floor: tuple[int, int], colours: Theme) -> alt.LayerChart:
    axis, hue = _axis(lane, colours, 3), colours.band(lane.band)
    y = _y(lane.key, floor, axis, zero=False)
    ahead = frame.transform_filter("datum.kind == 'range'")
    points = frame.transform_filter(f"datum.kind == 'point' && isValid(datum['{lane.key}'])")
    goals = frame.transform_filter("(datum.kind == 'point' || datum.kind == 'range') && isValid(datum.goal)")
    band = ahead.mark_area(color=hue, opacity=0.14).encode(x=_x(), y=_y("low", floor, axis, zero=False), y2="high:Q")
    goal = goals.mark_line(color=colours.goal, strokeDash=[5, 4], strokeWidth=1.4, interpolate="step").encode(
        x=_x(), y=_y("goal", floor, axis, zero=False)
    )
    run = ahead.mark_line(color=hue, strokeDash=[3, 3], strokeWidth=1.8).encode(x=_x(), y=y)
    line = points.mark_line(color=hue, strokeWidth=2.2).encode(x=_x(), y=y)
    hollow = points.transform_filter("datum.partial").mark_point(
        size=46, color=hue, fill=colours.background, strokeWidth=1.6
    )
    goal_words = _end_words(frame, lane, floor, colours, colours.muted, of="goal", weight="normal")
    words = _end_words(frame, lane, floor, colours, hue)
    return alt.layer(band, goal, run, line, hollow.encode(x=_x(), y=y), goal_words, words)


def _bars(frame: alt.Chart, lane: Lane, floor: tuple[int, int], colours: Theme) -> alt.LayerChart:
    points, hue = frame.transform_filter("datum.kind == 'point'"), colours.band(lane.band)
    y = _y(lane.key, floor, _axis(lane, colours, 2), zero=True)
    place = {"x": _x("start"), "x2": "stop:T", "y": y, "y2": alt.Y2Datum(0)}
    whole = points.transform_filter("!datum.partial").mark_bar(color=hue).encode(**place)
    striped = hatch(hue, colours.background)
    partial = points.transform_filter("datum.partial").mark_bar(fill=striped, stroke=hue, strokeWidth=1).encode(**place)  # type: ignore[arg-type]
    return alt.layer(whole, partial, _end_words(frame, lane, floor, colours, hue, dx=12))


def _area(frame: alt.Chart, lane: Lane, floor: tuple[int, int], colours: Theme) -> alt.LayerChart:
    y, hue = _y(lane.key, floor, _axis(lane, colours, 2), zero=True), colours.band(lane.band)
    points = frame.transform_filter(f"datum.kind == 'point' && isValid(datum['{lane.key}'])")
    area = points.mark_area(color=hue, opacity=0.16).encode(x=_x(), y=y)
    line = points.mark_line(color=hue, strokeWidth=1.8).encode(x=_x(), y=y)
    return alt.layer(area, line, _end_words(frame, lane, floor, colours, hue))


def _dots(frame: alt.Chart, lane: Lane, floor: tuple[int, int], colours: Theme) -> alt.LayerChart:
    some = frame.transform_filter(f"datum.kind == 'point' && datum['{lane.key}'] > 0")
    size = alt.Size(f"{lane.key}:Q", scale=alt.Scale(range=[28, 190]), legend=None)
    dots = some.mark_circle(color=colours.band(lane.band), opacity=0.85)
    return alt.layer(dots.encode(x=_x(), y=alt.value(sum(floor) / 2), size=size))


_DRAW = {"line": _line, "bars": _bars, "area": _area, "dots": _dots}


def _end_words(
    frame: alt.Chart, lane: Lane, floor: tuple[int, int], colours: Theme, colour: str, *, of: str = "",
    weight: str = "bold", dx: int = 8,
) -> alt.Chart:  # fmt: skip
    key, line = of or lane.key, lane.style == "line"
    words = frame.transform_filter(f"datum.kind == 'label' && datum.lane == '{key}'").mark_text(
        align="left", dx=dx, color=colour, fontWeight=weight, limit=_RIGHT - 6, baseline="middle"  # type: ignore[arg-type]
    )  # fmt: skip
    axis = _axis(lane, colours, 3 if line else 2)
    return words.encode(x=_x("at"), y=_y(key, floor, axis, zero=not line), text="text:N")


def _lane_title(frame: alt.Chart, lane: Lane, top: int, colours: Theme) -> alt.Chart:
    chosen = frame.transform_filter(f"datum.kind == 'title' && datum.lane == '{lane.key}'")
    return chosen.mark_text(
        align="left", baseline="bottom", fontSize=13, fontWeight="bold", color=colours.band(lane.band)
    ).encode(x=alt.value(0), y=alt.value(top - 6), text="text:N")


def _note_rules(frame: alt.Chart, colours: Theme, first: int, last: int) -> alt.Chart:
    """A rule a note, from below all their words down, so that it crosses none of them."""
    note = frame.transform_filter("datum.kind == 'note'")
    rule = note.mark_rule(color=colours.text, strokeDash=[2, 2], strokeWidth=1.2)
    return rule.encode(x=_x("at"), y=alt.value(first), y2=alt.value(last))


def _note_words(frame: alt.Chart, colours: Theme) -> list[alt.Chart]:
    """The words of the notes beside their rules; on a phone, where they would not fit, from the left edge."""
    words = []
    narrow, wide = f"width < {_NARROW}", f"width >= {_NARROW}"
    for row in range(3):
        y = alt.value(2 + row * _NOTES)
        for side, dx in (("left", 6), ("right", -6)):
            here = f"datum.kind == 'note' && datum.row == {row} && datum.side == '{side}' && {wide}"
            note = frame.transform_filter(here).mark_text(
                align=side, dx=dx, baseline="top", color=colours.text, limit=340
            )  # type: ignore[arg-type]
            words.append(note.encode(x=_x("at"), y=y, text="text:N"))
        here = f"datum.kind == 'note' && datum.row == {row} && {narrow}"
        note = frame.transform_filter(here).mark_text(align="left", baseline="top", color=colours.text, limit=300)
        words.append(note.encode(x=alt.value(0), y=y, text="text:N"))
    return words


def _hover(frame: alt.Chart, height: int) -> alt.Chart:
    points = frame.transform_filter("datum.kind == 'point'")
    return points.mark_bar(opacity=0, tooltip=True).encode(
        x=_x("start"), x2="stop:T", y=alt.value(0), y2=alt.value(height), tooltip=alt.Tooltip("tip:N", title=" ")
    )


def alt_text(finding: str, lanes: Sequence[Lane], labels: Mapping[str, str]) -> str:
    """What the chart says to somebody who does not see it: the finding and where each lane ends."""
    ends = "; ".join(f"{lane.title}: {labels[lane.key]}" for lane in lanes if labels.get(lane.key))
    goal = f"; {labels['goal']}" if labels.get("goal") else ""
    return f"{finding}. Lanes on one time axis. {ends}{goal}."
