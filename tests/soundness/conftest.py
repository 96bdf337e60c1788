"""The company of canaries, built once a test run."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import made_once


@pytest.fixture(scope="session")
def canary_company(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The company of canaries (tests/soundness/canaries.py); read it, never write into it."""
    from tests.soundness import canaries

    return made_once(tmp_path_factory, "canaries", lambda home: canaries.home(home) and None)
