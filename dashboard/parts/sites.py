"""The panels of the Sites page: studies, the funnel, the list by flag."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from dashboard import drawn, words
from dashboard import site_sentences as say
from dashboard.charts import site_funnel
from dashboard.parts import page
from dashboard.parts.children import Cell, Column, Row, children
from dashboard.parts.markup import join, tag
from dashboard.session import Visit
from dashboard.words import Change, Locale
from metrics.models.site_reading import SiteBook
from metrics.models.site_records import Record
from metrics.signals import funnel

PAGE = "sites"
JUDGED = ("flag", "slow", "early", "on_track")


def of_study(book: SiteBook, study: str) -> list[Record]:
    """The sites of one study, or all of them."""
    return [each for each in book.sites if not study or each["study"] == study]


def states(sites: Sequence[Record]) -> dict[str, int]:
    """How many sites are in each state."""
    counted = Counter(each["state"] for each in sites)
    return {state: counted[state] for state in say.STATES if counted[state]}


def studies(visit: Visit, book: SiteBook, chosen: str) -> None:
    """One row a study: subjects, plan, flags, and when it is full."""
    locale = page.locale()
    columns = [
        Column(title="Enrolled", phone=True),
        Column(title="Planned so far"),
        Column(title="Against plan", kind="goal"),
        Column(title="Target"),
        Column(title="Sites open"),
        Column(title="Flagging", kind="status", phone=True),
        Column(title="Full by, open sites alone", kind="words"),
        Column(title="Planned end"),
        Column(title="Chance by then"),
    ]
    rows = []
    for each in book.studies:
        flagging = int(each["flagging"])
        flags = Change(icon="▼", words=str(flagging), tone="concern") if flagging else Change(
            icon="●", words="none", tone="quiet")  # fmt: skip
        planned = say.as_date(each["planned_finish"])
        full = max(float(each["planned"] or 0), float(each["enrolled"] or 0), 1.0)
        cells = [
            _count(each["enrolled"]),
            _planned(each["planned"]),
            Cell(share=each["enrolled"], full=1.1 * full, goal=each["planned"], band="sites",
                 words=f"{words.plain(each['enrolled'])} of {_planned(each['planned']).words} planned"),
            _count(each["target"]),
            _count(each["open"]),
            Cell(change=flags),
            Cell(words=say.finish_words(each, locale)),
            Cell(words=words.day(planned, locale, year=True) if planned else words.DASH),
            Cell(words=say.chance_words(each["chance"])),
        ]  # fmt: skip
        link = visit.address(PAGE, study=each["study"], site=None)
        rows.append(Row(name=str(each["name"]), href=link, cells=cells, note=_phase(each, chosen)))
    title = say.studies_title(book.studies)
    back = None
    if chosen and len(rows) > 1:
        back = tag("p", tag("a", "‹ All studies", href=visit.address(PAGE, study=None, site=None), class_="op-go"))
    st.html(join([children(title, "Study", columns, rows, page.colours()), back or ""]))


def latest(found: Sequence[Record]) -> Record:
    """The study that its plan is furthest ahead of; the first where no end is known."""
    late = {at: (each["middle"] - each["planned_finish"]).days for at, each in enumerate(found)
            if each["middle"] and each["planned_finish"]}  # fmt: skip
    return found[max(late, key=lambda at: late[at]) if late else 0]


def _phase(row: Mapping[str, Any], chosen: str) -> str:
    parts = [str(row["phase"])] if row["phase"] else []
    if not row["whole"]:
        parts.append(f"your {words.count_words(int(row['sites']), 'site')} of it")
    if chosen == row["study"]:
        parts.append("shown below")
    return " · ".join(parts)


def _planned(value: object) -> Cell:
    """A plan spread over time: a small one with the decimal that its percentage is reckoned with."""
    return Cell(words=words.number(value, "enrolled_planned", "count"))


def _count(value: object) -> Cell:
    return Cell(words=words.plain(float(value)) if words.known(value) else words.DASH)  # type: ignore[arg-type]


def draw_funnel(sites: Sequence[Record], chosen: str) -> None:
    """Every open site as a dot in the funnel that chance allows around the plan."""
    judged = [each for each in sites if each["state"] in JUDGED and each["planned"] is not None]
    finding = say.funnel_title(states(sites))
    if not judged:
        page.finding(finding, name="op-funnel")
        return page.notice("A site is drawn here from the day it opens to enrolment.")
    dots = [
        {
            "planned": each["planned"], "enrolled": each["enrolled"], "state": each["state"],
            "chosen": each["site"] == chosen, "label": say.short(each["name"], each["study"]),
            "tip": f"{each['name']}: {each['reason']}",
        }
        for each in judged
    ]  # fmt: skip
    theme = page.colours()
    spec = drawn.specification("site_funnel", theme.name, build=lambda: site_funnel.spec(theme))
    page.finding(
        finding,
        "One dot a site: subjects enrolled (up) against planned so far (across). Shaded: 95 % of sites that keep "
        "their plan lie here",
        name="op-funnel",
    )
    flagged = [str(each["label"]) for each in dots if each["state"] == "flag"]
    counted = {say.STATES[state].words: count for state, count in states(judged).items()}
    st.vega_lite_chart(
        site_funnel.table(dots, _limits([each["planned"] for each in dots])), spec, theme=None,
        alt=site_funnel.alt_text(finding, counted, flagged),
    )  # fmt: skip
    return None


def _limits(planned: Sequence[float]) -> list[dict[str, float]]:
    first, last = 0.94 * min(planned), 1.04 * max(planned)
    steps = [first + (last - first) * step / 40 for step in range(41)]
    found = funnel.limits(steps)
    return [{"planned": step, "low": low, "high": high} for step, (low, high) in zip(steps, found, strict=True)]


def site_list(visit: Visit, sites: Sequence[Record], chosen: str) -> None:
    """Every site, those that flag first, each with its state and the reason in words."""
    locale = page.locale()
    columns = [
        Column(title="State", kind="status", phone=True),
        Column(title="Enrolled", phone=True),
        Column(title="Planned so far", phone=True),
        Column(title="Against plan", kind="goal"),
        Column(title="A month, 90 % range"),
        Column(title="Planned a month"),
        Column(title="Why", kind="words"),
    ]
    one = len({each["study"] for each in sites}) == 1
    full = 1.05 * max(1.0, *(each[name] or 0.0 for each in sites for name in ("enrolled", "planned")))
    rows = [
        Row(
            name=say.short(each["name"], each["study"]) if one else str(each["name"]),
            href=visit.address(PAGE, study=each["study"], site=each["site"]),
            note="shown" if each["site"] == chosen else "",
            cells=_site_cells(each, full, locale),
        )
        for each in sites
    ]
    st.html(children(say.list_title(states(sites)), "Site", columns, rows, page.colours()))


def _site_cells(each: Mapping[str, Any], full: float, locale: Locale) -> list[Cell]:
    enrolled, planned = _count(each["enrolled"]), _planned(each["planned"])
    against = Cell(
        share=each["enrolled"],
        full=full,
        goal=each["planned"] if words.known(each["planned"]) else None,
        band="sites",
        words=f"{enrolled.words} of {planned.words} planned",
    )
    rates = [Cell(words=say.rate_words(each, locale)), Cell(words=say.planned_rate(each, locale))]
    return [
        Cell(change=say.STATES[each["state"]]),
        enrolled,
        planned,
        against,
        *rates,
        Cell(words=each["reason"] if isinstance(each["reason"], str) else ""),
    ]
