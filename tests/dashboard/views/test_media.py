"""The Media page by role: spend to those who place it, consent to those who write, one sentence to medical roles."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

Text = Callable[..., str]


@pytest.mark.parametrize("role", ["msl", "medical_director", "site_manager"])
def test_medical_roles_get_one_sentence_and_no_number(view: Callable[..., AppTest], text: Text, role: str) -> None:
    said = text("media", role)
    assert "those who place it" in said or "not shown to" in said or "only that there was contact" in said
    assert not re.search(r"\d", said)
    assert not view("media", role).get("vega_lite_chart")


def test_the_steward_sees_reach_cost_and_what_becomes_of_e_mails(text: Text) -> None:
    said = text("media", "steward", product="alfa")
    assert "could not be drawn" not in said
    # H01 and H05 of the five targets were shown an advertisement, by 1,600 dollars of spend; 13 of 20 were matched.
    assert "Media reaches 40\u202f% of targets, each reached HCP 6.5 times" in said
    assert "$800" in said
    assert "nobody saw over sixty advertisements without a click" in said
    assert "fewer than 100" in said, "thirteen matched impressions say nothing of where they lie"


def test_a_district_manager_sees_exposure_and_no_money(text: Text) -> None:
    said = text("media", "district_manager", product="alfa")
    assert "could not be drawn" not in said
    assert "Media spend: not shown to the district manager role" in said
    assert "$" not in said


def test_the_brand_lead_is_told_why_consent_is_not_shown(text: Text) -> None:
    said = text("media", "brand_lead", product="alfa")
    assert "Consent: not shown to the brand and omnichannel lead role" in said
    assert "could not be drawn" not in said


def test_a_rep_sees_the_own_persons(text: Text) -> None:
    said = text("media", "rep", product="alfa")
    assert "could not be drawn" not in said
    assert "May be e-mailed" in said
    assert "Island" not in said
