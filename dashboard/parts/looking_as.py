"""Looking as somebody else: the banner that nobody can miss, and the place where it begins and ends."""

from __future__ import annotations

import streamlit as st

from dashboard import audit_sentences as say
from dashboard import cache, view_as
from dashboard.parts import page
from dashboard.parts.markup import tag
from dashboard.session import Visit, problem, refusal
from metrics.catalog.roles import ROLES
from metrics.query import Visitor
from metrics.view_as import REASONS

TITLE = "Look as somebody else"
UNDER = "You see what they see, and never what you may not know yourself. Beginning and end are written down."


def banner(visitor: Visitor) -> None:
    """Who looks through whose eyes, until when, and the way out; nothing where nobody does."""
    held = view_as.begun(visitor.behind) if visitor.behind else None
    if held is None:
        return
    with st.container(key="op_looking_as", horizontal=True, vertical_alignment="center"):
        lead = tag("strong", say.looking(_title(visitor), visitor.name, held.until))
        st.html(tag("p", lead, " ", tag("span", say.BANNER), role="alert", class_="op-looking"), width="stretch")
        st.button("Stop", key="op_stop_looking", on_click=_stop, args=(visitor,))


def beginning(visit: Visit) -> None:
    """The choice of a person and a reason, or the way to what was begun already."""
    people = view_as.others(visit.visitor)
    if not people:
        return
    held = view_as.begun(visit.visitor)
    page.finding(TITLE, UNDER, name="op-look-as")
    if held and held.eyes in people:
        _begun(visit, people[held.eyes], held)
        return
    person = st.selectbox("Person", list(people), format_func=lambda id: _called(people[id]), key="op_look_person",
                          index=None, placeholder="Choose somebody")  # fmt: skip
    reason = st.selectbox("Reason", list(REASONS), format_func=REASONS.__getitem__, key="op_look_reason",
                          index=None, placeholder="Say why")  # fmt: skip
    ready = person is not None and reason is not None
    st.button(
        "Begin", key="op_begin", type="primary", disabled=not ready, on_click=_begin, args=(visit, person, reason)
    )
    failed = st.session_state.pop("op_look_failed", "")
    if failed:
        page.notice(failed)


def _begun(visit: Visit, eyes: Visitor, held: view_as.Begun) -> None:
    words = say.looking(_title(eyes), eyes.name, held.until).replace("You look", "You may look")
    address = {"view_as": eyes.id, "node": None, "product": None}
    link = tag("a", "Open their pages ›", href=visit.address("./", **address), class_="op-go op-act")
    st.html(tag("div", tag("p", words), tag("p", REASONS[held.reason], class_="op-about"), link, class_="op-begun"))
    st.button("Stop", key="op_stop_beginning", type="tertiary", on_click=_stop, args=(visit.visitor,))


def _begin(visit: Visit, person: str, reason: str) -> None:
    try:
        view_as.begin(visit.visitor, person, reason)
    except Exception as error:
        if not refusal(error):
            raise
        st.session_state["op_look_failed"] = problem(error)


def _stop(visitor: Visitor) -> None:
    view_as.end(visitor)
    st.query_params.pop(view_as.ADDRESS, None)


def _title(visitor: Visitor) -> str:
    return ROLES[visitor.role].title if visitor.role in ROLES else visitor.role


def _called(visitor: Visitor) -> str:
    nodes = cache.snapshot().nodes(visitor.hierarchy)
    place = nodes[visitor.node].name if visitor.node in nodes else ""
    name = visitor.name if visitor.name != _title(visitor) else ""
    return ", ".join(each for each in (name, _title(visitor), place) if each)
