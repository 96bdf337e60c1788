"""One view of one visitor of Smallland, run by Streamlit itself without a browser."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from tests.dashboard.test_views import PATIENCE, drawn, home, words

__all__ = ["home"]


@pytest.fixture
def view(home: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., AppTest]:
    """view("sites", "msl", site="S1-02") draws the page of that role with that address."""
    monkeypatch.setenv("ONEPICTURE_HOME", str(home))

    def _view(page: str, role: str, **address: str) -> AppTest:
        def script(page: str, role: str, address: dict[str, str]) -> None:
            from dashboard import cache, navigation
            from dashboard.session import visit

            navigation.RENDERS[page](visit(cache.visitors()[role], address, cache.snapshot()))

        return AppTest.from_function(script, default_timeout=PATIENCE, args=(page, role, address)).run()

    return _view


@pytest.fixture
def text(view: Callable[..., AppTest]) -> Callable[..., str]:
    """The words of a view."""
    return lambda page, role, **address: words(view(page, role, **address))


@pytest.fixture
def markup(view: Callable[..., AppTest]) -> Callable[..., str]:
    """The HTML of a view."""
    return lambda page, role, **address: drawn(view(page, role, **address))
