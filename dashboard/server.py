"""The web server: Streamlit's own, hardened, with security headers, warmed before its first visitor.

`onepicture serve` calls `serve_workspace`; nothing else starts the app in earnest.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import logging
import os
import socket
import tomllib
import uuid
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any

import streamlit as st
from starlette.datastructures import MutableHeaders
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dashboard import sentences
from dashboard.progress import say
from data.errors import OnepictureError, WrongQuestion
from data.snapshot import open_snapshot
from data.workspace import Workspace
from metrics import visitors

ROOT = Path(__file__).resolve().parent.parent
SCRIPT = ROOT / "dashboard" / "app.py"
ONLY_HERE = "127.0.0.1"

log = logging.getLogger("onepicture")

# What a first page would otherwise import while its reader waits.
WARM = ("altair", "pandas", "metrics.result", "metrics.cues.inbox", "dashboard.navigation")

# Said in code as well as in .streamlit/config.toml, so that no file beside the reader's own folder loosens them.
HARDENED: Mapping[str, Any] = {
    "browser.gatherUsageStats": False,
    "client.disableDataExport": True,
    "client.showErrorDetails": "none",
    "client.showErrorLinks": False,
    "client.toolbarMode": "viewer",
    "global.developmentMode": False,
    "logger.enableRich": False,
    "logger.hideWelcomeMessage": True,
    "runner.magicEnabled": False,
    "server.allowedHosts": ["localhost", ONLY_HERE],
    "server.disconnectedSessionTTL": 60,
    "server.enableAgentApi": False,
    "server.enableCORS": True,
    "server.enableStaticServing": False,
    "server.enableXsrfProtection": True,
    "server.fileWatcherType": "none",
    "server.headless": True,
    "server.maxMessageSize": 50,
    "server.maxUploadSize": 1,
    "server.maxWidgetStateSize": 1,
    "server.runOnSave": False,
    "server.websocketPingInterval": 20,
}

# Streamlit styles inline and Vega compiles expressions; everything else comes from this server alone.
POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self' 'unsafe-inline' 'unsafe-eval'",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "connect-src 'self' ws: wss:",
        "worker-src 'self' blob:",
        "object-src 'none'",
        "base-uri 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)

HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


class SecurityHeaders:
    """Puts the headers on every answer, and keeps the server's own counters to itself."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers[name] = value
            await send(message)

        if scope["path"].rstrip("/").endswith("/_stcore/metrics"):
            await PlainTextResponse("Not found", status_code=404)(scope, receive, send_with_headers)
            return
        await self.app(scope, receive, send_with_headers)


@contextlib.asynccontextmanager
async def warmed(_app: st.App) -> AsyncIterator[None]:
    """Loads what every page needs, then sets it aside from the garbage collector.

    Streamlit collects after every run; walking the libraries' own objects was the largest single
    cost of a page. What is frozen here is never walked again.
    """
    for name in WARM:
        importlib.import_module(name)
    gc.collect()
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


def say_failed(error: Exception) -> bool:
    """Tells the reader what to do, and the log what happened: never a traceback on the page."""
    if isinstance(error, OnepictureError):
        st.error(str(error), icon=":material/error:")
        return True
    reference = uuid.uuid4().hex[:8]
    log.error("page failed, log number %s", reference, exc_info=error)
    st.error(sentences.failed("This page", reference), icon=":material/error:")
    return True


def create_app() -> st.App:
    """The ASGI application: the page script inside its headers, its warm start and its way to fail."""
    return st.App(SCRIPT, lifespan=warmed, middleware=[Middleware(SecurityHeaders)], on_script_error=say_failed)


def provider_configured() -> bool:
    """Whether an identity provider is named in .streamlit/secrets.toml."""
    secrets = ROOT / ".streamlit" / "secrets.toml"
    return secrets.is_file() and "auth" in tomllib.loads(secrets.read_text(encoding="utf-8"))


def _port_is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((ONLY_HERE, port))
        except OSError:
            return False
    return True


def serve(home: Path, *, port: int, visitor: str | None, open_to_anyone: bool) -> None:
    """Serves the workspace at `home` on this machine only, until stopped.

    `visitor` is the one who looks, whoever opens the page; `open_to_anyone` says that the page lets
    its reader choose (a demo). Both are refused beside an identity provider. Raises WrongQuestion
    for a port that is taken.
    """
    if (visitor or open_to_anyone) and provider_configured():
        raise WrongQuestion(
            "an identity provider is configured, so nobody is taken at their word",
            where="onepicture serve",
            todo="Sign in through the provider, or take [auth] out of .streamlit/secrets.toml to show the demo.",
        )
    if not _port_is_free(port):
        raise WrongQuestion(
            f"port {port} is taken",
            where="onepicture serve",
            todo=f"Stop what uses it, or choose another: --port {port + 1}.",
        )
    os.environ["ONEPICTURE_HOME"] = str(home.resolve())
    os.environ.pop("ONEPICTURE_AS", None)
    if visitor:
        os.environ["ONEPICTURE_AS"] = visitor
    say(f"Onepicture is at http://localhost:{port} (Ctrl-C stops it).")
    os.chdir(ROOT)  # Streamlit reads its theme and secrets from the folder it is started in
    with contextlib.suppress(KeyboardInterrupt):  # Ctrl-C is how a server is meant to end
        create_app().run(config={**HARDENED, "server.address": ONLY_HERE, "server.port": port})


def serve_workspace(home: Path, *, visitor: str | None, port: int) -> None:
    """Serves what was built at `home`. Raises NoSnapshot before anything listens, WrongQuestion for a stranger."""
    workspace = Workspace.open(home)
    open_snapshot(workspace)
    if visitor:
        visitors.visitor(workspace, visitor)
    serve(workspace.home, port=port, visitor=visitor, open_to_anyone=workspace.is_demo)
