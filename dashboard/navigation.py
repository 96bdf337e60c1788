"""Which pages a role has, in its order, and the address of each."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from dashboard.offered import TITLES, offered
from dashboard.session import Visit
from dashboard.views import (
    access,
    audit,
    cues,
    data_health,
    definitions,
    export,
    mapping,
    media,
    one_picture,
    sites,
    team,
)

ADDRESSES = {
    "one_picture": one_picture.PAGE,
    "cues": cues.PAGE,
    "team": team.PAGE,
    "media": media.PAGE,
    "sites": sites.PAGE,
    "definitions": definitions.PAGE,
    "data_health": data_health.PAGE,
    "mapping": mapping.PAGE,
    "access": access.PAGE,
    "audit": audit.PAGE,
    "export": export.PAGE,
}
RENDERS: dict[str, Callable[[Visit], None]] = {
    "one_picture": one_picture.render,
    "cues": cues.render,
    "team": team.render,
    "media": media.render,
    "sites": sites.render,
    "definitions": definitions.render,
    "data_health": data_health.render,
    "mapping": mapping.render,
    "access": access.render,
    "audit": audit.render,
    "export": export.render,
}
# Pages without a control of their own: drawn from memory where the same visit saw them before.
STILL = frozenset({"one_picture", "team", "media", "sites", "data_health"})
# Those of them that show cues: what their reader did about a cue changes them.
CUED = frozenset({"one_picture"})


def pages(visit: Visit) -> list[str]:
    """The pages of a visit's role, its first page first."""
    first = visit.role.first_page if visit.role.first_page in RENDERS else "one_picture"
    return [first, *(name for name in RENDERS if name != first)]


def links(visit: Visit) -> list[tuple[str, str]]:
    """Each page's address and title, in order; a page that would only say no is not offered."""
    return [(ADDRESSES[name], TITLES[name]) for name in pages(visit) if offered(visit.role, name)]


def navigation(visit: Visit, draw: Callable[[Visit, str], None]) -> Any:
    """The page that the address asks for. "/" is the role's first page; a page not listed is not routable."""

    def page(name: str, *, home: bool = False) -> Any:
        def run() -> None:
            draw(visit, name)

        run.__name__ = f"{name}_{'home' if home else 'page'}"
        where = "" if home else ADDRESSES[name]
        return st.Page(
            run, title=TITLES[name], url_path=where, default=home, visibility="hidden" if home else "visible"
        )

    names = pages(visit)
    return st.navigation([page(names[0], home=True), *map(page, names)], position="hidden")
