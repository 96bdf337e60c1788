"""The app, from top to bottom: who looks, at what, on which page."""

from __future__ import annotations

import streamlit as st

from dashboard import cache, drawn, navigation
from dashboard.parts import page
from dashboard.parts.panel import panel
from dashboard.session import Visit, identify, problem, refusal, visit
from dashboard.settings import settings


def draw(visiting: Visit, name: str) -> None:
    """One page: its header, then its view."""
    address, render = navigation.ADDRESSES[name], navigation.RENDERS[name]
    who = cache.visitors() if cache.is_demo() else {}
    links = navigation.links(visiting)
    drawn.still(visiting, f"top of {address}", (links, who), lambda: page.top(visiting, address, links, who))
    with panel("This page"):
        if name in navigation.STILL:
            done = cache.actions(visiting.visitor) if name in navigation.CUED else ()
            drawn.still(visiting, address, done, lambda: render(visiting))
        else:
            render(visiting)
    page.follow()
    cache.viewed(visiting.visitor, visiting.scope, name, visiting.state())


def main() -> None:
    """Every run: the theme, the visitor, the visit, the page."""
    st.set_page_config(page_title="Onepicture", page_icon=page.ICON, layout="wide")
    page.dress()
    try:
        demo = cache.is_demo()
        address = {key: str(value) for key, value in st.query_params.items()}
        visitor = identify(address.get("as"), settings().serve_as, cache.visitors(), demo)
        visiting = visit(visitor, address, cache.snapshot(), demo=demo)
    except Exception as error:
        if not refusal(error):
            raise
        page.notice(problem(error))
        return
    drawn.steady()
    navigation.navigation(visiting, draw).run()


with cache.one_run():
    main()
