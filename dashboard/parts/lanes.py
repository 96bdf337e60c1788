"""The aligned lanes of a visit: asked once, drawn on one time axis."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import streamlit as st

from dashboard import cache, drawn, sentences, words
from dashboard.answers import Series
from dashboard.charts import lanes as chart
from dashboard.charts.drawing import Drawing
from dashboard.parts import page
from dashboard.session import Visit
from dashboard.theme import Theme
from dashboard.words import Locale
from metrics import context
from metrics.catalog import METRICS
from metrics.signals import noise

AHEAD = 4
ALONE = "How it went, on one time axis"
PER = {"week": "a week", "month": "a month", "year": "a year"}


@dataclass(frozen=True, kw_only=True)
class Drawn:
    """One lane that a page wants: the metric, how it is drawn, and its title ("{per}" is "a week")."""

    metric: str
    style: str
    title: str


def draw(visit: Visit, wanted: Sequence[Drawn], lines: Series, finding: str, grain: str) -> None:
    """The lanes whose numbers are known, under a title that states the finding."""
    made = drawing(visit, wanted, lines, finding, grain, page.colours())
    if made is None:
        return page.notice(sentences.empty("activity", visit.compare, visit.window))
    page.finding(made.finding, made.under, name="op-lanes")
    st.vega_lite_chart(made.table, made.spec, theme=None, alt=made.alt)
    return None


def drawing(
    visit: Visit, wanted: Sequence[Drawn], lines: Series, finding: str, grain: str, theme: Theme
) -> Drawing | None:
    """The lanes as they are drawn; None where too little is known to draw any."""
    shown = [each for each in wanted if _says(each, lines)]
    if not shown or len(lines.ends) < 2:
        return None
    locale = page.locale()
    lanes = [_lane(each, grain) for each in shown]
    points = _points(shown, lines, grain, locale)
    outcome = next((each.metric for each in shown if each.style == "line"), "")
    rate = noise.run_rate(lines.line(outcome), AHEAD) if outcome else None
    per_period = (rate[0] / AHEAD, rate[1] / AHEAD, rate[2] / AHEAD) if rate else None
    labels = _labels(shown, lines, per_period, locale)
    notes = _notes(visit, lines)
    table = chart.table(points, lanes=lanes, labels=labels, run_rate=per_period, notes=notes, grain=grain, ahead=AHEAD)
    rows = chart.rows_of_notes(table)
    spec = drawn.specification("lanes", theme.name, tuple(lanes), build=lambda: chart.spec(lanes, theme))
    under = f"One time axis, {_periods(grain, lines.ends[-1])}"
    if per_period:
        under += f"; shaded: 80{words.NARROW}% range of the run rate"
    said = chart.alt_text(finding, lanes, labels, [note.text for note in notes])
    return Drawing(finding=finding, under=under, table=table, spec=chart.with_notes(spec, rows), alt=said)


def _says(drawn: Drawn, lines: Series) -> bool:
    """Whether a lane has anything to draw: most periods known, and for dots something that took place."""
    known = [value for value in lines.line(drawn.metric) if value is not None]
    return any(known) if drawn.style in ("dots", "marks") else 2 * len(known) > len(lines.ends)


def _lane(drawn: Drawn, grain: str) -> chart.Lane:
    metric = METRICS[drawn.metric]
    axis = "~s" if metric.unit == "count" and drawn.style == "line" else ",.0f"
    return chart.Lane(
        key=drawn.metric, band=metric.band, title=drawn.title.format(per=PER[grain]), style=drawn.style, axis=axis
    )


def _points(shown: Sequence[Drawn], lines: Series, grain: str, locale: Locale) -> chart.Points:
    told = {each.metric: lines.line(each.metric) for each in shown}
    return chart.Points(
        ends=[_moment(end) for end in lines.ends],
        lines=told,
        goal=lines.line("goal"),
        partial={each.metric: lines.partial(each.metric) for each in shown},
        dates=[_axis_date(end, grain, locale) for end in lines.ends],
        tips=[_tip(index, end, told, grain, locale) for index, end in enumerate(lines.ends)],
    )


def _moment(day: date) -> datetime:
    return datetime(day.year, day.month, day.day)


def _axis_date(end: date, grain: str, locale: Locale) -> str:
    if grain == "year":
        return str(end.year)
    return words.day(end, locale) if grain == "week" else f"{words.MONTHS[end.month - 1]} {end.year % 100:02d}"


def _tip(index: int, end: date, told: Mapping[str, Sequence[float | None]], grain: str, locale: Locale) -> str:
    parts = [f"{grain} to {words.day(end, locale, year=True)}"]
    for name, line in told.items():
        metric = METRICS[name]
        parts.append(f"{metric.title} {words.number(line[index], metric.name, metric.unit, locale)}")
    return " · ".join(parts)


def _labels(
    shown: Sequence[Drawn], lines: Series, rate: tuple[float, float, float] | None, locale: Locale
) -> dict[str, str]:
    labels = {}
    for each in shown:
        metric, line = METRICS[each.metric], lines.line(each.metric)
        value = rate[0] if rate and each.style == "line" else line[-1]
        if value is not None and each.style not in ("dots", "marks"):
            text = words.number(value, metric.name, metric.unit, locale)
            labels[each.metric] = f"run rate {text}" if rate and each.style == "line" else text
    goals = [goal for goal in lines.line("goal") if goal is not None]
    if goals:
        labels["goal"] = f"goal {words.number(goals[-1], 'goal', 'count', locale)}"
    return labels


def _notes(visit: Visit, lines: Series) -> list[chart.Note]:
    """What happened around the node while these periods ran."""
    found = context.annotations(
        visit.visitor, cache.snapshot(), visit.hierarchy.id, visit.node.id if visit.node else "",
        lines.ends[0], lines.ends[-1], visit.product,
    )  # fmt: skip
    return [chart.Note(at=_moment(day), text=f"{words.day(day, page.locale())}: {text}") for day, text in found]


_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def _periods(grain: str, last: date) -> str:
    return f"weeks ending {_WEEKDAYS[last.weekday()]}" if grain == "week" else f"{grain}s"
