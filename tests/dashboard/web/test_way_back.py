"""A deep link survives signing in, and leads to a page of this app or nowhere."""

from __future__ import annotations

from collections.abc import Mapping
from http.cookies import SimpleCookie

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from itsdangerous import URLSafeTimedSerializer
from starlette.responses import PlainTextResponse, RedirectResponse
from starlette.types import Receive, Scope, Send

from dashboard.web import way_back
from dashboard.web.way_back import COOKIE, WayBack, page_of
from tests.dashboard.web.asgi import Answer, ask

PAGES = ("one-picture", "cues")
SECRET = "0123456789abcdef0123456789abcdef"
REFUSED = [
    "//evil.example.com", "/\\evil.example.com", "\\\\evil.example.com", "https://evil.example.com/one-picture",
    "http:one-picture", "javascript:alert(1)", "/%2f%2fevil.example.com", "/%5cevil.example.com", "//one-picture",
    "/one-picture/", "/one-picture/../..//evil.example.com", "/one-picture%00", "/ONE-PICTURE", "one-picture",
    "/one-picture\r\nSet-Cookie: a=1", "/one-picture\n", " /one-picture", "/.evil.example.com", "/@evil.example.com",
    "/auth/logout", "/oauth2callback", "/media/x", "/_stcore/metrics", "", "?node=US", "/one-picture#//evil",
    "/cues;a", "/\tcues", f"/cues?{'a' * 2000}", "/cues?" + "&".join(f"f{number}=1" for number in range(60)),
]  # fmt: skip


@pytest.mark.parametrize("address", REFUSED)
def test_nothing_but_a_page_of_ours_is_remembered(address: str) -> None:
    assert page_of(address, PAGES) is None


@pytest.mark.parametrize(
    ("address", "page"),
    [
        ("/", "/"),
        ("/cues", "/cues"),
        ("/one-picture?node=US_SO&period=C4W", "/one-picture?node=US_SO&period=C4W"),
        ("/cues?q=a%0d%0aSet-Cookie:%20b=1", "/cues?q=a%0D%0ASet-Cookie%3A+b%3D1"),
        ("/cues?next=//evil.example.com", "/cues?next=%2F%2Fevil.example.com"),
        ("/cues?q=1#//evil.example.com", "/cues?q=1"),
        (f"/cues?{way_back.FAILED}=1&node=US", "/cues?node=US"),
        ("/?q=é", "/?q=%C3%A9"),
    ],
)
def test_a_page_is_kept_with_its_question_written_anew(address: str, page: str) -> None:
    assert page_of(address, PAGES) == page


@settings(max_examples=300, deadline=None)
@given(some.text(some.sampled_from("/\\?#%@:.;&=\r\n\t\x00 ahtps2F5c") | some.characters(), max_size=40))
def test_whatever_is_asked_leads_to_a_page_of_ours(address: str) -> None:
    found = page_of(address, PAGES)
    assert found is None or (found.partition("?")[0] in ("/", "/one-picture", "/cues") and found.isascii())
    assert found is None or all(character.isprintable() for character in found)


class Provider:
    """What lies behind: the app's pages, and a callback that signs in or does not."""

    def __init__(self) -> None:
        self.signs_in, self.left = True, []  # type: ignore[var-annotated]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        answer = PlainTextResponse("page")
        if scope["path"] == "/oauth2callback":
            answer = RedirectResponse("/", status_code=302)  # type: ignore[assignment]
            if self.signs_in:
                answer.set_cookie("_streamlit_user", "signed")
            else:
                answer.delete_cookie("_streamlit_user")
        await answer(scope, receive, send)

    def app(self) -> WayBack:
        return WayBack(self, SECRET, lambda: PAGES, lambda cookies: cookies.get("who") == "ada", self.left.append)


def _remembered(answer: Answer) -> str | None:
    for header in answer.headers.get("set-cookie", ()):
        jar = SimpleCookie(header)
        if COOKIE in jar and jar[COOKIE].value:
            assert "httponly" in header.lower()
            assert "samesite=lax" in header.lower()
            assert int(jar[COOKIE]["max-age"]) <= 600
            return jar[COOKIE].value
    return None


def _back(app: WayBack, remembered: str | None, query: str = "code=c&state=s") -> str:
    headers = {"cookie": f"{COOKIE}={remembered}"} if remembered else {}
    return ask(app, "/oauth2callback", query, headers).one("location")


def test_a_deep_link_survives_signing_in_once() -> None:
    app = Provider().app()
    remembered = _remembered(ask(app, "/one-picture", "node=US_SO"))
    assert _back(app, remembered) == "/one-picture?node=US_SO"
    cleared = ask(app, "/oauth2callback", "code=c&state=s", {"cookie": f"{COOKIE}={remembered}"}).headers["set-cookie"]
    assert any(header.startswith(f"{COOKIE}=;") and "Max-Age=0" in header for header in cleared)


def test_whoever_signs_in_again_comes_back_to_the_page_they_left() -> None:
    app = Provider().app()
    for referer, page in (
        ("http://localhost:8501/cues?node=X", "/cues?node=X"),
        ("http://evil.example.com/cues?node=X", "/"),
        ("http://localhost:8501//evil.example.com", "/"),
        ("http://localhost:8501@evil.example.com/cues", "/"),
        ("", "/"),
    ):
        asked = ask(app, "/auth/login", "provider=x", {"referer": referer})
        assert _back(app, _remembered(asked)) == page


def test_whoever_is_signed_in_needs_no_way_back() -> None:
    assert _remembered(ask(Provider().app(), "/cues", headers={"cookie": "who=ada"})) is None


@pytest.mark.parametrize("address", REFUSED)
def test_a_way_back_that_we_did_not_write_leads_home(address: str) -> None:
    """Not even our own signature makes another address a page of ours."""
    app = Provider().app()
    ours = URLSafeTimedSerializer(SECRET, salt=COOKIE).dumps(address)
    theirs = URLSafeTimedSerializer("another secret of the same length", salt=COOKIE).dumps("/cues")
    for forged in (ours, theirs, "x.y.z"):
        assert _back(app, str(forged)) == "/"


def test_an_old_way_back_is_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    app = Provider().app()
    remembered = _remembered(ask(app, "/cues"))
    monkeypatch.setattr(way_back, "LASTS", -1)
    assert _back(app, remembered) == "/"


def test_a_sign_in_that_failed_says_so_and_keeps_the_way_back() -> None:
    provider = Provider()
    provider.signs_in = False
    app = provider.app()
    remembered = _remembered(ask(app, "/cues"))
    assert _back(app, remembered) == f"/?{way_back.FAILED}=1"
    assert _back(app, remembered, query="") == "/"
    provider.signs_in = True
    assert _back(app, remembered) == "/cues"


def test_signing_out_is_told() -> None:
    provider = Provider()
    ask(provider.app(), "/auth/logout", headers={"cookie": "who=ada"})
    assert provider.left == [{"who": "ada"}]


def test_other_methods_pass_untouched() -> None:
    def _stands(_cookies: Mapping[str, str]) -> bool:
        raise AssertionError("nobody asks")

    app = WayBack(PlainTextResponse("page"), SECRET, lambda: PAGES, _stands, print)
    assert "set-cookie" not in ask(app, "/cues", method="HEAD").headers


def test_a_provider_that_cannot_be_reached_is_said_on_our_page() -> None:
    app = WayBack(PlainTextResponse("no", status_code=400), SECRET, lambda: PAGES, lambda cookies: False, print)
    answer = ask(app, "/auth/login", "provider=x")
    assert (answer.status, answer.one("location")) == (302, f"/?{way_back.FAILED}=1")
    assert ask(app, "/cues").status == 400
