"""The table behind the lanes: one row a thing to draw, told apart by `kind`.

"point" is one outcome period with all lanes side by side, "range" where the run rate leads, "note"
an annotation, "label" the words at a line's end, "tick" a date on the axis, "title" a lane's name.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

DAYS = {"week": 7, "month": 30, "year": 365}


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
    half = pd.Timedelta(days=DAYS[grain] * 0.34)
    points["start"], points["stop"] = points["period_end"] - half, points["period_end"] + half
    points["before"], points["after"] = points["start"] - half / 2, points["stop"] + half / 2
    rows = [points]
    last = points.iloc[-1]
    horizon = last["period_end"] + pd.Timedelta(days=DAYS[grain] * ahead)
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
