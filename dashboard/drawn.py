"""What was drawn before: kept for the same visit on the same snapshot, in the same theme and locale."""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable
from typing import Any

import streamlit as st

from dashboard import cache, memory
from dashboard.memory import Memory
from dashboard.parts.markup import Markup
from dashboard.session import Visit

_specifications, _pieces = Memory(200), Memory(2000)
_drawing = threading.local()


def specification(name: str, theme: str, *shape: Hashable, build: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """A chart's specification, built once for its shape and theme."""
    return _specifications.of((name, theme, *shape), build)


def passing() -> None:
    """What is being drawn says something that will not hold (a fault, a query cut short): it is not remembered."""
    _drawing.passing = True


def still(visit: Visit, name: str, about: object, draw: Callable[[], None]) -> None:
    """Draw what has no control of its own, from memory where the same visit saw it before. Nothing of one visitor
    is shown to another; `about` is whatever else it depends on.
    """
    key = _key(visit, name, about)
    _drawing.passing = False
    before = cache.handed()
    rows = _drawn(key, draw)
    cache.hand(before + rows - cache.handed())  # from memory or not, the same rows were handed out
    if _drawing.passing:
        _drawn.clear(key, draw)


def kept(visit: Visit, name: str, about: object, write: Callable[[], Markup]) -> Markup:
    """Our own HTML beside the controls of a page, from memory where the same visit saw it before."""
    return _pieces.of(_key(visit, name, about), write)


def _key(visit: Visit, name: str, about: object) -> str:
    """The whole visit: who looks, with every right, at what, on which snapshot, under which policy, with which names
    of persons, in which theme and locale."""
    held = f"{cache.snapshot().path} {cache.policy()} {cache.names_now()}"
    return f"{name} {held} {st.context.locale} {st.context.theme.type} {st.context.url} {about!r} {visit.told}"


@st.cache_data(max_entries=400, show_spinner=False)
def _drawn(key: str, _draw: Callable[[], None]) -> int:
    before = cache.handed()
    _draw()
    return cache.handed() - before


memory.holds_names(_drawn.clear)
memory.holds_names(_pieces.forget)
