"""The files that a page can be taken away as: what is in each, and the button that makes it."""

from __future__ import annotations

from functools import partial

import streamlit as st

from dashboard.exports import taking
from dashboard.exports.brief import Brief
from dashboard.parts.markup import join, tag
from dashboard.session import Visit

OFFERED = (
    (
        "pdf",
        "PDF brief",
        "One sheet to send or print: sentence, numbers, charts as vectors, the level below.",
    ),
    ("pptx", "PowerPoint slide", "One slide with native charts that can be edited, definitions in its notes."),
    (
        "xlsx",
        "Excel workbook",
        "Every row behind the page, what is withheld and why, definitions, filters, scope.",
    ),
    ("csv", "CSV", "The same rows at full precision, for a program."),
)


def buttons(visit: Visit, page: str, brief: Brief) -> None:
    """One card a file; nothing is made before its button is pressed."""
    for place, (form, title, words) in zip(st.columns(len(OFFERED), gap="medium"), OFFERED, strict=True):
        with place:
            st.html(tag("div", tag("h2", title, class_="op-finding"), tag("p", words, class_="op-under")))
            st.download_button(
                f"Get the {title}",
                data=partial(taking.take, visit, page, form, brief),
                file_name=taking.called(visit, page, form),
                mime=taking.FORMS[form],
                key=f"take_{page}_{form}",
                on_click="ignore",
                icon=":material/download:",
                width="stretch",
            )


def inside(brief: Brief) -> None:
    """What the files say about themselves, before anybody takes one."""
    facts = [join([tag("dt", name), tag("dd", value)]) for name, value in brief.facts.items()]
    notes = [tag("p", note, class_="op-under") for note in brief.notes]
    st.html(
        tag(
            "section", tag("h2", "What every file says about itself", class_="op-finding"),
            tag("dl", *facts, class_="op-facts"), *notes, class_="op-panel", aria_label="What every file says",
        )
    )  # fmt: skip
