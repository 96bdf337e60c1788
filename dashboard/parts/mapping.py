"""The panels of the Mapping page: columns and how sure they are, what to choose, the first rows in our words."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from dashboard import mapping_sentences as say
from dashboard import words
from dashboard.mapping_desk import LEAVE_OUT, Code, Looked, Preview
from dashboard.parts import page
from dashboard.parts.markup import Markup, bar, join, tag
from dashboard.printout import text
from dashboard.words import plain


def chosen_file(files: Sequence[str]) -> str | None:
    """The file that the reader chooses, or none yet."""
    return st.selectbox("File", files, index=None, placeholder=say.NO_FILE, key="mapping_file")


def columns(found: Looked) -> None:
    """Each column that the mapping asks for, the file's column that it is, and how sure that is; unsure ones first."""
    known = sum(each.sure for each in found.guesses)
    page.finding(f"{plain(known)} of {plain(len(found.guesses))} columns have the name we look for")
    ordered = sorted(found.guesses, key=lambda each: (each.sure, each.optional, each.confidence))
    rows = [
        tag("tr", tag("th", each.needed, scope="row"), tag("td", each.found or words.DASH),
            tag("td", bar(each.confidence, "outcome", f"{each.confidence:.0%} sure"),
                f" {each.confidence:.0%}" if each.found else " optional" if each.optional else " missing",
                class_="op-k-bar"))
        for each in ordered
    ]  # fmt: skip
    open_ones = len([each for each in ordered if not each.sure])
    table = _table(("We look for", "In the file", "Sure"), rows[: max(open_ones, 0)]) if open_ones else ""
    rest = tag("details", tag("summary", f"The {plain(known)} that are there"),
               _table(("We look for", "In the file", "Sure"), rows[open_ones:]), class_="op-more")  # fmt: skip
    st.html(join([table, rest]))


def choose_columns(found: Looked) -> dict[tuple[str, str], str]:
    """What the reader says a column is called, for each that is not there by its own name."""
    chosen = {}
    by_name = {each.needed: each for each in found.guesses}
    for place, needed in enumerate(say.open_columns(found)):
        guess = by_name[needed].found
        options = [say.ABSENT, *found.columns]
        at = options.index(guess) if guess in options else 0
        said = st.selectbox(needed, options, index=at, key=f"column {found.file} {place}")
        if said != say.ABSENT:
            chosen[found.source, needed] = str(said)
    return chosen


def choose_words(codes: Sequence[Code], file: str) -> dict[tuple[str, str], str]:
    """Our word for each unknown code, the guess first."""
    chosen = {}
    for each in codes:
        options = [say.LATER, *each.words, LEAVE_OUT]
        at = options.index(each.guess) if each.guess in options else 0
        sure = f", {each.confidence:.0%} sure" if each.guess else ""
        label = f"{each.recode.replace('_', ' ')}: {each.code} ({plain(each.rows)} rows{sure})"
        said = st.selectbox(label, options, index=at, key=f"code {file} {each.recode} {each.code}")
        if said != say.LATER:
            chosen[each.recode, each.code] = str(said)
    return chosen


def previews(title: str, found: Looked) -> None:
    """The first rows of each table that the file fills, in our words."""
    page.finding(title, "Outside ids stand as their kind alone, texts of persons as “…”.")
    if not found.previews:
        page.notice("Nothing of it would be kept yet." if found.account else "Choose what is missing first.")
    hidden = [each for each in found.previews if _all_hidden(each)]
    for each in found.previews:
        if each in hidden:
            continue
        st.html(join([tag("h3", each.table.replace("_", " ").capitalize(), class_="op-under"), _preview(each)]))
    if hidden:
        names = ", ".join(each.table.replace("_", " ") for each in hidden)
        page.notice(f"Your role sees no row of {names}; the rows are counted above.")


def _all_hidden(each: Preview) -> bool:
    return all(value in (None, "…") for row in each.rows for value in row)


def reasons(found: Looked) -> None:
    """Why rows are set aside beside unknown codes."""
    rare = [("codes that stand in one or two rows", found.other_codes)] if found.other_codes else []
    told = [*found.reasons, *rare]
    if told:
        page.finding("Rows set aside for other reasons")
        rows = [tag("tr", tag("th", words.sentence(why), scope="row"), tag("td", plain(rows), class_="op-k-number"))
                for why, rows in told]  # fmt: skip
        st.html(_table(("Why", "Rows"), rows))


def written(toml: str) -> bool:
    """The mapping as it would be saved, and whether the reader saves it now."""
    with st.expander("The mapping as it will be saved"):
        st.code(toml, language="toml")
    return st.button("Save for the next import", type="primary")


def _preview(each: Preview) -> Markup:
    rows = [tag("tr", *[tag("td", text(value) or words.DASH) for value in row]) for row in each.rows]
    return _table([name.replace("_", " ") for name in each.columns], rows)


def _table(heads: Sequence[str], rows: Sequence[Markup]) -> Markup:
    head = tag("thead", tag("tr", *[tag("th", each, scope="col", class_="op-k-number" if each == "Rows" else None)
                                    for each in heads]))  # fmt: skip
    table = tag("table", head, tag("tbody", *rows), class_="op-children op-mapping")
    return tag("div", table, class_="op-scroll", tabindex="0", role="region", aria_label=f"Table: {heads[0]}")
