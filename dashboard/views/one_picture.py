"""One picture: where we stand, why it moved, what to change, and the level below. Medical roles have their edition."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from dashboard import answers as asking
from dashboard import cache, sentences, words
from dashboard.answers import Answers, Series
from dashboard.cache import Steps
from dashboard.parts import below, bridge, cue_cards, lanes, numbers, page, strip
from dashboard.parts.below import Below, Told
from dashboard.parts.definitions import link as definition
from dashboard.parts.lanes import Drawn
from dashboard.parts.numbers import Shown
from dashboard.parts.panel import panel
from dashboard.session import Visit

PAGE = "one-picture"
# What the company does to be prescribed: a medical role reads how much, never whether it is better or worse.
PROMOTION = frozenset({"outcome", "field", "media"})

EVERY = "every product loaded"

COMMERCIAL = {
    "outcome": (
        Shown(metric="trx", note="goal {goal}", goal=True),
        Shown(
            metric="share",
            note="evolution index {evolution_index}",
            otherwise=Shown(metric="writers", note="{trx_per_writer} TRx each"),
        ),
    ),
    "field": (
        Shown(
            metric="call_plan_attainment",
            note="{capped_calls} of {planned_calls} planned",
            otherwise=Shown(metric="calls", note="no call plan is loaded"),
        ),
        Shown(
            metric="reach",
            note="{reached_targets} of {targets} HCPs",
            otherwise=Shown(metric="hcps_met"),
        ),
    ),
    "media": (
        Shown(
            metric="media_reach",
            note="{reached_hcps} HCPs reached",
            otherwise=Shown(metric="reached_hcps", note="no call plan is loaded"),
        ),
        Shown(
            metric="cost_per_reached_hcp",
            note="spend allocated by impressions",
            otherwise=Shown(metric="impressions"),
        ),
    ),
    "medical": (
        Shown(metric="inquiries_in_sla", note="{inquiries_open} open on {end}"),
        Shown(metric="expert_coverage", note="{exchanges} exchanges"),
    ),
    "sites": (
        Shown(metric="sites_on_track", note="of {sites_open} open on {end}"),
        Shown(metric="flagging_sites", note="on {end}; enrolled {enrolled_vs_plan} of plan"),
    ),
}
MARKET = COMMERCIAL | {"outcome": (Shown(metric="trx", note=EVERY), COMMERCIAL["outcome"][1])}
MEDICAL = {
    "sites": (
        Shown(metric="enrolled_vs_plan", note="{enrolled_to_date} of {enrolled_planned} planned by {end}"),
        Shown(metric="flagging_sites", note="{sites_on_track} of {sites_open} on track on {end}"),
        Shown(metric="screen_failure_rate", note="{enrolled} enrolled"),
    ),
    "medical": (
        Shown(metric="inquiries_in_sla", note="{inquiries_open} open on {end}"),
        Shown(metric="expert_coverage", note="{experts} experts on plan"),
        Shown(metric="exchanges"),
    ),
    "field": (Shown(metric="calls"),),
    "media": (Shown(metric="reached_hcps"),),
}
COMMERCIAL_LANES = (
    Drawn(metric="trx", style="line", title="TRx {per}"),
    Drawn(metric="calls", style="bars", title="Calls {per}"),
    Drawn(metric="media_reach", style="area", title="HCPs reached by media {per}, %"),
    Drawn(metric="exchanges", style="marks", title="Medical exchanges, existence only"),
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
    Told(metric="calls", title="Calls", unless="call_plan_attainment"),
    Told(metric="media_reach", title="Media reach", kind="bar"),
    Told(metric="inquiries_in_sla", title="In SLA", kind="bar"),
    Told(metric="flagging_sites", title="Sites flagging"),
    Told(metric="trx", title="", kind="spark", phone=True),
)
MARKET_BELOW = tuple(told for told in COMMERCIAL_BELOW if told.metric != "goal_attainment")
HCPS = (
    Told(metric="trx", title="TRx", phone=True),
    Told(metric="trx", title="Against the period before", kind="change", phone=True),
    Told(metric="share", title="Share"),
    Told(metric="capped_calls", title="Calls within plan"),
    Told(metric="planned_calls", title="Planned to date"),
    Told(metric="calls", title="Calls", unless="planned_calls"),
    Told(metric="impressions", title="Media impressions"),
    Told(metric="trx", title="", kind="spark", phone=True),
)
SITES = (
    Told(metric="enrolled_to_date", title="Enrolled", phone=True),
    Told(metric="enrolled_planned", title="Planned to date", phone=True),
    Told(metric="enrolled_vs_plan", title="Against plan", kind="goal"),
    Told(metric="enrolled_vs_plan", title="Of plan"),
    Told(metric="flagging_sites", title="Flagging", phone=True),
    Told(metric="screen_failure_rate", title="Screen failure"),
    Told(metric="enrolled", title="", kind="spark"),
)
EXPERTS = (
    Told(metric="exchanges", title="Exchanges", phone=True),
    Told(metric="experts", title="Expert plan", kind="due", phone=True),
    Told(metric="inquiries", title="Inquiries", phone=True),
    Told(metric="inquiries_open", title="Open", phone=True),
    Told(metric="exchanges", title="", kind="spark"),
)
MEDICAL_BELOW = (
    Told(metric="enrolled_to_date", title="Enrolled", phone=True),
    Told(metric="enrolled_vs_plan", title="Against plan", kind="goal"),
    Told(metric="enrolled_vs_plan", title="Of plan", phone=True),
    Told(metric="flagging_sites", title="Flagging", phone=True),
    Told(metric="sites_open", title="Sites open"),
    Told(metric="inquiries_in_sla", title="In SLA", kind="bar"),
    Told(metric="inquiries_open", title="Inquiries open"),
    Told(metric="expert_coverage", title="Expert plan", kind="bar"),
    Told(metric="enrolled", title="", kind="spark"),
)


def render(visit: Visit) -> None:
    """The page of a visit."""
    medical, grain = visit.role.medical, cache.snapshot().grain or "week"
    wanted, drawn = bands_of(visit), MEDICAL_LANES if medical else COMMERCIAL_LANES
    tables = [(level, told, *below.ask(visit, level, told, grain)) for level, told in _below(visit)]
    asked = tuple(dict.fromkeys([*numbers.needed(wanted), *(each.metric for each in drawn)]))
    now = asking.answers(visit, asked, visit.level)
    lines = asking.series(visit, asked, visit.level, grain)
    change = None if medical else asking.bridge(visit)
    quiet = numbers.quiet("trx", lines, asking.length(visit))
    said = _medical(now) if medical else _outcome(visit, now, change, tables[0][2] if tables else None, quiet)
    ages = asking.ages(visit)
    known = numbers.Known(
        numbers=now, lines=lines, length=asking.length(visit), ages=ages, address=definition(visit),
        unjudged=PROMOTION if medical else frozenset(),
    )  # fmt: skip
    shown = numbers.bands(wanted, asking.refused(visit, wanted), known, page.locale())
    fresh = sentences.freshness(ages, page.locale())
    notes = (*sentences.left_out(now.reading.not_shown, page.locale()), *now.reading.cells.notes)
    st.html(page.headline(said, fresh, visit.said, notes) + strip.strip(shown, page.colours()))
    left, right = st.columns([1.75, 1], gap="large")
    with left, panel("The lanes"):
        lanes.draw(visit, drawn, lines, _finding(visit, now, lines), grain)
    with right:
        if change is not None:
            with panel("The bridge"):
                bridge.draw(visit, _trx(visit), change, quiet=quiet)
        with panel("The cues"):
            cue_cards.brief(visit)
    for level, told, under, why in tables:
        with panel("The level below"):
            if under:
                below.draw(visit, told, under, PAGE, grain)
            else:
                below.refuse(level, why)


def _below(visit: Visit) -> list[tuple[str, tuple[Told, ...]]]:
    """Which levels are shown below, and what each tells: units, or the persons and sites at the end of the cascade."""
    subject = visit.hierarchy.subject
    if visit.below is None:
        return []
    if visit.below != subject:
        return [
            (visit.below, MEDICAL_BELOW if visit.role.medical else COMMERCIAL_BELOW if visit.aims else MARKET_BELOW)
        ]
    if not visit.role.medical:
        return [(subject, HCPS)]
    return [("site", SITES)] if subject == "site" else [("site", SITES), (subject, EXPERTS)]


def _outcome(visit: Visit, now: Answers, change: Steps | None, under: Below | None, quiet: bool) -> str:
    seen = sentences.Outcome(
        title=_trx(visit),
        now=now.now("trx"),
        before=now.before("trx"),
        attainment=now.now("goal_attainment") if visit.aims else None,
        factors=bridge.factors(change) if change is not None and visit.compare else {},
        gaps=below.gaps(under.numbers) if under and not visit.hierarchy.is_subject(under.level) else (),
        against=words.compared(visit.compare, visit.window) if visit.compare else "",
        quiet=quiet,
    )
    return sentences.outcome_headline(seen, page.locale())


def _trx(visit: Visit) -> str:
    """What the outcome is called: where competitors count too, it says so."""
    return "TRx" if visit.aims else f"TRx of {EVERY}"


def _medical(now: Answers) -> str:
    return sentences.medical_headline({each: now.now(each) for each in sentences.MEDICAL_FACTS}, page.locale())


def _finding(visit: Visit, now: Answers, lines: Series) -> str:
    ours, other, title = (
        ("enrolled", "inquiries", "enrolment") if visit.role.medical else ("trx", "media_reach", _trx(visit))
    )
    before = {each: _before(each, visit, now, lines) for each in (ours, other)}
    beside = other.replace("_", " ")
    return sentences.lanes_title(title, now.now(ours), before[ours], beside, now.now(other), before[other])


def _before(metric: str, visit: Visit, now: Answers, lines: Series) -> float | None:
    """What a number is compared with, if with anything; itself where the rule finds the move within noise."""
    quiet = visit.compare and numbers.quiet(metric, lines, asking.length(visit))
    return now.now(metric) if quiet else now.before(metric)


def bands_of(visit: Visit) -> Mapping[str, Sequence[Shown]]:
    """The bands of a visit's edition."""
    return MEDICAL if visit.role.medical else COMMERCIAL if visit.aims else MARKET


def said(visit: Visit) -> str:
    """The sentence that the page of a visit opens with."""
    now, grain = asking.answers(visit, numbers.needed(bands_of(visit)), visit.level), cache.snapshot().grain or "week"
    if visit.role.medical:
        return _medical(now)
    under = next((below.ask(visit, level, told, grain)[0] for level, told in _below(visit)), None)
    quiet = numbers.quiet("trx", asking.series(visit, ("trx",), visit.level, grain), asking.length(visit))
    return _outcome(visit, now, asking.bridge(visit), under, quiet)
