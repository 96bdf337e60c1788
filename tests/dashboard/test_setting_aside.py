"""`onepicture quarantine`: what is held, and what cannot be read again."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from dashboard.cli import run


@pytest.fixture
def home(demo_home: Path, tmp_path: Path) -> Path:
    """The demo company without its snapshots: what is decided is written beside it."""
    return Path(shutil.copytree(demo_home, tmp_path / "own", ignore=shutil.ignore_patterns("snapshots", "exports")))


def _told(capsys: pytest.CaptureFixture[str], *words: str) -> list[dict[str, object]]:
    assert run([*words, "--format", "json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_what_is_held_and_what_cannot_be_read_again_is_said(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    at = ("--home", str(home))
    held = _told(capsys, "quarantine", "list", *at)
    assert sum(int(str(each["rows"])) for each in held) == 5
    assert any('no word for "Fax_vod"' in str(each["reason"]) for each in held)
    (done,) = _told(capsys, "quarantine", "replay", *at)
    assert (done["held_before"], done["held_now"]) == (5, 5) and "cannot be found" in str(done["why"])
