"""What every page begins with: the stylesheet in the reader's theme, links that stay on the page, the header."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path

import streamlit as st

from dashboard import cache
from dashboard.parts.header import header
from dashboard.parts.markup import Markup, join, tag
from dashboard.parts.top import header_of
from dashboard.session import Visit
from dashboard.theme import Theme, css_variables, theme
from dashboard.words import Locale, locale_of
from metrics.query import Visitor

ICON = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16">
<rect width="16" height="16" rx="3" fill="#22304F"/>
<path d="M3 11l3-4 3 2 4-5" fill="none" stroke="#fff" stroke-width="1.8" stroke-linejoin="round"/></svg>"""
STYLE = Path(__file__).with_name("page.css")
# A link to another state of this page is followed without loading the app again; without this script,
# with a modifier key or another button, it is the plain link that it is.
FOLLOW = """<script>
if (!window.opFollow) { window.opFollow = true;
  document.addEventListener("click", (event) => {
    const copy = event.target.closest("[data-copy]");
    if (copy) { navigator.clipboard?.writeText(copy.parentElement.querySelector("code").textContent);
      copy.textContent = "Copied"; return; }
    const open = event.target.closest("details.op-menu");
    document.querySelectorAll("details.op-menu[open]").forEach((menu) => { if (menu !== open) menu.open = false; });
    const link = event.target.closest("a.op-go");
    if (!link || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    history.pushState({}, "", link.href);
    window.dispatchEvent(new PopStateEvent("popstate"));
    window.scrollTo(0, 0); document.querySelector("[data-testid=stMain]")?.scrollTo(0, 0);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    document.querySelectorAll("details.op-menu[open]").forEach((menu) => {
      menu.open = false; menu.querySelector("summary").focus(); });
  });
}
</script>"""


def colours() -> Theme:
    """The theme that the reader's browser shows."""
    return theme(st.context.theme.type)


def locale() -> Locale:
    """How the reader writes numbers and dates."""
    return locale_of(st.context.locale)


def dress() -> None:
    """Lay the theme and the stylesheet over the page."""
    st.html(_style(colours().name))


@lru_cache
def _style(name: str) -> str:
    return f"{css_variables(theme(name))}<style>{STYLE.read_text('utf-8')}</style>"


def top(
    visit: Visit, page: str, pages: Sequence[tuple[str, str]], visitors: Mapping[str, Visitor], signed_in: bool = False
) -> Markup:
    """The header of a visit."""
    origin = (st.context.url or "").rstrip("/").rsplit("/", 1)[0] if st.context.url else ""
    return header(header_of(visit, page, pages, cache.snapshot(), visitors, origin, locale(), signed_in))


def follow() -> None:
    """Let links change the page in place."""
    st.html(FOLLOW, unsafe_allow_javascript=True)


def headline(words: str, under: str, said: Sequence[str] = (), beside: Sequence[str] = ()) -> Markup:
    """The sentence that a page opens with, what it stands on, what stands beside it, and what could not be followed."""
    notes = join([tag("p", each, class_="op-said", role="status") for each in said])
    small = join([tag("p", each, class_="op-fresh") for each in (under, *beside) if each])
    return tag("div", tag("h1", words, class_="op-headline"), small, notes)


def finding(title: str, under: str = "", name: str = "") -> None:
    """The title of a panel: it states the finding; below it what is drawn, in small."""
    small = tag("p", under, class_="op-under") if under else None
    st.html(tag("div", tag("h2", title, class_="op-finding"), small, class_=f"op-panel {name}".strip()))


def notice(words: str) -> None:
    """One sentence in place of a panel: empty, stale, withheld or failed."""
    st.html(tag("p", words, class_="op-said", role="status"))
