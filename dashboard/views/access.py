"""Access: what this role sees, what it does not, and why; for the steward the grid and what a change would open."""

from __future__ import annotations

from datetime import date

import streamlit as st

from dashboard import access_sentences as say
from dashboard import cache, permitted
from dashboard.parts import access, page
from dashboard.parts.panel import panel
from dashboard.session import Visit, problem, refusal
from metrics.catalog.roles import ROLES, WORDS
from metrics.policy import DECLARED, GUARDED, Change
from metrics.policy_file import written

PAGE = "access"
GRANTS = ("Y", "A", "A from third", "A from second", "A from top", "E", "N")
WHO = "the one who tries it"


def render(visit: Visit) -> None:
    """The page of a visit."""
    found = permitted.rights(visit.visitor)
    st.html(page.headline(say.headline(found), say.under(found), visit.said))
    with panel("What you may know"):
        st.html(access.both(found))
    if visit.role.inspects:
        _grid(visit)
        _simulator(visit)


def _grid(visit: Visit) -> None:
    with panel("The grid"):
        found = permitted.grid(visit.visitor)
        page.finding(say.grid_title(found))
        if found.finding:
            st.html(access.held(f"{found.finding.what} {found.finding.todo}"))
        st.html(access.grid(found))
        page.finding("What this deployment changed")
        st.html(access.changes(found))


def _simulator(visit: Visit) -> None:
    page.finding("What a change would open", "Choose one cell, or paste a whole policy. Nothing is changed here.")
    left, middle, right = st.columns(3)
    role = left.selectbox("Role", list(ROLES), index=2, format_func=lambda name: ROLES[name].title)
    name = middle.selectbox("Kind of data", list(GUARDED), index=3, format_func=lambda each: WORDS[each])
    to = right.selectbox("Would become", GRANTS, index=0)
    pasted = st.text_area("Or a whole policy.toml", height=120, placeholder="[[change]] ...", max_chars=100_000)
    with panel("The simulation"):
        try:
            text = pasted if pasted.strip() else _one(visit, role, name, to)
            st.html(access.simulation(permitted.tried(visit.visitor, text)))
        except Exception as error:
            if not refusal(error):
                raise
            page.notice(problem(error))


def _one(visit: Visit, role: str, name: str, to: str) -> str:
    """The chosen cell as the text of a policy, beside the changes that are in force."""
    policy = permitted.grid(visit.visitor).policy
    kept = tuple(each for each in policy.changes if each.cell != (role, name))
    was = DECLARED.told((role, name))
    if to == was:
        return written(kept)
    day: date = cache.snapshot().as_of
    change = Change(role=role, sensitivity=name, was=was, to=to, who=WHO, day=day, reason="tried, not applied")
    return written((*kept, change))
