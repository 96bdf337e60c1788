"""The server says what a browser may do, keeps its counters to itself, and trusts nobody beside a provider."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.responses import PlainTextResponse
from streamlit import config as streamlit_config

from dashboard import server
from data.errors import Denied, WrongQuestion


def _get(path: str) -> tuple[int, dict[str, str], bytes]:
    """One GET through the middleware to an application that answers "inside"."""
    sent: list[dict] = []

    async def send(message: dict) -> None:
        sent.append(message)

    async def receive() -> dict:
        return {"type": "http.request", "body": b"", "more_body": False}

    scope = {"type": "http", "method": "GET", "path": path, "headers": [], "query_string": b""}
    asyncio.run(server.SecurityHeaders(PlainTextResponse("inside"))(scope, receive, send))
    headers = {name.decode().lower(): value.decode() for name, value in sent[0]["headers"]}
    return sent[0]["status"], headers, b"".join(part.get("body", b"") for part in sent[1:])


@pytest.mark.parametrize("path", ["/", "/one-picture", "/static/js/index.js", "/_stcore/health"])
def test_every_answer_carries_the_headers(path: str) -> None:
    status, headers, body = _get(path)
    assert (status, body) == (200, b"inside")
    assert headers["x-frame-options"] == "DENY"
    assert headers["x-content-type-options"] == "nosniff"
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert "default-src 'self'" in headers["content-security-policy"]


@pytest.mark.parametrize("path", ["/_stcore/metrics", "/_stcore/metrics/", "/deep/_stcore/metrics"])
def test_the_servers_counters_are_not_shown(path: str) -> None:
    status, headers, body = _get(path)
    assert (status, body) == (404, b"Not found")
    assert headers["x-frame-options"] == "DENY"


def test_a_websocket_passes_untouched() -> None:
    seen: list[str] = []

    async def inside(scope, receive, send) -> None:
        seen.append(scope["type"])

    asyncio.run(server.SecurityHeaders(inside)({"type": "websocket", "path": "/_stcore/stream"}, None, None))
    assert seen == ["websocket"]


@pytest.mark.parametrize("name", sorted(server.HARDENED))
def test_streamlit_knows_every_setting(name: str) -> None:
    assert name in streamlit_config._config_options_template


def test_the_page_script_is_where_the_server_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streamlit_config, "_main_script_path", None)
    assert server.SCRIPT.is_file()
    assert server.create_app().script_path == server.SCRIPT


def test_what_a_first_page_needs_is_frozen_before_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "WARM", ("json",))
    before = gc.get_freeze_count()

    async def _start() -> None:
        async with server.warmed(None):  # type: ignore[arg-type]
            assert gc.get_freeze_count() > before + 1000

    try:
        asyncio.run(_start())
    finally:
        gc.unfreeze()


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the page shows as an error."""
    shown: list[str] = []
    monkeypatch.setattr(server.st, "error", lambda sentence, **_: shown.append(sentence))
    return shown


def test_a_failed_page_shows_a_reference_and_no_data(said: list[str], caplog: pytest.LogCaptureFixture) -> None:
    assert server.say_failed(RuntimeError("Dr. Nobody, TRx 12"))
    reference = caplog.text.split("log number ")[1].split()[0]
    assert "Nobody" not in said[0]
    assert reference in said[0]
    assert "Dr. Nobody" in caplog.text


def test_an_error_with_three_parts_is_shown_as_it_is(said: list[str]) -> None:
    error = Denied("Scripts are not shown to the MSL role.", todo="Ask the steward.")
    assert server.say_failed(error)
    assert said == [str(error)]


@pytest.fixture
def taken_port() -> Iterator[int]:
    """A port on which somebody listens."""
    with contextlib.closing(socket.socket()) as listener:
        listener.bind((server.ONLY_HERE, 0))
        listener.listen()
        yield listener.getsockname()[1]


def test_a_taken_port_is_said_with_another_to_choose(tmp_path: Path, taken_port: int) -> None:
    with pytest.raises(WrongQuestion, match=rf"port {taken_port} is taken.*--port {taken_port + 1}"):
        server.serve(tmp_path, port=taken_port, visitor=None, open_to_anyone=True)


@pytest.mark.parametrize(("visitor", "anyone"), [("leader", False), (None, True), ("leader", True)])
def test_beside_a_provider_nobody_is_taken_at_their_word(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, visitor: str | None, anyone: bool
) -> None:
    (tmp_path / ".streamlit").mkdir()
    (tmp_path / ".streamlit" / "secrets.toml").write_text('[auth]\nclient_id = "x"\n')
    monkeypatch.setattr(server, "ROOT", tmp_path)
    with pytest.raises(WrongQuestion, match="identity provider"):
        server.serve(tmp_path, port=1, visitor=visitor, open_to_anyone=anyone)
