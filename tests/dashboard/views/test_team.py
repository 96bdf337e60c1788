"""The Team page by role: who sees territories beside each other, who sees the own one, who gets one sentence."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

Text = Callable[..., str]


@pytest.mark.parametrize("role", ["msl", "medical_director", "site_manager"])
def test_medical_roles_get_one_sentence_and_no_number(view: Callable[..., AppTest], text: Text, role: str) -> None:
    said = text("team", role)
    assert "The field's own numbers" in said or "not shown to" in said or "only that there was contact" in said
    assert not re.search(r"\d", said)
    assert not view("team", role).get("vega_lite_chart")


def test_a_district_manager_sees_the_team_and_every_name_is_a_door(markup: Text, text: Text) -> None:
    said, written = text("team", "district_manager", product="alfa"), markup("team", "district_manager", product="alfa")
    assert "could not be drawn" not in said
    assert "Two territories, whoever asks for coaching first" in said
    assert "too few to say" in said, "plans of a handful of calls judge nobody"
    assert {"SM_N1a", "SM_N1b"} <= set(re.findall(r'href="team\?[^"]*node=(\w+)', written))
    assert "SM_S1a" not in written


def test_nobody_is_accused_on_a_handful_of_calls(markup: Text) -> None:
    table = markup("team", "national_leader", product="alfa").split("op-below", 1)[1]
    assert "op-concern" not in table.split("</section>")[0]


def test_a_rep_sees_the_own_plan_and_no_other_territory(text: Text, markup: Text) -> None:
    said = text("team", "rep", product="alfa")
    assert "Shore" in said
    assert "planned calls short to date" in said
    assert "What each place asks for" not in said
    assert "Island" not in said
    assert "Against plan" in said


def test_who_has_no_product_of_a_market_is_told_so(text: Text) -> None:
    said = text("team", "district_manager", product="beta")
    assert "could not be drawn" not in said
