"""The first line of the app: nobody gets past it who is not somebody. What a page shows comes after."""

from __future__ import annotations

import asyncio
import functools
import logging
from collections.abc import Mapping

import streamlit as st
from streamlit.runtime import Runtime
from streamlit.runtime.scriptrunner_utils.script_run_context import get_script_run_ctx

from dashboard import cache
from dashboard.doorkeeper import Doorkeeper, SignedOut
from dashboard.parts import sign_in
from dashboard.provider import provider
from dashboard.session import identify, problem, refusal
from dashboard.settings import settings
from dashboard.web import way_back
from data.errors import Denied
from metrics.query import Visitor

log = logging.getLogger("onepicture")

_posted: list[Doorkeeper] = []
_watching: list[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = []


def post(keeper: Doorkeeper | None) -> None:
    """Stand a doorkeeper at the gate of this process; None takes it away."""
    _posted[:] = [keeper] if keeper else []


def posted() -> Doorkeeper | None:
    """Who stands at the gate: nobody where no provider is configured."""
    return _posted[0] if _posted else None


def providers() -> tuple[str, ...]:
    """The names of the providers one may sign in with."""
    keeper = posted()
    return tuple(keeper.provider.clients) if keeper else ()


@functools.cache
def _unguarded() -> bool:
    return provider() is not None


def enter(address: Mapping[str, str]) -> Visitor | None:
    """Who looks at this run of the page; None where nobody is let in, and the page says so and nothing else."""
    try:
        return _visitor(address)
    except SignedOut as out:
        sign_in.sign_in(problem(out), providers(), way_back.FAILED in address)
    except Exception as error:
        if not refusal(error):
            raise
        sign_in.turned_away(problem(error), signed_in=posted() is not None)
    return None


def _visitor(address: Mapping[str, str]) -> Visitor:
    keeper = posted()
    if keeper is None and _unguarded():
        raise Denied("A provider is configured, but nobody stands at the door.", todo="Start with `onepicture serve`.")
    demo = cache.is_demo()
    known = {} if keeper else cache.visitors()
    signed_in = (lambda: keeper.enter(st.user.to_dict(), _session())) if keeper else None
    return identify(address.get("as"), settings().serve_as, known, demo, signed_in)


def _session() -> str:
    context = get_script_run_ctx()
    return context.session_id if context else ""


def look_now() -> None:
    """Have the open pages looked at now and not in a while: somebody signed out. From any thread."""
    for loop, woken in _watching:
        loop.call_soon_threadsafe(woken.set)


async def watch(keeper: Doorkeeper) -> None:
    """Runs the pages again whose reader may no longer see them, for as long as the server runs.

    It costs an open page nothing: no message, no run, until something about its reader changes.
    """
    woken = asyncio.Event()
    _watching[:] = [(asyncio.get_running_loop(), woken)]
    while True:
        woken.clear()
        pages = _open_pages()
        try:
            overdue = await asyncio.to_thread(keeper.overdue, pages)
        except Exception:
            log.exception("open pages could not be looked at; all of them run again")
            overdue = list(pages)
        for name in overdue:
            _run_again(name)
        try:
            await asyncio.wait_for(woken.wait(), keeper.provider.recheck)
        except TimeoutError:
            continue


def _open_pages() -> set[str]:
    sessions = Runtime.instance()._session_mgr.list_active_sessions()
    return {each.session.id for each in sessions}


def _run_again(name: str) -> None:
    found = Runtime.instance()._session_mgr.get_active_session_info(name)
    if found is not None:
        found.session.request_rerun(None)
