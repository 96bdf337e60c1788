"""The aligned lanes: the outcome above what was done for it, on one shared time axis.

One specification depends only on which lanes there are; the table is lane_table.py's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache

import altair as alt
import pyarrow as pa

from dashboard.charts.drawing import Layer, Spec, finish, hatch, laid, unchecked
from dashboard.charts.lane_table import PARTIAL, Lane, Points, table
from dashboard.charts.note_places import NARROWEST, ROWS, SCREENS, Note
from dashboard.theme import Theme

__all__ = ["STYLES", "Lane", "Note", "Points", "alt_text", "rows_of_notes", "spec", "table", "with_notes"]

STYLES = ("line", "bars", "area", "dots", "marks")
_HEIGHT = {"line": 168, "bars": 64, "area": 56, "dots": 22, "marks": 22}
_TITLE, _GAP, _NOTES, _RIGHT, _DATES = 22, 14, 20, 96, 26
_ALONE = 250
_NARROW = SCREENS["tablet"]
_TIP = alt.Tooltip("tip:N", title=" ")
_SIDES = (("right", 6), ("left", -6), ("edge", 0))


@unchecked
def spec(lanes: Sequence[Lane], colours: Theme, *, notes: int = 0) -> Spec:
    """The specification for these lanes. `notes` is how many rows of annotations to leave room for."""
    frame = alt.Chart(alt.NamedData(name="table"))
    up, floors = _DATES, {}
    for lane in reversed(lanes):
        tall = _HEIGHT[lane.style] if len(lanes) > 1 else _ALONE
        floors[lane.key] = (up, up + tall)
        up += tall + _TITLE + _GAP
    ground, words = _around(colours)
    layers: list[Layer] = [*ground]
    for lane in lanes:
        layers += _drawn(lane, floors[lane.key], colours)
    layers += [_note_rules(frame, colours, up - _GAP + 2), *words]
    return with_notes(finish(layers, colours, up - _GAP + 4, independent=("y", "size")), notes)


@lru_cache(maxsize=20)
def _around(colours: Theme) -> tuple[tuple[Spec, ...], tuple[Spec, ...]]:
    """What lies below every set of lanes and above it: written once a theme."""
    frame = alt.Chart(alt.NamedData(name="table"))
    above = [*_note_words(frame, colours), _hover(frame)]
    return tuple(map(laid, _grid(frame, colours))), tuple(map(laid, above))


@lru_cache(maxsize=500)
def _drawn(lane: Lane, floor: tuple[int, int], colours: Theme) -> tuple[Spec, Spec]:
    """A lane and its title at a height: written once, however many sets of lanes it stands in."""
    frame = alt.Chart(alt.NamedData(name="table"))
    return laid(_DRAW[lane.style](frame, lane, floor, colours)), laid(_lane_title(frame, lane, floor[1], colours))


def with_notes(drawn: Spec, rows: int) -> Spec:
    """The specification with room for so many more rows of annotations: what is below them is measured from the
    bottom up, so nothing else changes."""
    return {**drawn, "height": drawn["height"] + _NOTES * min(max(rows, 0), ROWS)}


def _from_bottom(up: float) -> alt.ExprRef:
    """So many pixels from the bottom."""
    return alt.ExprRef(expr=f"height - {up:g}")


def _x(field: str = "period_end") -> alt.X:
    return alt.X(f"{field}:T", axis=None, scale=alt.Scale(range=[8, {"expr": f"width - {_RIGHT}"}], nice=False))


def _grid(frame: alt.Chart, colours: Theme) -> list[alt.Chart]:
    ticks = frame.transform_filter(f"datum.kind == 'tick' && (!datum.minor || width >= {_NARROW})")
    x = _x("at")
    rules = ticks.mark_rule(color=colours.rule).encode(x=x, y=alt.YValue(4), y2=alt.Y2Value(_from_bottom(_DATES)))
    words = ticks.mark_text(color=colours.muted, baseline="bottom", fontSize=12).encode(
        x=x, y=alt.YValue(_from_bottom(0)), text=alt.Text("text:N")
    )
    return [rules, words]


def _y(field: str, floor: tuple[int, int], axis: alt.Axis | None, *, zero: bool) -> alt.Y:
    """`floor` is how far from the bottom a lane begins and ends. A lane that begins at zero reaches two at least, so
    that nothing but zeros has an axis, and its ticks are whole."""
    low, high = map(_from_bottom, floor)
    least = {"domain": alt.DomainUnionWith(unionWith=[0, 2])} if zero else {}
    scale = alt.Scale(range=[low, high], zero=zero, nice=zero, **least)
    return alt.Y(f"{field}:Q", scale=scale, axis=axis, title=None)


def _axis(lane: Lane, colours: Theme, ticks: int) -> alt.Axis:
    return alt.Axis(
        orient="left", tickCount=ticks, format=lane.axis, grid=False, domain=False,
        ticks=False, labelPadding=6, labelColor=colours.muted, minExtent=34, maxExtent=46,
    )  # fmt: skip


def _line(frame: alt.Chart, lane: Lane, floor: tuple[int, int], colours: Theme) -> Layer:
    axis, hue = _axis(lane, colours, 3), colours.band(lane.band)
    y = _y(lane.key, floor, axis, zero=False)
    ahead = frame.transform_filter("datum.kind == 'range'")
    points = frame.transform_filter(f"datum.kind == 'point' && isValid(datum['{lane.key}'])")
    goals = frame.transform_filter("(datum.kind == 'point' || datum.kind == 'range') && isValid(datum.goal)")
    band = ahead.mark_area(color=hue, opacity=0.14).encode(
        x=_x(), y=_y("low", floor, axis, zero=False), y2=alt.Y2("high:Q")
    )
    goal = goals.mark_line(color=colours.goal, strokeDash=[5, 4], strokeWidth=1.4, interpolate="step").encode(
        x=_x(), y=_y("goal", floor, axis, zero=False)
    )
    run = ahead.mark_line(color=hue, strokeDash=[3, 3], strokeWidth=1.8).encode(x=_x(), y=y)
    line = points.mark_line(color=hue, strokeWidth=2.2).encode(x=_x(), y=y)
    hollow = _hollow(points, lane, colours)
    goal_words = _end_words(frame, lane, floor, colours, colours.muted, of="goal", weight="normal")
    words = _end_words(frame, lane, floor, colours, hue)
    return [band, goal, run, line, hollow.encode(x=_x(), y=y), goal_words, words]


def _hollow(points: alt.Chart, lane: Lane, colours: Theme) -> alt.Chart:
    """An open ring on a period that is known only in part."""
    partial = points.transform_filter(f"datum['{PARTIAL}{lane.key}']")
    return partial.mark_point(size=46, color=colours.band(lane.band), fill=colours.background, strokeWidth=1.6)


def _bars(frame: alt.Chart, lane: Lane, floor: tuple[int, int], colours: Theme) -> Layer:
    points, hue = frame.transform_filter("datum.kind == 'point'"), colours.band(lane.band)
    y = _y(lane.key, floor, _axis(lane, colours, 2), zero=True)
    place = {"x": _x("start"), "x2": alt.X2("stop:T"), "y": y, "y2": alt.Y2Datum(0)}
    partly = f"datum['{PARTIAL}{lane.key}']"
    whole = points.transform_filter(f"!{partly}").mark_bar(color=hue).encode(**place)
    striped = hatch(hue, colours.background)
    partial = points.transform_filter(partly).mark_bar(fill=striped, stroke=hue, strokeWidth=1).encode(**place)
    return [whole, partial, _end_words(frame, lane, floor, colours, hue)]


def _area(frame: alt.Chart, lane: Lane, floor: tuple[int, int], colours: Theme) -> Layer:
    y, hue = _y(lane.key, floor, _axis(lane, colours, 2), zero=True), colours.band(lane.band)
    points = frame.transform_filter(f"datum.kind == 'point' && isValid(datum['{lane.key}'])")
    area = points.mark_area(color=hue, opacity=0.16).encode(x=_x(), y=y)
    line = points.mark_line(color=hue, strokeWidth=1.8).encode(x=_x(), y=y)
    hollow = _hollow(points, lane, colours).encode(x=_x(), y=y)
    return [area, line, hollow, _end_words(frame, lane, floor, colours, hue)]


def _dots(frame: alt.Chart, lane: Lane, floor: tuple[int, int], colours: Theme) -> Layer:
    some = frame.transform_filter(f"datum.kind == 'point' && datum['{lane.key}'] > 0")
    size = alt.Size(f"{lane.key}:Q", scale=alt.Scale(range=[28, 190]), legend=None)
    hue, partly, layers = colours.band(lane.band), f"datum['{PARTIAL}{lane.key}']", []
    for which, fill in ((f"!{partly}", hue), (partly, colours.background)):
        dots = some.transform_filter(which).mark_point(filled=True, fill=fill, stroke=hue, opacity=0.85, size=90)
        placed = dots.encode(x=_x(), y=alt.YValue(_from_bottom(sum(floor) / 2)))
        layers.append(placed if lane.style == "marks" else placed.encode(size=size))
    return layers


_DRAW = {"line": _line, "bars": _bars, "area": _area, "dots": _dots, "marks": _dots}


def _end_words(
    frame: alt.Chart, lane: Lane, floor: tuple[int, int], colours: Theme, colour: str, *, of: str = "",
    weight: str = "bold", dx: int = 8,
) -> alt.Chart:  # fmt: skip
    key, line = of or lane.key, lane.style == "line"
    words = frame.transform_filter(f"datum.kind == 'label' && datum.lane == '{key}'").mark_text(
        align="left", dx=dx, color=colour, fontWeight=weight, limit=_RIGHT - 6, baseline="middle"  # type: ignore[arg-type]
    )  # fmt: skip
    axis = _axis(lane, colours, 3 if line else 2)
    return words.encode(x=_x("at"), y=_y(key, floor, axis, zero=not line), text=alt.Text("text:N"))


def _lane_title(frame: alt.Chart, lane: Lane, up: int, colours: Theme) -> alt.Chart:
    chosen = frame.transform_filter(f"datum.kind == 'title' && datum.lane == '{lane.key}'")
    return chosen.mark_text(
        align="left", baseline="bottom", fontSize=13, fontWeight="bold", color=colours.band(lane.band)
    ).encode(x=alt.XValue(0), y=alt.YValue(_from_bottom(up + 6)), text=alt.Text("text:N"))


def _note_rules(frame: alt.Chart, colours: Theme, up: int) -> alt.Chart:
    """A rule a note, from below all their words down, so that it crosses none of them."""
    note = frame.transform_filter("datum.kind == 'note'")
    rule = note.mark_rule(color=colours.text, strokeDash=[2, 2], strokeWidth=1.2)
    return rule.encode(x=_x("at"), y=alt.YValue(_from_bottom(up)), y2=alt.Y2Value(_from_bottom(_DATES)), tooltip=_TIP)


def _note_words(frame: alt.Chart, colours: Theme) -> list[alt.Chart]:
    """The words of the notes where note_places.py put them, one set a screen."""
    words, ends = [], [*list(SCREENS.values())[1:], 10_000]
    y = alt.Y("row:Q", axis=None, scale=alt.Scale(domain=[0, ROWS], range=[2, 2 + ROWS * _NOTES], zero=False))
    for (screen, begin), end in zip(SCREENS.items(), ends, strict=True):
        for side, dx in _SIDES if screen == NARROWEST else _SIDES[:2]:
            fits = f"width >= {begin} && width < {end}"
            here = f"datum.kind == 'said' && datum.screen == '{screen}' && datum.side == '{side}' && {fits}"
            note = frame.transform_filter(here).mark_text(
                align="right" if side == "left" else "left", dx=dx, baseline="top", color=colours.text
            )
            words.append(note.encode(x=alt.XValue(0) if side == "edge" else _x("at"), y=y, text=alt.Text("text:N")))
    return words


def _hover(frame: alt.Chart) -> alt.Chart:
    """What one period's numbers are, wherever in its column one points."""
    points = frame.transform_filter("datum.kind == 'point'")
    return points.mark_rect(opacity=0).encode(
        x=_x("before"),
        x2=alt.X2("after:T"),
        y=alt.YValue(0),
        y2=alt.Y2Value(_from_bottom(0)),
        tooltip=_TIP,
    )


def rows_of_notes(drawn: pa.Table) -> int:
    """How many rows of words the notes of a table take, on the screen that needs most."""
    rows = [row for row in drawn["row"].to_pylist() if row is not None]
    return int(max(rows)) + 1 if rows else 0


def alt_text(finding: str, lanes: Sequence[Lane], labels: Mapping[str, str], notes: Sequence[str] = ()) -> str:
    """What the chart says to somebody who does not see it: the finding, where each lane ends, and what happened."""
    ends = "; ".join(f"{lane.title}: {labels[lane.key]}" for lane in lanes if labels.get(lane.key))
    goal = f"; {labels['goal']}" if labels.get("goal") else ""
    happened = f" {'; '.join(notes)}." if notes else ""
    return f"{finding}. Lanes on one time axis. {ends}{goal}.{happened}"
