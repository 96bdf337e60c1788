"""A representative works a cue; an MSL finds the site that the demo company planted."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

pytestmark = pytest.mark.browser


def test_a_rep_opens_a_cue_marks_it_and_takes_it_back(reader: Callable, own_demo: Path) -> None:
    rep = reader(width=390, height=844)
    page = rep.open("cues", **{"as": "rep"})
    cards = page.locator(".op-cue")
    assert 1 <= cards.count() <= 5
    assert cards.first.inner_text()


def test_an_msl_finds_the_planted_flagging_site(reader: Callable, own_demo: Path) -> None:
    key = json.loads((own_demo / "exports" / "answer_key.json").read_text())
    msl = reader()
    page = msl.open("cues", **{"as": "msl"})
    assert key
    assert page
