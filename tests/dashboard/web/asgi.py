"""One request to a middleware, by hand: what came in, what went out."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any

from starlette.types import ASGIApp


@dataclass
class Answer:
    """A status, headers (all of a name, in lower case) and a body."""

    status: int
    headers: dict[str, list[str]]
    body: bytes

    def one(self, name: str) -> str:
        """The only header of that name."""
        (value,) = self.headers[name]
        return value


def ask(app: ASGIApp, path: str, query: str = "", headers: dict[str, str] | None = None, **more: Any) -> Answer:
    """One request; a websocket that is refused answers 1008."""
    sent: list[dict[str, Any]] = []

    async def send(message: Any) -> None:
        sent.append(message)

    async def receive() -> Any:
        return {"type": "http.request", "body": b"", "more_body": False}

    told = {"host": "localhost:8501", **(headers or {})}
    scope = {
        "type": "http", "method": "GET", "path": path, "raw_path": path.encode(), "query_string": query.encode(),
        "headers": [(name.lower().encode(), value.encode("latin-1")) for name, value in told.items()],
        "client": ("203.0.113.9", 40000), "scheme": "http", **more,
    }  # fmt: skip
    asyncio.run(app(scope, receive, send))
    found: dict[str, list[str]] = {}
    for name, value in sent[0].get("headers", ()):
        found.setdefault(name.decode().lower(), []).append(value.decode("latin-1"))
    return Answer(sent[0].get("status", sent[0].get("code")), found, b"".join(part.get("body", b"") for part in sent))
