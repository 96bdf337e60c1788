"""One picture: where we stand, why it moved, what to change, and the level below. Medical roles get the medical edition."""

from __future__ import annotations

import streamlit as st

from dashboard import answers as asking
from dashboard import cache, sentences, words
from dashboard.answers import Answers
from dashboard.parts import below, bridge, cue_cards, lanes, numbers, page, strip
from dashboard.parts.below import Told
from dashboard.parts.lanes import Drawn
from dashboard.parts.numbers import Shown
from dashboard.parts.panel import panel
from dashboard.session import Visit

PAGE = "one-picture"

COMMERCIAL = {
    "outcome": (
        Shown(metric="trx", note="goal {goal}", goal=True),
        Shown(metric="share", note="evolution index {evolution_index}"),
    ),
    "field": (
        Shown(metric="call_plan_attainment", note="{capped_calls} of {planned_calls} planned"),
        Shown(metric="reach", note="{reached_targets} of {targets} HCPs"),
    ),
    "media": (
        Shown(metric="media_reach", note="match rate {match_rate}"),
        Shown(metric="cost_per_reached_hcp", note="spend allocated by impressions"),
    ),
    "medical": (
        Shown(metric="inquiries_in_sla", note="{inquiries_open} open"),
        Shown(metric="expert_coverage", note="{exchanges} exchanges"),
    ),
    "sites": (
        Shown(metric="sites_on_track", note="of {sites_open} open"),
        Shown(metric="flagging_sites", note="enrolled {enrolled_vs_plan} of plan"),
    ),
}
MEDICAL = {
    "sites": (
        Shown(metric="enrolled_vs_plan", note="{enrolled_to_date} of {enrolled_planned} planned"),
        Shown(metric="flagging_sites", note="{sites_on_track} of {sites_open} on track"),
        Shown(metric="screen_failure_rate", note="{screened} screened"),
    ),
    "medical": (
        Shown(metric="inquiries_in_sla", note="{inquiries_open} open"),
        Shown(metric="expert_coverage", note="{experts} experts on plan"),
        Shown(metric="exchanges"),
    ),
    "field": (Shown(metric="calls"),),
    "media": (Shown(metric="reached_hcps"),),
}
COMMERCIAL_LANES = (
    Drawn(metric="trx", style="line", title="TRx {per}"),
    Drawn(metric="calls", style="bars", title="Calls {per}"),
    Drawn(metric="media_reach", style="area", title="HCPs reached by media, %"),
    Drawn(metric="exchanges", style="dots", title="Medical exchanges, existence only"),
)
MEDICAL_LANES = (
    Drawn(metric="enrolled", style="bars", title="Patients enrolled {per}"),
    Drawn(metric="inquiries", style="bars", title="Inquiries {per}"),
    Drawn(metric="exchanges", style="dots", title="Scientific exchanges"),
)
COMMERCIAL_BELOW = (
    Told(metric="trx", title="TRx", phone=True),
    Told(metric="goal_attainment", title="Against goal", kind="goal"),
    Told(metric="trx", title="Status", kind="status", phone=True),
    Told(metric="share", title="Share"),
    Told(metric="call_plan_attainment", title="Attainment", kind="bar"),
    Told(metric="media_reach", title="Media reach", kind="bar"),
    Told(metric="inquiries_in_sla", title="In SLA", kind="bar"),
    Told(metric="flagging_sites", title="Sites flagging"),
    Told(metric="trx", title="", kind="spark", phone=True),
)
MEDICAL_BELOW = (
    Told(metric="enrolled_to_date", title="Enrolled", phone=True),
    Told(metric="enrolled_vs_plan", title="Of plan", kind="goal"),
    Told(metric="enrolled_vs_plan", title="", kind="bar", phone=True),
    Told(metric="flagging_sites", title="Flagging", phone=True),
    Told(metric="sites_open", title="Sites open"),
    Told(metric="inquiries_in_sla", title="In SLA", kind="bar"),
    Told(metric="inquiries_open", title="Inquiries open"),
    Told(metric="expert_coverage", title="Expert plan", kind="bar"),
    Told(metric="enrolled", title="", kind="spark"),
)


def render(visit: Visit) -> None:
    """The page of a visit."""
    medical, snapshot = visit.role.medical, cache.snapshot()
    grain, wanted = snapshot.grain or "week", MEDICAL if medical else COMMERCIAL
    drawn, told = (MEDICAL_LANES, MEDICAL_BELOW) if medical else (COMMERCIAL_LANES, COMMERCIAL_BELOW)
    asked = tuple(dict.fromkeys([*numbers.needed(wanted), *(each.metric for each in drawn)]))
    now = asking.answers(visit, asked, visit.level)
    lines = asking.series(visit, asked, visit.level, grain)
    change = None if medical else asking.bridge(visit)
    factors = bridge.factors(change) if change is not None else {}
    st.html(
        page.headline(_headline(visit, now, factors), _under(visit, now), visit.said)
        + strip.strip(
            numbers.bands(wanted, asking.refused(visit, wanted), now, lines, asking.length(visit), page.locale()),
            page.colours(),
        )
    )
    left, right = st.columns([1.75, 1], gap="large")
    with left, panel("The lanes"):
        lanes.draw(visit, drawn, lines, _finding(visit, now), grain)
    with right:
        if change is not None:
            with panel("The bridge"):
                bridge.draw(visit, "TRx", change)
        with panel("The cues"):
            cue_cards.brief(visit)
    if visit.below:
        with panel("The level below"):
            rows, spans = below.ask(visit, told, grain)
            below.draw(visit, told, rows, spans, PAGE, grain, cue_cards.counts(visit, rows.nodes))


def _headline(visit: Visit, now: Answers, factors: dict[str, float]) -> str:
    if visit.role.medical:
        known = {each: now.now(each) for each in sentences.MEDICAL_FACTS}
        return sentences.medical_headline(known, page.locale())
    against = words.compared(visit.compare, visit.window)
    attained = now.now("goal_attainment")
    return sentences.outcome_headline(
        "TRx", now.now("trx"), now.before("trx"), attained, factors, against, page.locale()
    )


def _under(visit: Visit, now: Answers) -> str:
    return sentences.freshness(asking.ages(visit), now.result.not_shown, page.locale())


def _finding(visit: Visit, now: Answers) -> str:
    if visit.role.medical:
        return sentences.lanes_title(
            "enrolment", now.now("enrolled"), now.before("enrolled"), "inquiries", now.now("inquiries"),
            now.before("inquiries"), visit.window,
        )  # fmt: skip
    return sentences.lanes_title(
        "TRx", now.now("trx"), now.before("trx"), "media reach", now.now("media_reach"), now.before("media_reach"),
        visit.window,
    )  # fmt: skip
