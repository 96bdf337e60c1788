"""The table behind the lanes: one row a thing to draw, told apart by `kind`.

"point" is one outcome period with all lanes side by side, "range" where the run rate leads, "note"
an annotation and "said" its words, "label" the words at a line's end, "tick" a date on the axis,
"title" a lane's name.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pyarrow as pa

from dashboard.charts.drawing import as_table
from dashboard.charts.note_places import Note, places

DAYS = {"week": 7, "month": 30, "year": 365}
PARTIAL = "partial_"
_HALF = 0.34  # half of a bar, as a part of its period
_MOMENTS = ("period_end", "start", "stop", "before", "after", "at")
_WORDS = ("kind", "date", "tip", "text", "lane", "side", "screen")
_NUMBERS = ("goal", "low", "high", "row")
Rate = tuple[float, float, float]


@dataclass(frozen=True, kw_only=True)
class Lane:
    """One lane: the column it draws, its band, what it counts in words, how it is drawn, its axis (a d3 format)."""

    key: str
    band: str
    title: str
    style: str
    axis: str = ",.0f"


@dataclass(frozen=True, kw_only=True)
class Points:
    """The periods to draw, oldest first: the last day of each, every lane's numbers by its key, and the goal's.

    `partial` has, by lane, whether a period is known only in part. `dates` are the axis labels and `tips`
    what hovering says.
    """

    ends: Sequence[datetime]
    lines: Mapping[str, Sequence[float | None]]
    dates: Sequence[str]
    tips: Sequence[str]
    goal: Sequence[float | None] = ()
    partial: Mapping[str, Sequence[bool]] = field(default_factory=dict)


def table(
    points: Points,
    *,
    lanes: Sequence[Lane],
    labels: Mapping[str, str],
    run_rate: Rate | None = None,
    notes: Sequence[Note] = (),
    grain: str = "week",
    ahead: int = 4,
) -> pa.Table:
    """The table to draw. `run_rate` is the centre, low and high of one period of the line; `labels` the words at
    each end (each lane's key, and "goal").
    """
    last, step = points.ends[-1], timedelta(days=DAYS[grain])
    horizon = last + ahead * step
    now = {key: line[-1] for key, line in points.lines.items()}
    goal = points.goal[-1] if points.goal else None
    line = next((lane.key for lane in lanes if lane.style == "line"), "")
    rate = run_rate if run_rate and now.get(line) is not None else None
    rows = _points(points, step)
    if rate:
        begin = {"kind": "range", "period_end": last, line: now[line], "low": now[line], "high": now[line]}
        end = {"kind": "range", "period_end": horizon, line: rate[0], "low": rate[1], "high": rate[2]}
        rows += [begin | {"goal": goal}, end | {"goal": goal}]
    ends = {lane.key: last + (_HALF * step if lane.style == "bars" else timedelta()) for lane in lanes}
    rows += _labels(now, goal, horizon if rate else last, ends, lanes, labels, rate)
    rows += _ticks(points)
    rows += [{"kind": "title", "lane": lane.key, "text": lane.title} for lane in lanes]
    rows += places(notes, points.ends[0], horizon if rate else last)
    return as_table(
        rows,
        moments=_MOMENTS,
        words=_WORDS,
        numbers=(*points.lines, *_NUMBERS),
        flags=("minor", *(f"{PARTIAL}{lane.key}" for lane in lanes)),
    )


def _points(points: Points, step: timedelta) -> list[dict[str, Any]]:
    half, rows = _HALF * step, []
    for index, end in enumerate(points.ends):
        row: dict[str, Any] = {"kind": "point", "period_end": end, "start": end - half, "stop": end + half}
        row |= {"before": end - 1.5 * half, "after": end + 1.5 * half}
        row |= {"date": points.dates[index], "tip": points.tips[index]}
        row |= {key: line[index] for key, line in points.lines.items()}
        row |= {f"{PARTIAL}{key}": known[index] for key, known in points.partial.items()}
        rows.append(row | ({"goal": points.goal[index]} if points.goal else {}))
    return rows


def _ticks(points: Points) -> list[dict[str, Any]]:
    """The dates on the axis: about seven period ends counted back from the last, every other one minor."""
    step = max(1, round(len(points.ends) / 6.5))
    chosen = list(zip(points.ends, points.dates, strict=True))[::-1][::step]
    return [
        {"kind": "tick", "at": end, "text": text, "minor": index % 2 == 1} for index, (end, text) in enumerate(chosen)
    ]


def _labels(
    now: Mapping[str, float | None], goal: float | None, ahead: datetime, ends: Mapping[str, datetime],
    lanes: Sequence[Lane], labels: Mapping[str, str], rate: Rate | None,
) -> list[dict[str, Any]]:  # fmt: skip
    rows: list[dict[str, Any]] = []
    outcome: float | None = None
    for lane in lanes:
        leads = lane.style == "line" and rate is not None
        value = rate[0] if leads and rate else now.get(lane.key)
        if labels.get(lane.key) and value is not None:
            where = ahead if leads else ends[lane.key]
            rows.append({"kind": "label", "lane": lane.key, "at": where, lane.key: value, "text": labels[lane.key]})
            outcome = value if lane.style == "line" else outcome
    if labels.get("goal") and goal is not None:
        line = next((lane.key for lane in lanes if lane.style == "line"), "")
        at = _apart(goal, outcome, now.get(line))
        rows.append({"kind": "label", "lane": "goal", "at": ahead, "goal": at, "text": labels["goal"]})
    return rows


def _apart(goal: float, outcome: float | None, last: float | None) -> float:
    """Where the goal's label stands, moved off the outcome's own when the two would overlap."""
    if outcome is None:
        return goal
    room = 0.035 * max(abs(goal), abs(last or 0.0))
    return goal if abs(goal - outcome) >= room else outcome + (room if goal >= outcome else -room)
