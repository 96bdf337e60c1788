"""Who a browser says it is, by the cookie that Streamlit signed when the provider sent its person back."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from streamlit.web.server.starlette.starlette_server_config import USER_COOKIE_NAME
from streamlit.web.server.starlette.starlette_websocket import _get_signed_cookie_with_chunks


def claims_in(cookies: Mapping[str, str]) -> dict[str, Any]:
    """The claims of whoever signed in, as Streamlit reads them; empty for nobody and for a forged cookie."""
    try:
        told = json.loads(_get_signed_cookie_with_chunks(dict(cookies), USER_COOKIE_NAME) or b"{}")
    except (ValueError, TypeError):
        return {}
    return told if isinstance(told, dict) else {}
