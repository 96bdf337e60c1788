"""The app, from top to bottom: who looks, at what, on which page."""

from __future__ import annotations

import streamlit as st

from dashboard import cache, drawn, gate, lasting, navigation, trail, view_as
from dashboard.parts import looking_as, page
from dashboard.parts.panel import panel
from dashboard.session import DENIAL, Visit, problem, refusal, visit


def draw(visiting: Visit, name: str) -> None:
    """One page: its header, then its view; and one line of the audit, also where the reader went on meanwhile."""
    cache.ledger().pay()
    try:
        _drawn(visiting, name)
    finally:
        trail.viewed(visiting, name)


def _drawn(visiting: Visit, name: str) -> None:
    address, render = navigation.ADDRESSES[name], navigation.RENDERS[name]
    who = cache.visitors() if cache.is_demo() else {}
    links, known = navigation.links(visiting), gate.posted() is not None
    told = links, [(each.id, each.name, each.role) for each in who.values()]
    done = cache.actions(visiting.visitor) if name in navigation.CUED else ()

    def body() -> None:
        with panel("This page"):
            render(visiting)

    st.html(drawn.kept(visiting, f"top of {address}", told, lambda: page.top(visiting, address, links, who, known)))
    if name in navigation.STILL:
        drawn.still(visiting, address, done, body)
    else:
        body()
    page.follow()


def main() -> None:
    """Every run: who looks comes first, and nothing is read for anybody before; then the visit, the page."""
    st.set_page_config(page_title="Onepicture", page_icon=page.ICON, layout="wide")
    address = {key: str(value) for key, value in st.query_params.items()}
    visitor = gate.enter(address)
    if visitor is None:
        return
    page.dress()
    try:
        visitor = view_as.looking(visitor, address)
        looking_as.banner(visitor)
        visiting = visit(visitor, address, cache.snapshot(), demo=cache.is_demo())
    except Exception as error:
        if not refusal(error):
            raise
        page.notice(problem(error))
        if isinstance(error, DENIAL):
            trail.turned_away(visitor)
        return
    navigation.navigation(visiting, draw).run()
    lasting.another_run()


with cache.one_run():
    main()
