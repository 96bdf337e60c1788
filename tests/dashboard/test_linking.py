"""`onepicture link`: what a steward reads and decides."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from dashboard.cli import run
from data.ledger import Ledger
from data.workspace import Workspace


@pytest.fixture
def home(demo_home: Path, tmp_path: Path) -> Path:
    """The demo company without its snapshots: what is decided is written beside it."""
    return Path(shutil.copytree(demo_home, tmp_path / "own", ignore=shutil.ignore_patterns("snapshots", "exports")))


def _told(capsys: pytest.CaptureFixture[str], *words: str) -> list[dict[str, object]]:
    assert run([*words, "--format", "json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_a_pair_is_decided_once_and_waits_no_more(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    at = ("--home", str(home))
    waiting = _told(capsys, "link", "review", *at)
    first = str(waiting[0]["pair"])
    assert len(waiting) > 20 and {"likely", "one", "other", "because"} < set(waiting[0])
    why = ("--who", "stew", "--reason", "the same practice")
    assert run(["link", "accept", first, *why, *at]) == 0
    assert first in capsys.readouterr().out
    assert first not in {each["pair"] for each in _told(capsys, "link", "review", *at)}
    every = {each["pair"]: each for each in _told(capsys, "link", "list", *at)}
    assert (every[first]["fate"], every[first]["who"], every[first]["reason"]) == ("accepted", *why[1::2])
    assert {each["fate"] for each in every.values()} == {"joined", "review", "accepted"}
    assert run(["link", "refuse", "L-nobody", *why, *at]) == 2
    assert "there is no pair" in capsys.readouterr().err
    assert [line.did for line in Ledger(Workspace.open(home)).audit_lines("stew")] == ["link"]
