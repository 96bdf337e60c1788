"""Definitions: what every number means, how it is counted, where it comes from and who may see it."""

from __future__ import annotations

import streamlit as st

from dashboard import cache, definition_sentences, drawn
from dashboard.parts import definitions, page
from dashboard.parts.markup import Markup
from dashboard.session import Visit, problem, refusal
from metrics.definitions import search

PAGE = definitions.PAGE


def render(visit: Visit) -> None:
    """The page of a visit."""
    listed = cache.metrics_for(visit.visitor)
    asked = visit.choice("metric")
    st.html(_chosen(visit, asked, len(listed.metrics)))
    wanted = st.text_input(
        "Search the definitions", key="q", bind="query-params", placeholder="reach, goal, percent, writers ..."
    )
    shown = search(listed.metrics, wanted or "")
    page.finding(definition_sentences.found(len(shown), len(listed.metrics), wanted or ""))
    if shown:
        names = [metric.name for metric in shown]
        st.html(drawn.kept(visit, "catalogue", names, lambda: definitions.catalogue(visit, shown, asked)))
    if listed.refused:
        st.html(definitions.not_shown(listed.refused))


def _chosen(visit: Visit, asked: str, known: int) -> Markup:
    """The definition asked for, or the sentence that opens the list; a refusal is said in its reason's words."""
    if not asked:
        return page.headline(definition_sentences.headline(known), definition_sentences.UNDER, visit.said)
    try:
        return drawn.kept(visit, "definition", asked, lambda: _found(visit, asked))
    except Exception as error:
        if not refusal(error):
            raise
        return page.headline(definition_sentences.headline(known), definition_sentences.UNDER, (problem(error),))


def _found(visit: Visit, asked: str) -> Markup:
    """The definition itself. Raises Denied or WrongQuestion."""
    found = cache.definition(asked, visit.visitor)
    metric = found.metric
    title, under = definition_sentences.opening(metric.title, metric.definition)
    said = page.headline(title, under, visit.said)
    return Markup(said + definitions.definition(found))
