"""Serves the bare page as ours is served: the same settings, the same freeze of what is loaded."""

from __future__ import annotations

import contextlib
import importlib
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import streamlit as st

from dashboard import lasting
from dashboard.server import HARDENED, ONLY_HERE

PAGE = Path(__file__).with_name("bare_page.py")


@contextlib.asynccontextmanager
async def frozen(_app: st.App) -> AsyncIterator[None]:
    """Load what a chart needs, then set it aside from the collector."""
    for name in ("altair", "pandas"):
        importlib.import_module(name)
    lasting.set_aside()
    yield


if __name__ == "__main__":
    st.App(PAGE, lifespan=frozen).run(config={**HARDENED, "server.address": ONLY_HERE, "server.port": int(sys.argv[1])})
