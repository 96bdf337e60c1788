"""What is shown to somebody who is not let in: how to sign in, or why not. Nothing of the company is on it."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from dashboard.parts import page
from dashboard.parts.markup import Markup, tag

SIGN_OUT = "./auth/logout"


def sign_in(words: str, providers: Sequence[str], failed: bool = False) -> None:
    """One sentence, and a button for each provider."""
    page.dress()
    also = tag("p", "The sign-in did not work. Please try again.", class_="op-said", role="status") if failed else None
    st.html(_door("Onepicture", tag("p", words, role="status"), also))
    for name in providers:
        title = "Sign in" if name == "default" else f"Sign in with {name.capitalize()}"
        if st.button(title, key=f"sign_in_{name}", type="primary"):
            st.login(None if name == "default" else name)


def turned_away(words: str, *, signed_in: bool) -> None:
    """Why nothing is shown, and whom to ask; to somebody who signed in, a way to do it as somebody else."""
    page.dress()
    link = tag("a", "Sign in as somebody else", href=SIGN_OUT, target="_self") if signed_in else None
    st.html(_door("Nothing to show you yet", tag("p", words, role="status"), link))


def _door(title: str, *inside: Markup | None) -> Markup:
    return tag("div", tag("h1", title, class_="op-headline"), *inside, class_="op-door")
