"""Refuses what no page of ours asks for: other methods, other origins, other doors, too much, too often."""

from __future__ import annotations

import hmac
import time
from collections import deque
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.requests import cookie_parser
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

METHODS = ("GET", "HEAD", "OPTIONS")
LONGEST_ADDRESS = 8_192
LARGEST_HEADERS = 65_536
LARGEST_BODY = 65_536
HEALTH = "/_stcore/health"
METRICS = "/_stcore/metrics"
# Streamlit's other doors: files that readers send, its own test run, questions past the pages.
CLOSED = ("/_stcore/upload_file", "/_stcore/script-health-check", "/_stcore/agent", "/component/")
MEDIA = "/media/"
LOGOUT = "/auth/logout"
SIGNING_IN = ("/auth/login", "/oauth2callback")
SIGN_INS_REMEMBERED = 4_096


@dataclass(frozen=True, kw_only=True)
class Limits:
    """Under which names the app answers, who may read its counters, and how much at once is too much."""

    hosts: Collection[str]
    metrics_token: str = ""
    sign_ins_a_minute: int = 120
    open_pages: int = 2000


class Guard:
    """Answers with a short refusal, or lets a request through. `may_fetch` says whose cookies may fetch files."""

    def __init__(
        self, app: ASGIApp, limits: Limits, may_fetch: Callable[[Mapping[str, str]], bool] | None = None
    ) -> None:
        self.app, self.limits, self.may_fetch = app, limits, may_fetch
        self._tries: dict[str, deque[float]] = {}
        self._open = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        refused = self.refusal(scope)
        if refused is None and scope["type"] == "websocket":
            self._open += 1
            try:
                await self.app(scope, receive, send)
            finally:
                self._open -= 1
        elif refused is None:
            await self.app(scope, receive, send)
        elif scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.close", "code": 1008})
        else:
            await PlainTextResponse(refused[1], status_code=refused[0])(scope, receive, send)

    def refusal(self, scope: Scope) -> tuple[int, str] | None:
        """The status and the words of a refusal; None where nothing stands against the request."""
        headers, path = Headers(scope=scope), str(scope["path"])
        return (
            self._shape(scope, headers)
            or self._origin(path, headers)
            or self._door(path, headers)
            or self._pace(scope, path)
        )

    def _shape(self, scope: Scope, headers: Headers) -> tuple[int, str] | None:
        if scope.get("method", "GET") not in METHODS:
            return 405, "Method not allowed"
        if len(scope.get("raw_path") or b"") + len(scope.get("query_string", b"")) > LONGEST_ADDRESS:
            return 414, "Address too long"
        if sum(len(name) + len(value) for name, value in scope["headers"]) > LARGEST_HEADERS:
            return 431, "Headers too large"
        length = headers.get("content-length", "0")
        if not length.isdigit() or int(length) > LARGEST_BODY or "transfer-encoding" in headers:
            return 413, "No page takes a body"
        return None

    def _origin(self, path: str, headers: Headers) -> tuple[int, str] | None:
        """Our own name, asked for by our own pages. A probe may come under a machine's number."""
        host, origin = headers.get("host", ""), headers.get("origin")
        if path.rstrip("/") != HEALTH and _name(host) not in self.limits.hosts:
            return 421, "This is not the name of this app"
        if origin is not None and urlsplit(origin).netloc.lower() != host.lower():
            return 403, "Another site may not ask"
        if path == LOGOUT and headers.get("sec-fetch-site") == "cross-site":
            return 403, "Another site may not ask"
        return None

    def _door(self, path: str, headers: Headers) -> tuple[int, str] | None:
        token = self.limits.metrics_token
        if METRICS in path:
            told = headers.get("authorization", "").removeprefix("Bearer ")
            known = bool(token) and hmac.compare_digest(told.encode(), token.encode())
            return None if known else (404, "Not found")
        if any(door in path for door in CLOSED):
            return 404, "Not found"
        if (
            MEDIA in path
            and "/static/" not in path
            and self.may_fetch
            and not self.may_fetch(cookie_parser(headers.get("cookie", "")))
        ):
            return 404, "Not found"
        return None

    def _pace(self, scope: Scope, path: str) -> tuple[int, str] | None:
        """At most so many open pages, and so many sign-ins a minute from one address."""
        if scope["type"] == "websocket" and self._open >= self.limits.open_pages:
            return 503, "Too many pages are open"
        if path not in SIGNING_IN:
            return None
        now, client = time.monotonic(), scope.get("client")
        if len(self._tries) > SIGN_INS_REMEMBERED:
            self._tries = {name: tries for name, tries in self._tries.items() if now - tries[-1] < 60}
        tries = self._tries.setdefault(str(client[0]) if client else "", deque())
        while tries and now - tries[0] > 60:
            tries.popleft()
        if len(tries) >= self.limits.sign_ins_a_minute:
            return 429, "Too many sign-ins from here; wait a minute"
        tries.append(now)
        return None


def _name(host: str) -> str:
    """The name in a Host header, or nothing where it is no such thing."""
    try:
        parts = urlsplit(f"//{host}")
        _ = parts.port  # raises for what is no port
        odd = parts.username or parts.password or parts.path or parts.query or parts.fragment
        return "" if odd else (parts.hostname or "").rstrip(".")
    except ValueError:
        return ""
