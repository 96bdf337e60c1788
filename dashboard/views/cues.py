"""My cues: at most five, ranked, each with one thing to do and the answers that its reader gives."""

from __future__ import annotations

import streamlit as st

from dashboard import answers as asking
from dashboard import cache, cue_sentences, sentences
from dashboard.parts import cue_cards, page
from dashboard.parts.panel import panel
from dashboard.session import Visit

PAGE = "cues"


def render(visit: Visit) -> None:
    """The page of a visit."""
    cards = cache.cues(visit.visitor)
    under = sentences.freshness(asking.ages(visit), page.locale())
    of_day = cue_sentences.of_day(cache.snapshot().as_of, locale=page.locale())
    said = f"{visit.place} · {of_day}, five a day at most" + (f" · {under}" if under else "")
    st.html(page.headline(cue_sentences.headline(len(cards)), said, visit.said))
    with panel("The cues"):
        cue_cards.inbox(visit, cards)
    if not cards:
        page.notice(cue_sentences.none())
