"""The panels of the Team page: the coaching quadrant, what each of its places asks for, the table of the team."""

from __future__ import annotations

import streamlit as st

from dashboard import drawn, words
from dashboard import team_sentences as say
from dashboard.charts import quadrant
from dashboard.charts.drawing import Drawing
from dashboard.parts import page
from dashboard.parts.children import Cell, Column, Row, children
from dashboard.parts.markup import Markup, tag
from dashboard.session import Visit
from dashboard.theme import Theme
from dashboard.words import Locale
from metrics.catalog import METRICS
from metrics.team import Member, Team

PAGE = "team"
# How many rows stand open; the others are one key away.
FIRST = 16
# How many names a place of the quadrant has before the others are counted.
MOST = 8


def tone(member: Member) -> str:
    """The one tone of a dot: worse before better, and quiet within chance."""
    if member.concern:
        return "concern"
    return "improvement" if member.stands_out else "quiet"


def draw_quadrant(team: Team, level: str) -> None:
    """Every territory that both is known of, as a dot between the medians."""
    made = drawing(team, level, page.colours())
    if made is None:
        page.finding("The coaching quadrant", name="op-quadrant")
        return page.notice("A quadrant takes at least two territories with a call plan and a market of their own.")
    page.finding(made.finding, made.under, name="op-quadrant")
    st.vega_lite_chart(made.table, made.spec, theme=None, alt=made.alt)
    return None


def drawing(team: Team, level: str, theme: Theme) -> Drawing | None:
    """The quadrant as it is drawn; None where fewer than two territories have a place in it."""
    placed = [each for each in team.members if each.quadrant]
    if len(placed) < 2 or team.attainment is None or team.evolution is None:
        return None
    finding, locale = say.quadrant_title(team, level), page.locale()
    dots = [
        {
            "x": each.numbers["call_plan_attainment"], "y": each.numbers["evolution_index"], "tone": tone(each),
            "label": each.name, "tip": say.tip(each, locale),
        }
        for each in placed
    ]  # fmt: skip
    titles = {place: asked.title for place, asked in say.ASKED.items()}
    return Drawing(
        finding=finding,
        under=say.READ,
        table=quadrant.table(dots, team.attainment, team.evolution, titles),
        spec=drawn.specification("quadrant", theme.name, build=lambda: quadrant.spec(theme)),
        alt=quadrant.alt_text(
            finding, {titles[place]: len(team.of(place)) for place in say.ORDER},
            [say.tip(each, locale) for each in placed if each.stands_out],
        ),
    )  # fmt: skip


def places(visit: Visit, team: Team) -> None:
    """The four places, each with what it asks for and who lies there: every name a door."""
    cards = [_place(visit, team, place) for place in say.ORDER]
    st.html(
        tag(
            "section", tag("h2", "What each place asks for", class_="op-finding"),
            tag("p", say.HINT, class_="op-under"),
            tag("div", *cards, class_="op-places"), class_="op-panel", aria_label="What each place asks for",
        )
    )  # fmt: skip


def _place(visit: Visit, team: Team, place: str) -> Markup:
    asked, members = say.ASKED[place], team.of(place)
    names = [_name(visit, each) for each in members[:MOST]]
    if len(members) > MOST:
        names.append(tag("li", f"and {words.count_words(len(members) - MOST, 'other')}", class_="op-quiet"))
    listed = tag("ul", *names) if names else tag("p", "Nobody lies here.", class_="op-quiet")
    return tag("div", tag("h3", asked.title), tag("p", asked.ask, class_="op-under"), listed, class_="op-place")


def _name(visit: Visit, member: Member) -> Markup:
    link = tag("a", member.name, href=visit.address(PAGE, node=member.node), class_="op-go op-down")
    if not member.stands_out:
        return tag("li", link)
    icon = {"concern": "▼", "improvement": "▲"}[tone(member)]
    return tag("li", tag("span", f"{icon} ", class_=f"op-{tone(member)}", aria_hidden="true"), link)


def members(visit: Visit, team: Team, level: str) -> None:
    """One row a territory, whoever asks for coaching first."""
    st.html(children(*table(visit, team, level), page.colours(), first=FIRST))


def table(visit: Visit, team: Team, level: str) -> tuple[str, str, list[Column], list[Row]]:
    """The table as it is drawn: its finding, what a row is, its columns and its rows."""
    locale = page.locale()
    columns = [
        Column(title="Against peers", kind="status", phone=True),
        Column(title="Attainment, tick: peers", kind="goal"),
        Column(title="Attained", phone=True),
        Column(title="Reach", kind="bar"),
        Column(title="Frequency"),
        Column(title="Calls a day"),
        Column(title="Evolution"),
        Column(title="Own share", kind="status", phone=True),
        Column(title="What it asks for", kind="words"),
    ]
    rows = [
        Row(name=each.name, href=visit.address(PAGE, node=each.node), cells=_cells(each, locale))
        for each in team.members
    ]
    return say.members_title(team, level), level, columns, rows


def _cells(member: Member, locale: Locale) -> list[Cell]:
    own = member.numbers

    def told(metric: str) -> Cell:
        text = words.number(own[metric], metric, METRICS[metric].unit, locale)
        if own[metric] is None and (why := member.reasons.get(metric)):
            text = words.short_reason(why)
        return Cell(words=text, share=own[metric], full=100.0, band="field")

    against = Cell(
        share=own["call_plan_attainment"], full=125.0, goal=member.peers, band="field",
        words=say.peers_words(member, locale),
    )  # fmt: skip
    return [
        Cell(change=say.effort(member)),
        against,
        told("call_plan_attainment"),
        told("reach"),
        told("frequency"),
        told("calls_per_day"),
        told("evolution_index"),
        Cell(change=say.result(member)),
        Cell(words=say.asks(member)),
    ]
