"""Team: who is coached, on what. Reach, frequency, attainment and evolution of each territory against its peers."""

from __future__ import annotations

import streamlit as st

from dashboard import answers as asking
from dashboard import cache, sentences, team_sentences
from dashboard.answers import Answers
from dashboard.parts import below, numbers, page, strip, team
from dashboard.parts.below import Told
from dashboard.parts.definitions import link as definition
from dashboard.parts.numbers import Shown
from dashboard.parts.panel import panel
from dashboard.session import Visit
from metrics import team as standing

PAGE = team.PAGE
BANDS = {
    "field": (
        Shown(metric="reach", note="{reached_targets} of {targets} targets"),
        Shown(metric="frequency", note="calls on each target reached"),
        Shown(metric="call_plan_attainment", note="{capped_calls} of {planned_calls} planned"),
        Shown(metric="calls_per_day", note="{field_days} days in the field"),
    ),
    "outcome": (
        Shown(metric="evolution_index", note="100: grows as its market"),
        Shown(metric="share", note="of {market_trx} market TRx"),
    ),
}
LINED = tuple(each.metric for shown in BANDS.values() for each in shown)
BELOW = (
    Told(metric="call_plan_attainment", title="Attainment", kind="bar", phone=True),
    Told(metric="reach", title="Reach", kind="bar", phone=True),
    Told(metric="frequency", title="Frequency"),
    Told(metric="calls_per_day", title="Calls a day"),
    Told(metric="on_target_share", title="On target", kind="bar"),
    Told(metric="evolution_index", title="Evolution", phone=True),
    Told(metric="calls", title="", kind="spark"),
)
TARGETS = (
    Told(metric="planned_calls", title="Planned to date", phone=True),
    Told(metric="capped_calls", title="Calls within plan", phone=True),
    Told(metric="call_plan_attainment", title="Against plan", kind="goal"),
    Told(metric="trx", title="TRx", phone=True),
    Told(metric="share", title="Share"),
    Told(metric="impressions", title="Media impressions"),
)


def render(visit: Visit) -> None:
    """The page of a visit."""
    reason = asking.refused(visit, BANDS).get("field") or (
        "The field's own numbers are for those who lead it." if visit.role.medical else ""
    )
    if reason:
        st.html(page.headline(sentences.withheld(reason), team_sentences.REFUSED, visit.said))
        return
    level = visit.hierarchy.levels[-1]
    seen, now = members(visit, level), asking.answers(visit, numbers.needed(BANDS), visit.level)
    _top(visit, now, team_sentences.headline(seen, level) if seen else own(visit, now))
    if seen is not None:
        left, right = st.columns([1.5, 1], gap="large")
        with left, panel("The quadrant"):
            team.draw_quadrant(seen, level)
        with right, panel("What each place asks for"):
            team.places(visit, seen)
        with panel("The team"):
            team.members(visit, seen, level)
    if visit.below and visit.below != level:
        with panel("The level below"):
            _below(visit, visit.below)


def alone(visit: Visit) -> bool:
    """Whether the visit is at a single territory, or below: there is no team beside it."""
    return visit.level == visit.hierarchy.levels[-1] or visit.hierarchy.is_subject(visit.level)


def members(visit: Visit, level: str) -> standing.Team | None:
    """Every territory below the visit, as far as it may be known; None at a single one."""
    if alone(visit):
        return None
    now = asking.answers(visit, standing.ASKED, level)
    lines = asking.series(visit, standing.LINED, level, cache.snapshot().grain or "week")
    return standing.team(now.reading, lines.reading, asking.length(visit))


def _top(visit: Visit, now: Answers, said: str) -> None:
    locale = page.locale()
    lines = asking.series(visit, LINED, visit.level, cache.snapshot().grain or "week")
    ages = asking.ages(visit)
    known = numbers.Known(numbers=now, lines=lines, length=asking.length(visit), ages=ages, address=definition(visit))
    shown = numbers.bands(BANDS, asking.refused(visit, BANDS), known, locale)
    fresh = sentences.freshness(ages, locale)
    notes = (*sentences.left_out(now.reading.not_shown, locale), *now.reading.cells.notes)
    st.html(page.headline(said, fresh, visit.said, notes) + strip.strip(shown, page.colours()))


def own(visit: Visit, now: Answers) -> str:
    """The sentence of a single territory: its own plan, and what is missing of it."""
    return team_sentences.own_headline(
        visit.place, {each: now.now(each) for each in team_sentences.OWN_FACTS}, page.locale()
    )


def _below(visit: Visit, level: str) -> None:
    """The level below, one row a unit; below a territory its targets, the furthest behind their plan first."""
    subject, grain = visit.hierarchy.is_subject(level), cache.snapshot().grain or "week"
    wanted = TARGETS if subject else BELOW
    below.show(visit, level, wanted, PAGE, grain)
