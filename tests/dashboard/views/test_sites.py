"""The Sites page by role: who sees sites one by one, who sums, who gets one sentence and no data.

Smallland has three sites of study S1 (S1-02 enrols nobody) and one of study S2.
"""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

Text = Callable[..., str]
REFUSED = ["rep", "district_manager", "regional_director", "brand_lead"]
SITES = ["S1-01", "S1-02", "S1-03", "S2-01"]


@pytest.mark.parametrize("role", REFUSED)
@pytest.mark.parametrize("address", [{}, {"site": "S1-02"}, {"study": "S1"}, {"study": "S1", "site": "S1-02"}])
def test_who_may_not_know_gets_one_sentence_and_no_data(view: Callable[..., AppTest], role: str, address: dict) -> None:
    page = view("sites", role, **address)
    body = " ".join(element.proto.body for element in page.get("html"))
    assert "Site recruitment: not shown to the" in body
    assert not any(char.isdigit() for char in body.split("op-headline", 1)[1].replace("<h1", "").replace("/h1", ""))
    assert not page.get("vega_lite_chart")
    assert not any(site in body for site in SITES)


@pytest.mark.parametrize("address", [{}, {"site": "S1-02"}, {"study": "S1", "site": "S1-02"}])
def test_the_leader_sees_sums_and_no_site(view: Callable[..., AppTest], text: Text, address: dict) -> None:
    said = text("sites", "national_leader", **address)
    assert "Site recruitment" in said
    assert "national leader role" in said
    assert "could not be drawn" not in said
    assert "Sites open" in said
    assert not any(f"Site {site}" in said for site in SITES)
    assert not view("sites", "national_leader", **address).get("vega_lite_chart")


def test_a_site_manager_sees_the_study_and_every_site_of_it(text: Text) -> None:
    said = text("sites", "site_manager")
    assert "could not be drawn" not in said
    assert all(f"Site {site}" in said for site in ("S1-01", "S1-02", "S1-03"))
    assert "S2-01" not in said
    assert "60% of plan" in said


def test_an_msl_sees_only_the_own_sites_and_no_whole_study(text: Text) -> None:
    said = text("sites", "msl")
    assert "Site S1-01" in said
    assert "Site S1-03" not in said
    assert "your two sites of it" in said
    assert "Full by" in said
    assert "could not be drawn" not in said


def test_a_site_of_somebody_else_is_not_here(text: Text) -> None:
    said = text("sites", "msl", site="S1-03")
    assert 'There is no site "S1-03" among those that you may see' in said
    assert "Site S1-03" not in said


def test_a_chosen_site_is_told_with_its_reason(text: Text) -> None:
    said = text("sites", "medical_director", site="S1-02")
    assert "S1-02 has 5 of 20 planned" in said
    assert "could not be drawn" not in said


def test_the_address_keeps_what_was_chosen(markup: Text) -> None:
    assert "study=S1&amp;site=S1-02" in markup("sites", "medical_director", study="S1")


def test_every_chart_says_what_it_shows(view: Callable[..., AppTest]) -> None:
    charts = view("sites", "medical_director").get("vega_lite_chart") or view("sites", "medical_director").get(
        "arrow_vega_lite_chart"
    )
    assert len(charts) == 2
    for chart in charts:
        assert len(chart.proto.alt) > 40
        assert json.loads(chart.proto.spec)["config"]["mark"]["aria"] is False
