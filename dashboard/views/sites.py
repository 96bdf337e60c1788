"""Sites: which site flags and why, whether a study fills on time, and how far the sites to come are."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from dashboard import answers as asking
from dashboard import cache, sentences, site_sentences
from dashboard.answers import Answers
from dashboard.parts import below, numbers, page, site_curve, sites, strip
from dashboard.parts.below import Told
from dashboard.parts.definitions import link as definition
from dashboard.parts.numbers import Shown
from dashboard.parts.panel import panel
from dashboard.session import Visit, problem, refusal
from metrics.models.site_reading import ASKED, SiteBook

PAGE = sites.PAGE
COUNTS = {
    "sites": (
        Shown(metric="sites_open", note="on {end}"),
        Shown(metric="flagging_sites", note="at most one in ten of them falsely"),
        Shown(metric="sites_on_track", note="of {sites_open} open on {end}"),
        Shown(metric="enrolled_vs_plan", note="{enrolled_to_date} of {enrolled_planned} planned by {end}"),
        Shown(metric="screen_failure_rate", note="{enrolled} enrolled in the window"),
    )
}
BELOW = (
    Told(metric="enrolled_to_date", title="Enrolled", phone=True),
    Told(metric="enrolled_planned", title="Planned so far"),
    Told(metric="enrolled_vs_plan", title="Against plan", kind="goal"),
    Told(metric="enrolled_vs_plan", title="Of plan", phone=True),
    Told(metric="sites_open", title="Sites open", phone=True),
    Told(metric="flagging_sites", title="Flagging", phone=True),
    Told(metric="screen_failure_rate", title="Screen failure"),
    Told(metric="enrolled", title="", kind="spark"),
)


def render(visit: Visit) -> None:
    """The page of a visit."""
    reason = asking.refused(visit, COUNTS).get("sites")
    if reason:
        st.html(page.headline(sentences.withheld(reason), site_sentences.REFUSED, visit.said))
        return
    now = asking.answers(visit, numbers.needed(COUNTS), visit.level)
    book, why = _book(visit)
    study, site, said = _chosen(visit, book)
    _top(visit, now, said)
    if book is None:
        _summed_up(visit, why)
    elif not book.sites:
        page.notice(site_sentences.NONE)
    else:
        _one_by_one(visit, book, study, site)


def _one_by_one(visit: Visit, book: SiteBook, study: str, site: str) -> None:
    """The studies, the funnel beside one curve, and every site."""
    drawn = study or sites.latest(book.studies)["study"]
    story = cache.site_story(asking.question(visit, ASKED, "site"), visit.visitor, drawn, site, not study)
    with panel("The studies"):
        sites.studies(visit, book, study)
    shown = sites.of_study(book, study)
    left, right = st.columns([1.35, 1], gap="large")
    with left, panel("The funnel"):
        sites.draw_funnel(shown, site)
    with right:
        with panel("The curve"):
            site_curve.draw(book, story, drawn, site)
        with panel("The way to opening"):
            site_curve.activation(story)
    with panel("The sites"):
        sites.site_list(visit, shown, site)


def _top(visit: Visit, now: Answers, not_here: Sequence[str]) -> None:
    locale = page.locale()
    lines = asking.series(visit, ("enrolled",), visit.level, cache.snapshot().grain or "week")
    ages = asking.ages(visit)
    known = numbers.Known(numbers=now, lines=lines, length=asking.length(visit), ages=ages, address=definition(visit))
    shown = numbers.bands(COUNTS, {}, known, locale)
    said = site_sentences.headline({each: now.now(each) for each in numbers.needed(COUNTS)}, locale)
    fresh = sentences.freshness(ages, locale)
    st.html(page.headline(said, fresh, (*visit.said, *not_here)) + strip.strip(shown, page.colours()))


def _book(visit: Visit) -> tuple[SiteBook | None, str]:
    """The sites one by one, or None and why they are shown summed up only."""
    try:
        return cache.site_book(asking.question(visit, ASKED, "site"), visit.visitor), ""
    except Exception as error:
        if not refusal(error):
            raise
        return None, problem(error)


def _chosen(visit: Visit, book: SiteBook | None) -> tuple[str, str, tuple[str, ...]]:
    """The study and the site of the address, as far as the visitor may see them; a sentence for what is not here."""
    study, site = visit.choice("study"), visit.choice("site")
    if book is None:
        return "", "", ()
    owner = {each["site"]: each["study"] for each in book.sites}
    said = []
    if site and site not in owner:
        said.append(site_sentences.not_here("site", site))
        site = ""
    if study and study not in set(owner.values()):
        said.append(site_sentences.not_here("study", study))
        study = ""
    return owner.get(site, study), site, tuple(said)


def _summed_up(visit: Visit, why: str) -> None:
    """The aggregate edition: the level below, summed up, and why no site is named."""
    if visit.below and not visit.hierarchy.is_subject(visit.below):
        with panel("The level below"):
            under, refused = below.ask(visit, visit.below, BELOW, "week")
            if under:
                below.draw(visit, BELOW, under, PAGE, "week")
            else:
                below.refuse(visit.below, refused)
    page.notice(sentences.withheld(why))
