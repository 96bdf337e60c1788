"""The panels of the Audit page: what was done by whom, what to narrow it by, and the chains it stands in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from dashboard import audit_sentences as say
from dashboard import words
from dashboard.parts import page
from dashboard.parts.children import Cell, Column, Row, children
from dashboard.parts.header import Link, Menu, menu
from dashboard.parts.markup import Markup, join, tag
from dashboard.reviewing import Asked, Review, Standing, Told
from dashboard.session import Visit

PAGE = "audit"
HEADS = ("When, UTC", "Who", "What", "Where", "Rows", "Why", "Policy, snapshot", "Line")
WIDE = ("Where", "Rows", "Why", "Policy, snapshot", "Line")


def broken(found: Standing) -> None:
    """Each place that does not hold, in three parts."""
    cards = [
        tag("li", tag("h3", words.sentence(each.what)), tag("p", each.where, class_="op-about"),
            tag("p", words.sentence(each.todo), class_="op-todo"), class_="op-card op-t-concern")
        for each in found.broken[:20]
    ]  # fmt: skip
    if cards:
        st.html(tag("ul", *cards, class_="op-findings-list"))


def lines(visit: Visit, found: Review) -> None:
    """The lines asked for, with what they can be narrowed by above and the way back in time below."""
    page.finding(say.lines_title(len(found.lines), found.asked, found.older), name="op-audit")
    st.html(tag("div", *[menu(each) for each in _menus(visit, found)], class_="op-tools op-narrow"))
    if not found.lines:
        st.html(tag("p", "Nothing was done by them, there, or then.", class_="op-under"))
        return
    heads = [tag("th", head, scope="col", class_=_shape(head)) for head in HEADS]
    rows = [_row(line) for line in found.lines]
    st.html(tag("table", tag("thead", tag("tr", *heads)), tag("tbody", *rows), class_="op-children op-audit-lines"))
    st.html(_turning(visit, found))


def _shape(head: str) -> str:
    kind = "op-k-number" if head == "Rows" else "op-k-words"
    return f"{kind}{' op-wide' if head in WIDE else ''}"


def _row(line: Told) -> Markup:
    who = tag("span", line.who)
    eyes = tag("span", f" as {line.through}", class_="op-concern") if line.through else None
    title = line.role.replace("_", " ")
    role = None if title.casefold() in line.who.casefold() else tag("span", f" {title}", class_="op-note")
    tone = "op-concern" if line.did == "refused" else None
    under = " · ".join(each for each in (line.policy, line.snapshot) if each)
    coded = f"{_shape(HEADS[6])} op-code"
    cells = [
        tag("td", who, eyes, role, class_="op-k-words"),
        tag("td", tag("span", say.did(line), class_=tone or "op-did"), class_="op-k-words"),
        tag("td", line.place or words.DASH, class_=_shape("Where")),
        tag("td", words.plain(line.rows) if line.rows else words.DASH, class_=_shape("Rows")),
        tag("td", line.reason.replace("_", " ") or words.DASH, class_=_shape("Why")),
        tag("td", under or words.DASH, class_=coded),
        tag("td", line.chain, class_=coded),
    ]
    return tag("tr", tag("th", say.when(line.at, page.locale()), scope="row"), *cells)


def _menus(visit: Visit, found: Review) -> list[Menu]:
    """Who, what, where, when: each a menu of links to the same page, narrowed."""
    asked = found.asked
    people = {"": "Anybody", **dict(sorted(found.people.items(), key=lambda item: item[1].casefold()))}
    done = {"": "Anything", **say.DID}
    near = {"": "Anywhere", **found.around}
    return [
        _menu(visit, asked, "who", "By whom", people, asked.person),
        _menu(visit, asked, "did", "What", done, asked.did),
        _menu(visit, asked, "where", "Where", near, asked.place),
        _menu(visit, asked, "span", "When", say.SPANS, asked.span),
    ]


def _menu(visit: Visit, asked: Asked, key: str, about: str, offered: Mapping[str, str], now: str) -> Menu:
    state = {"who": asked.person, "did": asked.did, "where": asked.place, "span": asked.span}
    links = [
        Link(words=title, href=visit.address(PAGE, **(state | {key: value})), here=value == now)
        for value, title in offered.items()
    ]
    return Menu(about=about, words=offered.get(now, now), links=links)


def _turning(visit: Visit, found: Review) -> Markup:
    """Newer and older lines."""
    asked = found.asked
    state = {"who": asked.person, "did": asked.did, "where": asked.place, "span": asked.span}
    steps: list[tuple[str, int]] = [("‹ newer", asked.page - 1)] if asked.page else []
    steps += [("older ›", asked.page + 1)] if found.older else []
    links = [
        tag("a", title, href=visit.address(PAGE, **(state | {"at": str(at) if at else ""})), class_="op-go")
        for title, at in steps
    ]
    return tag("nav", join(links, " · "), class_="op-turning", aria_label="Older and newer lines")


def chains(found: Standing) -> None:
    """The chains that began last."""
    columns: Sequence[Column] = [
        Column(title="Written by", kind="words", phone=True),
        Column(title="Began, UTC"),
        Column(title="Lines", phone=True),
    ]
    rows = [
        Row(
            name=f"Chain {each.number}",
            href=None,
            cells=[
                Cell(words=say.program(each.program)),
                Cell(words=say.when(each.began, page.locale())),
                Cell(words=words.plain(each.lines)),
            ],
        )
        for each in found.newest
    ]
    st.html(children(say.chains_title(found), "The last", columns, rows, page.colours()))
