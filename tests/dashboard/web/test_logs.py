"""The log is one JSON line an event: it follows a request, and holds nothing of a person or a page."""

from __future__ import annotations

import json
import logging
import sys

import pytest
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send

from dashboard.web import logs
from tests.dashboard.web.asgi import ask


def _line(error: Exception | None = None, **extra: object) -> dict[str, object]:
    told: dict[str, object] = {}
    if error is not None:
        try:
            raise error
        except Exception:
            told["exc_info"] = sys.exc_info()
    record = logging.makeLogRecord({"name": "onepicture", "levelno": 40, "levelname": "ERROR", "msg": "a %s"} | told)
    record.args = ("line\nwith a break",)
    record.__dict__.update(extra)
    written = logs.JsonLine().format(record)
    assert "\n" not in written
    return json.loads(written)


def test_a_line_is_json_whatever_is_in_it() -> None:
    line = _line(session="abc")
    assert (line["level"], line["message"], line["session"]) == ("error", "a line\nwith a break", "abc")
    assert str(line["at"]).endswith("+00:00")


def test_an_error_is_its_kind_and_place_and_not_its_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(logs.TRACE, raising=False)
    line = _line(KeyError("Dr. Nobody, TRx 12"))
    assert line["error"] == "KeyError"
    assert "test_logs.py" in str(line["where"])
    assert "Nobody" not in json.dumps(line)
    monkeypatch.setenv(logs.TRACE, "1")
    assert "Nobody" in json.dumps(_line(KeyError("Dr. Nobody, TRx 12")))


def test_a_request_has_an_id_and_its_line_no_question(caplog: pytest.LogCaptureFixture) -> None:
    inside: list[str] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        inside.append(logs.REQUEST.get())
        await PlainTextResponse("page", status_code=418)(scope, receive, send)

    with caplog.at_level(logging.INFO, logger="onepicture"):
        answer = ask(logs.RequestLines(app), "/cues", "q=Dr.+Nobody", {"cookie": "who=ada"})
    assert answer.one("x-request-id") == inside[0]
    (record,) = caplog.records
    assert (record.path, record.status, record.method) == ("/cues", 418, "GET")  # type: ignore[attr-defined]
    assert not any(word in str(record.__dict__) for word in ("Nobody", "ada", "203.0.113.9"))
    assert logs.REQUEST.get() == ""


@pytest.mark.parametrize("path", ["/static/js/index.js", "/_stcore/health", "/favicon.png"])
def test_the_shell_of_the_app_has_no_line(path: str, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, logger="onepicture"):
        ask(logs.RequestLines(PlainTextResponse("x")), path)
    assert caplog.records == []


def test_a_session_is_told_apart_but_not_given_away() -> None:
    assert logs.session_mark("one") != logs.session_mark("two")
    assert "one" not in logs.session_mark("one")
