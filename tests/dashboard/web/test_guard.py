"""The guard refuses what no page of ours asks for, and lets through what one does."""

from __future__ import annotations

import pytest
from starlette.responses import PlainTextResponse

from dashboard.web import guard
from dashboard.web.guard import Guard, Limits
from tests.dashboard.web.asgi import ask

LIMITS = Limits(hosts=("localhost", "picture.example.com"), metrics_token="let-me-count", sign_ins_a_minute=3)


def _guard(**changes: object) -> Guard:
    return Guard(PlainTextResponse("inside"), LIMITS, **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "path", ["/", "/one-picture", "/static/js/index.js", "/static/media/font.woff2", "/_stcore/host-config"]
)
def test_what_a_page_asks_for_passes(path: str) -> None:
    assert ask(_guard(may_fetch=lambda cookies: False), path, headers={"origin": "http://localhost:8501"}).status == 200


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "TRACE", "CONNECT", "BREW"])
def test_nothing_is_ever_written_by_http(method: str) -> None:
    assert ask(_guard(), "/_stcore/upload_file/session/file", method=method).status == 405
    assert ask(_guard(), "/", method=method).status == 405


@pytest.mark.parametrize(
    ("path", "headers", "status"),
    [
        (f"/{'a' * guard.LONGEST_ADDRESS}", {}, 414),
        ("/", {"x-much": "a" * guard.LARGEST_HEADERS}, 431),
        ("/", {"content-length": str(guard.LARGEST_BODY + 1)}, 413),
        ("/", {"content-length": "-1"}, 413),
        ("/", {"transfer-encoding": "chunked"}, 413),
    ],
    ids=["address", "headers", "body", "minus", "chunked"],
)
def test_too_much_is_refused_before_it_is_read(path: str, headers: dict[str, str], status: int) -> None:
    assert ask(_guard(), path, headers=headers).status == status


@pytest.mark.parametrize(
    "host",
    ["evil.example.com", "localhost.evil.example.com", "evil@localhost", "localhost:port", "localhost/x", "", "[::1"],
)
def test_another_name_is_not_ours(host: str) -> None:
    assert ask(_guard(), "/", headers={"host": host}).status == 421
    assert ask(_guard(), "/_stcore/stream", headers={"host": host}, type="websocket").status == 1008


@pytest.mark.parametrize("host", ["10.0.0.7:8501", "localhost", "PICTURE.example.com."])
def test_a_probe_of_health_may_come_under_any_name(host: str) -> None:
    assert ask(_guard(), "/_stcore/health", headers={"host": host}).status == 200


@pytest.mark.parametrize("origin", ["https://evil.example.com", "http://localhost:9999", "null", "http://localhost"])
def test_another_site_may_not_ask(origin: str) -> None:
    assert ask(_guard(), "/", headers={"origin": origin}).status == 403
    assert ask(_guard(), "/_stcore/stream", headers={"origin": origin}, type="websocket").status == 1008


def test_another_site_may_not_sign_somebody_out() -> None:
    assert ask(_guard(), "/auth/logout", headers={"sec-fetch-site": "cross-site"}).status == 403
    assert ask(_guard(), "/auth/logout", headers={"sec-fetch-site": "same-origin"}).status == 200


@pytest.mark.parametrize("path", ["/_stcore/metrics", "/_stcore/metrics/", "/deep/_stcore/metrics"])
def test_the_counters_answer_to_their_token_only(path: str) -> None:
    assert ask(_guard(), path).status == 404
    assert ask(_guard(), path, headers={"authorization": "Bearer let-me-in"}).status == 404
    assert ask(_guard(), path, headers={"authorization": "Bearer let-me-count"}).status == 200
    silent = Guard(PlainTextResponse("inside"), Limits(hosts=("localhost",)))
    assert ask(silent, path, headers={"authorization": "Bearer "}).status == 404
    assert ask(silent, path).status == 404


@pytest.mark.parametrize(
    "path",
    [
        "/_stcore/upload_file/s/f",
        "/_stcore/agent/openapi.json",
        "/_stcore/script-health-check",
        "/component/x/index.js",
    ],
)
def test_the_other_doors_are_closed(path: str) -> None:
    assert ask(_guard(), path).status == 404


def test_files_are_fetched_by_those_who_are_signed_in() -> None:
    asked: list[dict[str, str]] = []
    door = _guard(may_fetch=lambda cookies: asked.append(dict(cookies)) or cookies.get("who") == "ada")
    assert ask(door, "/media/abc.csv").status == 404
    assert ask(door, "/media/abc.csv", headers={"cookie": "who=ada"}).status == 200
    assert asked == [{}, {"who": "ada"}]


def test_one_address_signs_in_so_often_and_no_more() -> None:
    door = _guard()
    statuses = [ask(door, "/auth/login").status for _ in range(5)]
    assert statuses == [200, 200, 200, 429, 429]
    assert ask(door, "/oauth2callback", client=("198.51.100.2", 1)).status == 200
    assert ask(door, "/one-picture").status == 200


def test_so_many_pages_are_open_and_no_more() -> None:
    asked: list[int] = []

    async def inside(scope, receive, send) -> None:
        await send({"type": "websocket.accept"})
        if len(asked) < 4:
            asked.append(_open(door))

    door = Guard(inside, Limits(hosts=("localhost",), open_pages=3))

    def _open(guarded: Guard) -> int:
        return 1008 if guarded.refusal(_scope()) else 101

    assert [ask(door, "/_stcore/stream", type="websocket").status for _ in range(3)] == [None, None, None]
    assert asked == [101, 101, 101]
    door._open = 3
    assert ask(door, "/_stcore/stream", type="websocket").status == 1008
    assert ask(door, "/one-picture", headers={"host": "localhost"}, type="http", method="POST").status == 405


def _scope() -> dict[str, object]:
    return {
        "type": "websocket", "path": "/_stcore/stream", "headers": [(b"host", b"localhost")], "client": ("10.0.0.1", 1),
    }  # fmt: skip
