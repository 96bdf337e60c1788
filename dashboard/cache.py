"""The one place that remembers: the snapshot, answers by what was granted, and chart specifications."""

from __future__ import annotations

import gc
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import fields
from typing import Any

import pandas as pd
import streamlit as st

from dashboard.session import Visit
from dashboard.settings import settings
from data.ledger import CueAction, Ledger
from data.people import names as people_names
from data.snapshot import Snapshot, open_snapshot
from data.workspace import Workspace
from metrics import definitions
from metrics import health as trust
from metrics.access import authorise
from metrics.cues.inbox import CueCard, count_by_node, cues_for
from metrics.definitions import Definition, Listed
from metrics.health import Health
from metrics.models import drivers, site_reading
from metrics.models.site_reading import SiteBook, SiteStory
from metrics.query import GrantedQuery, MetricQuery, Visitor
from metrics.result import Result, ask, narrowed, widened
from metrics.visitors import visitors as read_visitors


@st.cache_resource(show_spinner=False)
def steady() -> bool:
    """Once a process: what is loaded by now is set aside, so that no run walks it again looking for garbage."""
    gc.collect()
    gc.freeze()
    return True


@st.cache_resource(show_spinner=False)
def _workspace_at(home: str) -> Workspace:
    return Workspace.open(home or None)


def workspace() -> Workspace:
    """The workspace that the settings name. Raises NoSnapshot when there is none."""
    return _workspace_at(str(settings().home or ""))


def snapshot() -> Snapshot:
    """The snapshot that serves now; asking again costs a look at the pointer."""
    return open_snapshot(workspace())


@st.cache_data(ttl=60, show_spinner=False)
def _visitors_at(home: str) -> dict[str, Visitor]:
    return {each.id: each for each in read_visitors(workspace())}


def visitors() -> dict[str, Visitor]:
    """Who may look, by id, in the order of the file; read again every minute."""
    return _visitors_at(str(workspace().home))


def answer(question: MetricQuery, visitor: Visitor) -> Result:
    """Authorise, then answer, from memory where the same was granted on the same snapshot before.

    Raises Denied or WrongQuestion. Rights are checked on every call; only the answer is remembered.
    """
    serving = snapshot()
    granted = authorise(question, visitor, serving)
    wide = widened(question, serving)
    if wide is None:
        return _answer(_key(granted), serving.id, granted, serving)
    whole = authorise(wide, visitor, serving)  # one answer a level, whichever of its units is looked at
    return narrowed(_answer(_key(whole), serving.id, whole, serving), granted, serving)


@st.cache_data(max_entries=3000, show_spinner=False)
def _answer(key: str, snapshot_id: str, _granted: GrantedQuery, _serving: Snapshot) -> Result:
    return ask(_granted, _serving, _named)


def bridge(question: MetricQuery, visitor: Visitor) -> pd.DataFrame:
    """The exact bridge of the change, for what is granted. Raises Denied or WrongQuestion."""
    serving = snapshot()
    granted = authorise(question, visitor, serving)
    wide = widened(question, serving) if granted.scope else None
    whole = authorise(wide, visitor, serving) if wide else granted
    frame = _bridge(_key(whole), serving.id, whole, serving)
    return frame[frame["node"].isin(below(granted.hierarchy, granted.within))] if wide else frame


@st.cache_data(max_entries=1000, show_spinner=False)
def _bridge(key: str, snapshot_id: str, _granted: GrantedQuery, _serving: Snapshot) -> pd.DataFrame:
    return drivers.read(_granted, _serving)


def site_book(question: MetricQuery, visitor: Visitor) -> SiteBook:
    """The sites that are granted. Raises Denied or WrongQuestion."""
    serving = snapshot()
    granted = authorise(question, visitor, serving)
    return _site_book(_key(granted), serving.id, granted, serving)


@st.cache_data(max_entries=100, show_spinner=False)
def _site_book(key: str, snapshot_id: str, _granted: GrantedQuery, _serving: Snapshot) -> SiteBook:
    return site_reading.book(_granted, _serving)


def site_story(question: MetricQuery, visitor: Visitor, study: str, site: str, of_all: bool) -> SiteStory:
    """The curve of a granted site, or of a study when no site is named; `of_all` counts the steps of every study."""
    serving = snapshot()
    granted = authorise(question, visitor, serving)
    return _site_story(_key(granted), serving.id, study, site, of_all, granted, serving)


@st.cache_data(max_entries=300, show_spinner=False)
def _site_story(
    key: str, snapshot_id: str, study: str, site: str, of_all: bool, _granted: GrantedQuery, _serving: Snapshot
) -> SiteStory:
    return site_reading.story(_granted, _serving, study, site or None, of_all)


def metrics_for(visitor: Visitor) -> Listed:
    """The metrics that a visitor may know, and why the others are not shown."""
    return definitions.listed(visitor, snapshot())


def definition(name: str, visitor: Visitor) -> Definition:
    """One metric's definition. Raises Denied or WrongQuestion."""
    return definitions.define(name, visitor, snapshot())


def health(visitor: Visitor) -> Health:
    """The health of the serving snapshot. Raises Denied for those who do not answer for the data."""
    return trust.health(visitor, snapshot(), workspace())


def _key(granted: GrantedQuery) -> str:
    """What was granted, as text that is the same for equal grants."""
    parts = []
    for field in fields(granted):
        value = getattr(granted, field.name)
        if field.name != "seal":
            parts.append(f"{field.name}={sorted(value) if isinstance(value, frozenset) else value!r}")
    return "|".join(parts)


@st.cache_data(max_entries=200, show_spinner=False)
def specification(name: str, theme: str, *shape: object, _build: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """A chart's specification, built once for its shape and theme."""
    return _build()


_passing = threading.local()


def passing() -> None:
    """What is being drawn says something that will not hold (a fault, a query cut short): it is not remembered."""
    _passing.seen = True


def still(visit: Visit, name: str, about: object, draw: Callable[[], None]) -> None:
    """Draw what has no control of its own, from memory where the same visit saw it before.

    The whole visit is the key: who looks, with every right, at what, on which snapshot, in which
    theme and locale; `about` is whatever else it depends on. Nothing of one visitor is shown to another.
    """
    key = f"{name} {snapshot().id} {st.context.locale} {st.context.theme.type} {st.context.url} {about!r} {visit!r}"
    _passing.seen = False
    _drawn(key, draw)
    if _passing.seen:
        _drawn.clear(key, draw)


@st.cache_data(max_entries=400, show_spinner=False)
def _drawn(key: str, _draw: Callable[[], None]) -> None:
    _draw()


@st.cache_resource(show_spinner=False)
def _ledger_at(home: str) -> Ledger:
    return Ledger(workspace())


def ledger() -> Ledger:
    """The one store that is written while people work."""
    return _ledger_at(str(workspace().home))


def _named(ids: Iterable[str]) -> Mapping[str, str]:
    return people_names(workspace().people_path, ids)


def cues(visitor: Visitor) -> list[CueCard]:
    """The visitor's open cues on the serving snapshot, ranked, at most five."""
    return cues_for(visitor, snapshot(), ledger().cue_actions(visitor.id), _named)


def actions(visitor: Visitor) -> tuple[CueAction, ...]:
    """What the visitor has answered so far."""
    return tuple(ledger().cue_actions(visitor.id))


def answered(visitor: Visitor) -> list[tuple[CueCard, str]]:
    """The cues that the visitor closed and could open again, each with the answer given."""
    latest = {action.cue: action.action for action in ledger().cue_actions(visitor.id)}
    closed = {cue: answer for cue, answer in latest.items() if answer not in ("accepted", "undone")}
    if not closed:
        return []
    every = cues_for(visitor, snapshot(), (), _named, most=1000)
    return [(card, closed[card.cue]) for card in every if card.cue in closed]


def cue_counts(visitor: Visitor, nodes: Sequence[str]) -> dict[str, int]:
    """How many open cues lie at or below each node."""
    return count_by_node(visitor, snapshot(), nodes)


def below(hierarchy: str, node: str) -> frozenset[str]:
    """A node and everything below it."""
    found, nodes = {node}, snapshot().nodes(hierarchy)
    for each in nodes.values():  # from the top down, so a parent comes before its children
        if each.parent in found:
            found.add(each.id)
    return frozenset(found)


def act(visitor: Visitor, cue: str, action: str, reason: str | None = None) -> None:
    """Write down what the visitor did about a cue."""
    ledger().record_cue_action(
        cue=cue, visitor=visitor.id, action=action, reason=reason, role=visitor.role, scope=visitor.node or "",
        snapshot=snapshot().id,
    )  # fmt: skip


def viewed(visitor: Visitor, scope: str, page: str, address: Mapping[str, str], rows: int = 0) -> None:
    """One line of the audit: who opened which page on which part of the company."""
    ledger().write_audit(
        who=visitor.id, role=visitor.role, did="view", object=page, scope=scope, rows=rows, filters=address,
        snapshot=snapshot().id,
    )  # fmt: skip
