"""The exact bridge: from the period before to this one, bars that add up to the change."""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt
import pyarrow as pa

from dashboard.charts.drawing import Spec, as_table, finish, unchecked
from dashboard.theme import Theme

_STEP, _LEFT, _RIGHT = 30, 124, 66


def table(labels: Sequence[str], quantities: Sequence[float], words: Sequence[str]) -> pa.Table:
    """The bars to draw: start, the factors, end. `quantities` are the start, each factor's step, and the end.

    The first and last bars are cut below `cut`, which the page says, so that small steps can be seen.
    """
    start, *steps, end = quantities
    running, begins, ends = start, [0.0], [start]
    for step in steps:
        begins.append(running)
        running += step
        ends.append(running)
    ends.append(end)
    begins = [floor_of(ends), *begins[1:], floor_of(ends)]
    tones = ["whole", *("improvement" if step > 0 else "concern" if step < 0 else "level" for step in steps), "whole"]
    rows = [
        {
            "label": labels[at], "begin": begins[at], "end": ends[at], "text": words[at], "tone": tones[at],
            "position": at, "right": max(begins[at], ends[at]), "next": at + 1, "joins": at < len(tones) - 1,
        }
        for at in range(len(tones))
    ]  # fmt: skip
    return as_table(
        rows, words=("label", "text", "tone"), numbers=("begin", "end", "position", "right", "next"), flags=("joins",)
    )


def floor_of(levels: Sequence[float]) -> float:
    """Where the bars are cut: a little below the lowest level, on a round number; 0 when that is close."""
    low, high = min(levels), max(levels)
    spread = high - low
    if low <= 0 or spread >= 0.5 * high:
        return min(0.0, low)
    step = 10 ** max(0, len(str(int(max(spread, 1)))) - 1)
    return max(0.0, (low - 0.35 * max(spread, 1)) // step * step)


@unchecked
def spec(colours: Theme, bars: int) -> Spec:
    """The specification for a bridge of so many bars."""
    height = _STEP * bars
    frame = alt.Chart(alt.NamedData(name="table"))
    y = alt.Y("position:O", axis=None, scale=alt.Scale(paddingInner=0.28, paddingOuter=0.1), sort=None)
    x = alt.X(
        "begin:Q",
        axis=None,
        scale=alt.Scale(zero=False, nice=False, range=[_LEFT, {"expr": f"width - {_RIGHT}"}]),
    )
    colour = alt.Color(
        "tone:N", legend=None,
        scale=alt.Scale(
            domain=["whole", "improvement", "concern", "level"],
            range=[colours.outcome, colours.improvement, colours.concern, colours.muted],
        ),
    )  # fmt: skip
    bars_drawn = frame.mark_bar(cornerRadius=1).encode(
        y=y,
        x=x,
        x2=alt.X2("end:Q"),
        color=colour,
        tooltip=[alt.Tooltip("label:N", title=" "), alt.Tooltip("text:N", title=" ")],
    )
    joins = frame.transform_filter("datum.joins").mark_rule(color=colours.goal, strokeWidth=1).encode(
        x=alt.X("end:Q", axis=None), y2=alt.Y2("next:O", bandPosition=0),
        y=alt.Y("position:O", axis=None, bandPosition=1, sort=None),
    )  # fmt: skip
    names = frame.mark_text(align="left", baseline="middle", fontSize=13, limit=_LEFT - 8).encode(
        y=y, x=alt.XValue(0), text=alt.Text("label:N"),
        color=alt.condition("datum.tone == 'whole'", alt.value(colours.text), alt.value(colours.muted)),
    )  # fmt: skip
    values = frame.mark_text(align="left", baseline="middle", dx=7, fontSize=13, fontWeight="bold").encode(
        y=y, x=alt.X("right:Q", axis=None), text=alt.Text("text:N"),
        color=alt.condition("datum.tone == 'whole'", alt.value(colours.text), colour),
    )  # fmt: skip
    return finish([joins, bars_drawn, names, values], colours, height)


def alt_text(title: str, labels: Sequence[str], words: Sequence[str]) -> str:
    """The bridge in words, bar by bar."""
    steps = ", ".join(f"{label} {word}" for label, word in zip(labels, words, strict=True))
    return f"{title}. {steps}. The parts add up to the change exactly."
