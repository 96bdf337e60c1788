"""A representative works a cue; an MSL finds the site that the demo company planted."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from data.ledger import Ledger
from data.workspace import Workspace

pytestmark = pytest.mark.browser


def test_a_rep_opens_a_cue_marks_it_and_takes_it_back(reader: Callable, own_demo: Path) -> None:
    ledger = Ledger(Workspace.open(own_demo))
    rep = reader(width=390, height=844)
    page = rep.open("cues", **{"as": "rep"})
    first = page.locator(".op-cue").first
    said = first.locator("h3").inner_text()
    assert 1 <= page.locator(".op-cue").count() <= 5
    assert first.locator(".op-reasons li").count() == 3

    first.locator("summary", has_text="Why?").click()
    assert "Confidence" in first.inner_text()
    assert "Compared with" in first.inner_text()

    page.get_by_role("button", name="Done", exact=True).first.click()
    answered = page.get_by_text(f"Done: {said}")
    answered.wait_for()
    rep.settled()
    assert said not in page.locator(".op-cue h3").all_inner_texts()
    assert [(act.visitor, act.action) for act in ledger.cue_actions()] == [("rep", "done")]

    page.get_by_role("button", name="Undo").first.click()
    answered.wait_for(state="detached")
    rep.settled()
    assert page.locator(".op-cue h3").first.inner_text() == said
    assert [act.action for act in ledger.cue_actions()] == ["done", "undone"]


def test_an_msl_finds_the_planted_flagging_site(reader: Callable, own_demo: Path) -> None:
    key = json.loads((own_demo / "exports" / "answer_key.json").read_text(encoding="utf-8"))
    (planted,) = [site for site in key["problems"]["flagging_sites"] if site["msl_territory"] == "MED_S_2"]
    study, number = planted["site"].rsplit("-", 1)
    msl = reader()
    page = msl.open("", **{"as": "msl"})
    card = page.locator(".op-cue", has_text=f"{study} site {number}")
    assert card.count() == 1
    assert "flags" in card.locator("h3").inner_text()
    assert f"{planted['enrolled']} " in card.inner_text()
    assert "plan" in card.inner_text()


def test_what_one_reader_marks_another_still_sees(reader: Callable) -> None:
    manager = reader()
    page = manager.open("cues", **{"as": "district"})
    before = page.locator(".op-cue h3").all_inner_texts()
    assert before
    page.get_by_role("button", name="Snooze").first.click()
    page.get_by_text(f"Snoozed for a week: {before[0]}").wait_for()
    other = reader()
    leader = other.open("cues", **{"as": "leader"})
    assert "Snoozed for a week" not in leader.locator("body").inner_text()
