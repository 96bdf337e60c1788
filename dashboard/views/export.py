"""Export: one page as a file to take away, under the same rights, in the same words, with a line of the audit."""

from __future__ import annotations

import streamlit as st

from dashboard.exports.pages import TAKEN
from dashboard.offered import offered
from dashboard.parts import page, taking
from dashboard.parts.panel import panel
from dashboard.session import Visit
from dashboard.views import one_picture

PAGE = "export"
SAID = "Made when you press the button, with the rights you have then; who took what is written down."
NONE = "This page is not shown to your role, so there is nothing to take away."


def render(visit: Visit) -> None:
    """The page of a visit."""
    of = visit.choice("of") if visit.choice("of") in TAKEN else one_picture.PAGE
    if not offered(visit.role, of.replace("-", "_")):
        st.html(page.headline(NONE, "", visit.said))
        return
    taken = TAKEN[of]
    brief = taken.brief(visit, page.locale())
    st.html(page.headline(f"Take away {taken.title}: {brief.headline}", SAID, visit.said))
    with panel("The files"):
        taking.buttons(visit, of, brief)
    with panel("What is in them"):
        taking.inside(brief)
