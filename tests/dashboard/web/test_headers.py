"""Every answer carries the headers, and every cookie is as strict as its use allows."""

from __future__ import annotations

import pytest
from starlette.responses import PlainTextResponse

from dashboard.web.hardening import HEADERS
from dashboard.web.headers import READ_BY_SCRIPTS, SecurityHeaders, strict
from tests.dashboard.web.asgi import ask

POLICY = "default-src 'none'"


def _app(*, https: bool = False, cookie: str = "") -> SecurityHeaders:
    answer = PlainTextResponse("inside", headers={"set-cookie": cookie} if cookie else None)
    return SecurityHeaders(answer, lambda: POLICY, https)


@pytest.mark.parametrize("path", ["/", "/one-picture", "/static/js/index.js", "/_stcore/health"])
def test_every_answer_carries_the_headers(path: str) -> None:
    answer = ask(_app(), path)
    assert (answer.status, answer.body) == (200, b"inside")
    assert {name: answer.one(name.lower()) for name in HEADERS} == dict(HEADERS)
    assert answer.one("content-security-policy") == POLICY
    assert "strict-transport-security" not in answer.headers


def test_behind_https_browsers_are_told_to_stay_there() -> None:
    assert "max-age" in ask(_app(https=True), "/").one("strict-transport-security")
    assert "max-age" in ask(_app(), "/", scheme="https").one("strict-transport-security")


@pytest.mark.parametrize(
    ("cookie", "secure", "written"),
    [
        ("a=1", False, "a=1; HttpOnly; SameSite=Lax"),
        ("a=1; httponly; samesite=strict", True, "a=1; httponly; samesite=strict; Secure"),
        ("a=1; Path=/; Secure", True, "a=1; Path=/; Secure; HttpOnly; SameSite=Lax"),
        ("a=secure; Path=/httponly", True, "a=secure; Path=/httponly; HttpOnly; SameSite=Lax; Secure"),
        (f"{READ_BY_SCRIPTS}=1; SameSite=Lax", True, f"{READ_BY_SCRIPTS}=1; SameSite=Lax; Secure"),
    ],
)
def test_a_cookie_is_kept_to_us(cookie: str, secure: bool, written: str) -> None:
    assert strict(cookie, secure=secure) == written
    assert ask(_app(https=secure, cookie=cookie), "/").headers["set-cookie"] == [written]


def test_a_websocket_passes_untouched() -> None:
    seen: list[str] = []

    async def inside(scope, receive, send) -> None:
        seen.append(scope["type"])
        await send({"type": "websocket.accept"})

    ask(SecurityHeaders(inside, lambda: POLICY), "/_stcore/stream", type="websocket")
    assert seen == ["websocket"]


def test_no_browser_keeps_a_page_of_somebody_who_signed_in() -> None:
    private = SecurityHeaders(
        PlainTextResponse("inside", headers={"cache-control": "no-cache"}), lambda: POLICY, private=True
    )
    assert ask(private, "/one-picture").one("cache-control") == "no-store"
    assert ask(private, "/media/x.csv").one("cache-control") == "no-store"
    assert ask(private, "/static/js/index.js").one("cache-control") == "no-cache"
    assert "cache-control" not in ask(_app(), "/one-picture").headers
