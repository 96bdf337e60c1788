"""Puts the security headers on every answer, and makes every cookie as strict as its use allows."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dashboard.web.hardening import HEADERS, STRICT_TRANSPORT

# Streamlit's own script reads this one and sends it back; every other cookie is out of scripts' reach.
READ_BY_SCRIPTS = "_streamlit_xsrf"


class SecurityHeaders:
    """The headers of every answer, the content policy among them, which is asked for once, when the server is up.

    `https` says that people reach the app by https, whatever the last hop is. With `private` no browser
    keeps a page, so that going back after signing out shows nothing.
    """

    def __init__(
        self, app: ASGIApp, policy: Callable[[], str], https: bool = False, private: bool = False
    ) -> None:  # fmt: skip
        self.app, self.https, self.private = app, https, private
        self.headers: Mapping[str, str] = {**HEADERS, "Content-Security-Policy": policy()}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        secure = self.https or scope.get("scheme") == "https"

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self.headers.items():
                    headers[name] = value
                if self.private and "/static/" not in scope["path"]:
                    headers["Cache-Control"] = "no-store"
                if secure:
                    headers["Strict-Transport-Security"] = STRICT_TRANSPORT
                cookies = headers.getlist("set-cookie")
                if cookies:
                    del headers["set-cookie"]
                    for cookie in cookies:
                        headers.append("set-cookie", strict(cookie, secure=secure))
            await send(message)

        await self.app(scope, receive, send_with_headers)


def strict(cookie: str, *, secure: bool) -> str:
    """The cookie with every attribute that keeps it to us: HttpOnly, SameSite, and Secure behind https."""
    name = cookie.split("=", 1)[0].strip()
    said = {part.split("=", 1)[0].strip().lower() for part in cookie.split(";")[1:]}
    more = [cookie]
    if "httponly" not in said and name != READ_BY_SCRIPTS:
        more.append("HttpOnly")
    if "samesite" not in said:
        more.append("SameSite=Lax")
    if secure and "secure" not in said:
        more.append("Secure")
    return "; ".join(more)
