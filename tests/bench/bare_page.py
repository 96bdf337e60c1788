"""A bare Streamlit page: the elements of a page of ours, drawn from memory, with no question asked and nothing made.

Run by `streamlit run` through bare_server.py; BARE_PAGES names the file of shapes that pages.py recorded.
"""

from __future__ import annotations

import os
import pickle
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import streamlit as st

from dashboard import lasting


@st.cache_resource(show_spinner=False, max_entries=10)
def shape_of(name: str) -> Mapping[str, Any]:
    """A recorded page by its name."""
    found: Mapping[str, Any] = pickle.loads(Path(os.environ["BARE_PAGES"]).read_bytes())[name]
    return found


def draw(parts: Sequence[Mapping[str, Any]], key: str = "") -> None:
    """The elements in their order, those of a block inside it."""
    for at, part in enumerate(parts):
        kind, here = part["kind"], f"{key}_{at}"
        if kind == "html":
            st.html(part["body"], unsafe_allow_javascript=part["script"])
        elif kind == "chart":
            st.vega_lite_chart(part["table"], part["spec"], theme=None)
        elif kind == "button":
            st.button(part["label"], key=f"b{here}")
        elif kind == "menu_button":
            st.menu_button(part["label"], part["options"], key=f"m{here}")
        elif kind == "download_button":
            st.download_button(part["label"], bytes, file_name="bare.txt", key=f"d{here}", on_click="ignore")
        elif kind == "selectbox":
            st.selectbox(part["label"], part["options"], key=f"s{here}")
        elif kind == "text_input":
            st.text_input(
                part["label"], part["value"], placeholder=part["placeholder"], key=f"t{here}", bind="query-params"
            )
        elif kind == "columns":
            for column, inside in zip(st.columns(part["weights"]), part["inside"], strict=True):
                with column:
                    draw(inside["inside"], f"{here}_{inside['at']}")
        elif kind == "grid":
            with st.grid("auto", min_column_width=430, key=f"g{here}"):
                draw(part["inside"], here)
        else:
            with st.container(horizontal=part["horizontal"], key=f"c{here}"):
                draw(part["inside"], here)


def main() -> None:
    """The page that the address names, among as many others as ours has beside it."""
    st.set_page_config(page_title="Bare", layout="wide")
    shape = shape_of(st.query_params["shape"])

    def page() -> None:
        draw(shape["parts"])

    pages = [st.Page(page, title="Bare", default=True)]
    for number in range(shape["pages"] - 1):

        def other() -> None:
            draw(shape["parts"])

        other.__name__ = f"other_{number}"
        pages.append(st.Page(other, title=f"Other {number}", url_path=f"other-{number}"))
    st.navigation(pages, position="hidden").run()
    lasting.another_run()


main()
