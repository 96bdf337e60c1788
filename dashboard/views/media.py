"""Media: whom it reaches, how often, at what cost, what becomes of e-mails, and who has seen too much of it."""

from __future__ import annotations

import streamlit as st

from dashboard import answers as asking
from dashboard import cache, media_sentences, sentences
from dashboard.answers import Answers, Series
from dashboard.parts import below, lanes, media, numbers, page, strip
from dashboard.parts.below import Told
from dashboard.parts.definitions import link as definition
from dashboard.parts.lanes import Drawn
from dashboard.parts.numbers import Shown
from dashboard.parts.panel import panel
from dashboard.session import Visit

PAGE = media.PAGE
BANDS = {
    "media": (
        Shown(metric="media_reach", note="{reached_hcps} HCPs reached"),
        Shown(metric="media_frequency", note="{impressions} impressions"),
        Shown(metric="media_on_target", note="of impressions on known HCPs"),
        Shown(metric="match_rate", note="the rest reached nobody known"),
        Shown(metric="cost_per_reached_hcp", note="{media_spend} spent"),
        Shown(metric="cpm", note="per thousand impressions"),
    )
}
LANES = (
    Drawn(metric="impressions", style="bars", title="Impressions {per}"),
    Drawn(metric="media_reach", style="area", title="Targets reached by media {per}, %"),
    Drawn(metric="emails_delivered", style="bars", title="E-mails delivered {per}"),
    Drawn(metric="calls", style="bars", title="Calls {per}"),
)
LINED = tuple(dict.fromkeys([*(each.metric for each in BANDS["media"]), *(each.metric for each in LANES)]))
BESIDE = (
    "consent_coverage", "tracking_coverage", "email_delivery_rate", "open_rate", "click_rate", "tired_hcps",
    "tired_share",
)  # fmt: skip
BELOW = (
    Told(metric="media_reach", title="Reach", kind="bar", phone=True),
    Told(metric="media_frequency", title="Frequency", phone=True),
    Told(metric="media_on_target", title="On target", kind="bar"),
    Told(metric="match_rate", title="Matched", kind="bar"),
    Told(metric="cost_per_reached_hcp", title="Cost a reached HCP", phone=True),
    Told(metric="tired_share", title="On the tired"),
    Told(metric="consent_coverage", title="E-mail consent", kind="bar"),
    Told(metric="open_rate", title="Opened"),
    Told(metric="click_rate", title="Clicked"),
    Told(metric="impressions", title="", kind="spark"),
)
HCPS = (
    Told(metric="impressions", title="Impressions", phone=True),
    Told(metric="tired_hcps", title="Over sixty, no click"),
    Told(metric="emails_delivered", title="E-mails delivered", phone=True),
    Told(metric="email_consents", title="May be e-mailed", phone=True),
    Told(metric="calls", title="Calls"),
)


def render(visit: Visit) -> None:
    """The page of a visit."""
    reason = asking.refused(visit, BANDS).get("media") or (
        "Media is planned and read by those who place it." if visit.role.medical else ""
    )
    if reason:
        st.html(page.headline(sentences.withheld(reason), media_sentences.REFUSED, visit.said))
        return
    grain = cache.snapshot().grain or "week"
    asked = tuple(dict.fromkeys([*numbers.needed(BANDS), *BESIDE, *(each.metric for each in LANES)]))
    now = asking.answers(visit, asked, visit.level)
    lines = asking.series(visit, LINED, visit.level, grain)
    _top(visit, now, lines)
    left, right = st.columns([1.5, 1], gap="large")
    with left, panel("The lanes"):
        lanes.draw(visit, LANES, lines, _finding(visit, now, lines), grain)
    with right:
        with panel("The e-mails"):
            media.funnel(now)
        with panel("Fatigue"):
            media.fatigue(now)
    if visit.below:
        with panel("The level below"):
            _below(visit, visit.below, grain)


def _top(visit: Visit, now: Answers, lines: Series) -> None:
    locale, ages = page.locale(), asking.ages(visit)
    known = numbers.Known(numbers=now, lines=lines, length=asking.length(visit), ages=ages, address=definition(visit))
    shown = numbers.bands(BANDS, asking.refused(visit, BANDS), known, locale)
    said = media_sentences.headline({each: now.now(each) for each in media_sentences.FACTS}, locale)
    fresh = sentences.freshness(ages, locale)
    st.html(page.headline(said, fresh, visit.said, now.reading.cells.notes) + strip.strip(shown, page.colours()))


def _finding(visit: Visit, now: Answers, lines: Series) -> str:
    """Whether impressions moved, by the rule that tells a move from noise."""
    quiet = not visit.compare or numbers.quiet("impressions", lines, asking.length(visit))
    after, before = now.now("impressions"), now.before("impressions")
    moved = "" if quiet or after is None or before is None else "up" if after > before else "down"
    return media_sentences.lanes_title(lines.line("impressions"), moved)


def _below(visit: Visit, level: str, grain: str) -> None:
    wanted = HCPS if visit.hierarchy.is_subject(level) else BELOW
    below.show(visit, level, wanted, PAGE, grain)
