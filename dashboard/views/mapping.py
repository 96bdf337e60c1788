"""Mapping: how a file is to be read. The steward confirms columns and codes, sees the first rows, and saves it."""

from __future__ import annotations

import streamlit as st

from dashboard import mapping_desk
from dashboard import mapping_sentences as say
from dashboard.parts import mapping, page
from dashboard.parts.panel import panel
from dashboard.session import Visit, problem, refusal

PAGE = "mapping"


def render(visit: Visit) -> None:
    """The page of a visit."""
    files = mapping_desk.files(visit.visitor)
    top = st.container()
    name = mapping.chosen_file(files) if files else None
    found = None
    try:
        found = mapping_desk.looked(visit.visitor, name) if name else None
    except Exception as error:
        if not refusal(error):
            raise
        page.notice(problem(error))
    with top:
        st.html(page.headline(say.headline(found, len(files)), say.under(found), visit.said))
    if found is not None and found.layout:
        _desk(visit, found, str(name))


def _desk(visit: Visit, found: mapping_desk.Looked, name: str) -> None:
    left, right = st.columns([1.5, 1], gap="large")
    with right, panel("The choices"):
        page.finding("Confirm or choose") if say.open_columns(found) or found.codes else None
        columns, words = mapping.choose_columns(found), mapping.choose_words(found.codes, found.file)
    with left:
        with panel("The columns"):
            mapping.columns(found)
        with panel("The reasons"):
            mapping.reasons(found)
    if columns or words:
        _outcome(visit, found, name, columns, words)
    else:
        with panel("The preview"):
            mapping.previews(say.after(found, found), found)


def _outcome(
    visit: Visit, found: mapping_desk.Looked, name: str, columns: dict[tuple[str, str], str],
    words: dict[tuple[str, str], str],
) -> None:  # fmt: skip
    """What the choice makes of the file, and the button that keeps it."""
    try:
        chosen = mapping_desk.begun(found.layout).with_more(columns, words)
        now = mapping_desk.looked(visit.visitor, name, chosen)
        mapping.previews(say.after(found, now), now)
        if mapping.written(chosen.text()):
            page.notice(say.saved(mapping_desk.save(visit.visitor, chosen)))
    except Exception as error:
        if not refusal(error):
            raise
        page.notice(problem(error))
