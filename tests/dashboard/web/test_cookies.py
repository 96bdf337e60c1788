"""Who a browser says it is: only what Streamlit signed with our secret counts."""

from __future__ import annotations

import json

import pytest
from streamlit.web.server.starlette.starlette_app_utils import create_signed_value

from dashboard.web import cookies

SECRET = "0123456789abcdef0123456789abcdef"


@pytest.fixture(autouse=True)
def _secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("streamlit.web.server.starlette.starlette_websocket.get_cookie_secret", lambda: SECRET)


def _signed(told: str, secret: str = SECRET, name: str = "_streamlit_user") -> dict[str, str]:
    return {"_streamlit_user": create_signed_value(secret, name, told).decode()}


def test_what_was_signed_is_read_back() -> None:
    assert cookies.claims_in(_signed(json.dumps({"sub": "ada"}))) == {"sub": "ada"}


@pytest.mark.parametrize(
    "brought",
    [
        {},
        {"_streamlit_user": ""},
        {"_streamlit_user": "e30.x.y"},
        _signed('{"sub": "ada"}', secret="another secret of the same length"),
        _signed('{"sub": "ada"}', name="_streamlit_xsrf"),
        _signed("no json"),
        _signed('["ada"]'),
    ],
    ids=["nothing", "empty", "forged", "other secret", "other cookie", "no json", "no claims"],
)
def test_everything_else_is_nobody(brought: dict[str, str]) -> None:
    assert cookies.claims_in(brought) == {}
