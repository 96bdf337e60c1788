"""Audit: who looked at what, and whether that still says what was written."""

from __future__ import annotations

import streamlit as st

from dashboard import audit_sentences, reviewing
from dashboard.parts import audit, looking_as, page, strip
from dashboard.parts.panel import panel
from dashboard.parts.strip import Band, Tile
from dashboard.reviewing import Standing
from dashboard.session import Visit
from dashboard.words import Change

PAGE = audit.PAGE


def render(visit: Visit) -> None:
    """The page of a visit."""
    standing = reviewing.standing(visit.visitor)
    found = reviewing.review(visit.visitor, reviewing.asked_of(dict(visit.chosen)))
    _top(visit, standing)
    audit.broken(standing)
    with panel("The lines"):
        audit.lines(visit, found)
    left, right = st.columns([1.4, 1], gap="large")
    with left, panel("The chains"):
        audit.chains(standing)
    with right, panel("Looking as somebody else"):
        looking_as.beginning(visit)


def _top(visit: Visit, standing: Standing) -> None:
    tiles = [
        Tile(title=title, value=value, change=Change(icon="", words=note, tone="quiet"))
        for title, value, note in audit_sentences.tiles(standing)
    ]
    st.html(
        page.headline(audit_sentences.headline(standing), audit_sentences.under(standing, page.locale()), visit.said)
        + strip.strip([Band(name="outcome", title="The chains", tiles=tiles)], page.colours())
    )
