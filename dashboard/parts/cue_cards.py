"""Cue cards: what to do next, why, by when, and what it is worth; answered here and kept in the ledger."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Literal

import streamlit as st

from dashboard import cache, cue_sentences, drawn, trail, words
from dashboard.parts import page
from dashboard.parts.markup import Markup, join, tag
from dashboard.session import Visit
from dashboard.words import Locale
from metrics.cues.inbox import CueCard

REASONS = {
    "not_true": "It is not true",
    "known": "I knew already",
    "not_mine": "It is not mine to change",
    "wrong_time": "Wrong time",
    "other_plan": "I have another plan",
}
SAID = {
    "accepted": "You accepted this",
    "done": "Done",
    "snoozed": "Snoozed for a week",
    "not_useful": "Marked as not useful",
}
TONES = {"rising": "improvement", "writing_more": "improvement", "consent": "goal"}
BRIEF = 3
THEIRS = "It is theirs to answer: you look through their eyes."


def brief(visit: Visit) -> None:
    """The first cues of the visit's node in short, each with a way to its page."""
    cards = _near(visit, cache.cues(visit.visitor))
    serving = cache.snapshot()
    page.finding(
        "What to change", words.sentence(cue_sentences.of_day(serving.as_of, serving.anchor, page.locale())).rstrip(".")
    )
    if not cards:
        return page.notice("Nothing here needs you now. Cues appear when a signal has evidence and you have a lever.")
    st.html(join([_short(card, visit, page.locale()) for card in cards[:BRIEF]]))
    return None


def _near(visit: Visit, cards: Sequence[CueCard]) -> list[CueCard]:
    """The cues of the node looked at and of what lies below it."""
    if visit.node is None or visit.node.id == visit.scope:
        return list(cards)
    below = cache.below(visit.hierarchy.id, visit.node.id)
    return [card for card in cards if card.node in below]


def counts(visit: Visit, nodes: Sequence[str]) -> Mapping[str, int]:
    """How many cues lie at or below each of these nodes."""
    return cache.cue_counts(visit.visitor, nodes)


def _short(card: CueCard, visit: Visit, locale: Locale) -> Markup:
    act = tag("a", card.action, href=visit.address("cues"), class_="op-go op-act")
    due = tag("span", f"{_owner(card)} · due {words.day(card.due, locale)}", class_="op-quiet")
    worth = tag("span", worth_words(card, locale), class_="op-worth")
    said = cue_sentences.said(card, locale)
    lead = tag("p", said.reasons[0], class_="op-about") if said.reasons else None
    return tag(
        "article", tag("h3", said.headline), lead, tag("div", act, due, worth, class_="op-deed"),
        class_=f"op-cue op-card op-t-{tone(card)}",
    )  # fmt: skip


def _owner(card: CueCard) -> str:
    return "yours" if card.mine else card.node_name


def tone(card: CueCard) -> str:
    """Whether a cue speaks of a concern, an improvement or neither."""
    return next((tone for word, tone in TONES.items() if word in card.kind), "concern")


def worth_words(card: CueCard, locale: Locale) -> str:
    """What a cue is worth, with its range; nothing where nobody can say."""
    low, high, unit = card.worth_low, card.worth_high, card.worth_unit or ""
    if not words.known(low) or not words.known(high):
        return unit
    digits = 1 if high < 10 and high != round(high) else 0
    first, last = words.plain(low, digits, locale), words.plain(high, digits, locale)
    return f"+{first} {unit}".strip() if first == last else f"+{first} to {last} {unit}".strip()


def inbox(visit: Visit, cards: Sequence[CueCard]) -> None:
    """Every open cue of the visitor, ranked, each with its answers; below, those just answered, to undo."""
    if cards:
        st.html(tag("h2", "Open cues", class_="op-unseen"))
    with st.grid("auto", min_column_width=430, gap="small", key="op_inbox"):
        for rank, card in enumerate(cards, 1):
            with st.container(key=f"op_cue_{tone(card)}_{_key(card)}"):
                _open(visit, card, rank, _key(card))
    answered = cache.answered(visit.visitor)
    if answered:
        page.finding("Answered")
        for card, answer in answered:
            with st.container(
                horizontal=True, vertical_alignment="center", gap="medium", key=f"op_answered_{_key(card)}"
            ):
                st.html(
                    tag("p", f"{SAID[answer]}: {cue_sentences.said(card, page.locale()).headline}", class_="op-about"),
                    width="stretch",
                )
                if not visit.visitor.behind:
                    _button("Undo", visit, card, "undone")


def _key(card: CueCard) -> str:
    return hashlib.sha1(card.cue.encode(), usedforsecurity=False).hexdigest()[:10]


def _open(visit: Visit, card: CueCard, rank: int, key: str) -> None:
    locale = page.locale()
    st.html(drawn.kept(visit, f"cue {card.cue}", rank, lambda: _head(visit, card, rank, locale)))
    if visit.visitor.behind:
        st.html(tag("p", THEIRS, class_="op-about"))
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key=f"op_answers_{key}"):
        if card.accepted:
            st.html(
                tag("span", f"{SAID['accepted']}: {words.lower_first(card.action)}", class_="op-act"), width="content"
            )
            _button("Undo", visit, card, "undone")
        else:
            _button(card.action, visit, card, "accepted", kind="primary")
        _button("Done", visit, card, "done")
        _button("Snooze", visit, card, "snoozed")
        st.menu_button(
            "Not useful", list(REASONS), key=f"not_{key}", type="tertiary", format_func=REASONS.__getitem__,
            on_click=_dismiss, args=(visit, card, f"not_{key}"),
        )  # fmt: skip


def _button(
    label: str, visit: Visit, card: CueCard, action: str, kind: Literal["primary", "tertiary"] = "tertiary"
) -> None:
    st.button(label, key=f"{action}_{_key(card)}", type=kind, on_click=_act, args=(visit, card, action))


def _act(visit: Visit, card: CueCard, action: str, reason: str | None = None) -> None:
    trail.acted(visit.visitor, card.cue, action, reason)


def _dismiss(visit: Visit, card: CueCard, key: str) -> None:
    _act(visit, card, "not_useful", st.session_state.get(key))


def _head(visit: Visit, card: CueCard, rank: int, locale: Locale) -> Markup:
    number = tag("span", str(rank), class_="op-rank", aria_label=f"rank {rank}")
    said = cue_sentences.said(card, locale)
    reasons = tag("ul", *[tag("li", reason) for reason in said.reasons], class_="op-reasons")
    elsewhere = card.about != "node" and (visit.node is None or card.node != visit.node.id)
    place = tag("p", card.node_name, class_="op-about") if elsewhere else None
    return tag(
        "article",
        number,
        tag("h3", said.headline),
        place,
        reasons,
        _why(card, locale),
        _deed(card, locale),
        class_="op-cue",
    )


def _why(card: CueCard, locale: Locale) -> Markup:
    """What a cue rests on: compared with what, how sure, how old."""
    lines = [
        ("Compared with", cue_sentences.said(card, locale).comparator),
        ("Confidence", f"{words.plain(100 * card.confidence, 0, locale)}{words.NARROW}%"),
        ("Data", f"to {words.day(card.data_as_of, locale, year=True)}, {words.age(card.data_age_days)}"),
        ("Lever", card.lever),
    ]
    said = [tag("p", tag("b", f"{label}: "), str(value)) for label, value in lines if value not in (None, "")]
    return tag("details", tag("summary", "Why?"), *said, class_="op-why")


def _deed(card: CueCard, locale: Locale) -> Markup:
    due = tag("span", f"{_owner(card)} · due {words.day(card.due, locale)}", class_="op-quiet")
    return tag("div", due, tag("span", worth_words(card, locale), class_="op-worth"), class_="op-deed")
