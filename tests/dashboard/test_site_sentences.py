"""The sentences of the Sites page say what the numbers say, and no more."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from dashboard import site_sentences as say

STUDY = {"name": "First", "middle": date(2028, 1, 6), "early": date(2027, 11, 17), "late": date(2028, 3, 1),
         "planned_finish": date(2027, 6, 30), "enrolled": 246.0}  # fmt: skip


@pytest.mark.parametrize(
    ("flagging", "still_open", "against", "said"),
    [
        (5.0, 37.0, 82.0, "Five of 37 open sites flag; enrolment stands at 82\u202f% of plan."),
        (1.0, 4.0, None, "One of four open sites flags."),
        (0.0, 1.0, 100.0, "No of one open site flags; enrolment stands at 100\u202f% of plan."),
        (None, 0.0, None, "No site is open here."),
        (None, None, None, "Nothing is known of sites here."),
    ],
)
def test_the_headline(flagging, still_open, against, said: str) -> None:
    counts = {"flagging_sites": flagging, "sites_open": still_open, "enrolled_vs_plan": against}
    expected = "None of one open site flags; enrolment stands at 100\u202f% of plan." if flagging == 0 else said
    assert say.headline(counts) == expected


def test_when_a_study_is_full() -> None:
    assert say.study_title(STUDY) == "First is full about Jan 2028, six months late"
    assert say.finish_words(STUDY) == "Jan 2028 (Nov 2027 to Mar 2028)"
    assert say.study_title(STUDY | {"middle": date(2027, 7, 4)}) == "First is full about when planned, Jun 2027"
    assert say.study_title(STUDY | {"middle": pd.NaT}) == "First has 246 subjects"
    assert say.finish_words(STUDY | {"middle": None}) == "–"


def test_several_studies() -> None:
    on_time = STUDY | {"middle": date(2027, 1, 6)}
    assert say.studies_title([STUDY, STUDY]) == "Both studies are full later than planned"
    assert say.studies_title([on_time, on_time]) == "Every study is full by its planned end"
    assert say.studies_title([STUDY, on_time]) == "One study of 2 is full later than planned"
    assert say.studies_title([{"middle": None}, {"middle": None}]) == "Two studies; you see your part of them"


@pytest.mark.parametrize(("chance", "said"), [(1e-9, "under 1\u202f%"), (0.42, "42\u202f%"), (0.999, "over 99\u202f%"),
                                              (None, "–"), (float("nan"), "–")])  # fmt: skip
def test_a_chance_is_never_certain(chance: object, said: str) -> None:
    assert say.chance_words(chance) == said


def test_the_funnel_names_who_is_sure() -> None:
    assert (
        say.funnel_title({"flag": 1, "slow": 2})
        == "One site is surely below 60 % of plan; two others may only be unlucky"
    )
    assert say.funnel_title({"on_track": 3}) == "No site is surely below 60 % of its plan"
    assert say.funnel_title({"planned": 3}) == "No site is open to be judged"


def test_a_site_is_short_where_its_study_is_named() -> None:
    assert say.short("CARD-301 site 108, Orlando", "CARD-301") == "108 Orlando"
    assert say.short("Orlando Heart", "CARD-301") == "Orlando Heart"
    ahead = {"low": 2.0, "middle": 4.0, "high": 8.0, "day": pd.Timestamp("2028-02-25")}
    assert say.curve_title("108 Orlando", 2, 13.9, ahead) == "108 Orlando has 2 of 13.9 planned; 4 (2 to 8) by Feb 2028"
    assert say.curve_title("108 Orlando", 2, None, None) == "108 Orlando has 2"


def test_rates_are_a_month() -> None:
    row = {"rate": 7 / 30.4375, "rate_low": 3.5 / 30.4375, "rate_high": 14 / 30.4375, "plan_rate": None}
    assert say.rate_words(row) == "1.0 (0.5–2.0)"
    assert say.planned_rate(row) == "–"


def test_the_way_to_opening() -> None:
    assert say.activation_title({"selected": 40, "activated": 37}).startswith("37 of 40 selected sites are activated")
    assert say.activation_title({"selected": 3, "activated": 3}) == "All 3 selected sites are activated"
    assert say.activation_title({}) == "No site has been selected yet"
