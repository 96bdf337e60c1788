"""Streamlit's settings and the response headers, said in code, so that no file beside the reader's own loosens them."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import streamlit

ONLY_HERE = "127.0.0.1"
INLINE = re.compile(r"<script>(.*?)</script>", re.S)

HARDENED: Mapping[str, Any] = {
    "browser.gatherUsageStats": False,
    "client.disableDataExport": True,
    "client.showErrorDetails": "none",
    "client.showErrorLinks": False,
    "client.toolbarMode": "viewer",
    "global.developmentMode": False,
    "logger.enableRich": False,
    "logger.hideWelcomeMessage": True,
    "runner.magicEnabled": False,
    "secrets.files": [],
    "server.allowedHosts": ["localhost", ONLY_HERE],
    "server.disconnectedSessionTTL": 60,
    "server.enableAgentApi": False,
    "server.enableCORS": True,
    "server.enableStaticServing": False,
    "server.enableXsrfProtection": True,
    "server.fileWatcherType": "none",
    "server.headless": True,
    "server.maxMessageSize": 50,
    "server.maxUploadSize": 1,
    "server.maxWidgetStateSize": 1,
    "server.runOnSave": False,
    "server.scriptHealthCheckEnabled": False,
    "server.trustedUserHeaders": "{}",
    "server.websocketPingInterval": 20,
}

HEADERS: Mapping[str, str] = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
# Two years, as browsers' own lists ask for; sent over https only.
STRICT_TRANSPORT = "max-age=63072000; includeSubDomains"


def inline_hashes(pages: Iterable[str]) -> list[str]:
    """The fingerprints of the scripts inside these pages, as a content security policy names them."""
    scripts = dict.fromkeys(script for page in pages for script in INLINE.findall(page))
    digests = (hashlib.sha256(script.encode()).digest() for script in scripts)
    return [f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests]


def first_page() -> str:
    """The page that Streamlit answers every address with, before anything of ours is in it."""
    return (Path(streamlit.__file__).parent / "static" / "index.html").read_text(encoding="utf-8")


def content_policy(own_scripts: Iterable[str], sockets: Iterable[str]) -> str:
    """What a browser may do with our pages: nothing from elsewhere, no frame, no plug-in, only scripts that we know.

    `own_scripts` are pages with scripts of ours inside them; `sockets` the addresses of our websocket.
    Streamlit styles inline; its charts are interpreted, not compiled, so nothing is evaluated.
    """
    scripts = " ".join(("'self'", *inline_hashes([first_page(), *own_scripts])))
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src {scripts}",
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "font-src 'self' data:",
            " ".join(("connect-src 'self'", *sockets)),
            "manifest-src 'self'",
            "worker-src 'self' blob:",
            "object-src 'none'",
            "base-uri 'none'",
            "form-action 'none'",
            "frame-ancestors 'none'",
        )
    )
