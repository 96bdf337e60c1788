"""The server starts for whom it may, warmed, and says a failure without a word of the pages."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit import config as streamlit_config

from dashboard import server
from dashboard.settings import Server
from data.errors import Denied, WrongQuestion
from data.workspace import Workspace
from tests.dashboard.test_provider import ENVIRONMENT


def test_the_page_script_is_where_the_server_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streamlit_config, "_main_script_path", None)
    assert server.SCRIPT.is_file()
    assert server.create_app({"localhost": "ws://localhost:1"}, Server()).script_path == server.SCRIPT


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
        server.serve(tmp_path, port=taken_port, host=server.ONLY_HERE, visitor=None, open_to_anyone=True)


@pytest.fixture
def configured(monkeypatch: pytest.MonkeyPatch) -> None:
    """An identity provider is configured."""
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)


@pytest.mark.usefixtures("configured")
@pytest.mark.parametrize(("visitor", "anyone"), [("leader", False), (None, True), ("leader", True)])
def test_beside_a_provider_nobody_is_taken_at_their_word(tmp_path: Path, visitor: str | None, anyone: bool) -> None:
    with pytest.raises(WrongQuestion, match="identity provider"):
        server.serve(tmp_path, port=1, host=server.ONLY_HERE, visitor=visitor, open_to_anyone=anyone)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.7", "picture.example.com"])
@pytest.mark.parametrize(("visitor", "anyone"), [("leader", False), (None, True)])
def test_without_a_provider_only_this_machine_is_answered(
    tmp_path: Path, host: str, visitor: str | None, anyone: bool
) -> None:
    with pytest.raises(WrongQuestion, match="without an identity provider"):
        server.serve(tmp_path, port=8501, host=host, visitor=visitor, open_to_anyone=anyone)


@pytest.mark.usefixtures("configured")
def test_with_a_provider_others_may_be_answered_behind_trusted_proxies_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[dict] = []
    monkeypatch.setattr(server, "_port_is_free", lambda host, port: True)
    monkeypatch.setattr(server.st.App, "run", lambda self, config: started.append(config))
    monkeypatch.setattr(streamlit_config, "_main_script_path", None)
    for name in ("FORWARDED_ALLOW_IPS", "STREAMLIT_SERVER_COOKIE_SECRET", "ONEPICTURE_HOME"):
        monkeypatch.setenv(name, "before")
    home = Workspace.create(tmp_path / "home").home
    server.serve(home, port=8501, host="0.0.0.0", visitor=None, open_to_anyone=False)
    assert server.os.environ["FORWARDED_ALLOW_IPS"] == "nobody"
    assert started[0]["server.address"] == "0.0.0.0"
    assert set(started[0]["server.allowedHosts"]) == {"localhost", server.ONLY_HERE, "picture.example.com"}
    assert server.os.environ["STREAMLIT_SERVER_COOKIE_SECRET"] == ENVIRONMENT["ONEPICTURE_COOKIE_SECRET"]
    monkeypatch.setenv("ONEPICTURE_TRUSTED_PROXIES", "10.0.0.1, 10.1.0.0/16")
    server.serve(home, port=8501, host="0.0.0.0", visitor=None, open_to_anyone=False)
    assert server.os.environ["FORWARDED_ALLOW_IPS"] == "10.0.0.1,10.1.0.0/16"
