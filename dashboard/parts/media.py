"""The panels of the Media page: what becomes of e-mails, and who is shown too much."""

from __future__ import annotations

import streamlit as st

from dashboard import media_sentences as say
from dashboard import sentences, words
from dashboard.answers import Answers
from dashboard.parts import page
from dashboard.parts.markup import Markup, bar, join, tag
from dashboard.words import Locale
from metrics.catalog import METRICS

PAGE = "media"


def funnel(numbers: Answers) -> None:
    """The way of an e-mail: who may be written to, what arrives, what is opened and clicked."""
    locale = page.locale()
    facts = {step.metric: numbers.now(step.metric) for step in say.STEPS}
    page.finding(say.funnel_title(facts, locale), "Each bar is its own whole, named beside it", name="op-mail")
    rows = join([_step(step, numbers, locale) for step in say.STEPS])
    st.html(tag("table", _head("Step"), tag("tbody", rows), class_="op-children op-steps op-mailed"))


def _head(first: str) -> Markup:
    titles = ((first, ""), ("Share", "op-k-goal"), ("", "op-k-number"), ("Of what", "op-k-words"))
    return tag("thead", tag("tr", *[tag("th", word, scope="col", class_=shape) for word, shape in titles]))


def _step(step: say.Step, numbers: Answers, locale: Locale) -> Markup:
    metric, share = METRICS[step.metric], numbers.now(step.metric)
    name = tag("th", step.title, scope="row")
    if share is None:
        why = sentences.withheld(numbers.reason(step.metric) or "not known here")
        return tag("tr", name, tag("td", why, colspan="3", class_="op-k-words op-reason"))
    text = words.number(share, metric.name, metric.unit, locale)
    drawn = bar(share, "media", f"{step.title}: {text} {step.of}", full=100.0)
    return tag(
        "tr", name, tag("td", drawn, class_="op-k-goal"), tag("td", text, class_="op-k-number"),
        tag("td", step.of, class_="op-k-words"),
    )  # fmt: skip


def fatigue(numbers: Answers) -> None:
    """Who is shown too much, and how much of what is paid for goes there."""
    locale = page.locale()
    facts = {each: numbers.now(each) for each in ("tired_hcps", "tired_share", "reached_hcps")}
    page.finding(say.tired_title(facts, locale), say.TIRED, name="op-tired")
    if facts["tired_share"] is None or facts["tired_hcps"] is None:
        why = numbers.reason("tired_share") or numbers.reason("tired_hcps") or "not known here"
        return page.notice(sentences.withheld(why))
    people = words.plain(facts["tired_hcps"], 0, locale)
    whole = words.plain(facts["reached_hcps"] or 0.0, 0, locale)
    rows = [
        ("HCPs", facts["tired_hcps"] / (facts["reached_hcps"] or 1.0) * 100.0, f"{people} of {whole} reached"),
        ("Impressions", facts["tired_share"], "of those on known HCPs"),
    ]
    lines = [
        tag(
            "tr", tag("th", name, scope="row"),
            tag("td", bar(share, "media", f"{name}: {told}", full=100.0), class_="op-k-goal"),
            tag("td", words.number(share, "", "percent", locale), class_="op-k-number"),
            tag("td", told, class_="op-k-words"),
        )
        for name, share, told in rows
    ]  # fmt: skip
    st.html(tag("table", _head("Whose"), tag("tbody", *lines), class_="op-children op-steps op-mailed"))
    return None
