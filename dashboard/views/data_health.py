"""Data health: can these numbers be trusted. The steward sees all of it; everybody else sees how fresh theirs are."""

from __future__ import annotations

import streamlit as st

from dashboard import answers as asking
from dashboard import cache, health_sentences, sentences, words
from dashboard.parts import health, page, strip, trust
from dashboard.parts.definitions import link as definition
from dashboard.parts.panel import panel
from dashboard.parts.strip import Band, Tile
from dashboard.session import Visit, problem, refusal
from dashboard.words import Change
from metrics.catalog import METRICS
from metrics.health import Health
from metrics.provenance import origins

PAGE = "data-health"
METRIC = "trx"  # the number whose files are shown until another is chosen


def render(visit: Visit) -> None:
    """The page of a visit."""
    ages = asking.ages(visit)
    try:
        found = cache.health(visit.visitor)
    except Exception as error:
        if not refusal(error):
            raise
        st.html(page.headline(health_sentences.ages_headline(ages), problem(error), visit.said))
        with panel("The ages"):
            health.bands(ages)
        return
    _top(visit, found)
    left, right = st.columns([1.5, 1], gap="large")
    with left:
        with panel("The feeds"):
            health.feeds(found.feeds)
        with panel("The alignment"):
            health.standings(found.standings)
        with panel("The restatements"):
            trust.restatements(found.restated, cache.snapshot().grain or "week")
        with panel("The match"):
            trust.recognised(found.recognised)
        with panel("The origins"):
            _origins(visit, found)
        with panel("The reconciliation"):
            trust.tied(found)
        with panel("The snapshots"):
            health.shelf(found.shelf)
    with right, panel("The findings"):
        health.findings(found)
    with panel("The rows"):
        health.rows_accounted(found.imports)


def _top(visit: Visit, found: Health) -> None:
    serving = cache.snapshot()
    said = f"As of {words.day(serving.as_of, page.locale(), year=True)}, snapshot {serving.id}"
    tiles = health_sentences.tiles(found, _match_rate(visit))
    shown = [
        Tile(title=title, value=value, change=Change(icon="", words=note, tone="quiet")) for title, value, note in tiles
    ]
    st.html(
        page.headline(health_sentences.headline(found), said, visit.said)
        + strip.strip([Band(name="outcome", title="Data", tiles=shown)], page.colours())
    )


def _origins(visit: Visit, found: Health) -> None:
    """A number of the place one looks at, back to its files."""
    asked = visit.choice("metric")
    metric = asked if asked in METRICS else METRIC
    files = origins(metric, found.fed, found.imports)
    trust.origins(visit, metric, _value(visit, metric), files, definition(visit)(metric))


def _value(visit: Visit, metric: str) -> str:
    try:
        now = asking.answers(visit, (metric,), visit.level)
    except Exception as error:
        if not refusal(error):
            raise
        return "not shown to you"
    found = now.now(metric)
    if found is None:
        return words.lower_first(sentences.withheld(now.reason(metric) or "not known here"))
    return words.number(found, metric, METRICS[metric].unit, page.locale())


def _match_rate(visit: Visit) -> str:
    """The match rate of media here, or why it is not known."""
    return _value(visit, "match_rate")
