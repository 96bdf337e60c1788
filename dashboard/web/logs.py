"""One JSON line an event: when, how bad, where, which request or session. Never a person's words or numbers."""

from __future__ import annotations

import hashlib
import json
import logging
import os
import sys
import time
import traceback
import uuid
from contextvars import ContextVar
from datetime import UTC, datetime

import streamlit.logger
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

REQUEST: ContextVar[str] = ContextVar("onepicture_request", default="")
# Files of the app's shell and the probe of whoever watches the server: no line each.
UNSAID = ("/static/", "/_stcore/health", "/_stcore/host-config", "/favicon")
MORE = ("session", "method", "path", "status", "ms")
TRACE = "ONEPICTURE_TRACE"

log = logging.getLogger("onepicture")


class JsonLine(logging.Formatter):
    """A log record as one line of JSON. Of an error: its kind and where it happened, not its words.

    An error's words may hold names or numbers of the pages; ONEPICTURE_TRACE adds them, on a machine
    where nobody else reads the log.
    """

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if REQUEST.get():
            line["request"] = REQUEST.get()
        line |= {name: record.__dict__[name] for name in MORE if name in record.__dict__}
        error = record.exc_info[1] if record.exc_info else None
        if error is not None:
            frames = traceback.extract_tb(error.__traceback__)[-12:]
            line["error"] = type(error).__name__
            line["where"] = [f"{os.path.basename(each.filename)}:{each.lineno} {each.name}" for each in frames]
            if os.environ.get(TRACE):
                line["trace"] = "".join(traceback.format_exception(error))
        return json.dumps(line, ensure_ascii=False, default=str)


def structured() -> None:
    """Send every logger's lines through one handler: ours, Streamlit's with those it makes later, the server's."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLine())
    logging.getLogger().handlers = [handler]
    logging.captureWarnings(True)
    log.setLevel(logging.INFO)
    logging.getLogger("uvicorn.access").disabled = True  # its lines hold queries and addresses; ours do not
    logging.getLogger("uvicorn.error").setLevel(logging.WARNING)
    streamlit.logger.setup_formatter = _to_the_root
    for name in (*streamlit.logger._loggers, "uvicorn", "uvicorn.error", "uvicorn.asgi"):
        _to_the_root(logging.getLogger("streamlit" if name == "root" else name))


def _to_the_root(logger: logging.Logger) -> None:
    logger.handlers = []
    logger.propagate = True


def session_mark(session_id: str) -> str:
    """A session in a log: enough to follow one, not enough to take it over."""
    return hashlib.sha256(session_id.encode()).hexdigest()[:12]


class RequestLines:
    """Gives every request an id, says it in the answer, and writes one line about it: no query, no address."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        mark, begun, status = uuid.uuid4().hex[:12], time.monotonic(), [0]
        before = REQUEST.set(mark)

        async def send_marked(message: Message) -> None:
            if message["type"] == "http.response.start":
                status[0] = message["status"]
                MutableHeaders(scope=message)["X-Request-ID"] = mark
            elif message["type"] == "websocket.accept":
                status[0] = 101
            elif message["type"] == "websocket.close" and not status[0]:
                status[0] = 403
            await send(message)

        try:
            await self.app(scope, receive, send_marked)
        finally:
            path = str(scope["path"])
            if not any(part in path for part in UNSAID):
                told = {"method": scope.get("method", "WEBSOCKET"), "path": path[:200], "status": status[0]}
                log.info("request", extra={**told, "ms": round((time.monotonic() - begun) * 1e3)})
            REQUEST.reset(before)
