"""The web server: Streamlit's own, hardened, guarded, warmed before its first visitor.

`onepicture serve` calls `serve_workspace`; nothing else starts the app in earnest.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import importlib
import logging
import os
import socket
import uuid
from collections.abc import AsyncIterator, Callable, Collection, Mapping
from functools import partial
from pathlib import Path

import streamlit as st
from starlette.middleware import Middleware
from streamlit.runtime.scriptrunner_utils.script_run_context import get_script_run_ctx

from dashboard import lasting, sentences
from dashboard.doorkeeper import Doorkeeper
from dashboard.progress import say
from dashboard.provider import LOOPBACK, Provider, provider
from dashboard.settings import Server, server_settings
from dashboard.web import logs
from dashboard.web.cookies import claims_in
from dashboard.web.guard import Guard, Limits
from dashboard.web.hardening import HARDENED, ONLY_HERE, content_policy
from dashboard.web.headers import SecurityHeaders
from dashboard.web.way_back import WayBack
from data.entitlements import Entitlements
from data.errors import OnepictureError, WrongQuestion
from data.ledger import Ledger
from data.signins import SignIns
from data.snapshot import open_snapshot
from data.workspace import Workspace
from metrics import visitors

ROOT = Path(__file__).resolve().parent.parent
SCRIPT = ROOT / "dashboard" / "app.py"

log = logging.getLogger("onepicture")

# What a first page would otherwise import while its reader waits.
WARM = (
    "altair", "narwhals._interchange.dataframe", "pandas", "pyarrow.pandas_compat", "metrics.result",
    "metrics.cues.inbox", "dashboard.navigation",
)  # fmt: skip


@contextlib.asynccontextmanager
async def warmed(_app: st.App, keeper: Doorkeeper | None = None) -> AsyncIterator[None]:
    """Loads what every page needs, sets it aside from the garbage collector, and stands the doorkeeper at the gate.

    Streamlit collects after every run; walking the libraries' own objects was the largest single
    cost of a page. What is frozen here is never walked again.
    """
    logs.structured()
    for name in WARM:
        importlib.import_module(name)
    from dashboard import gate

    lasting.set_aside()
    gate.post(keeper)
    watching = asyncio.create_task(gate.watch(keeper)) if keeper else None
    try:
        yield
    finally:
        if watching:
            watching.cancel()
        gate.post(None)
        gc.unfreeze()


def say_failed(error: Exception) -> bool:
    """Tells the reader what to do, and the log what happened: never a traceback on the page."""
    if isinstance(error, OnepictureError):
        st.error(str(error), icon=":material/error:")
        return True
    reference = uuid.uuid4().hex[:8]
    context = get_script_run_ctx()
    session = logs.session_mark(context.session_id) if context else ""
    log.error("page failed, log number %s", reference, exc_info=error, extra={"session": session})
    st.error(sentences.failed("This page", reference), icon=":material/error:")
    return True


def create_app(hosts: Mapping[str, str], told: Server, keeper: Doorkeeper | None = None) -> st.App:
    """The ASGI application: the page script inside its guards, its warm start and its way to fail.

    `hosts` are the names the app answers to, each with the addresses of its websocket.
    """
    sockets = dict.fromkeys(hosts.values())
    signs_in = keeper.provider if keeper else None
    limits = Limits(
        hosts=tuple(hosts),
        metrics_token=told.metrics_token,
        sign_ins_a_minute=told.sign_ins_a_minute,
        open_pages=told.open_pages,
    )
    may_fetch = _standing(keeper) if keeper else None
    around = [
        Middleware(logs.RequestLines),
        Middleware(SecurityHeaders, lambda: _policy(tuple(sockets)), bool(signs_in and signs_in.https), bool(signs_in)),
        Middleware(Guard, limits, may_fetch),
    ]
    if keeper and signs_in and may_fetch:
        secret = str(signs_in.secrets["auth"]["cookie_secret"])
        around.append(Middleware(WayBack, secret, _pages, may_fetch, lambda cookies: _leave(keeper, cookies)))
    return st.App(
        SCRIPT,
        lifespan=partial(warmed, keeper=keeper),
        middleware=around,
        on_script_error=say_failed,
        secrets=signs_in.secrets if signs_in else None,
    )


def _standing(keeper: Doorkeeper) -> Callable[[Mapping[str, str]], bool]:
    return lambda cookies: keeper.stands(claims_in(cookies))


def _policy(sockets: Collection[str]) -> str:
    from dashboard.parts.page import FOLLOW

    return content_policy([FOLLOW], sockets)


def _pages() -> tuple[str, ...]:
    from dashboard.navigation import ADDRESSES

    return tuple(ADDRESSES.values())


def _leave(keeper: Doorkeeper, cookies: Mapping[str, str]) -> None:
    from dashboard import gate

    claims = claims_in(cookies)
    if claims:
        keeper.leave(claims)
        gate.look_now()


def doorkeeper(workspace: Workspace, signs_in: Provider) -> Doorkeeper:
    """Whoever lets people into a workspace, with the lists in its ledger."""
    ledger = Ledger(workspace)

    def written(who: str, role: str, what: str, why: str) -> None:
        ledger.write_audit(who=who, role=role, did=what, reason=why)

    return Doorkeeper(signs_in, Entitlements(ledger), SignIns(ledger.store), written)


def serve(home: Path, *, port: int, host: str, visitor: str | None, open_to_anyone: bool) -> None:
    """Serves the workspace at `home` until stopped: to whoever the provider vouches for, else on this machine only.

    `visitor` is the one who looks, whoever opens the page; `open_to_anyone` says that the page lets
    its reader choose (a demo). Both are refused beside an identity provider. Raises WrongQuestion
    for a port that is taken, and for another address than this machine's own without a provider.
    """
    signs_in, told = provider(port=port), server_settings()
    _check(signs_in, host, port, visitor, open_to_anyone)
    os.environ["ONEPICTURE_HOME"] = str(home.resolve())
    os.environ.pop("ONEPICTURE_AS", None)
    if visitor:
        os.environ["ONEPICTURE_AS"] = visitor
    os.environ["FORWARDED_ALLOW_IPS"] = ",".join(told.trusted_proxies) or "nobody"
    names = {name: f"ws://{name}:{port}" for name in ("localhost", ONLY_HERE)}
    if signs_in:
        names[signs_in.host] = signs_in.public.replace("http", "ws", 1)
        os.environ["STREAMLIT_SERVER_COOKIE_SECRET"] = str(signs_in.secrets["auth"]["cookie_secret"])
    keeper = doorkeeper(Workspace.open(home), signs_in) if signs_in else None
    say(f"Onepicture is at {signs_in.public if signs_in else f'http://localhost:{port}'} (Ctrl-C stops it).")
    os.chdir(ROOT)  # Streamlit reads its theme from the folder it is started in
    settings = {**HARDENED, "server.address": host, "server.port": port, "server.allowedHosts": list(names)}
    with contextlib.suppress(KeyboardInterrupt):  # Ctrl-C is how a server is meant to end
        create_app(names, told, keeper).run(config=settings)


def _check(signs_in: Provider | None, host: str, port: int, visitor: str | None, open_to_anyone: bool) -> None:
    """Refuse what would show the pages to somebody whom nobody vouches for."""
    if (visitor or open_to_anyone) and signs_in:
        raise WrongQuestion(
            "an identity provider is configured, so nobody is taken at their word",
            where="onepicture serve",
            todo="Sign in through the provider, or take [auth] out of .streamlit/secrets.toml to show the demo.",
        )
    if not signs_in and host not in LOOPBACK:
        raise WrongQuestion(
            f"without an identity provider nobody but this machine may be answered, and {host} is reached by others",
            where="onepicture serve",
            todo="Configure a provider in .streamlit/secrets.toml, or leave --host out.",
        )
    if not _port_is_free(host, port):
        raise WrongQuestion(
            f"port {port} is taken",
            where="onepicture serve",
            todo=f"Stop what uses it, or choose another: --port {port + 1}.",
        )


def _port_is_free(host: str, port: int) -> bool:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def serve_workspace(home: Path, *, visitor: str | None, port: int, host: str = ONLY_HERE) -> None:
    """Serves what was built at `home`. Raises NoSnapshot before anything listens, WrongQuestion for a stranger."""
    workspace = Workspace.open(home)
    open_snapshot(workspace)
    if visitor:
        visitors.visitor(workspace, visitor)
    serve(workspace.home, port=port, host=host, visitor=visitor, open_to_anyone=workspace.is_demo)
